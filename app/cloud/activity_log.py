"""Cloud's own activities for everybody who looks at a group: read at most once a minute."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from app.cloud.cached_reading import CachedReading
from app.cloud.client import CloudClient
from app.cloud.reading_kind import ReadingKind, ReadingRecords
from app.domain.activity.activities import Activity
from app.errors import CloudError, CloudRejected

FRESH_SECONDS = 60.0
CURRENT_SECONDS = 2 * FRESH_SECONDS
SPAN = timedelta(days=7)
"""How far back activities are read."""


@dataclass(frozen=True)
class Activities:
    """What is known of them, newest first; `error` is why the last reading failed.

    `is_whole`: nothing of the SPAN is missing but what happened since the last reading.
    `is_current`: nothing of the last minutes is missing either, or none can ever be read because
    Cloud does not let the key.
    """

    entries: tuple[Activity, ...] = ()
    error: CloudError | None = None
    is_whole: bool = False
    is_current: bool = False

    def of_service(self, service_id: str) -> "Activities":
        """Those of one service alone."""
        own = tuple(item for item in self.entries if item.service_id == service_id)
        return replace(self, entries=own)


ENTRIES = TypeAdapter(tuple[Activity, ...])


class ActivityLog:
    """The cached activities, for all threads and processes."""

    def __init__(self, client: CloudClient, records: ReadingRecords) -> None:
        self._client = client
        self._reading = CachedReading(
            ReadingKind(
                name="activities",
                empty=(),
                fresh_seconds=FRESH_SECONDS,
                read=self._read,
                adapter=ENTRIES,
            ),
            records,
        )

    def list_activities(self, fresh_seconds: float = FRESH_SECONDS) -> Activities:
        """What is known, read again if it is older than that. Never raises CloudError.

        Raises StoreUnavailable.
        """
        last = self._reading.get(fresh_seconds=fresh_seconds)
        is_whole = last.taken_at is not None and last.error is None
        is_late = last.age_seconds is None or last.age_seconds > CURRENT_SECONDS
        is_current = isinstance(last.error, CloudRejected) or (is_whole and not is_late)
        return Activities(last.value, last.error, is_whole, is_current)

    def _read(self) -> tuple[Activity, ...]:
        return self._client.list_activities(datetime.now(UTC) - SPAN)
