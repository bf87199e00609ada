"""Big steps of people of a company are confirmed at the company's sign-in."""

import re
from urllib.parse import urlsplit

import pytest

from app.sandbox.identity.people import CLIENT_SECRET
from tests.conftest import StartPortal
from tests.pages.company.conftest import StartWith
from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, begin, come_back, sign_in_with
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

REPORTING = "Analytics reporting"
TO_REVIEW = re.compile(r"/changes/[^/]+/review")
TO_CHANGE = re.compile(r"/changes/[^/]+")
CONFIRM = "Confirm with Acme"
STOP = f"Stop {REPORTING}"
RULE = {"clickhouse_roles": ["analytics_operator"], "permissions": ["owner"]}


@pytest.fixture
def company_portal(start_with: StartWith) -> PortalProcess:
    """A portal in which operators of Analytics may do everything."""
    return start_with(access=[RULE])


@pytest.fixture
def erin(browser: Browser, provider: RunningProvider, sandbox: RunningSandbox) -> Browser:
    """Erin before the last step of a stop."""
    sign_in_with(browser, provider, "erin")
    browser.get(f"/groups/{sandbox.service_id(REPORTING)}")
    browser.submit("Stop this group …", to=TO_REVIEW)
    return browser


def test_a_stop_is_confirmed_there_and_then_here(
    erin: Browser, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.3, 7.5.3
    assert not erin.page.soup.select('input[type="password"]')
    path = erin.page.path
    address = begin(erin, CONFIRM)
    assert "max_age=0" in address
    assert "prompt=login" in address
    come_back(erin, provider.approve(address, "erin"), to=path)
    erin.submit(STOP, {"group_name": REPORTING}, to=TO_CHANGE)
    assert sandbox.patches() == [{"command": "stop"}]


def test_without_it_nothing_is_sent(erin: Browser, sandbox: RunningSandbox) -> None:
    # ASVS 7.5.3
    token, path = erin.page.csrf_token, erin.page.path.replace("review", "confirm")
    typed = {"csrf_token": token, "group_name": REPORTING}
    erin.post(path, typed, status=422)
    page = erin.post(path, typed | {"password": "whatever-12"}, status=422)
    assert "Confirm first with your company's sign-in that it is you" in page.main
    assert sandbox.writes() == []


def test_it_counts_for_its_own_draft_alone(
    erin: Browser, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    # ASVS 7.5.3
    path = erin.page.path
    come_back(erin, provider.approve(begin(erin, CONFIRM), "erin"), to=path)
    other = erin.clone()
    other.get(f"/groups/{sandbox.service_id('Analytics archive')}")
    other.submit("Stop this group …", to=TO_REVIEW)
    assert other.page.has(CONFIRM)
    confirm = other.page.path.replace("review", "confirm")
    typed = {"csrf_token": other.page.csrf_token, "group_name": "Analytics archive"}
    other.post(confirm, typed, status=422)
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    "orders",
    [
        {"shifts": {"auth_time": -300}},
        {"claims": {"auth_time": None}},
    ],
    ids=str,
)
def test_an_old_sign_in_does_not_count(
    erin: Browser, provider: RunningProvider, sandbox: RunningSandbox, orders: dict[str, object]
) -> None:
    provider.order(id_token=orders)
    come_back(erin, provider.approve(begin(erin, CONFIRM), "erin"), 401)
    assert "Acme did not ask you again" in erin.page.main
    assert sandbox.writes() == []


def test_a_role_that_is_gone_by_then_confirms_nothing(
    erin: Browser, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    # ASVS 8.3.2
    path = erin.page.path
    typed = {"csrf_token": erin.page.csrf_token, "group_name": REPORTING}
    sandbox.control("POST", "/token_roles", {"sub": provider.order(), "roles": []})
    url = urlsplit(provider.approve(begin(erin, CONFIRM), "erin"))
    answer = erin.fetch("GET", f"{url.path}?{url.query}")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    erin.post(path.replace("review", "confirm"), typed, status=404)
    assert sandbox.writes() == []


def test_somebody_else_proves_nothing(erin: Browser, provider: RunningProvider) -> None:
    come_back(erin, provider.approve(begin(erin, CONFIRM), "frank"), 403)
    assert "Somebody else has signed in at Acme." in erin.page.main


def test_the_way_of_signing_in_again_may_be_demanded(
    start_portal: StartPortal, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    """`step_up` of the file: what the provider must say of it, such as a second factor."""

    # ASVS 6.3.3, 6.8.4
    def adapt(config: dict[str, object]) -> None:
        provider.configure(config, access=[RULE])
        config["identity_providers"]["acme"]["step_up"] = {"amr": ["mfa"]}  # type: ignore[index]

    portal = start_portal(adapt=adapt, PORTAL_OIDC_CLIENT_SECRETS=f"acme={CLIENT_SECRET}")
    provider.know(portal.url)
    erin = Browser(portal.url)
    sign_in_with(erin, provider, "erin")
    erin.get(f"/groups/{sandbox.service_id(REPORTING)}")
    erin.submit("Stop this group …", to=TO_REVIEW)
    path = erin.page.path
    address = begin(erin, CONFIRM)
    come_back(erin, provider.approve(address, "erin"), 401)
    provider.order(id_token={"claims": {"amr": ["pwd", "mfa"]}})
    erin.get(path)
    come_back(erin, provider.approve(begin(erin, CONFIRM), "erin"), to=path)
    erin.submit(STOP, {"group_name": REPORTING}, to=TO_CHANGE)
