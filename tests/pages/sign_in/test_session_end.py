"""The end of a session is announced, can be put off, and loses nothing that was typed."""

import random
import re
import string

import pytest

from tests.conftest import StartPortal
from tests.pages.people import TO_REVIEW, group_path
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

MINUTE, HOUR = 60, 3600
WARNING = '.notice[role="alert"]'


@pytest.fixture
def alice(fresh_portal: PortalProcess) -> Browser:
    """Alice, signed in at a portal of her own."""
    browser = Browser(fresh_portal.url)
    browser.sign_in(fresh_portal.sandbox.person("alice"))
    return browser


def sign_in_again(browser: Browser, to: str) -> None:
    browser.is_signed_in = True
    given = {"warehouse": "analytics", "user": "alice", "password": "alice-sandbox-1"}
    browser.submit("Sign in", given, to=to)


def test_two_minutes_before_the_idle_end_one_press_keeps_the_session(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    early = alice.get("/session/live")
    assert early.text("*") == ""
    assert 1600 < int(early.soup.div["data-ask-again"]) <= 1681  # type: ignore[index, arg-type]
    fresh_portal.age("sessions", "seen_at", 28 * MINUTE + 1)
    page = alice.get("/session/live")
    assert page.text(".notice-message").startswith("You will be signed out today ")
    again = alice.get("/session/live")  # asking is no activity
    assert again.text(".notice-message") == page.text(".notice-message")
    alice.post(
        "/session/stay",
        {"csrf_token": page.csrf_token, "next": "/account"},
        to="/account",
    )
    assert alice.get("/session/live").text("*") == ""


def test_the_absolute_end_is_said_on_every_page_and_cannot_be_put_off(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    fresh_portal.age("sessions", "created_at", 8 * HOUR - MINUTE)
    page = alice.get("/account")
    assert "however much you use it" in page.text(WARNING)
    assert not page.has("Stay signed in")


def test_after_the_end_the_fragment_says_401_and_staying_leads_to_signing_in(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    token = alice.get("/groups").csrf_token
    fresh_portal.age("sessions", "seen_at", 31 * MINUTE)
    alice.is_signed_in = False
    assert alice.fetch("GET", "/session/live").status_code == 401
    alice.post("/session/stay", {"csrf_token": token}, to="/sign-in?ended=1&next=/groups")


def test_a_form_sent_too_late_is_filled_in_again_after_signing_in(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    form = group_path(fresh_portal.sandbox, part="scale")
    alice.get(form)
    fresh_portal.age("sessions", "seen_at", 31 * MINUTE)
    alice.is_signed_in = False
    typed = {"max_memory_gb": "64", "num_replicas": "4", "reason": "Month end, größer"}
    page = alice.submit("Review changes", typed, to=f"/sign-in?ended=1&next={form}?again%3D1")
    assert "Your session has ended." in page.main
    sign_in_again(alice, f"{form}?again=1")
    assert "What you typed is still here." in alice.page.main
    assert {name: alice.page.value(name) for name in typed} == typed
    alice.submit("Review changes", to=TO_REVIEW)
    assert "Month end, größer" in alice.page.main
    assert alice.get(f"{form}?again=1").value("num_replicas") == "1"  # it was taken


def test_a_draft_survives_the_end_and_is_where_people_come_back_to(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    alice.get(group_path(fresh_portal.sandbox, part="scale"))
    review = alice.submit("Review changes", {"max_memory_gb": "64"}, to=TO_REVIEW).path
    fresh_portal.age("sessions", "seen_at", 31 * MINUTE)
    alice.is_signed_in = False
    alice.submit("Scale Analytics reporting", to=f"/sign-in?ended=1&next={review}")
    sign_in_again(alice, review)
    assert fresh_portal.sandbox.patches() == []
    assert alice.page.has("Scale Analytics reporting")


def test_a_form_of_an_earlier_session_says_so_and_keeps_what_was_typed(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    form = group_path(fresh_portal.sandbox, part="scale")
    alice.get(form)
    other = alice.clone()
    other.get("/account")
    other.sign_out()
    other.sign_in(fresh_portal.sandbox.person("alice"))
    alice.session.cookies.clear()
    alice.session.cookies.update(other.session.cookies)
    page = alice.submit("Review changes", {"num_replicas": "4"}, status=403)
    assert "so nothing was done" in page.main
    assert alice.get(page.link("Open the form again")).value("num_replicas") == "4"


def test_what_does_not_fit_a_cookie_is_left_out_and_everything_else_is_kept(
    alice: Browser, fresh_portal: PortalProcess
) -> None:
    form = group_path(fresh_portal.sandbox, part="scale")
    alice.get(form)
    odd = "".join(random.Random(1).choices(string.printable[:94], k=3330))  # noqa: S311 - no secret
    page = alice.submit("Review changes", {"num_replicas": "4", "reason": odd}, status=422)
    (cookie,) = (
        value for name, value in page.response.headers.items() if name.lower() == "set-cookie"
    )
    assert len(cookie) <= 4096
    assert alice.get(f"{form}?again=1").value("num_replicas") == "4"


def test_the_warehouse_of_the_last_time_is_chosen_already(alice: Browser) -> None:
    assert alice.sign_out().value("warehouse") == "analytics"
    alice.session.cookies.clear()
    alice.session.cookies.set("warehouse", "<nowhere>")
    assert alice.get("/sign-in").value("warehouse") == ""


def test_what_one_person_typed_is_not_shown_to_the_next_in_the_same_browser(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(adapt=lambda it: it["warehouses"][0]["access"][0]["users"].append("bob"))
    browser, form = Browser(portal.url), group_path(sandbox, part="scale")
    browser.sign_in(sandbox.person("alice"))
    browser.get(form)
    portal.age("sessions", "seen_at", 31 * MINUTE)
    browser.is_signed_in = False
    browser.submit("Review changes", {"reason": "between us"}, to=re.compile("/sign-in.*"))
    browser.is_signed_in = True
    bob = {"warehouse": "analytics", "user": "bob", "password": sandbox.person("bob").password}
    page = browser.submit("Sign in", bob, to=f"{form}?again=1")
    assert page.h1 == "Scale Analytics reporting"
    assert "between us" not in page.response.text
