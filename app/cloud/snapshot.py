"""One view of all services for everybody, with its age: looking costs Cloud next to nothing."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.cloud.cached_reading import CachedReading, Reading, utc_now
from app.cloud.client import CloudClient
from app.deadlines import REQUEST_SECONDS, remaining_seconds
from app.domain.clock import is_ahead
from app.domain.groups.group import Service
from app.errors import CloudDown, CloudError, CloudKeyRefused, NotPossible

FRESH_SECONDS = 5.0
"""How long a view serves before Cloud is asked again: at most 2 of 10 requests in 10 s."""

WATCHED_SECONDS = 60.0
"""So long after the last look somebody still counts as looking."""


OLDEST_FOR_CHANGES_SECONDS = 30
"""A view that could not be renewed for longer speaks of the past."""


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
        is_old = self.age_seconds is None or self.age_seconds > OLDEST_FOR_CHANGES_SECONDS
        return not (is_hopeless or is_old)

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
class View:
    """What is known of all services. `taken_at` is when Cloud was read; None if never.

    `error` is why the last attempt to read failed; what is shown is then older than usual.
    `earlier_ids` are the services of the reading before; None if there was none.
    """

    services: Mapping[str, Service] = field(default_factory=dict)
    taken_at: datetime | None = None
    error: CloudError | None = None
    earlier_ids: frozenset[str] | None = None

    def age_seconds(self, now: datetime) -> float | None:
        """Seconds since the view was taken; None if never, and where the clock was set back since,
        so that nobody knows."""
        if self.taken_at is None or is_ahead(self.taken_at, now):
            return None
        return max((now - self.taken_at).total_seconds(), 0.0)

    def is_gone(self, service_id: str) -> bool:
        """Whether two readings in a row have not shown a service."""
        if service_id in self.services or self.earlier_ids is None:
            return False
        return service_id not in self.earlier_ids

    def freshness(self, now: datetime) -> Freshness:
        """How old the view is, and why."""
        return Freshness(self.taken_at, self.age_seconds(now), self.error)


@dataclass(frozen=True)
class Listing:
    """One reading of all services, and which ones the reading before it showed.

    `lag` is by how much it began before its last part was asked for, if it had broken off.
    """

    services: Mapping[str, Service] = field(default_factory=dict)
    earlier_ids: frozenset[str] | None = None
    lag: timedelta = timedelta()

    def having(self, service: Service) -> "Listing":
        """The same with one service as it was just seen."""
        return replace(self, services={**self.services, service.service_id: service})


class Snapshot:
    """The cached view. Safe to share by threads."""

    def __init__(
        self,
        client: CloudClient,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._guard = threading.Lock()
        self._overrides: dict[str, tuple[float, Service]] = {}
        self._looked_at = -WATCHED_SECONDS
        self._last_ids: frozenset[str] | None = None
        self._reading: CachedReading[Listing] = CachedReading(
            self._read,
            empty=Listing(),
            fresh_seconds=lambda: FRESH_SECONDS,
            monotonic=monotonic,
            now=now,
        )

    def view(self, *, is_waiting: bool = False) -> View:
        """The view, read again if it is older than FRESH_SECONDS. Never raises CloudError.

        With `is_waiting` also a reading that another thread is making is waited for.
        """
        self._looked_at = self._monotonic()
        # Whoever has nothing to show waits in any case.
        is_waiting = is_waiting or self._reading.peek().taken_at is None
        wait_seconds = max(0.0, min(REQUEST_SECONDS, remaining_seconds())) if is_waiting else 0.0
        return _view_of(self._reading.get(wait_seconds=wait_seconds))

    def get_services(self) -> Mapping[str, Service]:
        """Every service, seconds old at most. Raises CloudError if that cannot be read now."""
        view = self.view(is_waiting=True)
        if view.error:
            raise view.error.with_traceback(None)
        return view.services

    def get_service(self, service_id: str) -> Service:
        """One of them. Raises NotPossible if Cloud does not show it, CloudError as above."""
        service = self.get_services().get(service_id)
        if service is None:
            raise NotPossible(
                message="ClickHouse Cloud does not show this group to the portal any more.",
                remedy="Tell whoever runs this portal.",
            )
        return service

    def peek(self) -> View:
        """What is known. Never asks Cloud, and does not count as looking."""
        return _view_of(self._reading.peek())

    @property
    def is_watched(self) -> bool:
        """Whether somebody looked lately, so that the view is kept fresh or tells why not."""
        return self._monotonic() - self._looked_at < WATCHED_SECONDS

    def put(self, service: Service) -> None:
        """Take in one service that was just read or changed, ahead of the next reading."""
        with self._guard:
            self._overrides[service.service_id] = (self._monotonic(), service)
        self._reading.change(lambda listing: listing.having(service))

    def _read(self, read_at: float) -> Listing:
        read = {service.service_id: service for service in self._client.list_services()}
        lag = timedelta(seconds=self._client.services_lag_seconds)
        earlier, self._last_ids = self._last_ids, frozenset(read)
        # A list asked for before our own change may not know of it: the later word wins.
        with self._guard:
            began_at = read_at - lag.total_seconds()
            newer = {key: item for key, item in self._overrides.items() if item[0] > began_at}
            self._overrides = newer
        return Listing(read | {key: service for key, (_, service) in newer.items()}, earlier, lag)


def _view_of(reading: Reading[Listing]) -> View:
    listing, taken_at = reading.value, reading.taken_at
    began_at = taken_at - listing.lag if taken_at else None
    return View(listing.services, began_at, reading.error, listing.earlier_ids)
