"""A reading of Cloud that many look at: one of them makes it, for all threads and processes.

What was read lies in the portal's records. Where these cannot be written, each process reads for
itself, so that looking goes on.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from app.cloud.reading_kind import Reading, ReadingKind, ReadingRecords
from app.context import current_context, in_context
from app.deadlines import REQUEST_SECONDS
from app.domain.readings import ReadingMark, Reservation, StoredReading
from app.errors import CloudError, StoreUnavailable, dump_cloud_error, parse_cloud_error

T = TypeVar("T")

HOLD_SECONDS = 10.0
"""How long a reading is reserved: longer than it takes, for a process that dies meanwhile."""

PAUSE_SECONDS = 0.05
"""Between two looks at what another process is reading."""

log = logging.getLogger("portal.readings")


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class CachedReading(Generic[T]):
    """Reads at most every `fresh_seconds`, one at a time. Safe to share by threads.

    Every method raises StoreUnavailable where the records cannot even be read.
    """

    def __init__(
        self,
        kind: ReadingKind[T],
        records: ReadingRecords,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._kind = kind
        self._records = records
        self._monotonic = monotonic
        self._now = now
        self._reading_lock = threading.Lock()
        self._value_lock = threading.Lock()
        self._version, self._value = 0, kind.empty
        self._error: tuple[str | None, CloudError | None] | None = None
        self._alone: tuple[float, Reading[T]] | None = None

    def get(self, *, wait_seconds: float = 0.0, fresh_seconds: float | None = None) -> Reading[T]:
        """The last reading, renewed if it is too old. Never raises CloudError.

        `wait_seconds` is how long to wait for a reading that somebody else is making,
        `fresh_seconds` how old this one may be, unless as old as others of its kind.
        """
        fresh = self._kind.fresh_seconds if fresh_seconds is None else fresh_seconds
        if not self._is_fresh(self._records.find_mark(self._kind.name), fresh):
            self._renew(wait_seconds, fresh)
        return self.peek()

    def peek(self) -> Reading[T]:
        """The last reading, however old. Never asks Cloud."""
        if self._alone:
            return self._alone[1]
        mark = self._records.find_mark(self._kind.name)
        value, error = self._find_value(mark), self._find_error(mark.error)
        return Reading(value, mark.taken_at, error, mark.age_seconds)

    @property
    def is_alone(self) -> bool:
        """Whether what is known was kept for this process alone."""
        return self._alone is not None

    def change(self, change: Callable[[T, int], T]) -> None:
        """Put something newer into it; `change` is given the version that this will be.

        Where that cannot be written, or what is there cannot be understood, the next reading tells.
        """
        kind = self._kind

        def make_text(stored: StoredReading) -> str:
            return kind.dump(change(kind.parse(stored), stored.version + 1))

        with suppress(StoreUnavailable, ValueError):
            self._records.change(kind.name, make_text)
            self._records.refresh_mark(kind.name)

    def _find_value(self, mark: ReadingMark) -> T:
        with self._value_lock:
            if mark.version > self._version:
                stored = self._records.load(self._kind.name)
                self._version, self._value = stored.version, self._parse(stored, self._value)
            return self._value

    def _parse(self, stored: StoredReading, otherwise: T) -> T:
        """What the records say; `otherwise` where another version of the portal has written it."""
        try:
            return self._kind.parse(stored)
        except ValueError:
            log.exception("the reading of %s cannot be understood", self._kind.name)
            return otherwise

    def _find_error(self, text: str | None) -> CloudError | None:
        if self._error is None or self._error[0] != text:
            self._error = text, parse_cloud_error(text) if text else None
        return self._error[1]

    def _is_fresh(self, mark: ReadingMark, fresh_seconds: float) -> bool:
        if self._alone:
            return self._monotonic() - self._alone[0] < fresh_seconds
        return mark.age_seconds is not None and 0 <= mark.age_seconds < fresh_seconds

    def _renew(self, wait_seconds: float, fresh_seconds: float) -> None:
        give_up_at = self._monotonic() + wait_seconds
        if not self._reading_lock.acquire(timeout=wait_seconds):
            return
        try:
            while not self._is_done(fresh_seconds) and self._monotonic() < give_up_at:
                time.sleep(PAUSE_SECONDS)
        finally:
            self._reading_lock.release()

    def _is_done(self, fresh_seconds: float) -> bool:
        """Read unless that was done or is being done by somebody else; False in that last case."""
        mark = self._records.refresh_mark(self._kind.name)
        if self._is_fresh(mark, fresh_seconds):
            return True
        if mark.is_being_read:
            return False
        try:
            reserved = self._records.reserve(
                self._kind.name,
                fresh_seconds=fresh_seconds,
                hold_seconds=HOLD_SECONDS,
            )
        except StoreUnavailable:
            self._keep_alone(self._ask())
            return True
        if reserved:
            self._read(reserved)
        return reserved is not None

    def _read(self, reserved: Reservation) -> None:
        try:
            answer = self._ask()
        except BaseException:
            with suppress(StoreUnavailable):
                self._records.release(self._kind.name, reserved)
            raise
        try:
            self._write(answer, reserved)
        except StoreUnavailable:
            self._keep_alone(answer)
        else:
            self._alone = None
            self._records.refresh_mark(self._kind.name)

    def _ask(self) -> Reading[T]:
        taken_at, context = self._now(), current_context()
        # Nothing holds a reading longer than it is reserved, in whoever's name it is made.
        deadline = min(context.deadline, time.monotonic() + REQUEST_SECONDS)
        try:
            with in_context(replace(context, deadline=deadline)):
                return Reading(self._kind.read(), taken_at)
        except CloudError as error:
            return Reading(self._kind.empty, taken_at, error)

    def _write(self, answer: Reading[T], reserved: Reservation) -> None:
        kind = self._kind

        def make_text(stored: StoredReading) -> str:
            was = self._parse(stored, kind.empty)
            return kind.dump(kind.merge(was, answer.value, reserved.version))

        if answer.error:
            self._records.fail(kind.name, reserved, dump_cloud_error(answer.error))
        else:
            self._records.finish(kind.name, reserved, make_text, answer.taken_at or self._now())

    def _keep_alone(self, answer: Reading[T]) -> None:
        """Keep for this process what cannot be written down for all."""
        last = self.peek()
        if answer.error:
            kept = replace(last, error=answer.error)
        else:
            merged = self._kind.merge(self._value, answer.value, self._version)
            kept = replace(answer, value=merged)
        self._alone = self._monotonic(), replace(kept, age_seconds=0.0)
