"""What is known of a reading of Cloud: how old it is, and how it stands among all processes."""

from dataclasses import dataclass
from datetime import datetime

from app.errors import CloudDown, CloudError, CloudKeyRefused

OLDEST_FOR_CHANGES_SECONDS = 30
"""A view that could not be renewed for longer speaks of the past."""


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


@dataclass(frozen=True)
class Freshness:
    """How old what is shown is, and why it is older than usual, if it is."""

    taken_at: datetime | None
    age_seconds: float | None
    error: CloudError | None

    @property
    def is_recent(self) -> bool:
        """Whether it says enough about the present to change anything on the strength of it."""
        if self.error is None:
            return True
        is_hopeless = isinstance(self.error, CloudDown | CloudKeyRefused)
        return self.is_young and not is_hopeless

    @property
    def is_young(self) -> bool:
        """Whether it is not old, for whatever reason: without an error too it is while another
        process reads what nobody has looked at for long."""
        return self.age_seconds is not None and self.age_seconds <= OLDEST_FOR_CHANGES_SECONDS

    @property
    def disabled_reason(self) -> str | None:
        """Why nothing can be changed on the strength of it, in words."""
        if self.is_recent or self.error is None:
            return None
        return f"{self.error.message} Nothing can be changed until it answers as it should."

    def check_known(self) -> None:
        """Raises CloudError where Cloud has never been read, so that nothing at all is known."""
        if self.error and self.taken_at is None:
            raise self.error.with_traceback(None)

    def check_recent(self) -> None:
        """Raises CloudError if nothing can be changed on the strength of it."""
        if self.error and not self.is_recent:
            raise self.error.with_traceback(None)


@dataclass(frozen=True)
class Reservation:
    """The right to make a reading, `until` when; `version` is the one that it had by then."""

    version: int
    until: datetime
