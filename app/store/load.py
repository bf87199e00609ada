"""The load of groups: buckets of five minutes, and when each group was read last.

One process at a time writes buckets, the one that leads the jobs; any may say that a group is
watched. Moments are seconds since 1970, given by the caller.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, text, update

from app.domain.load.buckets import BUCKET_SECONDS, DAY_SECONDS, KEPT_DAYS, Bucket
from app.domain.load.hours import Hour, add_to_hours
from app.domain.load.samples import Activity, Counters, HostCounters
from app.domain.load.sampling import Target
from app.store.database.engine import reading, writing
from app.store.schema import load_buckets as buckets
from app.store.schema import load_targets as targets

MOST_ROWS = 3_000_000
"""Of all groups together: 30 days of 340 groups. More groups are kept for a shorter time."""

SUMS = ("memory_failures", "failed_queries")
KEYS = ("service_id", "starts_at")


@dataclass(frozen=True)
class LoadStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def list_targets(self) -> list[Target]:
        """Every group whose load was ever read."""
        with reading(self.engine) as connection:
            return [_target_of(row) for row in connection.execute(select(targets))]

    def find_error(self, service_id: str) -> str:
        """Why the last attempt to read this group failed; empty if it did not."""
        query = select(targets.c.error).where(targets.c.service_id == service_id)
        with reading(self.engine) as connection:
            return connection.scalar(query) or ""

    def map_hours(self) -> dict[str, Sequence[Hour]]:
        """The last day of each group in short."""
        query = select(targets.c.service_id, targets.c.hours)
        with reading(self.engine) as connection:
            rows = connection.execute(query)
            return {row.service_id: [(hour, share) for hour, share in row.hours] for row in rows}

    def add_targets(self, service_ids: Iterable[str]) -> None:
        """Groups that are to be read from now on."""
        rows = [
            {"service_id": service_id, "counters": {}, "hours": [], "error": ""}
            for service_id in service_ids
        ]
        if rows:
            with writing(self.engine) as connection:
                connection.execute(insert(targets), rows)

    def watch(self, service_id: str, now: float) -> None:
        """Somebody looks at the group. Nothing happens before it is a target."""
        with writing(self.engine) as connection:
            connection.execute(_row(service_id).values(watched_at=now))

    def note_attempt(self, service_id: str, now: float, error: str = "") -> None:
        """It was tried to read the group, and nothing came of it; the error if there was one."""
        with writing(self.engine) as connection:
            connection.execute(_row(service_id).values(tried_at=now, error=error))

    def record(
        self,
        service_id: str,
        read: Sequence[Bucket],
        counters: HostCounters,
        now: float,
    ) -> None:
        """Put what was read to what is known of the same five minutes. No bucket is a gap."""
        with writing(self.engine) as connection:
            if read:
                _join_in(connection, service_id, read)
            hours = add_to_hours(_hours_of(connection, service_id), read)
            values = {"tried_at": now, "counted_at": now, "error": "", "hours": hours}
            kept = {host: asdict(item) for host, item in counters.items()}
            connection.execute(_row(service_id).values(counters=kept, **values))

    def list_buckets(
        self, service_id: str, since: int, step_seconds: int = BUCKET_SECONDS
    ) -> list[Bucket]:
        """What is known since a moment, in order, joined to buckets of `step_seconds`."""
        slot = (buckets.c.starts_at // step_seconds * step_seconds).label("slot")
        figures = [column for column in buckets.c if column.name not in KEYS]
        query = (
            select(slot, *(_joined(column) for column in figures))
            .where(buckets.c.service_id == service_id, buckets.c.starts_at >= since)
            .group_by(text("slot"))
            .order_by(text("slot"))
        )
        with reading(self.engine) as connection:
            return [_bucket_of(row) for row in connection.execute(query)]

    def prune(self, now: float) -> int:
        """Forget what is older than 30 days, and groups that were not read since; how many rows."""
        with writing(self.engine) as connection:
            known = connection.scalars(select(targets.c.service_id)).all()
            oldest = now - _kept_seconds(len(known))
            old = sum(_forget(connection, service_id, oldest) for service_id in known)
            connection.execute(delete(targets).where(targets.c.tried_at < oldest))
            return old


def _kept_seconds(groups: int) -> float:
    most_buckets = MOST_ROWS // max(groups, 1)
    return min(KEPT_DAYS * DAY_SECONDS, most_buckets * BUCKET_SECONDS)


def _forget(connection: Connection, service_id: str, oldest: float) -> int:
    of_group = buckets.c.service_id == service_id
    return connection.execute(
        delete(buckets).where(of_group, buckets.c.starts_at < oldest)
    ).rowcount


def _join_in(connection: Connection, service_id: str, read: Sequence[Bucket]) -> None:
    """One by one, but what is new goes in together."""
    of_group = buckets.c.service_id == service_id
    since, until = read[0].starts_at, read[-1].starts_at
    query = select(buckets).where(of_group, buckets.c.starts_at.between(since, until))
    known = {row.starts_at: _bucket_of(row) for row in connection.execute(query)}
    new = [vars(item) for item in read if item.starts_at not in known]
    if new:
        connection.execute(insert(buckets), [{"service_id": service_id, **row} for row in new])
    for item in read:
        if before := known.get(item.starts_at):
            row = update(buckets).where(of_group, buckets.c.starts_at == item.starts_at)
            connection.execute(row.values(vars(before.joined(item))))


def _hours_of(connection: Connection, service_id: str) -> list[Hour]:
    query = select(targets.c.hours).where(targets.c.service_id == service_id)
    return [(hour, share) for hour, share in connection.scalar(query) or ()]


def _row(service_id: str) -> Any:  # noqa: ANN401 - an update of SQLAlchemy's
    return update(targets).where(targets.c.service_id == service_id)


def _joined(column: Any) -> Any:  # noqa: ANN401 - a column of SQLAlchemy's
    join = func.sum if column.name in SUMS else func.max
    return join(column).label(column.name)


def _bucket_of(row: Row[Any]) -> Bucket:
    values: Mapping[Any, Any] = row._mapping  # noqa: SLF001 - SQLAlchemy's way to name columns
    named = {name: value for name, value in values.items() if name not in {*KEYS, "slot"}}
    starts_at = values["slot"] if "slot" in values else values["starts_at"]
    return Bucket(**{**named, "starts_at": starts_at, "activity": Activity(values["activity"])})


def _target_of(row: Row[Any]) -> Target:
    counters = {host: Counters(**item) for host, item in row.counters.items()}
    moments = row.watched_at, row.tried_at, row.counted_at
    return Target(row.service_id, *moments, counters, row.error)
