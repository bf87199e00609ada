"""What the company's sign-in does not let in: each refusal over HTTP, against a real provider."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from app.sandbox.identity.people import CLIENT_SECRET
from tests.pages.company.conftest import StartWith
from tests.support.browser import Browser
from tests.support.openid_provider import (
    CALLBACK,
    RunningProvider,
    begin,
    come_back,
    running_provider,
    sign_in_with,
)
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

NOT_PROVEN = "What Acme sent does not prove who you are."
UNKNOWN = "This sign-in was not begun in this browser, took too long, or was used already."
HOUR = 3600


def refused(browser: Browser, location: str, status: int, words: str) -> None:
    """The answer of the provider leads back to the page to sign in, which says why."""
    come_back(browser, location, status)
    assert browser.page.text('[role="alert"]').startswith(words)
    browser.get("/groups", to=re.compile("/sign-in.*"))


def test_a_token_that_keeps_all_rules_is_taken_by_the_same_way(
    browser: Browser, provider: RunningProvider
) -> None:
    """The refusals below are for what each breaks, and not for being signed anew."""
    provider.order(id_token={"claims": {"groups": ["analytics_viewer"]}})
    sign_in_with(browser, provider, "erin")


# ASVS 6.8.2, 9.1.1, 9.1.2, 9.2.1 to 9.2.3, 10.5.1, 10.5.4
@pytest.mark.parametrize(
    "orders",
    [
        {"sign": "none"},
        {"sign": "stranger"},
        {"sign": "secret", "secret": CLIENT_SECRET},
        {"claims": {"aud": ["somebody-else"]}},
        {"claims": {"aud": ["somebody-else"], "azp": "portal"}},
        {"claims": {"aud": ["portal", "other"], "azp": "other"}},
        {"claims": {"aud": ["portal", "other"]}},
        {"claims": {"azp": "other"}},
        {"claims": {"aud": None}},
        {"claims": {"iss": "https://login.evil.example"}},
        {"claims": {"iss": None}},
        {"shifts": {"exp": -HOUR}},
        {"claims": {"exp": None}},
        {"claims": {"exp": "2999"}},
        {"shifts": {"nbf": HOUR}},
        {"shifts": {"iat": HOUR}},
        {"claims": {"nonce": "of-an-earlier-sign-in"}},
        {"claims": {"nonce": None}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": 7}},
        {"claims": {"token_class": "access_token", "nonce": None}},
        {"typ": "at+jwt"},
        {"typ": "application/LOGOUT+JWT"},
        {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    ],
    ids=str,
)
def test_a_token_that_breaks_a_rule_proves_nobody(
    browser: Browser,
    provider: RunningProvider,
    sandbox: RunningSandbox,
    company_portal: PortalProcess,
    orders: dict[str, object],
) -> None:
    provider.order(id_token=orders)
    browser.get("/sign-in")
    refused(browser, provider.approve(begin(browser), "erin"), 401, NOT_PROVEN)
    assert sandbox.requests("clickhouse") == []
    assert company_portal.execute("SELECT count(*) FROM sessions") == [(0,)]


def test_an_address_that_is_not_said_to_be_verified_names_nobody(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    # ASVS 6.8.1
    provider.order(id_token={"claims": {"email_verified": None}})
    browser.get("/sign-in")
    words = "Acme does not say what to call you, or has not verified it."
    refused(browser, provider.approve(begin(browser), "erin"), 401, words)
    assert company_portal.execute("SELECT count(*) FROM sessions") == [(0,)]


def test_keys_may_rotate_and_the_old_ones_end_with_that(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    # ASVS 9.1.3
    sign_in_with(browser, provider, "erin")
    provider.order(rotate=True)
    sign_in_with(Browser(company_portal.url), provider, "erin")
    provider.order(id_token={"sign": "retired"})
    other = Browser(company_portal.url)
    other.get("/sign-in")
    refused(other, provider.approve(begin(other), "erin"), 401, NOT_PROVEN)


@pytest.mark.parametrize("state", ["", "made-up", "\u00e9\u00e9"])
def test_without_the_state_of_this_browser_nothing_counts(
    browser: Browser, provider: RunningProvider, state: str
) -> None:
    # ASVS 10.2.1
    browser.get("/sign-in")
    url = urlsplit(provider.approve(begin(browser), "erin"))
    given = {"code": parse_qs(url.query)["code"][0]} | ({"state": state} if state else {})
    refused(browser, f"{CALLBACK}?{urlencode(given)}", 400, UNKNOWN)


def test_an_answer_counts_in_the_browser_alone_that_asked(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    # ASVS 10.2.1, 7.2.4
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "erin")
    victim = Browser(company_portal.url)
    refused(victim, location, 400, UNKNOWN)
    victim.get("/sign-in")
    begin(victim)
    refused(victim, location, 400, UNKNOWN)


def test_an_answer_counts_once_also_with_a_copy_of_the_cookie(
    browser: Browser, provider: RunningProvider
) -> None:
    # ASVS 10.1.2
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "erin")
    copy = browser.clone()
    browser.is_signed_in = True
    come_back(browser, location, to="/groups")
    refused(copy, location, 400, UNKNOWN)


def test_a_code_of_another_flow_is_worthless(browser: Browser, provider: RunningProvider) -> None:
    """PKCE and the nonce tie a code to the browser whose flow it belongs to."""
    # ASVS 10.1.2
    thief = browser.clone()
    browser.get("/sign-in")
    stolen = parse_qs(urlsplit(provider.approve(begin(browser), "erin")).query)["code"][0]
    thief.get("/sign-in")
    own = parse_qs(urlsplit(begin(thief)).query)["state"][0]
    location = f"{CALLBACK}?{urlencode({'code': stolen, 'state': own})}"
    refused(thief, location, 401, "Acme did not accept the portal's question about you.")


def test_a_code_that_was_used_is_refused(browser: Browser, provider: RunningProvider) -> None:
    # ASVS 10.1.2
    browser.get("/sign-in")
    address = begin(browser)
    location = provider.approve(address, "erin")
    code = parse_qs(urlsplit(location).query)["code"][0]
    other = browser.clone()
    browser.is_signed_in = True
    come_back(browser, location, to="/groups")
    other.get("/sign-in")
    state = parse_qs(urlsplit(begin(other)).query)["state"][0]
    again = f"{CALLBACK}?{urlencode({'code': code, 'state': state})}"
    refused(other, again, 401, "Acme did not accept the portal's question about you.")


def test_the_provider_of_another_warehouse_proves_nobody_here(
    provider: RunningProvider, start_with: StartWith
) -> None:
    """Neither its tokens nor its answers count, even for a client of the same name."""
    # ASVS 10.2.2, 10.5.3
    portal = start_with()
    with running_provider() as other:
        other.know(portal.url)
        browser = Browser(portal.url)
        browser.get("/sign-in")
        address = begin(browser)
        foreign = address.replace(provider.url, other.url)
        refused(
            browser,
            other.approve(foreign, "erin"),
            401,
            "Acme did not sign you in.",
        )


def test_a_sound_token_of_another_provider_proves_nobody_even_by_our_own_answer(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    """For a client of the same name, with the nonce of this browser: only its own check is left."""
    # ASVS 9.1.3, 10.2.2
    browser.get("/sign-in")
    address = begin(browser)
    with running_provider() as other:
        other.know(company_portal.url)
        foreign = other.fetch_token(address, "erin")
    provider.order(id_token={"instead": foreign})
    refused(browser, provider.approve(address, "erin"), 401, NOT_PROVEN)
    assert company_portal.execute("SELECT count(*) FROM sessions") == [(0,)]


def test_clickhouse_must_trust_the_provider_itself(
    browser: Browser, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    sandbox.reset()
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "erin")
    refused(browser, location, 401, "ClickHouse does not accept what Acme says of you.")


def test_what_is_no_clickhouse_is_told_without_a_word_of_a_password(
    browser: Browser, provider: RunningProvider, sandbox: RunningSandbox
) -> None:
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "erin")
    sandbox.fault("clickhouse:", "not_json")
    refused(
        browser, location, 502, "Something other than ClickHouse answered, so your sign-in could"
    )


def test_an_address_that_is_not_verified_names_nobody(
    browser: Browser, provider: RunningProvider
) -> None:
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "mallory")
    refused(browser, location, 401, "Acme does not say what to call you")


def test_who_has_no_compute_group_is_told_so(browser: Browser, provider: RunningProvider) -> None:
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "frank")
    refused(browser, location, 403, "You are known, but acme:frank@sandbox.example has no compute")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(
    browser: Browser, provider: RunningProvider, target: str
) -> None:
    # ASVS 3.7.2
    browser.get(f"/sign-in?{urlencode({'next': target})}")
    location = provider.approve(begin(browser), "erin")
    browser.is_signed_in = True
    come_back(browser, location, to="/groups")


def test_what_the_person_declined_there_is_told_here(
    browser: Browser, provider: RunningProvider
) -> None:
    browser.get("/sign-in")
    state = parse_qs(urlsplit(begin(browser)).query)["state"][0]
    location = f"{CALLBACK}?{urlencode({'error': 'access_denied', 'state': state})}"
    refused(browser, location, 401, "Acme did not sign you in.")


def test_a_provider_that_is_away_is_told_and_passwords_go_on(
    start_with: StartWith, sandbox: RunningSandbox
) -> None:
    # ASVS 16.5.2
    portal = start_with()
    portal.configure(_with_dead_provider)
    browser = Browser(portal.url)
    portal.stop()
    portal.start()
    browser.get("/sign-in")
    page = browser.submit("Sign in to Analytics with Acme", status=503)
    assert page.text('[role="alert"]').startswith("Acme does not answer at the moment")
    browser.sign_in(sandbox.person("alice"))
    del browser.session.headers["X-Forwarded-For"]
    figures = browser.get("/metrics").response.text
    assert 'portal_sign_ins_total{door="company",outcome="provider_unreachable"} 1.0' in figures


def test_a_provider_that_is_slow_holds_nobody_for_long(
    browser: Browser, provider: RunningProvider
) -> None:
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "erin")
    provider.order(slow=8)
    refused(browser, location, 503, "Acme does not answer at the moment")
    provider.order()


def _with_dead_provider(config: dict[str, object]) -> None:
    RunningProvider("http://127.0.0.1:9").configure(config)


def test_an_answer_without_end_is_not_read(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    provider.order(id_token={"claims": {"padding": "x" * 400_000}})
    browser.get("/sign-in")
    come_back(browser, provider.approve(begin(browser), "erin"), 502)
    assert "is not set up rightly" in browser.page.main
    assert company_portal.execute("SELECT count(*) FROM sessions") == [(0,)]


def test_the_page_of_a_refusal_holds_neither_code_nor_state(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    provider.order(id_token={"sign": "stranger"})
    browser.get("/sign-in")
    location = provider.approve(begin(browser), "erin")
    come_back(browser, location, 401)
    given = parse_qs(urlsplit(location).query)
    assert company_portal.url
    for name in ("code", "state"):
        assert given[name][0] not in browser.page.response.text


def test_a_name_of_another_key_of_the_provider_is_not_taken(
    browser: Browser, provider: RunningProvider, company_portal: PortalProcess
) -> None:
    sign_in_with(browser, provider, "erin")
    company_portal.execute("UPDATE company_people SET user = 'other:erin@sandbox.example'")
    again = Browser(company_portal.url)
    again.get("/sign-in")
    come_back(again, provider.approve(begin(again), "erin"), 401)
    assert "does not say what to call you" in again.page.main
