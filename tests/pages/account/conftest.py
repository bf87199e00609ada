"""Nobody is signed in when a test of sessions begins."""

from typing import Protocol

import pytest

from tests.support.browser import Browser
from tests.support.portal import PortalProcess


class Enter(Protocol):
    """Signs somebody in by the form, in a browser of their own."""

    def __call__(self, name: str) -> Browser:
        """The browser, on the groups page."""


@pytest.fixture
def enter(fresh_portal: PortalProcess) -> Enter:
    """New sessions at a portal of the test's own, whose sessions it may end."""

    def sign_in(name: str) -> Browser:
        browser = Browser(fresh_portal.url)
        browser.sign_in(fresh_portal.sandbox.person(name))
        return browser

    return sign_in
