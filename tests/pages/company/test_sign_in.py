"""Signing in by the company's sign-in: who comes, with which roles, and what is kept of it."""

import re
from secrets import token_urlsafe
from urllib.parse import urlencode

import pytest

from tests.pages.company.conftest import StartWith
from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, begin, come_back, sign_in_with
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

ERIN = "acme:erin@sandbox.example"


def roles_of(portal: PortalProcess) -> list[tuple[str, ...]]:
    """The roles of all sessions."""
    return [tuple(row) for row in portal.execute("SELECT user, roles FROM sessions ORDER BY id")]


def test_the_company_s_sign_in_opens_the_groups(
    browser: Browser, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.3
    sign_in_with(browser, provider, "erin")
    assert browser.page.h1 == "Your compute groups"
    assert f"Signed in as {ERIN}" in browser.page.text("header")
    assert len(sandbox.requests("clickhouse")) == 1


def test_the_session_is_a_new_one(browser: Browser, provider: RunningProvider) -> None:
    # ASVS 7.2.4
    browser.get("/sign-in")
    before = browser.session.cookies.get_dict()
    sign_in_with(browser, provider, "erin")
    assert browser.session.cookies.get_dict() != before


def test_clickhouse_says_which_roles_count_and_the_name_stays(
    browser: Browser,
    provider: RunningProvider,
    sandbox: RunningSandbox,
    company_portal: PortalProcess,
) -> None:
    """`currentUser()` changes with the roles; the person does not."""
    sign_in_with(browser, provider, "erin")
    subject = provider.order()
    sandbox.control("POST", "/token_roles", {"sub": subject, "roles": ["analytics_viewer"]})
    sign_in_with(Browser(company_portal.url), provider, "erin")
    lost = '["analytics_viewer"]'
    assert roles_of(company_portal) == [(ERIN, lost), (ERIN, lost)]
    sandbox.control("POST", "/token_roles", {"sub": subject, "roles": []})
    other = Browser(company_portal.url)
    other.get("/sign-in")
    come_back(other, provider.approve(begin(other), "erin"), 403)
    assert roles_of(company_portal) == [(ERIN, "[]"), (ERIN, "[]")]


def test_a_role_changed_at_the_provider_counts_at_the_next_check(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    sign_in_with(browser, provider, "erin")
    assert "analytics_operator" in roles_of(company_portal)[0][1]
    person = {"email": "erin@sandbox.example", "email_verified": True}
    provider.order(people={"erin": person | {"roles": ["analytics_viewer"], "groups": []}})
    try:
        browser.get("/account")
        location = provider.approve(begin(browser, "Refresh your roles with Acme"), "erin")
        come_back(browser, location, to="/account?refreshed=1")
        assert roles_of(company_portal) == [(ERIN, '["analytics_viewer"]')]
    finally:
        roles = ["analytics_operator", "analytics_viewer"]
        more = {"roles": roles, "groups": ["analytics_viewer"]}
        provider.order(people={"erin": person | more})


def test_roles_may_come_from_the_claim_alone(
    start_with: StartWith, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    portal = start_with(roles_from="claim")
    browser = Browser(portal.url)
    sign_in_with(browser, provider, "erin")
    assert sandbox.requests("clickhouse") == []
    assert roles_of(portal) == [(ERIN, '["analytics_viewer"]')]
    assert "Roles, from Acme analytics_viewer" in browser.get("/account").main


@pytest.mark.parametrize("is_new_sign_in", [False, True])
def test_a_role_changed_in_the_claim_counts_at_the_next_check(
    start_with: StartWith,
    provider: RunningProvider,
    sandbox: RunningSandbox,
    *,
    is_new_sign_in: bool,
) -> None:
    """In every session of the person, and ClickHouse is not asked."""
    operators = {"clickhouse_roles": ["operators"], "permissions": ["operator"]}
    lookers = {"clickhouse_roles": ["lookers"], "permissions": ["view"]}
    portal = start_with(roles_from="claim", access=[operators, lookers])
    scale = f"/groups/{sandbox.service_id('Analytics reporting')}/scale"
    provider.order(id_token={"claims": {"groups": ["operators", "lookers"]}})
    browser, other = Browser(portal.url), Browser(portal.url)
    for item in (browser, other):
        sign_in_with(item, provider, "erin")
        item.get(scale)
    provider.order(id_token={"claims": {"groups": ["lookers"]}})
    if is_new_sign_in:
        sign_in_with(Browser(portal.url), provider, "erin")
    else:
        browser.get("/account")
        location = provider.approve(begin(browser, "Refresh your roles with Acme"), "erin")
        come_back(browser, location, to="/account?refreshed=1")
    for item in (browser, other):
        item.get(scale, 403)
        assert "Analytics reporting" in item.get("/groups").main
    assert sandbox.requests("clickhouse") == []


def test_a_role_changed_at_clickhouse_counts_at_the_next_check(
    start_with: StartWith, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    """With the rights of now, and under the same name in the records and the log."""
    rules = [
        {"clickhouse_roles": ["analytics_operator"], "permissions": ["operator"]},
        {"clickhouse_roles": ["analytics_viewer"], "permissions": ["view"]},
    ]
    portal = start_with(access=rules)
    scale = f"/groups/{sandbox.service_id('Analytics reporting')}/scale"
    browser = Browser(portal.url)
    sign_in_with(browser, provider, "erin")
    browser.get(scale)
    sandbox.control(
        "POST", "/token_roles", {"sub": provider.order(), "roles": ["analytics_viewer"]}
    )
    browser.get("/account")
    location = provider.approve(begin(browser, "Refresh your roles with Acme"), "erin")
    come_back(browser, location, to="/account?refreshed=1")
    browser.get(scale, 403)
    assert f"Signed in as {ERIN}" in browser.get("/groups").text("header")
    assert portal.execute("SELECT user FROM company_people") == [(ERIN,)]


def test_a_second_person_with_the_same_address_is_somebody_else(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    # ASVS 6.8.1, 10.5.2
    sign_in_with(browser, provider, "erin")
    namesake = {"email": "erin@sandbox.example", "email_verified": True}
    roles = {"groups": [], "roles": ["analytics_viewer"]}
    provider.order(people={"namesake": namesake | roles})
    other = Browser(company_portal.url)
    sign_in_with(other, provider, "namesake")
    assert f"Signed in as {ERIN} (2)" in other.page.text("header")


@pytest.mark.parametrize("user", [ERIN, "acme:alice", "acme:"])
def test_no_password_is_checked_for_a_name_of_the_company(
    browser: Browser, provider: RunningProvider, sandbox: RunningSandbox, user: str
) -> None:
    browser.get("/sign-in")
    given = {"warehouse": "analytics", "user": user, "password": "whatever-1"}
    page = browser.submit("Sign in", given, status=401)
    assert page.text('[role="alert"]').startswith("The user name or the password is wrong")
    assert sandbox.requests("clickhouse") == []


def test_nothing_secret_is_kept_or_told(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    # ASVS 10.1.1, 14.2.1
    sign_in_with(browser, provider, "erin")
    log = company_portal.read_log()
    assert "eyJ" not in log
    assert "code=" not in log
    cookie = str(browser.session.cookies.get_dict())
    assert "eyJhbGciOi" not in cookie
    stored = company_portal.database_path.read_bytes()
    wal = company_portal.database_path.with_name(company_portal.database_path.name + "-wal")
    stored += wal.read_bytes() if wal.exists() else b""
    assert b"eyJhbGciOi" not in stored


BROWSERS_BOUND = 4096
"""Bytes of name and value above which browsers drop a cookie, and with it what it says."""


def cookie_bytes(browser: Browser) -> int:
    """The largest cookie that the browser was given."""
    return max(len(item.name) + 1 + len(item.value or "") for item in browser.session.cookies)


def test_what_was_typed_before_leaves_room_for_the_way_there(
    start_with: StartWith, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    """A form that was refused, a session that ended meanwhile, and then the company's sign-in."""
    scale = f"/groups/{sandbox.service_id('Analytics reporting')}/scale"
    portal = start_with(access=[{"users": [ERIN], "permissions": ["owner"]}])
    browser = Browser(portal.url)
    sign_in_with(browser, provider, "erin")
    browser.get(scale)
    # Of pieces, so that one less is enough; random, since the cookie is compressed.
    typed = {"reason": token_urlsafe(1450), "idle_timeout_minutes": token_urlsafe(900)}
    browser.submit("Review changes", typed, status=422)
    portal.execute("DELETE FROM sessions")
    browser.is_signed_in = False
    target = f"{scale}?again=1&at={token_urlsafe(300)}"
    browser.get("/sign-in?" + urlencode({"next": target}))
    location = provider.approve(begin(browser), "erin")
    assert cookie_bytes(browser) <= BROWSERS_BOUND
    browser.is_signed_in = True
    come_back(browser, location, to=target)
    assert browser.page.value("idle_timeout_minutes") == typed["idle_timeout_minutes"]


def test_an_address_too_long_to_be_kept_is_left_behind(
    company_portal: PortalProcess, browser: Browser, provider: RunningProvider
) -> None:
    sign_in_with(browser, provider, "erin")
    browser.get("/account")
    fields = {"csrf_token": browser.page.csrf_token, "draft": token_urlsafe(3000)}
    for more in ({"next": "/account"}, {"next": f"/groups?{token_urlsafe(3000)}", "draft": ""}):
        browser.post("/sign-in/company/again", fields | more)
        assert cookie_bytes(browser) <= BROWSERS_BOUND
        address = browser.fetch("GET", "/sign-in/company/go").headers["Location"]
        come_back(browser, provider.approve(address, "erin"), to="/groups")
        fields["csrf_token"] = browser.page.csrf_token
    assert len(company_portal.execute("SELECT id FROM sessions")) == 1


def test_signing_out_leads_to_signing_out_there_too(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    # ASVS 7.4.1
    sign_in_with(browser, provider, "erin")
    browser.is_signed_in = False
    browser.submit("Sign out", to=re.compile(r"/sign-in\?signed_out=1&provider=acme"))
    answer = browser.fetch("GET", browser.page.link("Sign out at Acme"))
    location = answer.headers["Location"]
    assert location.startswith(f"{provider.url}/session?client_id=portal&post_logout_redirect_uri=")


def test_signing_out_everywhere_leads_there_too(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    # ASVS 7.4.1
    sign_in_with(browser, provider, "erin")
    browser.get("/account")
    browser.is_signed_in = False
    page = browser.submit("Sign out everywhere", to="/sign-in?signed_out=1&provider=acme")
    assert page.link("Sign out at Acme")
    assert company_portal.execute("SELECT id FROM sessions") == []


def test_an_idle_warehouse_is_woken_only_on_agreement(
    start_with: StartWith, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    for name in ("primary", "reporting", "archive"):
        sandbox.force(f"Analytics {name}", state="idle")
    browser = Browser(start_with(access=[{"users": [ERIN], "permissions": ["owner"]}]).url)
    browser.get("/sign-in")
    come_back(browser, provider.approve(begin(browser), "erin"), 409)
    (button,) = [tag for tag in browser.page.soup.find_all("button") if "Wake" in tag.get_text()]
    location = provider.approve(begin(browser, " ".join(button.get_text().split())), "erin")
    browser.is_signed_in = True
    come_back(browser, location, to="/groups")
