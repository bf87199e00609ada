"""How long a sign-in lasts, and that its id is worth what the store says."""

import pytest

from tests.conftest import SignIn
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

MINUTE, HOUR = 60, 3600


@pytest.fixture
def alice(fresh_portal: PortalProcess) -> Browser:
    """Alice, signed in at a portal of her own."""
    browser = Browser(fresh_portal.url)
    browser.sign_in(fresh_portal.sandbox.person("alice"))
    return browser


def assert_signed_out(browser: Browser) -> None:
    browser.is_signed_in = False
    assert browser.clone().fetch("GET", "/groups/live").status_code == 401
    answer = browser.clone().fetch("POST", "/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in {303, 403}
    browser.get("/groups", to="/sign-in?next=/groups")


def test_a_session_ends_after_half_an_hour_without_a_page(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    # ASVS 7.3.1
    fresh_portal.age("sessions", "seen_at", 29 * MINUTE)
    assert alice.clone().get("/groups").h1 == "Your compute groups"
    fresh_portal.age("sessions", "seen_at", 31 * MINUTE)
    assert_signed_out(alice)


def test_fragments_that_pages_poll_do_not_keep_a_session_alive(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    # ASVS 7.3.1
    group = fresh_portal.sandbox.service_id("Analytics reporting")
    fresh_portal.age("sessions", "seen_at", 29 * MINUTE)
    before = fresh_portal.execute("SELECT seen_at FROM sessions")
    alice.get("/groups/live")
    alice.get(f"/groups/{group}/live")
    assert fresh_portal.execute("SELECT seen_at FROM sessions") == before
    alice.get("/groups")
    assert fresh_portal.execute("SELECT seen_at FROM sessions") > before


def test_a_session_ends_after_eight_hours_in_any_case(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    # ASVS 7.3.2
    fresh_portal.age("sessions", "created_at", 8 * HOUR - MINUTE)
    assert alice.clone().get("/groups").h1 == "Your compute groups"
    fresh_portal.age("sessions", "created_at", 2 * MINUTE)
    assert_signed_out(alice)


def test_a_form_sent_after_the_end_says_that_nothing_was_changed(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    form = f"/groups/{fresh_portal.sandbox.service_id('Analytics reporting')}/scale"
    page = alice.get(form)
    assert page.has("Review changes")
    fresh_portal.age("sessions", "seen_at", 31 * MINUTE)
    alice.is_signed_in = False
    page = alice.submit("Review changes", to=f"/sign-in?ended=1&next={form}?again%3D1")
    assert "Your session has ended. Sign in again. Nothing was changed." in page.main


def test_the_oldest_of_too_many_sessions_ends(alice: Browser, fresh_portal: PortalProcess) -> None:
    for _ in range(5):
        Browser(fresh_portal.url).sign_in(fresh_portal.sandbox.person("alice"))
    assert fresh_portal.execute("SELECT count(*) FROM sessions") == [(5,)]
    assert_signed_out(alice)


def test_sessions_outlive_a_restart_of_the_portal(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    fresh_portal.kill()
    fresh_portal.start()
    assert alice.get("/groups").h1 == "Your compute groups"


def test_signing_in_gives_a_new_id_and_the_one_before_dies(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    # ASVS 7.2.4
    browser.get("/sign-in")
    before = browser.clone()
    page = browser.sign_in(sandbox.person("alice"))
    first = browser.clone()
    before.get("/groups", to="/sign-in?next=/groups")
    browser.is_signed_in = True
    again = {
        "warehouse": "analytics",
        "user": "alice",
        "password": "alice-sandbox-1",
        "csrf_token": page.csrf_token,
    }
    browser.post("/sign-in", again, to="/groups")
    first.is_signed_in = False
    first.get("/groups", to="/sign-in?next=/groups")


def test_an_altered_cookie_signs_nobody_in(sign_in: SignIn) -> None:
    # ASVS 7.2.1
    browser = sign_in("alice")
    cookie = next(iter(browser.session.cookies))
    assert cookie.value is not None
    browser.session.cookies.clear()
    browser.session.cookies.set("portal", cookie.value[:-2] + "AA", path="/")
    browser.is_signed_in = False
    browser.get("/groups", to="/sign-in?next=/groups")


def test_the_cookie_holds_no_name_and_the_store_no_token(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    cookie = next(iter(alice.session.cookies)).value or ""
    ((stored,),) = fresh_portal.execute("SELECT token_hash FROM sessions")
    assert len(stored) == 64
    assert "alice" not in cookie
    assert stored not in cookie
