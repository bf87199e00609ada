"""The catalog in force: read again when its file changes, so that a rule taken out ends at once.

A file with faults freezes all changes, since nobody knows what its owners meant; looking goes on
under the last rules that could be read.
"""

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.context import current_context
from app.domain.audit.events import EventKind, Result
from app.domain.groups.catalog import Catalog
from app.errors import SettingsFault
from app.files import read_bounded
from app.services.audit.recorder import AuditRecorder

log = logging.getLogger("portal.policy")

FAULTY = "The file of groups and permissions has faults."

MOST_BYTES = 2 * 1024 * 1024
"""Of the file, for its digest; a larger one is refused by whoever reads it."""

Stamp = tuple[int, int, int, int]


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
    once per request; outside of requests at every use.
    """

    def __init__(
        self, path: Path, load: Callable[[Path], Catalog], first: Catalog, audit: AuditRecorder
    ) -> None:
        self._path = path
        self._audit = audit
        self._load = load
        self._reading = PolicyReading(first, _digest_of(path))
        self._stamp = _stamp_of(path)
        self._lock = threading.Lock()

    @property
    def catalog(self) -> Catalog:
        """What is in force, the same for all of one request."""
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
        return _digest_of(self._path)

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
        if readings is None:
            return self._follow()
        if self not in readings:
            readings[self] = self._follow()
        reading: PolicyReading = readings[self]
        return reading

    def _follow(self) -> PolicyReading:
        stamp = _stamp_of(self._path)
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._reload()
                    self._stamp = stamp
        return self._reading

    def _reload(self) -> None:
        try:
            self._reading = PolicyReading(self._load(self._path), _digest_of(self._path))
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
        self._reading = PolicyReading(self._reading.catalog, _digest_of(self._path), error.faults)
        log.error("%s %s", FAULTY, error.message)
        self._record(Result.FAIL, error.code)

    def _record(self, result: Result, error: str = "") -> None:
        details = {"file_sha256": self._reading.digest}
        event = self._audit.event(
            EventKind.PERMISSIONS_CHANGED, "reload_policy", result, error=error, details=details
        )
        self._audit.record_best_effort(self._audit.as_system(event))


def _digest_of(path: Path) -> str:
    """The SHA-256 of the file's content; empty if the file cannot be read."""
    try:
        return hashlib.sha256(read_bounded(path, MOST_BYTES)).hexdigest()
    except OSError:
        return ""


def _stamp_of(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
