"""What is known of a group's past: stretches of time between moments at which it was seen.

Nobody watches all the time. A stretch counts as known where a turn ends it, or where its two
ends agree; everything else is not known, and is never guessed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState, SettledBy
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState

T = TypeVar("T")
Size = tuple[int, int]
"""Least and most memory of the whole group in GB."""


@dataclass(frozen=True)
class Mark(Generic[T]):
    """A moment at which something was seen; `is_transition`: it became so at this very moment."""

    at: datetime
    value: T
    is_transition: bool = False


@dataclass(frozen=True)
class Segment(Generic[T]):
    """A stretch of time with one value; None: not known."""

    start: datetime
    end: datetime
    value: T | None


def segments(
    marks: Iterable[Mark[T]],
    since: datetime,
    until: datetime,
    *,
    lasting: Collection[T] | None = None,
) -> tuple[Segment[T], ...]:
    """The time from `since` to `until`, without gaps, by what the marks tell.

    `lasting` are the values that, seen twice, held in between as well; None: all of them.
    """
    # What is seen at the moment of a turn is what was before it.
    in_order = sorted(marks, key=lambda mark: (mark.at, mark.is_transition))
    ordered = [mark for mark in in_order if mark.at <= until]
    found: list[Segment[T]] = []
    if not ordered or ordered[0].at > since:
        found.append(Segment(since, ordered[0].at if ordered else until, None))
    for mark, following in pairwise(ordered):
        found.append(Segment(mark.at, following.at, _between(mark, following, lasting)))
    if ordered:
        found.append(Segment(ordered[-1].at, until, None))
    return _joined(_clipped(found, since))


def _between(mark: Mark[T], following: Mark[T], lasting: Collection[T] | None) -> T | None:
    if following.is_transition:
        return mark.value
    holds = lasting is None or mark.value in lasting
    return mark.value if holds and mark.value == following.value else None


def _clipped(found: Iterable[Segment[T]], since: datetime) -> list[Segment[T]]:
    inside = (Segment(max(item.start, since), item.end, item.value) for item in found)
    return [item for item in inside if item.start < item.end]


def _joined(found: list[Segment[T]]) -> tuple[Segment[T], ...]:
    joined: list[Segment[T]] = []
    for item in found:
        if joined and joined[-1].value == item.value:
            item = Segment(joined.pop().start, item.end, item.value)  # noqa: PLW2901 - grown
        joined.append(item)
    return tuple(joined)


def size_marks(changes: Iterable[Change]) -> list[Mark[Size]]:
    """The configured sizes that changes were drawn from and led to."""
    marks = []
    for change in changes:
        if change.sent_at is None or change.state is ChangeState.APPLYING:
            continue  # not compared with Cloud yet
        turned_at = change.settled_at if change.state is ChangeState.APPLIED else None
        if change.before:
            last_seen = turned_at if turned_at and _is_exact(change) else change.sent_at
            marks.append(Mark(last_seen, size_of(change.before)))
        if change.target and turned_at:
            marks.append(Mark(turned_at, size_of(change.target), is_transition=_is_exact(change)))
    return marks


def size_of(config: ScalingConfig) -> Size:
    """The memory of all replicas together."""
    return config.min_total_gb, config.max_total_gb


_LED_TO = {
    Action.WAKE: ServiceState.RUNNING,
    Action.START: ServiceState.RUNNING,
    Action.STOP: ServiceState.STOPPED,
}
_LED_FROM = {Action.WAKE: ServiceState.IDLE, Action.START: ServiceState.STOPPED}


def state_marks(changes: Iterable[Change]) -> list[Mark[ServiceState]]:
    """The states that waking, starting and stopping led from and to, where that was seen.

    Until it was seen, an action has led to a state that lasts for minutes.
    """
    marks = []
    for change in changes:
        if change.action not in _LED_TO or change.state is not ChangeState.APPLIED:
            continue
        if change.action in _LED_FROM and change.sent_at:
            marks.append(Mark(change.sent_at, _LED_FROM[change.action]))
        if change.settled_at:
            (on_its_way,) = change.action.spec.in_progress_in
            led_to = _LED_TO[change.action] if change.effective_at else on_its_way
            marks.append(Mark(change.settled_at, led_to, is_transition=_is_exact(change)))
    return marks


def _is_exact(change: Change) -> bool:
    """Whether the outcome was learnt as it happened, and not by reading Cloud back later."""
    return change.settled_by is SettledBy.ANSWER
