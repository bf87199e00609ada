"""The states of what ends by itself and of what follows the week: boosts and schedules.

A pause of the worker's is never waited for: ends, attempts and claims are moved into the past.
"""

from collections.abc import Iterator

from tests.pages.boosts.test_boosts import boost, review
from tests.pages.people import REPORTING, confirm, draft, group_path
from tests.pages.schedules.test_outside import ELSEWHEN
from tests.pages.schedules.test_schedules import OFFICE, fill_in, save
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.schedules import forget_schedules
from tests.support.waiting import wait_until

HOUR, SETTLING = 3600, 121
WITHIN_SECONDS = 20.0
"""The leader of the jobs goes round every few seconds."""

RAN_AT = "SELECT ran_at FROM job_runs WHERE name = 'schedules'"
NOTHING_IN_FLIGHT = (
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM changes WHERE state IN ('applying', 'unknown'))"
)

ALL_WEEK = {
    **OFFICE,
    **{f"w0_{day}": "y" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    "w0_name": "All week",
    "w0_start": "00:00",
    "w0_end": "24:00",
}
LATE = {"w1_name": "Late", "w1_mon": "y", "w1_start": "17:00", "w1_end": "20:00"}


def forget_all(portal: PortalProcess) -> None:
    """As if there had never been a boost or a schedule."""
    forget_schedules(portal)
    portal.execute("DELETE FROM boosts")
    portal.execute("DELETE FROM changes")


def boosts(alice: Browser, portal: PortalProcess, sandbox: RunningSandbox) -> Iterator[str]:
    """From the form to what a boost leaves; Alice's browser stands at each state that is named."""
    group = group_path(sandbox)
    alice.get(f"{group_path(sandbox, part='scale')}?boost=1")
    yield "boost-form"
    alice.submit("Review changes", {"lasts": "at", "until": "2020-01-01T00:00"}, status=422)
    yield "boost-form-errors"
    review(alice, sandbox)
    yield "boost-review"
    reference = boost(alice, sandbox)
    yield "boost-change"
    # In effect by now: news that comes while somebody looks moves what stands below it.
    portal.age("changes", "settled_at", SETTLING)
    alice.get(group)
    yield "boost-active"
    alice.get("/groups")
    yield "boost-among-groups"
    portal.age("boosts", "ends_at", HOUR - 240)
    alice.get(group)
    yield "boost-near-its-end"
    review(alice, sandbox, max_memory_gb="120")
    yield "boost-review-of-another"
    sandbox.fault("^PATCH ", "status", status=400, times=None)
    portal.age("boosts", "ends_at", 241)
    _await(portal, "SELECT tries FROM boosts WHERE tries > 0")
    alice.get(group)
    yield "boost-reverting"
    portal.execute("UPDATE boosts SET tries = 3")
    alice.get(group)
    yield "boost-failing"
    sandbox.clear_faults()
    sandbox.force(REPORTING, maxReplicaMemoryGb=120)
    portal.age("boosts", "next_try_at", HOUR)
    _await(portal, "SELECT outcome FROM boosts WHERE outcome = 'left_as_found'")
    alice.get(f"/changes/{reference}")
    yield "boost-left-as-found"
    alice.get(group)
    yield "boost-over"


def schedules(alice: Browser, portal: PortalProcess, sandbox: RunningSandbox) -> Iterator[str]:
    """From nothing to a plan that acts and what comes before it."""
    path = group_path(sandbox, part="schedule")
    alice.get(path)
    yield "schedule-none"
    alice.get(f"{path}/edit")
    yield "schedule-form"
    alice.submit("Add another window", OFFICE)
    yield "schedule-form-with-windows"
    wrong = {**LATE, "zone": "Mars", "w0_start": "8", "w0_num_replicas": "1e2"}
    alice.submit("Review schedule", wrong, status=422)
    yield "schedule-errors"
    fill_in(alice, path)
    yield "schedule-review"
    save(alice, path)
    yield "schedule-saved"
    _let_schedule_decide(alice, portal, path)
    yield "schedule-acting"
    yield from _exceptions(alice, path)
    alice.get("/schedules")
    yield "schedules"


def schedules_overruled(
    alice: Browser, portal: PortalProcess, sandbox: RunningSandbox
) -> Iterator[str]:
    """What comes before a plan that acts, and a plan that stops its group. The worker is waited
    for at each step, so this comes last: who looks at the main states alone need not go there."""
    path = group_path(sandbox, part="schedule")
    fill_in(alice, path)
    save(alice, path)
    _let_schedule_decide(alice, portal, path)
    yield from _what_comes_before(alice, portal, sandbox, path)
    yield from _stopped_outside(alice, portal, sandbox, path)


def _let_schedule_decide(alice: Browser, portal: PortalProcess, path: str) -> None:
    """Put a second version in force, which decides now, and wait until it has."""
    fill_in(alice, path, ALL_WEEK)
    alice.submit("Save schedule", to=path)
    _await(portal, "SELECT 1 FROM schedule_edges WHERE state = 'acted' AND version = 2")
    alice.get(path)


def _exceptions(alice: Browser, path: str) -> Iterator[str]:
    alice.submit("Skip next window", to=path)
    yield "schedule-skipped"
    alice.submit("Pause schedule", {"until": "2026-01-01T10:00"}, status=422)
    yield "schedule-pause-errors"
    alice.get(path)
    alice.submit("Pause schedule", {"until": "2027-06-01 08:00"}, to=path)
    yield "schedule-paused"
    alice.submit("Resume now", to=path)


def _what_comes_before(
    alice: Browser, portal: PortalProcess, sandbox: RunningSandbox, path: str
) -> Iterator[str]:
    fill_in(alice, path)
    portal.execute("UPDATE schedules SET version = 1")
    alice.submit("Save schedule", status=409)
    yield "schedule-in-conflict"
    portal.execute("UPDATE schedules SET version = 2")
    _await_schedules(portal)
    boost(alice, sandbox, max_memory_gb="120")
    alice.get(path)
    yield "schedule-under-a-boost"
    alice.get(group_path(sandbox))
    yield "group-with-boost-and-schedule"
    alice.submit("Keep this size", to=group_path(sandbox))
    _await_schedules(portal)
    draft(alice, sandbox, max_memory_gb="64")
    confirm(alice)
    alice.get(path)
    yield "schedule-held"


def _stopped_outside(
    alice: Browser, portal: PortalProcess, sandbox: RunningSandbox, path: str
) -> Iterator[str]:
    """A plan whose window is neither now nor within an hour."""
    alice.submit("Remove schedule", to=path)  # so that its days are not in the form
    fill_in(alice, path, ELSEWHEN)
    yield "schedule-review-of-a-stop"
    alice.submit("Save schedule", to=path)
    _await(portal, "SELECT 1 FROM schedule_command_edges WHERE state = 'acted'")
    sandbox.force(REPORTING, state="stopped")
    _await_schedules(portal)
    alice.get(path)
    yield "schedule-stopped-outside"
    alice.get(group_path(sandbox))
    yield "group-stopped-by-its-schedule"


def _await_schedules(portal: PortalProcess) -> None:
    """Wait for two rounds of the job, of which one has begun after what was done before: a change
    that it makes would be in the way of the next one."""
    for _ in range(2):
        _await_next_round(portal)
    _await(portal, NOTHING_IN_FLIGHT)


def _await_next_round(portal: PortalProcess) -> None:
    before = portal.execute(RAN_AT)
    wait_until(lambda: portal.execute(RAN_AT) != before, seconds=WITHIN_SECONDS)


def _await(portal: PortalProcess, query: str) -> None:
    wait_until(lambda: bool(portal.execute(query)), seconds=WITHIN_SECONDS)
