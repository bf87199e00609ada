"""The review of a size asks how long it holds where a schedule would set another."""

import re
from collections.abc import Iterator

import pytest

from app.domain.schedules.schedule import DAY_NAMES
from tests.conftest import SignIn
from tests.pages.people import draft, group_path
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.schedules import forget_schedules

NIGHTS = {
    "zone": "Europe/Berlin",
    "w0_name": "Nights",
    **{f"w0_{day}": "y" for day in DAY_NAMES},
    "w0_start": "00:00",
    "w0_end": "24:00",
    "w0_min_memory_gb": "8",
    "w0_max_memory_gb": "16",
}


@pytest.fixture
def planned(portal: PortalProcess, sandbox: RunningSandbox, sign_in: SignIn) -> Iterator[str]:
    """The page of a schedule that agrees with what is configured."""
    path = group_path(sandbox, part="schedule")
    alice = sign_in("alice")
    alice.get(f"{path}/edit")
    alice.submit("Review schedule", NIGHTS)
    alice.submit("Save schedule", to=path)
    yield path
    forget_schedules(portal)


def test_the_review_asks_and_the_default_asks_for_no_more(
    sign_in: SignIn, sandbox: RunningSandbox, planned: str
) -> None:
    alice = sign_in("alice")
    page = draft(alice, sandbox, max_memory_gb="64")
    assert "How long this holds" in page.main
    assert "when “Nights” ends" in page.main
    alice.submit("Scale Analytics reporting", to=re.compile("/changes/[^/]+"))
    assert len(sandbox.writes()) == 1
    assert "Manual change held until" in alice.get(planned).main


def test_a_pause_is_ordered_with_the_change(
    sign_in: SignIn, sandbox: RunningSandbox, planned: str
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox, max_memory_gb="64")
    wrong = {"hold": "pause", "pause_schedule_until": "soon"}
    page = alice.submit("Scale Analytics reporting", wrong, status=422)
    assert page.problem("pause_schedule_until") == (
        "Enter a date and time, such as 2026-12-24 18:00"
    )
    assert sandbox.writes() == []
    in_a_year = {"hold": "pause", "pause_schedule_until": "2099-12-24 18:00"}
    page = alice.submit("Scale Analytics reporting", in_a_year, status=422)
    assert "within 366 days" in page.main


def test_the_schedule_can_be_changed_instead(
    sign_in: SignIn, sandbox: RunningSandbox, planned: str
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox, max_memory_gb="64", reason="Quarter end")
    form = re.compile(re.escape(f"{planned}/edit?from=") + ".+")
    page = alice.submit("Scale Analytics reporting", {"hold": "edit"}, to=form)
    assert page.h1 == "Edit the schedule of Analytics reporting"
    assert page.value("w0_max_memory_gb") == "64"
    assert page.value("base_max_memory_gb") == "16"
    assert sandbox.writes() == []


def test_without_a_schedule_nothing_is_asked(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = draft(sign_in("alice"), sandbox, max_memory_gb="64")
    assert "How long this holds" not in page.main
