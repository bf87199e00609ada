"""The catalog in force: read again when its file changes, so that a rule taken out ends at once.

A file with faults closes all changes, since nobody knows what its owners meant; looking goes on
under the last rules that could be read.
"""

import hashlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from app.domain.catalog import Catalog
from app.domain.events import EventKind, Result
from app.errors import SettingsFault
from app.services.audit import Audit

log = logging.getLogger("portal.policy")

FAULTY = "The file of groups and permissions has faults."

Stamp = tuple[int, int, int, int]


class Policy:
    """Safe to share by threads. The file is read only when its stamp differs."""

    def __init__(
        self, path: Path, load: Callable[[Path], Catalog], first: Catalog, audit: Audit
    ) -> None:
        self._path = path
        self._audit = audit
        self._load = load
        self._catalog = first
        self._faults: tuple[str, ...] = ()
        self._stamp = _stamp_of(path)
        self._lock = threading.Lock()

    @property
    def catalog(self) -> Catalog:
        """What is in force now."""
        self._follow()
        return self._catalog

    @property
    def fault(self) -> str | None:
        """Why the file as it is now cannot be used; None if it can."""
        return FAULTY if self.faults else None

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong with the file as it is now, for those who can correct it."""
        self._follow()
        return self._faults

    def _follow(self) -> None:
        stamp = _stamp_of(self._path)
        if stamp == self._stamp:
            return
        with self._lock:
            if stamp != self._stamp:
                self._reload()
                self._stamp = stamp

    def _reload(self) -> None:
        try:
            self._catalog = self._load(self._path)
        except SettingsFault as error:
            self._faults = error.faults
            log.error("%s %s", FAULTY, error.message)  # noqa: TRY400 - the faults say it all
            self._note(Result.FAIL, error.code)
        else:
            self._faults = ()
            log.warning("the file of groups and permissions was read again")
            self._note(Result.SUCCESS)

    def _note(self, result: Result, error: str = "") -> None:
        details = {"file_sha256": _digest_of(self._path)}
        event = self._audit.event(
            EventKind.PERMISSIONS_CHANGED, "reload_policy", result, error=error, details=details
        )
        self._audit.note(self._audit.by_itself(event))


def _digest_of(path: Path) -> str:
    """What the file held, told apart from what it held at other times; empty if it is gone."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _stamp_of(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
