"""Tokens of people whom a provider proves: they have no password that could be asked for."""

from tests.api.paths import REPORTING
from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, sign_in_with
from tests.support.portal import PortalProcess
from tests.support.tokens import TokenClient, secret_on


def ask(browser: Browser, portal: PortalProcess, status: int = 200) -> str:
    """Ask for a token without a password; the page's text, or the token."""
    service = portal.sandbox.service_id(REPORTING)
    page = browser.get("/account/tokens/new")
    assert "Your ClickHouse password" not in page.main
    boxes = {f"group_{service.replace('-', '_')}": "y", "permission_view": "y", "name": "nightly"}
    page = browser.submit("Make token", boxes, status=status)
    return secret_on(page) if status == 200 else page.main


def test_a_sign_in_of_lately_makes_one_and_the_next_brings_its_roles(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    sign_in_with(browser, provider, "erin")
    program = TokenClient(company_portal, ask(browser, company_portal))
    assert program.get("/api/v1/groups").body["groups"]
    company_portal.execute("UPDATE tokens SET roles = '[]'")
    assert program.get("/api/v1/groups", 401).code == "token_without_rights"
    sign_in_with(Browser(company_portal.url), provider, "erin")
    assert program.get("/api/v1/groups").body["groups"]


def test_a_sign_in_of_long_ago_makes_none(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    sign_in_with(browser, provider, "erin")
    company_portal.execute("UPDATE sessions SET verified_at = '2020-01-01 00:00:00.000000'")
    assert "You signed in too long ago" in ask(browser, company_portal, status=409)
    assert company_portal.execute("SELECT count(*) FROM tokens") == [(0,)]
