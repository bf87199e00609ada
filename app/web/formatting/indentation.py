"""Templates are indented to be read; what is sent of them hardly is."""

import re

from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
_BETWEEN_TAGS = re.compile(r"(?<=>)\n[ \t]+(?=<)")


class WithoutIndentation(Extension):
    """Leaves one of the blanks at the head of each line of a template.

    One stays, since the line break before it is gone where a block ends there, and words must stay
    apart; none between two tags, where the line break stays. What is filled in is left as it is, so
    a template may not write text of its own into `pre` or `textarea`.
    """

    def preprocess(
        self,
        source: str,
        name: str | None,  # noqa: ARG002 - as Jinja calls it
        filename: str | None = None,  # noqa: ARG002
    ) -> str:
        """The template without the others."""
        return _INDENTATION.sub(" ", _BETWEEN_TAGS.sub("\n", source))
