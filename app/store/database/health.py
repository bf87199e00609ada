"""Whether the database is still the one that was opened at the start, and undamaged.

What is found is remembered by engine, so that whoever asks whether the portal can work is told.
"""

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from app.store.database.errors import DAMAGED, REPLACED, is_damage, refusal
from app.store.database.file import path_of

log = logging.getLogger("portal.store")


NO_EVENT = (0, "")


@dataclass
class Health:
    """What is known of one database. `identity`: device and number of the file, once opened.
    `log_end`: number and hash of the latest event of the audit log that this process has met.
    """

    identity: tuple[int, int] | None = None
    is_damaged: bool = False
    log_end: tuple[int, str] = NO_EVENT


_known: WeakKeyDictionary[Engine, Health] = WeakKeyDictionary()


def _health_of(engine: Engine) -> Health:
    return _known.setdefault(engine, Health())


def remember_file(engine: Engine) -> None:
    """From now on the file must stay the one that is there."""
    _health_of(engine).identity = _identity_of(path_of(engine))


def check_file(engine: Engine) -> None:
    """Raises StoreUnavailable if the file was deleted or replaced: what is written into the one
    that is still open would be lost with the process.
    """
    identity = _health_of(engine).identity
    if identity is not None and _identity_of(path_of(engine)) != identity:
        raise refusal(REPLACED)


def check_health(engine: Engine) -> None:
    """The same, and whether any damage was met. Raises StoreUnavailable."""
    check_file(engine)
    if _health_of(engine).is_damaged:
        raise refusal(DAMAGED)


def note_log_end(engine: Engine, seq: int, hash_: str) -> None:
    """From now on the audit log must reach this event, which is committed. Of two threads at once
    the lower number may stay: then less is noticed, and nothing that is not so."""
    health = _health_of(engine)
    if seq > health.log_end[0]:
        health.log_end = (seq, hash_)


def get_log_end(engine: Engine) -> tuple[int, str]:
    """What the audit log must reach."""
    return _health_of(engine).log_end


def forget_log_end(engine: Engine) -> None:
    """Somebody takes the audit log as it is."""
    _health_of(engine).log_end = NO_EVENT


def note_error(engine: Engine, error: Exception) -> None:
    """Remember damage that a driver has met."""
    if is_damage(error):
        log.error("the database is damaged")
        _health_of(engine).is_damaged = True


def inspect_pages(engine: Engine) -> None:
    """Look at every page of the file; what was remembered is forgotten if all is well.

    It reads the whole file, so it is for the start and for now and then. Raises nothing.
    """
    path = path_of(engine)
    if path is None:
        return
    try:
        found = _quick_check(path)
    except sqlite3.Error as error:
        note_error(engine, error)
        return
    health = _health_of(engine)
    health.is_damaged = bool(found)
    if found:
        log.error("the database is damaged: %s", found)


def _quick_check(path: Path) -> str:
    """The first fault. On a connection of its own, which has no pages in memory."""
    address = f"{path.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if found == "ok" else str(found)


def _identity_of(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
