"""A big step of a company's person in a real browser: asked at the provider, and sent once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.sandbox.identity.people import CLIENT_SECRET
from tests.browser.conftest import TIMEOUT_MS, Watch, sign_in_there
from tests.support.openid_provider import RunningProvider, running_provider
from tests.support.portal import NO_BUDGET, PortalProcess, running_portal
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

REPORTING = "Analytics reporting"
CONFIRM = "Confirm with Acme"
RULE = {"clickhouse_roles": ["analytics_viewer"], "permissions": ["owner"]}


@pytest.fixture(scope="module")
def acme() -> Iterator[RunningProvider]:
    """The company's sign-in."""
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def company_portal(
    worker_sandbox: RunningSandbox, acme: RunningProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalProcess]:
    """A portal in which its people may do everything."""
    with running_portal(
        tmp_path_factory.mktemp("portal"),
        worker_sandbox,
        entry=NO_BUDGET,
        adapt=lambda config: acme.configure(config, roles_from="claim", access=[RULE]),
        PORTAL_OIDC_CLIENT_SECRETS=f"acme={CLIENT_SECRET}",
        PORTAL_WORKER="apart",
    ) as portal:
        acme.know(portal.url)
        yield portal


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def review(
    request: pytest.FixtureRequest,
    chromium: Browser,
    company_portal: PortalProcess,
    acme: RunningProvider,
    sandbox: RunningSandbox,
) -> Iterator[Page]:
    """Erin, who is signed in at Acme as well, before the last step of a stop."""
    acme.order()
    company_portal.execute("DELETE FROM changes")
    watch = Watch(company_portal.url, provider=acme.url)
    context = chromium.new_context(base_url=company_portal.url, java_script_enabled=request.param)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    watch.follow(page)
    page.goto("/")
    page.get_by_role("button", name="Sign in to Analytics with Acme").click()
    sign_in_there(page)
    page.goto(f"/groups/{sandbox.service_id(REPORTING)}")
    page.get_by_role("button", name="Stop this group …").click()
    yield page
    context.close()
    assert watch.faults == []


def stop(page: Page) -> None:
    """The last step, on the review that asks for nothing more than the name."""
    page.get_by_label("Name of the group").fill(REPORTING)
    page.get_by_role("button", name=f"Stop {REPORTING}").click()


def test_a_stop_is_asked_for_there_comes_back_and_is_sent_once(
    review: Page, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.3, 7.5.3
    address = review.url
    expect(review.get_by_label("Password")).to_have_count(0)
    review.get_by_role("button", name=CONFIRM).click()
    sign_in_there(review)
    expect(review).to_have_url(address)
    expect(review.get_by_role("button", name=CONFIRM)).to_have_count(0)
    stop(review)
    expect(review).to_have_url(address.replace("/review", ""))
    expect(review.locator("main")).to_contain_text("Accepted")
    assert sandbox.patches() == [{"command": "stop"}]
    review.goto(address)
    expect(review.get_by_role("button", name=f"Stop {REPORTING}")).to_have_count(0)
    review.go_back()
    review.reload()
    assert sandbox.patches() == [{"command": "stop"}]


def test_a_sign_in_of_before_confirms_nothing(
    review: Page, acme: RunningProvider, sandbox: RunningSandbox
) -> None:
    # ASVS 7.5.3
    address = review.url
    acme.order(id_token={"shifts": {"auth_time": -300}})
    review.get_by_role("button", name=CONFIRM).click()
    sign_in_there(review)
    expect(review.locator("main")).to_contain_text("Acme did not ask you again")
    review.goto(address)
    expect(review.get_by_role("button", name=CONFIRM)).to_be_visible()
    expect(review.get_by_role("button", name=re.compile("^Stop"))).to_have_count(0)
    assert sandbox.writes() == []
