"""What a reading of Cloud is, and what the records must offer that keep it for all processes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from app.domain.readings import ReadingMark, Reservation, StoredReading
from app.errors import CloudError

T = TypeVar("T")


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What was read last. `taken_at` is when Cloud was read for it; None if it never answered.

    `error` is why the last attempt failed; `value` is then older than usual. `age_seconds` is how
    long ago the last attempt was; None if there was none.
    """

    value: T
    taken_at: datetime | None = None
    error: CloudError | None = None
    age_seconds: float | None = None


def _take_read(_was: Any, read: Any, _version: int) -> Any:  # noqa: ANN401 - of any kind
    return read


@dataclass(frozen=True)
class ReadingKind(Generic[T]):
    """What to read, how often, and how it is written down.

    `merge` makes what counts out of what is there, what was read, and the version that was there
    when the reading began.
    """

    name: str
    empty: T
    fresh_seconds: float
    read: Callable[[], T]
    adapter: TypeAdapter[T]
    merge: Callable[[T, T, int], T] = _take_read

    def parse(self, stored: StoredReading) -> T:
        """The value. Raises ValueError for what this program cannot read."""
        return self.empty if stored.text is None else self.adapter.validate_json(stored.text)

    def dump(self, value: T) -> str:
        """The value as text, equal for equal values."""
        return self.adapter.dump_json(value).decode()


class ReadingRecords(Protocol):
    """Where readings lie, by name. Every method raises StoreUnavailable."""

    def find_mark(self, name: str) -> ReadingMark:
        """How the reading stands, as this request sees it."""
        ...

    def refresh_mark(self, name: str) -> ReadingMark:
        """How it stands at this moment."""
        ...

    def load(self, name: str) -> StoredReading:
        """What it says."""
        ...

    def reserve(
        self, name: str, *, fresh_seconds: float, hold_seconds: float
    ) -> Reservation | None:
        """Take on to read it; None if that is not due."""
        ...

    def finish(
        self,
        name: str,
        reserved: Reservation,
        text: Callable[[StoredReading], str],
        taken_at: datetime,
    ) -> None:
        """Write down what was read, unless somebody else has taken it on since; `text` makes it out
        of what is there by now."""
        ...

    def fail(self, name: str, reserved: Reservation, error: str) -> None:
        """Write down why it could not be read, unless somebody else has taken it on since."""
        ...

    def release(self, name: str, reserved: Reservation) -> None:
        """Leave the reading to others."""
        ...

    def change(self, name: str, text: Callable[[StoredReading], str]) -> None:
        """Put something newer into it."""
        ...
