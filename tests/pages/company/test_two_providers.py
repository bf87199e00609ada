"""Two warehouses of two companies' sign-ins: both in one browser, neither with the other's word."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from app.sandbox.identity.people import CLIENT_ID, CLIENT_SECRET
from tests.conftest import StartPortal
from tests.pages.company.test_refusals import NOT_PROVEN
from tests.support.browser import Browser
from tests.support.openid_provider import (
    CALLBACK,
    RunningProvider,
    begin,
    come_back,
    running_provider,
    sign_in_with,
)
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox

TO_ACME, TO_GLOBEX = "Sign in to Analytics with Acme", "Sign in to Marketing with Globex"
CAMPAIGNS, REPORTING = "Marketing campaigns", "Analytics reporting"
ROLES = ["marketing_operator"]


@pytest.fixture(scope="module")
def worker_globex() -> Iterator[RunningProvider]:
    """The provider of Marketing, which tests ask for as `globex`."""
    with running_provider() as provider:
        yield provider


@pytest.fixture
def globex(worker_globex: RunningProvider) -> RunningProvider:
    """It behaves, and says that everybody is an operator of Marketing."""
    worker_globex.order(id_token={"claims": {"groups": ROLES}})
    return worker_globex


@pytest.fixture
def company_portal(
    provider: RunningProvider, globex: RunningProvider, start_portal: StartPortal
) -> PortalProcess:
    """A portal whose Analytics trusts Acme alone, and whose Marketing trusts Globex alone."""

    def adapt(config: Config) -> None:
        provider.configure(config, sign_in="oidc", roles_from="claim")
        entry = {"name": "Globex", "issuer": globex.url, "client_id": CLIENT_ID}
        config["identity_providers"]["globex"] = entry
        config["warehouses"][1] |= {"sign_in": "oidc", "roles_from": "claim"}
        config["warehouses"][1] |= {"identity_provider": "globex"}

    secrets = f"acme={CLIENT_SECRET} globex={CLIENT_SECRET}"
    portal = start_portal(adapt=adapt, PORTAL_OIDC_CLIENT_SECRETS=secrets, PORTAL_WORKER="apart")
    provider.know(portal.url)
    globex.order(redirect_uris=[f"{portal.url}{CALLBACK}"], id_token={"claims": {"groups": ROLES}})
    return portal


@pytest.fixture
def both(browser: Browser, provider: RunningProvider, globex: RunningProvider) -> Browser:
    """Somebody who has signed in to Analytics, and then to Marketing."""
    sign_in_with(browser, provider, "erin")
    browser.get(browser.page.link("Sign in to another"))
    come_back(browser, globex.approve(begin(browser, TO_GLOBEX), "erin"), to="/groups")
    return browser


def users(portal: PortalProcess) -> list[tuple[str, str]]:
    """Warehouse and name of each session."""
    found = portal.execute('SELECT warehouse, "user" FROM sessions ORDER BY 1')
    return [(str(warehouse), str(user)) for warehouse, user in found]


def test_both_are_at_hand_in_one_browser(
    both: Browser, company_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    assert CAMPAIGNS in both.page.main
    both.get(f"/groups/{sandbox.service_id(REPORTING)}", 404)
    both.get("/groups")
    page = both.submit("Analytics", to="/groups")
    assert REPORTING in page.main
    assert CAMPAIGNS not in page.main
    both.get(f"/groups/{sandbox.service_id(CAMPAIGNS)}", 404)
    assert users(company_portal) == [
        ("analytics", "acme:erin@sandbox.example"),
        ("marketing", "globex:erin@sandbox.example"),
    ]


def test_signing_out_ends_both_and_leads_to_both_providers(
    both: Browser,
    company_portal: PortalProcess,
    provider: RunningProvider,
    globex: RunningProvider,
) -> None:
    # ASVS 7.4.1
    saved = both.clone()
    both.is_signed_in = False
    page = both.submit("Sign out", to=re.compile(r"/sign-in\?signed_out=1&provider=.*"))
    assert users(company_portal) == []
    for name, there in (("Acme", provider), ("Globex", globex)):
        answer = both.fetch("GET", page.link(f"Sign out at {name}"))
        assert answer.headers["Location"].startswith(f"{there.url}/session?")
    saved.is_signed_in = False
    saved.get("/groups", to="/sign-in?next=/groups")


@pytest.mark.parametrize("button", [TO_ACME, TO_GLOBEX])
def test_a_sound_token_of_the_one_proves_nobody_at_the_other(
    browser: Browser,
    company_portal: PortalProcess,
    provider: RunningProvider,
    globex: RunningProvider,
    button: str,
) -> None:
    """Both know the portal by the same name and secret, and the token has this browser's nonce."""
    # ASVS 9.1.3, 10.2.2
    asked, other = (provider, globex) if button == TO_ACME else (globex, provider)
    browser.get("/sign-in")
    address = begin(browser, button)
    asked.order(id_token={"instead": other.fetch_token(address, "erin")})
    come_back(browser, asked.approve(address, "erin"), 401)
    name = "Acme" if button == TO_ACME else "Globex"
    assert browser.page.text('[role="alert"]').startswith(NOT_PROVEN.replace("Acme", name))
    assert users(company_portal) == []


@pytest.mark.parametrize("button", [TO_ACME, TO_GLOBEX])
@pytest.mark.parametrize("tells_issuer", [True, False])
def test_an_answer_of_the_one_is_none_of_the_other(
    browser: Browser,
    company_portal: PortalProcess,
    provider: RunningProvider,
    globex: RunningProvider,
    button: str,
    *,
    tells_issuer: bool,
) -> None:
    """A mix-up (RFC 9207): the code of the one, by the state of a flow at the other."""
    # ASVS 10.2.2
    asked, other = (provider, globex) if button == TO_ACME else (globex, provider)
    browser.get("/sign-in")
    address = begin(browser, button)
    given = parse_qs(urlsplit(other.approve(address.replace(asked.url, other.url), "erin")).query)
    kept: dict[str, str] = {
        name: given[name][0] for name in ("code", "state", "iss") if name in given
    }
    if not tells_issuer:
        kept.pop("iss", None)
    come_back(browser, f"{CALLBACK}?{urlencode(kept)}", 401)
    assert users(company_portal) == []


def test_a_way_there_that_began_in_one_is_over_in_the_other(
    both: Browser, company_portal: PortalProcess, globex: RunningProvider
) -> None:
    # ASVS 7.5.3
    both.get("/account")
    location = globex.approve(begin(both, "Refresh your roles with Globex"), "erin")
    both.get("/groups")
    both.submit("Analytics", to="/groups")
    come_back(both, location, 400)
    assert "was not begun in this browser" in both.page.main
    assert len(users(company_portal)) == 2
