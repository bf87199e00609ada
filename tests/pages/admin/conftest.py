"""A portal with an administrator, for each worker; nobody is signed in when a test begins."""

import pytest

from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess, portal_fixture
from tests.support.sandbox import RunningSandbox

worker_portal = portal_fixture(
    "session", (NAME, PASSWORD), entry=NO_BUDGET, PORTAL_TRUSTED_PROXIES="1"
)
"""As the one that other tests share, with an administrator."""


@pytest.fixture
def worker_sessions() -> dict[str, Browser]:
    """Sessions are ended here, so no test takes over those of another."""
    return {}


@pytest.fixture
def portal(sandbox: RunningSandbox, worker_portal: PortalProcess) -> PortalProcess:
    """With empty records and the rules as they are at the beginning."""
    assert sandbox is worker_portal.sandbox
    for table in ("changes", "sessions", "freezes", "partial_freezes"):
        worker_portal.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    worker_portal.configure(dict)
    return worker_portal


@pytest.fixture
def admin(portal: PortalProcess) -> AdminBrowser:
    """The administrator, signed in and on the page."""
    browser = AdminBrowser(portal.url)
    browser.sign_in_as_admin()
    return browser
