"""Cloud's own activities for everybody who looks at a group: read at most once a minute."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.cloud.cached_reading import CachedReading
from app.cloud.client import CloudClient
from app.domain.history.activities import Activity
from app.errors import CloudError

FRESH_SECONDS = 60.0
SPAN = timedelta(days=7)
"""How far back activities are read."""


@dataclass(frozen=True)
class Activities:
    """What is known of them, newest first; `error` is why the last reading failed.

    `is_whole`: nothing of the SPAN is missing but what happened since the last reading.
    """

    entries: tuple[Activity, ...] = ()
    error: CloudError | None = None
    is_whole: bool = False

    def of_service(self, service_id: str) -> "Activities":
        """Those of one service alone."""
        own = tuple(item for item in self.entries if item.service_id == service_id)
        return Activities(own, self.error, self.is_whole)


class ActivityLog:
    """The cached activities. Safe to share by threads."""

    def __init__(
        self, client: CloudClient, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._reading: CachedReading[tuple[Activity, ...]] = CachedReading(
            self._read, empty=(), fresh_seconds=lambda: FRESH_SECONDS, monotonic=monotonic
        )

    def list_activities(self) -> Activities:
        """What is known, read again if it is older than FRESH_SECONDS. Never raises CloudError."""
        last = self._reading.get()
        is_whole = last.taken_at is not None and last.error is None
        return Activities(last.value, last.error, is_whole)

    def _read(self, _begun_at: float) -> tuple[Activity, ...]:
        return self._client.list_activities(datetime.now(UTC) - SPAN)
