"""The processes that run, with the rules file that each of them has read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, or_, select, update

from app.domain.clock import SMALL_STEP
from app.store.database.clock import StoreClock, database_now
from app.store.database.engine import reading, writing
from app.store.schema import replicas

LIVE = timedelta(seconds=30)
"""A process that was not heard of for longer runs no more: three of its reports are missing."""

KEPT = timedelta(minutes=5)


@dataclass(frozen=True)
class Replica:
    """One process; `rules_since` is when it was first heard of with these rules."""

    process: str
    began_at: datetime
    seen_at: datetime
    rules_hash: str
    rules_since: datetime


@dataclass(frozen=True)
class Replicas:
    """The living processes at one moment, `now`, by the database's clock."""

    live: tuple[Replica, ...]
    now: datetime


@dataclass(frozen=True)
class ReplicaStore:
    """The records of them. Every method raises StoreUnavailable."""

    engine: Engine
    clock: StoreClock = database_now

    def report(self, process: str, rules_hash: str) -> None:
        """This process lives and has these rules; those that ended minutes ago are forgotten, and
        what was noted before the clock was set back."""
        with writing(self.engine) as connection:
            now, seen_at = self.clock(connection), replicas.c.seen_at
            is_over = or_(seen_at < now - KEPT, seen_at > now + SMALL_STEP)
            connection.execute(delete(replicas).where(is_over))
            own = replicas.c.process == process
            same = update(replicas).where(own, replicas.c.rules_hash == rules_hash)
            if connection.execute(same.values(seen_at=now)).rowcount == 0:
                _replace(connection, process, rules_hash, now)

    def forget(self, process: str) -> None:
        """This process ends in good order."""
        with writing(self.engine) as connection:
            connection.execute(delete(replicas).where(replicas.c.process == process))

    def read(self) -> Replicas:
        """Those that were heard of lately, by name."""
        with reading(self.engine) as connection:
            now = self.clock(connection)
            is_live = replicas.c.seen_at > now - LIVE
            rows = connection.execute(select(replicas).where(is_live).order_by(replicas.c.process))
            return Replicas(tuple(Replica(**row._mapping) for row in rows), now)  # noqa: SLF001


def _replace(connection: Connection, process: str, rules_hash: str, now: datetime) -> None:
    own = replicas.c.process == process
    began_at = connection.scalar(select(replicas.c.began_at).where(own)) or now
    row = Replica(process, began_at, now, rules_hash, now)
    connection.execute(delete(replicas).where(own))
    connection.execute(replicas.insert().values(row.__dict__))
