"""The operator's note: Markdown from the settings, made fit for a page."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

NOT_HERE = ("image", "heading", "lheading", "html_block", "html_inline")
"""Pictures would load from elsewhere, headings would break into the page's own order."""


@lru_cache(maxsize=4)
def render_note(text: str) -> Markup:
    """The note as HTML: no markup of its own gets through, links tell other sites nothing."""
    reader = MarkdownIt("commonmark", {"html": False}).disable(list(NOT_HERE))
    tokens = reader.parse(text)
    for token in (child for item in tokens for child in item.children or ()):
        if token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")
    # Every text has been escaped by the renderer, and links with scripts are refused by it.
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704
