"""PostgreSQL through psycopg 3: every wait for it has a bound, and nothing is kept in its sessions.

A pooler in front may give each transaction another server process (pgbouncer in transaction mode).
So the bounds are set anew in each transaction, nothing is prepared, and no startup parameter is
sent that a pooler refuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow
from sqlalchemy import URL, Connection, Engine, create_engine, event

DRIVER = "postgresql+psycopg"

CONNECT_SECONDS = 3
"""For one address of the server; libpq takes whole seconds, and at least two."""

LOCK_SECONDS = 4.0
"""For a lock that another transaction holds."""

STATEMENT_SECONDS = 5.0
"""For one statement, with its wait for locks."""

ANSWER_SECONDS = 6.0
"""For the server's answer. The server ends a statement before that, if it still does anything."""

IDLE_SECONDS = 10.0
"""How long a transaction may do nothing: a process that was stopped must not keep locks."""

POOL_SIZE = 5
POOL_OVERFLOW = 5
POOL_SECONDS = 3.0
"""For a connection, while this process uses all that it may have."""

MIGRATION_SECONDS = 600.0
"""For a statement that changes tables, and for the process that changes them before this one."""

_ARGUMENTS: dict[str, Any] = {
    # Transactions are begun by us, in one message with their bounds.
    "autocommit": True,
    "prepare_threshold": None,
    "client_encoding": "utf8",
    "connect_timeout": CONNECT_SECONDS,
    # A connection that a firewall has forgotten is noticed while nobody waits for it.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}

RV = TypeVar("RV")


class BoundedConnection(psycopg.Connection[TupleRow]):
    """A connection that gives up on a server that does not answer at all, and closes itself.

    The server's own bounds end with the server: a frozen one keeps them no more than it answers.
    """

    answer_seconds = ANSWER_SECONDS

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg waits, for `answer_seconds` at most. Raises OperationalError."""
        seconds = self.answer_seconds if timeout is None else timeout
        began_at = monotonic()
        try:
            return super().wait(gen, interval, seconds)
        except psycopg.OperationalError:
            if monotonic() - began_at >= seconds:
                self.pgconn.finish()  # an answer that comes later would be taken for another one
            raise


def open_postgresql(url: URL) -> Engine:
    """An engine for the URL. Nothing is opened before the first use."""
    engine = create_engine(
        url.set(drivername=DRIVER),
        hide_parameters=True,
        connect_args=_ARGUMENTS,
        use_native_hstore=False,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_SECONDS,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "begin", _begin)
    return engine


def _connect(
    _dialect: object, _entry: object, arguments: tuple[Any, ...], options: dict[str, Any]
) -> BoundedConnection:
    return BoundedConnection.connect(*arguments, **options)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN; {_bounds(LOCK_SECONDS, STATEMENT_SECONDS, IDLE_SECONDS)}")


@contextmanager
def long_statements(connection: Connection) -> Iterator[None]:
    """Let the statements of this transaction take as long as changing large tables does."""
    connection.exec_driver_sql(_bounds(MIGRATION_SECONDS, MIGRATION_SECONDS, MIGRATION_SECONDS))
    driver = connection.connection.driver_connection
    assert isinstance(driver, BoundedConnection)  # noqa: S101 - `_connect` makes no others
    driver.answer_seconds = MIGRATION_SECONDS + ANSWER_SECONDS
    try:
        yield
    finally:
        driver.answer_seconds = ANSWER_SECONDS


def _bounds(lock: float, statement: float, idle: float) -> str:
    # SET LOCAL ends with the transaction, so a pooler has nothing to carry over.
    seconds = {
        "lock_timeout": lock,
        "statement_timeout": statement,
        "idle_in_transaction_session_timeout": idle,
    }
    return "; ".join(f"SET LOCAL {name} = '{int(it * 1000)}ms'" for name, it in seconds.items())
