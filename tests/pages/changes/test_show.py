"""The page of a change: what is known of it, whatever Cloud answered, and nothing is sent twice."""

import re

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.editions import EDITION, edition_of
from tests.pages.people import REPORTING, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import NO_BUDGET, Config, PortalProcess
from tests.support.sandbox import RunningSandbox

Fault = dict[str, object]
PRIMARY = "Analytics primary"
LOST: list[Fault] = [
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 504},
    {"kind": "reset"},
    {"kind": "not_json"},
    {"kind": "redirect"},
]


def confirm_under(fault: Fault, browser: Browser, sandbox: RunningSandbox, **typed: str) -> Page:
    draft(browser, sandbox, **typed)
    sandbox.fault("PATCH", **fault)  # type: ignore[arg-type] # kind among the others
    return confirm(browser)


def forget_the_least_replicas(config: Config) -> None:
    del config["warehouses"][0]["groups"][0]["limits"]


def headline(page: Page) -> str:
    return page.text(".headline-state")


def test_an_accepted_change_is_followed_until_it_is_in_effect(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox, max_memory_gb="64", reason="Quarter end")
    page = confirm(alice)
    assert headline(page) == "Accepted, taking effect"
    assert page.link("Check now") == page.path
    assert "Requested today" in page.text(".steps")
    assert "New replicas start in progress In effect pending" in page.text(".steps")
    for fact in ("Requested by alice", "Reason Quarter end", "request id", page.h1.split()[1]):
        assert fact.replace(" ", "") in page.text("dl.summary-list").replace(" ", "")
    sandbox.advance(3600)
    live = alice.get(f"{page.path}/live")
    assert headline(live) == "In effect"
    assert live.soup.select_one("[data-stop]") is not None
    page = alice.get(page.path)
    assert headline(page) == "In effect"
    assert not page.has("Check now")


