"""Parts of the administrator's pages."""

from bs4 import Tag

from tests.support.browser import Page
from tests.support.page_checks import words


def section(page: Page, name: str) -> Tag:
    """A part of the page by the id of its heading."""
    found = page.soup.select_one(f"section[aria-labelledby={name}]")
    assert found is not None
    return found


def folds(page: Page) -> dict[str, str]:
    """What can be unfolded: its summary -> all its text."""
    found = page.soup.select("main details")
    return {words(fold.summary): words(fold) for fold in found if fold.summary}
