"""The review page: was, will be, and what it means in plain words."""

from collections.abc import Mapping

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, draft
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def test_the_page_puts_was_beside_will_be_with_totals(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = draft(
        sign_in("alice"), sandbox, max_memory_gb="64", num_replicas="2", reason="Quarter end"
    )
    assert page.h1 == "Review changes to Analytics reporting"
    assert page.text("table.comparison") == (
        "Current and new settings Setting CurrentNew "
        "Memory per replica 8 to 16 GB 8 to 64 GB (changed) Change memory per replica "
        "Replicas 1 2 (changed) Change replicas "
        "Total memory 8 to 16 GB 16 to 128 GB (changed) "
        "Idle timeout 10 minutes 10 minutes Change idle timeout "
        "Cost per hour $0.39 to $0.78 $0.78 to $6.24 (changed)"
    )
    assert page.text("q") == "Quarter end"
    assert page.has("Scale Analytics reporting")
    assert "Nothing has been changed yet." in page.main
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ({"max_memory_gb": "64"}, "It can scale up further as soon as new replicas are up"),
        ({"max_memory_gb": "8"}, "old ones may go on serving their queries for up to an hour"),
        ({"min_memory_gb": "16"}, "it costs more even at low load"),
        ({"idle_scaling": "off"}, "so it costs compute all the time"),
        ({"idle_timeout_minutes": "30"}, "It idles after 30 minutes."),
    ],
)
def test_the_page_says_what_it_means(
    sign_in: SignIn, sandbox: RunningSandbox, typed: Mapping[str, str], meaning: str
) -> None:
    assert meaning in draft(sign_in("alice"), sandbox, **typed).text("main ul")


def test_an_active_schedule_is_named(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = draft(sign_in("dana"), sandbox, CAMPAIGNS, max_replicas="8")
    assert "The schedule entry “Campaign days” is active" in page.text("main ul")


def test_an_idle_group_is_scaled_for_later(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = draft(sign_in("alice"), sandbox, "Analytics ad hoc", num_replicas="2")
    assert "The group is not running: the new size counts from when it next runs." in page.main
    assert sandbox.connections("Analytics ad hoc") == 0


def test_a_reason_is_shown_as_text(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    reason = "<script>alert(1)</script>"
    page = draft(sign_in("alice"), sandbox, num_replicas="2", reason=reason)
    assert page.text("q") == reason
    assert reason not in page.response.text


def test_a_draft_that_is_too_old_cannot_be_confirmed(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    # ASVS 2.3.1
    alice = sign_in("alice")
    draft(alice, sandbox)
    portal.age("changes", "created_at", 16 * 60)
    page = alice.submit(f"Scale {REPORTING}", status=409)
    assert "This draft is too old to be confirmed." in page.main
    assert sandbox.writes() == []
    page = alice.get(page.link("Edit these values"))
    assert page.value("max_memory_gb") == "64"
