"""The catalog in force: read again when its file changes, so that a rule taken out ends at once.

A file with faults freezes all changes, since nobody knows what its owners meant; looking goes on
under the last rules that could be read.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.context import current_context
from app.domain.audit.events import EventKind, Result
from app.domain.groups.catalog import Catalog, TagsByService
from app.errors import SettingsFault
from app.files import digest_of, stamp_of
from app.services.audit.recorder import AuditRecorder

log = logging.getLogger("portal.policy")

FAULTY = "The file of groups and permissions has faults."

RETRY_SECONDS = 5.0
"""A file that could not be read at all may be readable later without having been touched."""

MOST_BYTES = 2 * 1024 * 1024
"""Of the file, for its digest; a larger one is refused by whoever reads it."""


@dataclass(frozen=True)
class PolicyReading:
    """The rules as one request sees them, and what is wrong with the file as it is now.

    `digest` tells the file from what it was at other times, and from other machines' files.
    """

    catalog: Catalog
    digest: str
    faults: tuple[str, ...] = ()


class Policy:
    """Safe to share by threads. The file is parsed only when its stamp differs, and looked at
    once per request; outside of requests at every use. `find_tags` tells the tags of all services
    as Cloud showed them last, without asking it. `stamp` is the file's when `first` was read.
    """

    def __init__(
        self,
        path: Path,
        load: Callable[[Path], Catalog],
        first: Catalog,
        audit: AuditRecorder,
        find_tags: Callable[[], TagsByService] = dict,
        stamp: tuple[object, ...] | None = None,
    ) -> None:
        self._path = path
        self._audit = audit
        self._load = load
        self._reading = PolicyReading(first, digest_of(path, MOST_BYTES))
        self._stamp = stamp_of(path) if stamp is None else stamp
        self._retry_at: float | None = None
        self._lock = threading.Lock()
        self._find_tags = find_tags
        self._tagged: tuple[PolicyReading, TagsByService, PolicyReading] | None = None

    @property
    def catalog(self) -> Catalog:
        """What is in force, the same for all of one request, from when the tags are known."""
        return self._read_once().catalog

    @property
    def digest(self) -> str:
        """Tells the file from what it was at other times; empty if there is none."""
        return self._read_once().digest

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong with the file as it is now, for those who can correct it."""
        return self._read_once().faults

    @property
    def fingerprint(self) -> str:
        """Tells this content of the file from any other; empty if it cannot be read."""
        return digest_of(self._path, MOST_BYTES)

    def follow(self) -> None:
        """Read the file if it is another one than before: for whoever looks when nobody asks."""
        self._follow()

    def recheck(self) -> None:
        """Read the file anew, in the middle of a request: for the last judgement before a call."""
        readings = current_context().readings
        if readings is not None:
            readings.pop(self, None)

    def _read_once(self) -> PolicyReading:
        readings = current_context().readings
        if readings is not None and self in readings:
            kept: PolicyReading = readings[self]
            return kept
        reading, is_complete = self._under_tags(self._follow())
        if readings is not None and is_complete:
            readings[self] = reading
        return reading

    def _under_tags(self, reading: PolicyReading) -> tuple[PolicyReading, bool]:
        """With what the file says of Cloud's tags, as Cloud shows them; made once for the same.

        And whether it can serve for all of a request: not while the tags that it goes by are still
        to be read, which this very request may do.
        """
        under_tags = reading.catalog.under_tags
        if under_tags is None:
            return reading, True
        tags, made = self._find_tags(), self._tagged
        if made is None or made[0] is not reading or made[1] != tags:
            self._tagged = made = (reading, tags, replace(reading, catalog=under_tags(tags)))
        return made[2], bool(tags)

    def _follow(self) -> PolicyReading:
        stamp = stamp_of(self._path)
        if self._is_due(stamp):
            with self._lock:
                if self._is_due(stamp):
                    self._reload()
                    is_unread = not self._reading.digest
                    self._retry_at = time.monotonic() + RETRY_SECONDS if is_unread else None
                    self._stamp = stamp
        return self._reading

    def _is_due(self, stamp: tuple[object, ...]) -> bool:
        is_retried = self._retry_at is not None and time.monotonic() >= self._retry_at
        return is_retried or stamp != self._stamp

    def _reload(self) -> None:
        try:
            self._reading = PolicyReading(self._load(self._path), digest_of(self._path, MOST_BYTES))
        except SettingsFault as error:
            self._refuse(error)
        except Exception:
            log.exception("the file of groups and permissions could not be read")
            line = f"{self._path}: the file: cannot be understood. Look into the portal's log."
            self._refuse(SettingsFault(faults=(line,)))
        else:
            log.warning("the file of groups and permissions was read again")
            self._record(Result.SUCCESS)

    def _refuse(self, error: SettingsFault) -> None:
        digest, earlier = digest_of(self._path, MOST_BYTES), self._reading
        self._reading = PolicyReading(earlier.catalog, digest, error.faults)
        if not digest and (earlier.digest, earlier.faults) == ("", error.faults):
            return  # tried once more in vain: told already
        log.error("%s %s", FAULTY, error.message)
        self._record(Result.FAIL, error.code)

    def _record(self, result: Result, error: str = "") -> None:
        details = {"file_sha256": self._reading.digest}
        event = self._audit.event(
            EventKind.PERMISSIONS_CHANGED, "reload_policy", result, error=error, details=details
        )
        self._audit.record_best_effort(self._audit.as_system(event))
