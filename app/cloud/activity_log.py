"""Cloud's own activities for everybody who looks at a group: read at most once a minute."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.cloud.client import CloudClient
from app.domain.activities import Activity
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


class ActivityLog:
    """The cached activities. One thread reads at a time; the others take what is there."""

    def __init__(
        self, client: CloudClient, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._reading = threading.Lock()
        self._known = Activities()
        self._asked_at = -FRESH_SECONDS

    def look(self) -> Activities:
        """What is known, read again if it is older than FRESH_SECONDS. Never raises CloudError."""
        if not self._is_fresh() and self._reading.acquire(blocking=False):
            try:
                if not self._is_fresh():
                    self._read()
            finally:
                self._reading.release()
        return self._known

    def _is_fresh(self) -> bool:
        return self._monotonic() - self._asked_at < FRESH_SECONDS

    def _read(self) -> None:
        since = datetime.now(UTC) - SPAN
        try:
            self._known = Activities(self._client.list_activities(since), is_whole=True)
        except CloudError as error:
            self._known = Activities(self._known.entries, error)
        self._asked_at = self._monotonic()
