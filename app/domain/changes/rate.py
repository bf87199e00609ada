"""How often a group may be scaled: a number per hour, and a rest after a vertical change.

Cloud starts new replicas for every vertical change before it drains the old ones, so quick
changes one after another pile replicas up (ClickHouse Cloud documentation on scaling). Waking,
starting and stopping neither count nor have to wait: a stop is what helps when all else fails.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
CHANGES_PER_HOUR, COOLDOWN = "too_many_changes", "cooling_down"

_PAUSES = {
    CHANGES_PER_HOUR: "The limit of changes per hour for this group is {most}.",
    COOLDOWN: "Cooldown after a memory change.",
}


@dataclass(frozen=True)
class Pause:
    """Why a group can be scaled again only from `ends_at` on.

    `covers_idling`: nothing of it can be changed until then. A cooldown leaves idling open, for
    which no replica is replaced.
    """

    reason: str
    ends_at: datetime
    covers_idling: bool


def check_rate(
    change: Change, earlier: Iterable[Change], limits: Limits, now: datetime
) -> tuple[Problem, ...]:
    """What the changes of the last hour or more say against one more. `earlier` are the group's."""
    if change.origin is ChangeOrigin.BOOST:  # going back saves money, and must not wait
        return ()
    counted = [item for item in _counted(earlier, now) if item.reference != change.reference]
    cooldown = _check_cooldown(counted, limits, now) if resizes(change) else []
    return (*_check_number(counted, limits, now), *cooldown)


def find_pause(
    earlier: Iterable[Change], mode: ScalingMode, limits: Limits, now: datetime
) -> Pause | None:
    """What keeps anybody from asking for another size just now; of two the longer one."""
    counted = _counted(earlier, now)
    number = _number_ends_at(counted, limits, now)
    cooldown = _cooldown_ends_at(counted, limits) if mode is ScalingMode.VERTICAL else None
    ends = {CHANGES_PER_HOUR: number, COOLDOWN: cooldown}
    running = {code: end for code, end in ends.items() if end and end > now}
    if not running:
        return None
    code = max(running, key=lambda item: running[item])
    most = limits.max_changes_per_hour
    return Pause(_PAUSES[code].format(most=most), running[code], CHANGES_PER_HOUR in running)


def find_pause_after(
    change: Change, earlier: Iterable[Change], limits: Limits, now: datetime
) -> Pause | None:
    """The pause that a change of size begins if it is sent now; None if it begins none."""
    mode = change.target.mode if change.target else ScalingMode.VERTICAL
    sent = replace(change, state=ChangeState.APPLYING, sent_at=now)
    return find_pause([*earlier, sent], mode, limits, now)


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
    if _number_ends_at(counted, limits, now) is None:
        return []
    return [problem("", CHANGES_PER_HOUR, most=limits.max_changes_per_hour)]


def _number_ends_at(counted: list[Change], limits: Limits, now: datetime) -> datetime | None:
    """When so many are an hour old that one more can be sent; None if it can now."""
    most = limits.max_changes_per_hour
    by_people = (item for item in counted if item.origin is ChangeOrigin.PERSON)
    lately = sorted(it.sent_at for it in by_people if it.sent_at and now - it.sent_at < HOUR)
    if most is None or len(lately) < most:
        return None
    return lately[len(lately) - most] + HOUR


def _check_cooldown(counted: list[Change], limits: Limits, now: datetime) -> list[Problem]:
    ends_at = _cooldown_ends_at(counted, limits)
    if ends_at is None or ends_at <= now:
        return []
    return [problem("", COOLDOWN, minutes=-(-(ends_at - now).total_seconds() // 60))]


def _cooldown_ends_at(counted: list[Change], limits: Limits) -> datetime | None:
    cooldown = timedelta(minutes=limits.cooldown_minutes)
    ends = [item.sent_at + cooldown for item in counted if item.sent_at and resizes(item)]
    return max(ends, default=None)


def replaces_replicas(change: Change) -> bool:
    """Whether Cloud starts new replicas for the change before it drains the old ones."""
    return change.action is Action.SCALE and bool(SIZE_FIELDS & change.patch.keys())


def resizes(change: Change) -> bool:
    """Whether a cooldown follows the change, and whether it has to wait for one."""
    is_vertical = change.before is not None and change.before.mode is ScalingMode.VERTICAL
    return is_vertical and replaces_replicas(change)
