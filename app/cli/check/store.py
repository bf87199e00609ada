"""Whether the store can be written, found out by writing and taking it back."""

import tempfile
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from app.store.database.engine import open_engine
from app.store.database.tables_version import NEWEST, find_version

BUSY_SECONDS = 5.0
"""How long to wait for somebody else's write to SQLite; SQLite's own default."""


class StoreFaultError(Exception):
    """The store cannot be used; the text says why and what to do. Never holds a password."""


def check_store(database_url: SecretStr) -> str:
    """What there is and what the first start would create. Raises StoreFaultError."""
    url = make_url(database_url.get_secret_value())
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return _check_location(Path(url.database or ""))
    try:
        return _check_database(url)
    except DBAPIError as error:
        raise StoreFaultError(
            f"The database cannot be written ({type(error.orig).__name__}: {error.orig}). "
            "Check PORTAL_DATABASE_URL and the rights of the portal's user."
        ) from None


def _check_location(database: Path) -> str:
    folder = next(parent for parent in database.parents if parent.exists())
    try:
        # A file without a name: it is gone when it is closed, whatever happens.
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        raise StoreFaultError(
            f"Nothing can be written to {folder} ({error.strerror}). "
            "Check PORTAL_INSTANCE and the rights of the portal's user."
        ) from None
    missing = "folder and database" if folder != database.parent else "database"
    return f"writable; the first start creates the {missing} {database}"


def _check_database(url: URL) -> str:
    engine = _open(url)
    try:
        with engine.connect() as connection:
            _write_and_take_back(connection)
            version = find_version(connection)
    finally:
        engine.dispose()
    if version is None:
        return "writable; the first start creates its tables"
    if version > NEWEST:
        raise StoreFaultError(
            f"The database has the tables of version {version}, made by a newer version of the "
            f"portal; this one knows them up to {NEWEST}. Start that newer version."
        )
    return (
        "writable" if version == NEWEST else "writable; the next start brings its tables up to date"
    )


def _open(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return open_engine(SecretStr(url.render_as_string(hide_password=False)))
    # The portal's own engine would change the way in which the file is written (WAL).
    return create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})


def _write_and_take_back(connection: Connection) -> None:
    # SQLite's driver opens no transaction for CREATE by itself, and would keep the table.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.exec_driver_sql("CREATE TABLE portal_write_check (id INTEGER)")
    connection.rollback()
