"""What is known of a reading of Cloud that all processes of the portal share."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReadingMark:
    """How a shared reading stands. `version` grows whenever what it says changes.

    `taken_at` is when Cloud was asked for it; None if it never answered. `age_seconds` is how long
    ago it was last tried to read it, by the database's clock; None if it never was. `error` is why
    the last try failed, as text; None if it did not. `is_being_read`: somebody is reading it now.
    """

    version: int = 0
    taken_at: datetime | None = None
    age_seconds: float | None = None
    error: str | None = None
    is_being_read: bool = False


@dataclass(frozen=True)
class StoredReading:
    """What a shared reading says, as text; None if it was never read. `error` as above."""

    version: int
    text: str | None
    error: str | None = None
