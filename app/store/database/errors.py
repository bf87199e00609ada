"""Why the database did not do its part, in words: what to do differs with the cause."""

import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import StoreUnavailable

PRIMARY_CODE = 0xFF
"""The part of SQLite's extended result codes that names the kind (sqlite.org/rescode.html)."""


@dataclass(frozen=True)
class Fault:
    """One kind of trouble: what is so, and what helps."""

    message: str
    remedy: str


UNNAMED = Fault(
    "The portal cannot read or write its own records at the moment.", "Try again in a minute."
)
FULL = Fault(
    "The portal cannot write its records: its disk is full or does not take what is written.",
    "Whoever runs this portal has to make room on its disk; trying again before that is no use.",
)
LOCKED = Fault(
    "The portal cannot write its records: another program keeps them locked.",
    "Try again in a few seconds.",
)
READ_ONLY = Fault(
    "The portal may read its records but not write them.",
    "Whoever runs this portal has to give it the right to write to its database and the folder "
    "that holds it.",
)
DAMAGED = Fault(
    "The portal's records are damaged.",
    "Whoever runs this portal has to put a backup of the database in its place; trying again "
    "before that is no use.",
)
REPLACED = Fault(
    "The portal's database was deleted or replaced while the portal was running.",
    "Whoever runs this portal has to see that the right file is in its place, and start the portal "
    "again.",
)
LOG_CUT = Fault(
    "The audit log was emptied, cut or replaced while the portal was running.",
    "Whoever runs this portal has to put the log back, or take it as it is with "
    "`flask --app wsgi audit accept` and start the portal again.",
)
UNREACHABLE = Fault(
    "The portal's database does not answer.",
    "Whoever runs this portal has to see that its database runs and can be reached; the portal "
    "needs no new start.",
)
CROWDED = Fault(
    "The portal's database has no place for another connection at the moment.",
    "Try again in a few seconds.",
)
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
SQLITE_FAULTS = {
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_FULL: FULL,
    # A quota or a limit on the size of files shows as one of these.
    sqlite3.SQLITE_IOERR_WRITE: FULL,
    sqlite3.SQLITE_IOERR_FSYNC: FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
}
POSTGRESQL_FAULTS = {
    "25006": READ_ONLY,  # a standby, or a server that was switched to reading
    "42501": READ_ONLY,  # no right to it
    "40": LOCKED,  # a deadlock, or a transaction that came in between
    "53100": FULL,
    "53300": CROWDED,
    "55P03": LOCKED,
    "57014": LOCKED,  # the statement took too long; where tables are small, it was kept waiting
    "08": UNREACHABLE,
    "25P03": UNREACHABLE,  # this process was stopped for so long that its transaction was ended
    "57P": UNREACHABLE,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
"""By SQLSTATE or its beginning (postgresql.org/docs/current/errcodes-appendix.html)."""


def unavailable(error: Exception) -> StoreUnavailable:
    """What the error of a driver means for people. Nothing that was to be stored is in it."""
    return refusal(_fault_of(error))


def refusal(fault: Fault) -> StoreUnavailable:
    """The fault as an error for people."""
    return StoreUnavailable(
        message=fault.message,
        remedy=f"Nothing new was sent to ClickHouse Cloud. {fault.remedy} If you had just "
        "confirmed a change, look at its page before you ask for it again.",
    )


def is_damage(error: Exception) -> bool:
    """Whether the error of a driver says that the file is not what SQLite has written."""
    return _code_of(error) & PRIMARY_CODE in DAMAGE


def _fault_of(error: Exception) -> Fault:
    if isinstance(error, PoolTimeoutError):  # all that this process may have are in use
        return CROWDED
    cause = _cause_of(error)
    if hasattr(cause, "sqlstate"):  # psycopg's error
        return _postgresql_fault(getattr(cause, "sqlstate", None), is_closed=_is_closed(error))
    code = _code_of(error)
    return SQLITE_FAULTS.get(code) or SQLITE_FAULTS.get(code & PRIMARY_CODE, UNNAMED)


def _postgresql_fault(state: str | None, *, is_closed: bool) -> Fault:
    prefixes = (state[:length] for length in (5, 3, 2)) if state else ()
    known = (POSTGRESQL_FAULTS.get(prefix) for prefix in prefixes)
    found = next((fault for fault in known if fault), UNNAMED)
    # Without a state it was not the server that spoke: it cannot be reached, or went away.
    return UNREACHABLE if found is UNNAMED and (is_closed or not state) else found


def _is_closed(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _cause_of(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _code_of(error: Exception) -> int:
    return int(getattr(_cause_of(error), "sqlite_errorcode", sqlite3.SQLITE_OK))