def test_other_peoples_changes_are_for_holders_of_audit(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    page = confirm(alice)
    assert "alice" in page.text("dl.summary-list")
    sign_in("bob").get(page.path, 404)


def test_what_somebody_changed_afterwards_is_said(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    page = confirm(alice)
    sandbox.force(REPORTING, maxReplicaMemoryGb=32)
    assert headline(alice.get(page.path)) == "Accepted, and changed again since"


def test_clouds_own_refusal_is_passed_on_and_can_be_corrected(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    # A primary may not have one replica; here the owners have not said so.
    portal = start_portal(entry=NO_BUDGET, adapt=forget_the_least_replicas)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    draft(alice, sandbox, PRIMARY, num_replicas="1")
    page = confirm(alice, PRIMARY)
    assert headline(page) == "Rejected by ClickHouse Cloud"
    assert "Nothing was changed. ClickHouse Cloud says: BAD_REQUEST" in page.main
    assert "request id" in page.text("dl.summary-list")
    assert len(sandbox.patches()) == 1
    page = alice.get(page.link("Correct it"))
    assert page.value("num_replicas") == "1"
    assert "ClickHouse Cloud rejected this: BAD_REQUEST" in page.problem("num_replicas")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_of_the_key_is_not_the_persons_to_correct(
    sign_in: SignIn, sandbox: RunningSandbox, status: int
) -> None:
    alice = sign_in("alice")
    page = confirm_under({"kind": "status", "status": status}, alice, sandbox)
    assert headline(page) == "Failed"
    assert "The portal's own key is refused (" in page.main
    assert "This is not your doing. Tell whoever runs this portal." in page.main
    assert "ClickHouse Cloud says" not in page.main
    assert not page.has("Correct it")
    assert len(sandbox.patches()) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 424])
def test_a_refusal_is_no_change(sign_in: SignIn, sandbox: RunningSandbox, status: int) -> None:
    alice = sign_in("alice")
    page = confirm_under({"kind": "status", "status": status}, alice, sandbox)
    assert headline(page) == "Rejected by ClickHouse Cloud"
    assert alice.get(group_path(sandbox)).has("Scale this group")
    assert len(sandbox.patches()) == 1


def test_a_limit_that_is_used_up_is_no_change(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = confirm_under({"kind": "status", "status": 429}, sign_in("alice"), sandbox)
    assert headline(page) == "Failed"
    assert "receives too many requests" in page.main
    assert len(sandbox.patches()) == 1


def test_a_failed_change_can_be_tried_again_with_its_values(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    page = confirm_under({"kind": "status", "status": 429}, alice, sandbox)
    path = page.path
    page = alice.get(page.link("Try again with these values"))
    assert page.value("max_memory_gb") == "64"
    assert len(sandbox.patches()) == 1  # nothing was sent by that
    alice.submit("Review changes", to=TO_REVIEW)
    confirm(alice)
    assert len(sandbox.patches()) == 2
    # The failed one is in the past: its values can be asked for later just as well.
    assert alice.get(path).has("Try again with these values")


@pytest.mark.parametrize("fault", LOST)
def test_without_an_answer_the_outcome_is_open_until_it_is_read_back(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, fault: Fault
) -> None:
    # ASVS 13.1.3: a write is not repeated
    alice = sign_in("alice")
    page = confirm_under(fault, alice, sandbox)
    assert headline(page) == "The outcome is not known yet"
    assert "sends nothing again" in page.main
    assert not page.has("Close this change")
    group = alice.get(group_path(sandbox))
    assert not group.has("Scale this group")
    portal.age("changes", "sent_at", 181)
    page = alice.get(page.path)
    assert headline(page) == "Failed"
    assert "By reading the configuration back." in page.main
    assert alice.get(group_path(sandbox)).has("Scale this group")
    assert len(sandbox.patches()) == 1


def test_an_acceptance_that_shows_nothing_is_never_called_a_failure(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = sign_in("alice")
    page = confirm_under({"kind": "wrong_shape"}, alice, sandbox)
    assert headline(page) == "The outcome is not known yet"
    assert "ClickHouse Cloud accepted the change and did not show what came of it." in page.main
    portal.age("changes", "sent_at", 181)
    page = alice.get(page.path)
    assert headline(page) == "Closed without a known outcome"
    assert "accepted the change, and nothing of it shows" in page.main
    assert alice.get(group_path(sandbox)).has("Scale this group")


def test_a_lost_answer_to_a_change_that_was_made_is_found_out_at_once(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    page = confirm_under({"kind": "drop_after_apply"}, alice, sandbox)
    assert headline(page) == "As requested, taking effect"
    assert "By reading the configuration back." in page.main
    assert alice.get(group_path(sandbox)).has("Scale this group")
    assert len(sandbox.patches()) == 1


def test_a_slow_answer_is_waited_for(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = confirm_under({"kind": "slow", "seconds": 1}, sign_in("alice"), sandbox)
    assert headline(page) == "Accepted, taking effect"
    assert "How the outcome was determined" not in page.main


def test_while_the_outcome_is_open_nobody_gets_another_change_in(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    other_window = alice.clone()
    confirm_under({"kind": "reset"}, other_window, sandbox)
    page = alice.submit("Review changes", {"num_replicas": "2"}, status=409)
    assert "alice is changing this group at the moment." in page.main
    assert page.value("num_replicas") == "2"
    assert len(sandbox.patches()) == 1


def test_pressing_again_after_a_lost_answer_sends_nothing(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    review = draft(alice, sandbox)
    other_window = alice.clone()
    other_window.get(review.path)
    sandbox.fault("PATCH", "reset")
    page = confirm(alice)
    assert confirm(other_window).path == page.path
    assert len(sandbox.patches()) == 1


def test_words_of_cloud_are_shown_as_text(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    # ASVS 1.2.1
    alice = sign_in("alice")
    page = confirm_under({"kind": "status", "status": 400}, alice, sandbox)
    portal.execute("UPDATE changes SET settled_note = '<script>alert(1)</script>'")
    page = alice.get(page.path)
    assert "<script>alert(1)" in page.main
    assert "<script>alert(1)" not in page.response.text


def test_right_after_the_confirmation_it_was_requested_just_now(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    main = confirm(alice).main
    assert re.search(r"Requested (just now|[1-9]\d* seconds? ago)\.", main), main


def test_the_open_page_of_a_change_is_told_nothing_until_something_is_new(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox, max_memory_gb="64")
    path = confirm(alice).path
    edition = edition_of(alice, path)  # which was answered by 204
    assert "csrf_token" not in alice.fetch("GET", f"{path}/live").text
    sandbox.advance(3600)
    assert headline(alice.get(f"{path}/live")) == "In effect"
    answer = alice.fetch("GET", f"{path}/live", headers={EDITION: edition})
    assert (answer.status_code, answer.headers[EDITION] == edition) == (200, False)
