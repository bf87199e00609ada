"""People who are signed in, with real sessions, and what their pages show."""

from dataclasses import dataclass

import requests

from tests.bench.wire import BROWSER_HEADERS, edition_in
from tests.support.browser import Browser
from tests.support.portal import PortalProcess

TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Page:
    """A page as it is: its bytes, and the edition of what it shows, None where it names none."""

    path: str
    size: int
    edition: str | None


@dataclass(frozen=True)
class Viewer:
    """Somebody who is signed in at a portal. `cookie` is the header that a browser sends."""

    portal: PortalProcess
    cookie: str

    def open(self, path: str) -> Page:
        """Look at a page or a fragment. Raises AssertionError unless it is there."""
        headers = {**BROWSER_HEADERS, "Cookie": self.cookie}
        answer = requests.get(self.portal.url + path, headers=headers, timeout=TIMEOUT_SECONDS)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return Page(path, len(answer.content), edition_in(answer.content))


def sign_in(portal: PortalProcess, name: str = "alice") -> Viewer:
    """Sign in through the form, as a person of the sandbox."""
    browser = Browser(portal.url)
    browser.sign_in(portal.sandbox.person(name))
    cookies = (f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies)
    return Viewer(portal, "; ".join(cookies))
