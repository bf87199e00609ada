"""What an open page brings with its polls."""

from tests.support.browser import Browser

EDITION = "X-Edition"


def edition_of(browser: Browser, path: str) -> str:
    """The edition that the page shows, read until what reading it has caused is in it."""
    for _ in range(3):
        shown = str(browser.get(path).soup.select_one("[data-edition]")["data-edition"])  # type: ignore[index]
        if browser.fetch("GET", f"{path}/live", headers={EDITION: shown}).status_code == 204:
            return shown
    raise AssertionError("the page is never current")
