"""Guessing is slowed down before the password reaches ClickHouse."""

from tests.conftest import StartPortal
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def guess(browser: Browser, user: str, status: int, password: str = "wrong") -> Page:  # noqa: S107 - it is
    given = {"warehouse": "analytics", "user": user, "password": password}
    return browser.submit("Sign in", given, status=status)


def test_the_sixth_guess_for_a_name_has_to_wait(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.1
    browser = Browser(fresh_portal.url)
    browser.get("/sign-in")
    for _ in range(5):
        guess(browser, "alice", 401)
    for password in ("wrong", "alice-sandbox-1"):
        page = guess(browser, "alice", 429, password)
        assert "There were too many attempts to sign in." in page.main
        assert 1 <= int(page.response.headers["Retry-After"]) <= 2
    assert len(sandbox.requests("clickhouse")) == 5
    # Nobody else has to wait for it.
    Browser(fresh_portal.url).sign_in(sandbox.person("bob"))


# ASVS 6.1.1
def test_whoever_signed_in_from_here_is_not_kept_out_by_a_strangers_guesses(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    own, stranger = Browser(portal.url), Browser(portal.url)
    own.sign_in(sandbox.person("bob"))
    own.sign_out()
    stranger.get("/sign-in")
    for _ in range(5):
        guess(stranger, "bob", 401)
    guess(stranger, "bob", 429)
    own.sign_in(sandbox.person("bob"))


def test_an_address_has_thirty_failures_whatever_names_it_tries(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.1 and 4.1.3: each browser claims another address, which nobody has vouched for.
    for number in range(30):
        browser = Browser(fresh_portal.url)
        browser.get("/sign-in")
        guess(browser, f"made-up-{number}", 401)
    browser = Browser(fresh_portal.url)
    browser.get("/sign-in")
    page = guess(browser, "made-up-30", 429)
    assert 1 <= int(page.response.headers["Retry-After"]) <= 301
    assert len(sandbox.requests("clickhouse")) == 30


# ASVS 6.1.1
def test_a_known_address_stays_known_when_the_portal_starts_anew(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(PORTAL_TRUSTED_PROXIES="1")
    own = Browser(portal.url)
    own.sign_in(sandbox.person("alice"))
    portal.restart()
    for _ in range(2):
        stranger = Browser(portal.url)
        stranger.get("/sign-in")
        for _ in range(5):
            guess(stranger, "alice", 401)
    newcomer = Browser(portal.url)
    newcomer.get("/sign-in")
    assert int(guess(newcomer, "alice", 429).response.headers["Retry-After"]) <= 31
    own.is_signed_in = False
    own.session.cookies.clear()
    own.sign_in(sandbox.person("alice"))


def test_the_addresses_of_one_ipv6_connection_count_as_one(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(PORTAL_TRUSTED_PROXIES="1")
    for number in range(60):
        browser = Browser(portal.url)
        browser.session.headers["X-Forwarded-For"] = f"[2001:db8:0:1::{number:x}]:4711"
        token = browser.get("/sign-in").csrf_token
        given = {"warehouse": "analytics", "user": f"made-up-{number}", "password": "wrong"}
        browser.post("/sign-in", {**given, "csrf_token": token}, status=401 if number < 30 else 429)
    assert len(sandbox.requests("clickhouse")) == 30
    assert '"address": "2001:db8:0:1::3b"' in portal.read_log()
