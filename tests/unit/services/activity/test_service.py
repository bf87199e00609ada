"""Whose entries of the activity somebody sees, what they tell, and pages that lose none."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.cloud.activity_log import Activities
from app.domain.access.permissions import BUNDLES, Identity, Permission
from app.domain.activity.activities import PORTAL_AGENT, Activity, Actor
from app.domain.activity.entries import STATES_OF, ActivityOutcome
from app.domain.activity.search import cursor_text
from app.errors import BrokenRules
from app.services.activity import service
from app.services.activity.service import ActivityReports
from app.store.activity import ActivityStore
from tests.unit.builders import (
    ALICE,
    BOB,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    changed,
    giving,
    make_catalog,
)
from tests.unit.services.world import World

NAMESAKE = replace(ALICE, warehouse="marketing")
AUDITOR = Identity("analytics", "zoe", frozenset({"auditor"}))
RULES = (
    giving(*BUNDLES["operator"], roles=("analytics_operator",)),
    giving(Permission.VIEW, roles=("analytics_viewer",)),
    giving(Permission.AUDIT, roles=("auditor",)),
)


class Cloud:
    """What Cloud's own log tells."""

    def __init__(self) -> None:
        self.entries: tuple[Activity, ...] = ()

    def list_activities(self) -> Activities:
        """All of it."""
        return Activities(self.entries)


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def reports(world: World, cloud: Cloud) -> ActivityReports:
    """Alice may scale, Bob may look, Zoe may audit."""
    world.set_policy(make_catalog(rules=RULES))
    store = ActivityStore(world.engine)
    return ActivityReports(world.policy, store, cloud, world.clock, ZoneInfo("Europe/Berlin"))  # type: ignore[arg-type] # only what is asked of it


def outcomes(reports: ActivityReports, who: Identity, **asked: str) -> list[str]:
    """How what is shown has ended, the newest first."""
    return [entry.outcome.value for entry in reports.list_entries(who, asked).entries]


def test_a_change_is_one_row_for_its_author_and_for_auditors(
    world: World, reports: ActivityReports
) -> None:
    world.apply(world.draft())
    world.draft(changed(VERTICAL, max_memory_gb=64))  # never confirmed
    assert outcomes(reports, ALICE) == outcomes(reports, AUDITOR) == ["done"]
    assert outcomes(reports, BOB) == outcomes(reports, NAMESAKE) == []


def test_a_refused_request_tells_the_rule_and_is_shown_to_the_same_people(
    world: World, reports: ActivityReports
) -> None:
    with pytest.raises(BrokenRules):
        world.scaling.propose(ALICE, PRIMARY_ID, {"max_memory_gb": 7})
    for who in (ALICE, AUDITOR):
        (entry,) = reports.list_entries(who, {}).entries
        assert entry.refusal is not None
        assert entry.refusal.user == "alice"
        assert entry.refusal.codes != ()
    assert outcomes(reports, BOB) == []


def test_what_was_done_outside_is_shown_and_what_the_portal_did_is_not_shown_twice(
    world: World, reports: ActivityReports, cloud: Cloud
) -> None:
    at, scaled = world.clock(), "service_update_autoscaling_memory"
    cloud.entries = (
        Activity(at, scaled, PRIMARY_ID, Actor.USER, "carol@example.com"),
        Activity(at, scaled, PRIMARY_ID, Actor.API, "key", f"{PORTAL_AGENT}/1"),
        Activity(at, "service_idle", PRIMARY_ID, Actor.SYSTEM),
        Activity(at, scaled, "0c000000-0000-4000-8000-0000000000ff", Actor.USER),
    )
    assert outcomes(reports, BOB) == ["outside"]
    assert outcomes(reports, BOB, user="carol") == []
    assert outcomes(reports, BOB, action="stop") == []
    assert outcomes(reports, NAMESAKE) == []
    world.clock.advance(timedelta(days=2).total_seconds())
    assert outcomes(reports, BOB) == ["outside"]
    assert outcomes(reports, BOB, days="1") == []


def test_filters_leave_out_what_does_not_match(world: World, reports: ActivityReports) -> None:
    world.apply(world.draft())
    with pytest.raises(BrokenRules):
        world.scaling.propose(ALICE, PRIMARY_ID, {"max_memory_gb": 7})
    assert outcomes(reports, ALICE, outcome="done") == ["done"]
    assert outcomes(reports, ALICE, outcome="refused") == ["refused"]
    assert outcomes(reports, ALICE, action="scale") == ["done"]
    assert outcomes(reports, ALICE, action="stop") == []
    assert outcomes(reports, ALICE, user="bob") == []
    assert outcomes(reports, ALICE, group=REPORTING_ID) == []
    assert len(outcomes(reports, ALICE, group=PRIMARY_ID)) == 2
    world.clock.advance(timedelta(days=2).total_seconds())
    assert outcomes(reports, ALICE, days="1") == []


def test_page_after_page_shows_every_entry_once(
    world: World, reports: ActivityReports, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ON_A_PAGE", 3)
    for number in range(4):
        with pytest.raises(BrokenRules):  # at one and the same moment
            world.scaling.propose(ALICE, PRIMARY_ID, {"max_memory_gb": 7 + 16 * number})
    kind = "service_update_autoscaling_memory"
    cloud.entries = tuple(
        Activity(world.clock() - timedelta(hours=hour), kind, PRIMARY_ID, Actor.USER)
        for hour in range(4)
    )
    seen, asked = [], dict[str, str]()
    while True:
        page = reports.list_entries(ALICE, asked)
        seen += [entry.key for entry in page.entries]
        if page.older is None:
            break
        asked = {"before": cursor_text(page.older)}
    assert len(seen) == len(set(seen)) == 8
    assert seen == sorted(seen, reverse=True)


def test_each_outcome_of_a_change_stands_for_its_states_and_no_state_is_left_out() -> None:
    covered = [state for states in STATES_OF.values() for state in states]
    assert sorted(covered) == sorted(service.SENT)
    assert set(ActivityOutcome) - set(STATES_OF) == {
        ActivityOutcome.REFUSED,
        ActivityOutcome.OUTSIDE,
    }
