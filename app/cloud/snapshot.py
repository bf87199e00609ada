"""One view of all services for everybody, with its age: looking costs Cloud next to nothing."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.cloud.client import CloudClient
from app.domain.groups import Service
from app.errors import CloudError
from app.punctual import PAGE_SECONDS, seconds_left

FRESH_SECONDS = 5.0
"""How long a view serves before Cloud is asked again: at most 2 of 10 requests in 10 s."""


WATCHED_SECONDS = 60.0
"""So long after the last look somebody still counts as looking."""


@dataclass(frozen=True)
class View:
    """What is known of all services. `taken_at` is when Cloud was asked; None if never.

    `error` is why the last attempt to read failed; what is shown is then older than usual.
    """

    services: Mapping[str, Service] = field(default_factory=dict)
    taken_at: datetime | None = None
    error: CloudError | None = None

    def age_seconds(self, now: datetime) -> float | None:
        """Seconds since the view was taken."""
        return (now - self.taken_at).total_seconds() if self.taken_at else None


class Snapshot:
    """The cached view. One thread asks Cloud at a time; the others take what is there."""

    def __init__(
        self, client: CloudClient, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._refreshing = threading.Lock()
        self._guard = threading.Lock()
        self._view = View()
        self._asked_at = -FRESH_SECONDS
        self._looked_at = -WATCHED_SECONDS
        self._overrides: dict[str, tuple[float, Service]] = {}

    def view(self, *, is_waiting: bool = False) -> View:
        """The view, read again if it is older than FRESH_SECONDS. Never raises CloudError.

        With `is_waiting` also a reading that another thread is making is waited for.
        """
        self._looked_at = self._monotonic()
        if self._is_fresh():
            return self._view
        # Only somebody who has nothing to show waits for a reading that another thread makes.
        is_waiting = is_waiting or self._view.taken_at is None
        wait_seconds = max(0.0, min(PAGE_SECONDS, seconds_left())) if is_waiting else 0.0
        if self._refreshing.acquire(timeout=wait_seconds):
            try:
                if not self._is_fresh():
                    self._refresh()
            finally:
                self._refreshing.release()
        return self._view

    def peek(self) -> View:
        """What is known. Never asks Cloud, and is no look."""
        return self._view

    @property
    def is_watched(self) -> bool:
        """Whether somebody looked lately, so that the view is kept fresh or tells why not."""
        return self._monotonic() - self._looked_at < WATCHED_SECONDS

    def put(self, service: Service) -> None:
        """Take in one service that was just read or changed, ahead of the next reading."""
        with self._guard:
            self._overrides[service.service_id] = (self._monotonic(), service)
            services = {**self._view.services, service.service_id: service}
            self._view = View(services, self._view.taken_at, self._view.error)

    def _is_fresh(self) -> bool:
        return self._monotonic() - self._asked_at < FRESH_SECONDS

    def _refresh(self) -> None:
        asked_at, taken_at = self._monotonic(), datetime.now(UTC)
        try:
            services = self._client.list_services()
        except CloudError as error:
            with self._guard:
                self._view = View(self._view.services, self._view.taken_at, error)
        else:
            with self._guard:
                self._view = View(self._merge(services, asked_at), taken_at)
        self._asked_at = self._monotonic()

    def _merge(self, services: tuple[Service, ...], asked_at: float) -> dict[str, Service]:
        # A list asked for before our own change may not know of it: the later word wins.
        newer = {key: item for key, item in self._overrides.items() if item[0] > asked_at}
        self._overrides = newer
        read = {service.service_id: service for service in services}
        return read | {key: service for key, (_, service) in newer.items()}
