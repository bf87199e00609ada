"""Looking at the load of a group, and what Cloud's sizing rule makes of it.

Charts need not be newer than a minute: what was read is kept for so long, for everybody who looks
in this process. Looking at a group lets it be read more often.
"""

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from app.domain.access.permissions import Identity
from app.domain.boosts.boost import Boost
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.group import ComputeGroup, Service
from app.domain.load.advice import Advice, Silence, advise
from app.domain.load.buckets import Bucket, join
from app.domain.load.hours import last_hours
from app.domain.load.spans import QUARTER_SECONDS, Span
from app.domain.load.stretches import Stretch, list_boosted, list_windows
from app.domain.schedules.record import ScheduleRecord
from app.errors import StoreUnavailable
from app.services.changes.rules import ScalingRules
from app.services.groups.service import Groups
from app.store.boosts import BoostStore
from app.store.changes import ChangeStore
from app.store.load import LoadStore
from app.store.schedules.records import ScheduleStore

KEPT_SECONDS = 60
MOST_MARKS = 500
"""Changes and boosts in a chart: of a month in which schedules act every few hours."""

MOST_KEPT = 500
OLD_SECONDS = 15 * 60
"""Without anything newer the reason is looked for."""

T = TypeVar("T")


@dataclass(frozen=True)
class LoadReport:
    """The load of a group for a while, in steps, oldest first; a step that is missing is a gap.

    `changes` are those that Cloud accepted meanwhile, newest first, by whomever. `boosted` is when
    boosts held, `windows` when those of the schedule in force did. `error` is why nothing newer is
    known, empty if that is known.
    """

    group: ComputeGroup
    span: Span
    until: datetime
    buckets: Sequence[Bucket]
    changes: Sequence[Change]
    error: str
    advice: Advice | Silence
    boosted: Sequence[Stretch] = ()
    windows: Sequence[Stretch] = ()

    @property
    def since(self) -> datetime:
        """When the first step begins."""
        return self.until - timedelta(seconds=self.span.seconds)


@dataclass(frozen=True)
class LoadReports:
    """The use case of looking at it. Raises NotFound, StoreUnavailable."""

    groups: Groups
    store: LoadStore
    changes: ChangeStore
    boosts: BoostStore
    schedules: ScheduleStore
    rules: ScalingRules
    now: Callable[[], datetime]
    _kept: dict[Hashable, tuple[int, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, identity: Identity, service_id: str, span: Span = Span.DAY) -> LoadReport:
        """The load of one group, for whoever may see it."""
        group, _ = self.groups.get_group(identity, service_id)
        self._watch(service_id)
        until = self._end(span)
        week = self._list_week(service_id)
        return LoadReport(
            group=group,
            span=span,
            until=until,
            buckets=self._list_buckets(service_id, span, week, until),
            changes=self._list_changes(service_id, span),
            error=self._find_error(service_id, week),
            advice=self._advise(group, week),
            boosted=self._list_boosted(service_id, span),
            windows=self._list_windows(service_id, span),
        )

    def find_advice(self, identity: Identity, service_id: str) -> Advice | None:
        """What is advised now, if there is something to ask for."""
        group, _ = self.groups.get_group(identity, service_id)
        advice = self._advise(group, self._list_week(service_id))
        return advice if isinstance(advice, Advice) and advice.target else None

    def map_hours(self) -> Mapping[str, tuple[int | None, ...]]:
        """How full the memory of every group was in each hour of the last day, in percent."""
        now = self.now().timestamp()
        return self._keep(
            "hours",
            lambda: {key: last_hours(item, now) for key, item in self.store.map_hours().items()},
        )

    def _end(self, span: Span) -> datetime:
        """The end of the present step."""
        step = span.step_seconds
        return datetime.fromtimestamp(
            (self.now().timestamp() // step + 1) * step, tz=self.now().tzinfo
        )

    def _list_week(self, service_id: str) -> Sequence[Bucket]:
        since = self._end(Span.DAY).timestamp() - Span.WEEK.seconds
        return self._keep(
            (service_id, "week"),
            lambda: self.store.list_buckets(service_id, int(since), QUARTER_SECONDS),
        )

    def _list_buckets(
        self, service_id: str, span: Span, week: Sequence[Bucket], until: datetime
    ) -> Sequence[Bucket]:
        since, step = int(until.timestamp()) - span.seconds, span.step_seconds
        if span is Span.MONTH:
            return self._keep(
                (service_id, span), lambda: self.store.list_buckets(service_id, since, step)
            )
        return join((bucket for bucket in week if bucket.starts_at >= since), step)

    def _list_changes(self, service_id: str, span: Span) -> Sequence[Change]:
        since = self._end(span) - timedelta(seconds=span.seconds)
        found: Sequence[Change] = self._keep(
            (service_id, span, "changes"),
            lambda: self.changes.list_latest(service_id, since, at_least=0, most=MOST_MARKS),
        )
        return [item for item in found if item.state is ChangeState.APPLIED and item.settled_at]

    def _list_boosted(self, service_id: str, span: Span) -> Sequence[Stretch]:
        boosts: Sequence[Boost] = self._keep(
            (service_id, "boosts"), lambda: self.boosts.list_latest(service_id, most=MOST_MARKS)
        )
        return list_boosted(boosts, *self._ends(span))

    def _list_windows(self, service_id: str, span: Span) -> Sequence[Stretch]:
        record: ScheduleRecord | None = self._keep(
            (service_id, "schedule"), lambda: self.schedules.find_record(service_id)
        )
        return list_windows(record, *self._ends(span))

    def _ends(self, span: Span) -> tuple[datetime, datetime]:
        """From when the span reaches, and this moment."""
        return self._end(span) - timedelta(seconds=span.seconds), self.now()

    def _find_error(self, service_id: str, week: Sequence[Bucket]) -> str:
        newest = week[-1].starts_at if week else 0
        if self.now().timestamp() - newest < QUARTER_SECONDS + OLD_SECONDS:
            return ""
        return self._keep((service_id, "error"), lambda: self.store.find_error(service_id))

    def _advise(self, group: ComputeGroup, week: Sequence[Bucket]) -> Advice | Silence:
        service = group.service
        advice = advise(
            week,
            service.configured if service else None,
            group.definition.limits,
            self.now().timestamp(),
            is_changing=service is not None and service.differs,
        )
        return self._judged(advice, service) if isinstance(advice, Advice) and service else advice

    def _judged(self, advice: Advice, service: Service) -> Advice:
        """Without a target that the rules beyond the group's own limits would refuse."""
        before, target = service.configured, advice.target
        if before is None or target is None:
            return advice
        obstacle = self.rules.find_obstacle(service.service_id, before, target)
        return replace(advice, target=None, obstacle=obstacle) if obstacle else advice

    def _watch(self, service_id: str) -> None:
        with suppress(StoreUnavailable):  # looking goes on where nothing can be written
            self._keep((service_id, "watch"), lambda: self._write_watch(service_id))

    def _write_watch(self, service_id: str) -> bool:
        self.store.watch(service_id, self.now().timestamp())
        return True

    def _keep(self, key: Hashable, read: Callable[[], T]) -> T:
        """What was read within this minute, or read anew."""
        minute = int(self.now().timestamp()) // KEPT_SECONDS
        with self._lock:
            found = self._kept.get(key)
        if found and found[0] == minute:
            value: T = found[1]
            return value
        value = read()
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = minute, value
        return value
