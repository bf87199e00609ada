"""The connection to the database, and bringing its tables up to date."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.store.database.errors import unavailable
from app.store.database.file import make_private
from app.store.database.health import check_file, note_error
from app.store.database.locks import MIGRATIONS_LOCK, check_fence, lock
from app.store.database.sqlite import open_sqlite
from app.store.database.tables_version import NEWEST, find_version


def open_engine(database_url: SecretStr) -> Engine:
    """An engine for the URL; made after the fork, since connections cannot be shared by processes.

    Nothing is opened or made before the first use.
    """
    url = make_url(database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        return open_sqlite(url)
    # A portal on SQLite does without the driver, and the memory that it takes.
    from app.store.database.postgresql import open_postgresql  # noqa: PLC0415

    return open_postgresql(url)


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date, in a folder and a file made if need be for their owner alone.

    One process at a time does it; the others wait, and find nothing left to do. Raises
    StoreUnavailable, also for a database that a newer version of the portal has made.
    """
    make_private(engine)
    with writing(engine) as connection, _time_to_migrate(connection):
        lock(connection, MIGRATIONS_LOCK)
        found = find_version(connection)
        if found != NEWEST:
            from app.store.database.migrating import migrate  # noqa: PLC0415 - it takes 8 MB

            migrate(connection, found)


def _time_to_migrate(connection: Connection) -> AbstractContextManager[None]:
    """Time to change large tables, where the database bounds each statement."""
    if connection.dialect.name == "sqlite":
        return nullcontext()
    from app.store.database.postgresql import long_statements  # noqa: PLC0415 - as above

    return long_statements(connection)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction, committed at the end. Raises StoreUnavailable, also where the file is not the
    one that was opened at the start, and LeaseLost in a job of a leader that leads no more;
    IntegrityError passes."""
    check_file(engine)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                # Python's driver begins late: nothing before the first row that is written, and
                # nothing at all for changes of tables. What is read to decide what to write must
                # be read under the lock, and tables must come with their version or not at all.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            check_fence(connection)
            yield connection
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        note_error(engine, error)
        raise unavailable(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with. Raises StoreUnavailable."""
    try:
        with engine.connect() as connection:
            yield connection
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        note_error(engine, error)
        raise unavailable(error) from error
