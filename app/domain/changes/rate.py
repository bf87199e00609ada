"""How often a group may be scaled: a number per hour, and a rest after a vertical change.

Cloud starts new replicas for every vertical change before it drains the old ones, so quick
changes one after another pile replicas up (ClickHouse Cloud documentation on scaling). Waking,
starting and stopping neither count nor have to wait: a stop is what helps when all else fails.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin, ChangeState
from app.domain.clock import is_ahead
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingMode
from app.domain.messages import problem
from app.errors import Problem

COUNTED = {ChangeState.APPLYING, ChangeState.APPLIED, ChangeState.UNKNOWN}
SIZE_FIELDS = {"minReplicaMemoryGb", "maxReplicaMemoryGb", "numReplicas"}
HOUR = timedelta(hours=1)


def check_rate(
    change: Change, earlier: Iterable[Change], limits: Limits, now: datetime
) -> tuple[Problem, ...]:
    """What the changes of the last hour or more say against one more. `earlier` are the group's."""
    if change.origin is ChangeOrigin.BOOST:  # going back saves money, and must not wait
        return ()
    counted = [item for item in _counted(earlier, now) if item.reference != change.reference]
    cooldown = _check_cooldown(counted, limits, now) if _resizes(change) else []
    return (*_check_number(counted, limits, now), *cooldown)


def pause_reason(
    earlier: Iterable[Change], mode: ScalingMode, limits: Limits, now: datetime
) -> str | None:
    """Why no other size can be asked for just now, with how long that lasts; None if one can."""
    counted = _counted(earlier, now)
    cooldown = _check_cooldown(counted, limits, now) if mode is ScalingMode.VERTICAL else []
    found = [*_check_number(counted, limits, now), *cooldown]
    return f"{found[0].message}." if found else None


def _counted(earlier: Iterable[Change], now: datetime) -> list[Change]:
    return [
        item
        for item in earlier
        if item.action is Action.SCALE
        and item.state in COUNTED
        and item.sent_at
        and not is_ahead(item.sent_at, now)
    ]


def _check_number(counted: list[Change], limits: Limits, now: datetime) -> list[Problem]:
    most = limits.max_changes_per_hour
    by_people = [item for item in counted if item.origin is ChangeOrigin.PERSON]
    lately = [item for item in by_people if item.sent_at and now - item.sent_at < HOUR]
    if most is None or len(lately) < most:
        return []
    return [problem("", "too_many_changes", most=most)]


def _check_cooldown(counted: list[Change], limits: Limits, now: datetime) -> list[Problem]:
    cooldown = timedelta(minutes=limits.cooldown_minutes)
    ends = [item.sent_at + cooldown for item in counted if item.sent_at and _resizes(item)]
    left = max(ends, default=now) - now
    if left <= timedelta():
        return []
    return [problem("", "cooling_down", minutes=-(-left.total_seconds() // 60))]


def replaces_replicas(change: Change) -> bool:
    """Whether Cloud starts new replicas for the change before it drains the old ones."""
    return change.action is Action.SCALE and bool(SIZE_FIELDS & change.patch.keys())


def _resizes(change: Change) -> bool:
    is_vertical = change.before is not None and change.before.mode is ScalingMode.VERTICAL
    return is_vertical and replaces_replicas(change)
