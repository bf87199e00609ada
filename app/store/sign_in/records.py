"""What is remembered of attempts to sign in, and which checks run now, within one transaction.

Moments are seconds since 1970 by the store's clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from app.domain.clock import Moments
from app.store.schema import sign_in_attempts, sign_in_checks

MOST_REMEMBERED = 10_000
"""How many keys of one kind are remembered; made-up names push out the oldest."""

LONGEST_CHECK_SECONDS = 180.0
"""The place of a check that was never ended is free again after this: its process has died. The
longest takes 5 s to connect to a group and 120 s until it has woken, beside the portal's work."""


class Kind(StrEnum):
    """What is counted."""

    NAME = "name"
    NAME_AND_BLOCK = "name_and_block"
    NEWCOMER = "newcomer"
    BLOCK = "block"
    WAKES = "wakes"
    FLOW = "flow"


@dataclass(frozen=True)
class Key:
    """One thing that is counted: a name, an address block, or both."""

    kind: Kind
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Attempts:
    """What is remembered under one key.

    `blocked_until` is when the next attempt is looked at; `blocked_before` what that was before
    the last attempt, which may turn out to be none. `moments` are those that a window counts.
    """

    failures: int = 0
    blocked_until: float = 0.0
    blocked_before: float = 0.0
    moments: Moments = ()

    def counted(self, blocked_until: float) -> "Attempts":
        """One more attempt."""
        return Attempts(self.failures + 1, blocked_until, self.blocked_until)

    def taken_back(self, blocked_until: float) -> "Attempts":
        """An attempt was none, which had set the wait to `blocked_until`; what a later one has set
        since stays."""
        if self.failures <= 1:
            return NONE
        fewer = replace(self, failures=self.failures - 1)
        is_last = self.blocked_until == blocked_until
        return replace(fewer, blocked_until=self.blocked_before) if is_last else fewer


NONE = Attempts()


@dataclass(frozen=True)
class ThrottleRecords:
    """The records of one throttle within one transaction, and its moment.

    `mark` says under what a key is kept.
    """

    connection: Connection
    now: float
    throttle: str
    mark: Callable[[Key], str]

    def load(self, *keys: Key) -> Mapping[Key, Attempts]:
        """What is remembered of each key."""
        marks = {self.mark(key): key for key in keys}
        query = select(sign_in_attempts).where(sign_in_attempts.c.mark.in_(marks))
        found = {
            marks[row.mark]: Attempts(
                row.failures, row.blocked_until, row.blocked_before, tuple(row.moments)
            )
            for row in self.connection.execute(query)
        }
        return {key: found.get(key, NONE) for key in keys}

    def put(self, key: Key, attempts: Attempts) -> None:
        """Remember this instead; the oldest of the kind beyond the bound are forgotten."""
        if attempts == NONE:
            return self.drop(key)
        mark = self.mark(key)
        values = {**asdict(attempts), "changed_at": self.now}
        known = update(sign_in_attempts).where(sign_in_attempts.c.mark == mark).values(values)
        if self.connection.execute(known).rowcount:
            return None
        values |= {"throttle": self.throttle, "kind": key.kind.value, "mark": mark}
        self.connection.execute(sign_in_attempts.insert().values(values))
        return self._forget_oldest(key.kind)

    def drop(self, *keys: Key) -> None:
        """Forget them."""
        marks = [self.mark(key) for key in keys]
        self.connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.mark.in_(marks)))

    def count_checks(self, name: Key, block: Key) -> tuple[int, int, int]:
        """How many checks run now: in all, of this name, and from this address block."""
        query = select(sign_in_checks.c.name_mark, sign_in_checks.c.block_mark)
        running = self.connection.execute(query.where(self._is_running())).all()
        marks = self.mark(name), self.mark(block)
        return (
            len(running),
            sum(row.name_mark == marks[0] for row in running),
            sum(row.block_mark == marks[1] for row in running),
        )

    def count_all_checks(self) -> int:
        """How many checks run now in all."""
        query = select(func.count()).select_from(sign_in_checks).where(self._is_running())
        count: int = self.connection.execute(query).scalar_one()
        return count

    def count_waiting(self, longest_seconds: float) -> int:
        """How many names have to wait at some address before they are looked at again there; no
        wait lasts longer than `longest_seconds`."""
        table = sign_in_attempts
        is_of_pair = and_(table.c.throttle == self.throttle, table.c.kind == Kind.NAME_AND_BLOCK)
        until = table.c.blocked_until
        # One that ends later than any can was begun before the clock was set back.
        is_waiting = and_(until > self.now, until <= self.now + longest_seconds)
        query = select(func.count()).select_from(table).where(is_of_pair, is_waiting)
        count: int = self.connection.execute(query).scalar_one()
        return count

    def begin_check(self, name: Key, block: Key) -> int:
        """A check runs from now on, until it is ended by this number or its time is over."""
        is_over = and_(sign_in_checks.c.throttle == self.throttle, ~self._is_running())
        self.connection.execute(delete(sign_in_checks).where(is_over))
        values = {
            "throttle": self.throttle,
            "name_mark": self.mark(name),
            "block_mark": self.mark(block),
            "expires_at": self.now + LONGEST_CHECK_SECONDS,
        }
        begun = sign_in_checks.insert().values(values).returning(sign_in_checks.c.id)
        number: int = self.connection.execute(begun).scalar_one()
        return number

    def end_check(self, number: int) -> None:
        """Remove a check that has ended."""
        self.connection.execute(delete(sign_in_checks).where(sign_in_checks.c.id == number))

    def _is_running(self) -> ColumnElement[bool]:
        expires_at = sign_in_checks.c.expires_at
        # One that ends later than any can was begun before the clock was set back.
        return and_(
            sign_in_checks.c.throttle == self.throttle,
            expires_at > self.now,
            expires_at <= self.now + LONGEST_CHECK_SECONDS,
        )

    def _forget_oldest(self, kind: Kind) -> None:
        table = sign_in_attempts
        is_alike = and_(table.c.throttle == self.throttle, table.c.kind == kind.value)
        newest_first = select(table.c.id).where(is_alike)
        newest_first = newest_first.order_by(table.c.changed_at.desc(), table.c.id.desc())
        oldest = newest_first.offset(MOST_REMEMBERED)
        self.connection.execute(delete(table).where(table.c.id.in_(oldest)))
