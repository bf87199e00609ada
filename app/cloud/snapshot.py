"""One view of all services for everybody, with its age: looking costs Cloud next to nothing."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from app.cloud.cached_reading import CachedReading, utc_now
from app.cloud.client import CloudClient
from app.cloud.reading_kind import Reading, ReadingKind, ReadingRecords
from app.deadlines import REQUEST_SECONDS, remaining_seconds
from app.domain.clock import is_ahead
from app.domain.groups.group import Service
from app.domain.readings import Freshness
from app.errors import CloudError, CloudNotAsked, NotPossible, StoreUnavailable

FRESH_SECONDS = 5.0
"""How long a view serves before Cloud is asked again: at most 2 of 10 requests in 10 s."""

WATCHED_SECONDS = 60.0
"""So long after the last look somebody still counts as looking."""


LATEST_SECONDS = 1.0
"""A reading that was waited for may have been made so long before the wait is over."""

MOST_WAITING = 6
"""So many lookers wait in a process for the first reading at most, and on half of its threads: each
holds one, and signing in and files need some."""


@dataclass(frozen=True)
class View:
    """What is known of all services. `taken_at` is when Cloud was read; None if never.

    `error` is why the last attempt to read failed; what is shown is then older than usual.
    `earlier_ids` are the services of the reading before; None if there was none.
    """

    services: Mapping[str, Service] = field(default_factory=dict)
    taken_at: datetime | None = None
    error: CloudError | None = None
    earlier_ids: tuple[str, ...] | None = None

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
class Put:
    """When a service was put in ahead of a reading: as which version, and at which moment."""

    version: int
    at: datetime

    def is_after(self, version: int, began_at: datetime | None) -> bool:
        """Whether that was after a reading had begun."""
        return self.version > version or (began_at is not None and self.at > began_at)


@dataclass(frozen=True)
class Listing:
    """One reading of all services, and which ones it and the reading before it showed.

    `began_at` is when its first part was asked for, if it had broken off; None if it came at once.
    `put` are the services that were put in ahead of a reading.
    """

    services: dict[str, Service] = field(default_factory=dict)
    ids: tuple[str, ...] | None = None
    earlier_ids: tuple[str, ...] | None = None
    began_at: datetime | None = None
    put: dict[str, Put] = field(default_factory=dict)

    def having(self, service: Service, at: Put) -> "Listing":
        """The same with one service as it was just seen. What its tags deny is not lifted by an
        answer that leaves them out."""
        key = service.service_id
        seen = service.keeping_tags(self.services.get(key))
        return replace(self, services={**self.services, key: seen}, put={**self.put, key: at})

    def renewed(self, read: "Listing", version: int) -> "Listing":
        """What was read now. A list asked for before our own change may not know of it: what was
        put in since that `version`, or since the list began, counts more."""
        put = {key: at for key, at in self.put.items() if at.is_after(version, read.began_at)}
        services = read.services | {key: self.services[key] for key in put}
        ordered = dict(sorted(services.items()))
        return Listing(ordered, read.ids, self.ids, read.began_at, put)


LISTINGS = TypeAdapter(Listing)


class Snapshot:
    """The view of all services, for all threads and processes; `threads` serve in this one.

    Every method raises StoreUnavailable where the records cannot even be read.
    """

    def __init__(
        self,
        client: CloudClient,
        records: ReadingRecords,
        *,
        threads: int = 2 * MOST_WAITING,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._now = now
        self._places = threading.BoundedSemaphore(min(MOST_WAITING, threads // 2))
        self._reading = CachedReading(
            ReadingKind(
                name="services",
                empty=Listing(),
                fresh_seconds=FRESH_SECONDS,
                read=self._read,
                adapter=LISTINGS,
                merge=Listing.renewed,
            ),
            records,
            now=now,
        )

    def view(self, *, is_waiting: bool = False) -> View:
        """The view, read again if it is older than FRESH_SECONDS. Never raises CloudError.

        With `is_waiting` also a reading that somebody else is making is waited for.
        """
        if is_waiting:
            view = self._get(max(0.0, min(REQUEST_SECONDS, remaining_seconds())))
            is_told = view.error or self._is_renewed()
            return view if is_told else replace(view, error=_not_read_yet())
        if self._reading.peek().taken_at is None:
            return self._look_for_the_first_time()
        return self._get()

    def _is_renewed(self) -> bool:
        """Whether somebody has tried to read it as lately as a wait for that promises."""
        age_seconds = self._reading.peek().age_seconds
        return age_seconds is not None and age_seconds < FRESH_SECONDS + LATEST_SECONDS

    def _look_for_the_first_time(self) -> View:
        """Whoever has nothing to show waits too, unless too many do."""
        if not self._places.acquire(blocking=False):
            return self._get()
        try:
            return self._get(max(0.0, min(REQUEST_SECONDS, remaining_seconds())))
        finally:
            self._places.release()

    def _get(self, wait_seconds: float = 0.0) -> View:
        view = _view_of(self._reading.get(wait_seconds=wait_seconds))
        return view if view.taken_at or view.error else replace(view, error=_not_read_yet())

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
        """What is known. Never asks Cloud."""
        return _view_of(self._reading.peek())

    def find_tags(self) -> dict[str, dict[str, str]]:
        """The tags of every service, as far as is known. Never asks Cloud, never raises."""
        try:
            services = self.peek().services
        except StoreUnavailable:
            return {}
        return {key: dict(item.particulars.tags) for key, item in services.items()}

    @property
    def is_watched(self) -> bool:
        """Whether somebody looked lately, so that the view is kept fresh or tells why not."""
        age_seconds = self._reading.peek().age_seconds
        return age_seconds is not None and age_seconds < WATCHED_SECONDS

    @property
    def is_alone(self) -> bool:
        """Whether what is known is this process's alone, so that no revision tells of it."""
        return self._reading.is_alone

    def put(self, service: Service) -> None:
        """Take in one service that was just read or changed, ahead of the next reading."""
        at = self._now()
        self._reading.change(lambda listing, version: listing.having(service, Put(version, at)))

    def _read(self) -> Listing:
        read = {service.service_id: service for service in self._client.list_services()}
        began_at = None
        if lag_seconds := self._client.services_lag_seconds:
            began_at = self._now() - timedelta(seconds=lag_seconds)
        return Listing(read, ids=tuple(sorted(read)), began_at=began_at)


def _not_read_yet() -> CloudError:
    return CloudNotAsked(
        message="ClickHouse Cloud has not answered yet.", retry_after_seconds=FRESH_SECONDS
    )


def _view_of(reading: Reading[Listing]) -> View:
    listing, taken_at = reading.value, reading.taken_at
    if taken_at and listing.began_at:
        taken_at = min(taken_at, listing.began_at)
    return View(listing.services, taken_at, reading.error, listing.earlier_ids)
