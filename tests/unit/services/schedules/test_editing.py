"""Editing schedules: who may, what is judged, and that every edit leaves its event."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.access.freeze import Freeze
from app.domain.access.permissions import Identity, Permission, TokenScope
from app.domain.audit.chain import ChainEntry
from app.domain.groups.limits import Limits
from app.domain.schedules.record import ScheduleVersion
from app.errors import (
    BrokenRules,
    ChangesFrozen,
    ConfigurationChanged,
    NotAllowed,
    NotFound,
)
from app.store.audit.log import EventStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE, BOB, CHARLIE, NOW, PRIMARY_ID, make_catalog
from tests.unit.domain.schedules.builders import BASE, OFFICE, a_plan, a_window
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import World

LARGE = {**OFFICE, "num_replicas": 9}


def _codes(plans: Plans, values: object, reason: str = "") -> list[tuple[str, str]]:
    with pytest.raises(BrokenRules) as refused:
        plans.editing.save(ALICE, PRIMARY_ID, values, reason=reason, seen=None)
    return [(item.field, item.code) for item in refused.value.problems]


def _events(world: World) -> list[dict[str, Any]]:
    entries = EventStore(world.engine).iterate()
    return [entry.values for entry in entries if isinstance(entry, ChainEntry)]


def test_a_saved_version_names_its_author_and_its_reason(plans: Plans, world: World) -> None:
    version = plans.editing.save(ALICE, PRIMARY_ID, a_plan(), reason=" payroll ", seen=None)
    assert plans.store.find_version(PRIMARY_ID, 1) == version
    assert (version.author, version.reason, version.saved_at) == (ALICE, "payroll", NOW)
    event = _events(world)[-1]
    assert (event["action"], event["actor"]["user"]) == ("save_schedule", "alice")
    assert event["details"]["reason"] == "payroll"
    assert event["details"]["schedule"]["windows"][0]["name"] == "Office hours"
    assert event["object"]["service_id"] == PRIMARY_ID


Use = Callable[[Plans, Identity], object]
USES: dict[str, Use] = {
    "save": lambda plans, who: plans.editing.save(
        who, PRIMARY_ID, a_plan(a_window("Other")), seen=1
    ),
    "check": lambda plans, who: plans.editing.check(who, PRIMARY_ID, a_plan()),
    "put_back": lambda plans, who: plans.editing.put_back(who, PRIMARY_ID, 1, seen=1),
    "remove": lambda plans, who: plans.editing.remove(who, PRIMARY_ID, seen=1),
    "skip_next": lambda plans, who: plans.editing.skip_next(who, PRIMARY_ID, seen=1),
    "pause": lambda plans, who: plans.editing.pause(
        who, PRIMARY_ID, NOW + timedelta(days=1), seen=1
    ),
    "resume": lambda plans, who: plans.editing.resume(who, PRIMARY_ID, seen=1),
}


@pytest.mark.parametrize("name", USES)
@pytest.mark.parametrize(("who", "refusal"), [(BOB, NotAllowed), (CHARLIE, NotFound)])
def test_only_who_may_plan_can_edit(
    plans: Plans, name: str, who: Identity, refusal: type[Exception]
) -> None:
    plans.save()
    with pytest.raises(refusal):
        USES[name](plans, who)
    assert plans.store.find_record(PRIMARY_ID) == plans.store.list_records()[0]


@pytest.mark.parametrize("name", USES)
def test_nothing_is_edited_in_a_freeze(plans: Plans, world: World, name: str) -> None:
    plans.save()
    world.freezes.create_freeze(Freeze("audit", "root", NOW), EVENT)
    with pytest.raises(ChangesFrozen):
        USES[name](plans, ALICE)


@pytest.mark.parametrize("name", [name for name in USES if name != "check"])
def test_nothing_is_edited_over_a_version_that_was_not_seen(plans: Plans, name: str) -> None:
    plans.save()
    plans.save()
    with pytest.raises(ConfigurationChanged):
        USES[name](plans, ALICE)
    found = plans.store.find_record(PRIMARY_ID)
    assert found is not None
    assert (found.version.number, found.exceptions.skips) == (2, frozenset())


def test_what_was_sent_is_judged_by_itself(plans: Plans, world: World) -> None:
    assert _codes(plans, {"zone": "UTC"}) == [("base", "required"), ("windows", "required")]
    assert _events(world)[-1]["kind"] == "input_validation_fail"


def test_every_size_is_judged_by_the_limits_of_the_group(plans: Plans, world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(max_total_gb=200, is_reason_required=True)))
    values = a_plan(a_window(), a_window("Night", start="20:00", end="22:00", settings=LARGE))
    assert _codes(plans, values) == [
        ("reason", "reason_needed"),
        ("windows.1.settings.max_memory_gb", "total_too_large"),
    ]


def test_where_one_size_never_idles_all_others_say_whether_they_do(plans: Plans) -> None:
    never = a_window(settings={**OFFICE, "idle_scaling": False})
    with pytest.raises(BrokenRules) as broken:
        plans.save(a_plan(never))
    assert [(item.field, item.code) for item in broken.value.problems] == [
        ("base.idle_scaling", "idling_must_be_said")
    ]
    idling = {**a_plan(never), "base": {**BASE, "idle_scaling": True, "idle_timeout_minutes": 15}}
    assert plans.save(idling)


def test_every_size_is_judged_by_the_bound_of_the_warehouse(plans: Plans, world: World) -> None:
    world.set_policy(make_catalog(max_replicas=6))
    assert _codes(plans, a_plan(a_window(settings=LARGE))) == [
        ("windows.0.settings.num_replicas", "warehouse_replicas")
    ]


def test_a_reason_is_judged_like_that_of_a_change(plans: Plans) -> None:
    assert _codes(plans, a_plan(), "x" * 501) == [("reason", "reason_too_long")]


def test_a_version_is_put_back_as_a_new_one(plans: Plans) -> None:
    first = plans.save()
    plans.save(a_plan(a_window("Longer", end="20:00")))
    again = plans.editing.put_back(ALICE, PRIMARY_ID, 1, seen=2)
    assert again == ScheduleVersion(3, first.settings, ALICE, "Version 1 put back", NOW)


def test_what_is_in_force_is_not_saved_again(plans: Plans, world: World) -> None:
    first = plans.save(a_plan())
    count = len(_events(world))
    assert plans.save(a_plan()) == first
    assert len(_events(world)) == count


def test_a_version_that_never_was_is_not_put_back(plans: Plans) -> None:
    plans.save()
    with pytest.raises(BrokenRules):
        plans.editing.put_back(ALICE, PRIMARY_ID, 7, seen=1)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_pause_ends_in_the_future_and_within_a_year(plans: Plans, days: int) -> None:
    plans.save()
    with pytest.raises(BrokenRules):
        plans.editing.pause(ALICE, PRIMARY_ID, NOW + timedelta(days=days), seen=1)


def test_two_skips_leave_out_two_windows(plans: Plans, world: World) -> None:
    plans.save()
    days = [plans.editing.skip_next(ALICE, PRIMARY_ID, seen=1).day.day for _ in range(2)]
    assert days == [5, 6]
    assert _events(world)[-1]["details"] == {"window": "Office hours", "day": "2026-03-06"}


def test_without_windows_there_is_nothing_to_skip(plans: Plans) -> None:
    plans.save({**a_plan(), "windows": []})
    with pytest.raises(BrokenRules):
        plans.editing.skip_next(ALICE, PRIMARY_ID, seen=1)


def test_what_is_not_paused_is_not_resumed(plans: Plans, world: World) -> None:
    plans.save()
    count = len(_events(world))
    plans.editing.resume(ALICE, PRIMARY_ID, seen=1)
    assert len(_events(world)) == count


def test_after_a_removal_a_schedule_can_be_saved_anew(plans: Plans) -> None:
    plans.save()
    plans.editing.remove(ALICE, PRIMARY_ID, seen=1)
    with pytest.raises(NotFound):
        plans.editing.resume(ALICE, PRIMARY_ID, seen=1)
    assert plans.save().number == 2


@pytest.mark.parametrize(
    ("action", "use"),
    [
        ("skip_window", lambda plans: plans.editing.skip_next(ALICE, PRIMARY_ID, seen=7)),
        ("pause_schedule", lambda plans: plans.editing.pause(ALICE, PRIMARY_ID, NOW, seen=1)),
        ("resume_schedule", lambda plans: plans.editing.resume(ALICE, PRIMARY_ID, seen=7)),
        ("remove_schedule", lambda plans: plans.editing.remove(ALICE, PRIMARY_ID, seen=7)),
    ],
)
def test_what_is_refused_leaves_an_event(
    plans: Plans, world: World, action: str, use: Callable[[Plans], object]
) -> None:
    plans.save()
    with pytest.raises((BrokenRules, ConfigurationChanged)):
        use(plans)
    event = _events(world)[-1]
    assert (event["action"], event["result"], event["actor"]["user"]) == (action, "fail", "alice")


def _with_token(*, may_confirm: bool) -> Identity:
    scope = TokenScope(
        "a1", frozenset({PRIMARY_ID}), frozenset({Permission.SCHEDULE}), may_confirm=may_confirm
    )
    return replace(ALICE, scope=scope)


ASKING_BASE = {**BASE, "idle_scaling": True, "idle_timeout_minutes": 15}
SOFT_GB = 100  # office hours come to 192 GB, the base to 16
BIG = {
    "a window beyond the soft limit": a_plan(),
    "a base beyond it": {**a_plan(a_window(settings=BASE)), "base": OFFICE},
    "a window without idling": {
        **a_plan(a_window(settings={**BASE, "idle_scaling": False})),
        "base": ASKING_BASE,
    },
}


@pytest.mark.parametrize("name", BIG)
def test_a_token_that_may_not_confirm_plans_no_big_step(
    plans: Plans, world: World, name: str
) -> None:
    world.set_policy(make_catalog(limits=Limits(reauthenticate_above_gb=SOFT_GB)))
    bound, free = _with_token(may_confirm=False), _with_token(may_confirm=True)
    with pytest.raises(NotAllowed, match="token"):
        plans.editing.save(bound, PRIMARY_ID, BIG[name], seen=None)
    assert plans.store.find_record(PRIMARY_ID) is None
    plans.editing.save(free, PRIMARY_ID, BIG[name], seen=None)
    plans.editing.save(bound, PRIMARY_ID, a_plan(a_window(settings=BASE)), seen=1)
    with pytest.raises(NotAllowed, match="token"):
        plans.editing.put_back(bound, PRIMARY_ID, 1, seen=2)
    plans.editing.put_back(ALICE, PRIMARY_ID, 1, seen=2)
