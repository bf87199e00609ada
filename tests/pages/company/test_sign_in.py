"""Signing in by the company's sign-in: who comes, with which roles, and what is kept of it."""

from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, sign_in_with
from tests.support.sandbox import RunningSandbox

ERIN = "acme:erin@sandbox.example"


def test_the_company_s_sign_in_opens_the_groups(
    browser: Browser, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.3
    sign_in_with(browser, provider, "erin")
    assert browser.page.h1 == "Your compute groups"
    assert f"Signed in as {ERIN}" in browser.page.text("header")
    assert len(sandbox.requests("clickhouse")) == 1
