"""A database that is up to date: each test of the store runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.store.database.engine import open_engine, upgrade
from tests.support.postgresql import PostgresqlServer

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the SQLite database is."""
    return tmp_path / "portal.db"


@pytest.fixture
def sqlite_engine(database: Path) -> Iterator[Engine]:
    """An engine for the SQLite database, with the tables made."""
    opened = open_engine(SecretStr(f"sqlite:///{database}"))
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgresqlServer) -> str:
    """A PostgreSQL database with the tables made, to be copied."""
    name = postgresql_server.create_database()
    engine = open_engine(SecretStr(postgresql_server.url(name)))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def filled_postgresql_url(
    postgresql_server: PostgresqlServer, postgresql_template: str
) -> Iterator[str]:
    """The address of a PostgreSQL database with the tables made."""
    name = postgresql_server.create_database(postgresql_template)
    yield postgresql_server.url(name)
    postgresql_server.drop_database(name)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database_url(request: pytest.FixtureRequest) -> SecretStr:
    """The address of a database with the tables made."""
    if request.param == SQLITE:
        engine: Engine = request.getfixturevalue("sqlite_engine")
        return SecretStr(engine.url.render_as_string(hide_password=False))
    return SecretStr(request.getfixturevalue("filled_postgresql_url"))


@pytest.fixture
def engine(database_url: SecretStr) -> Iterator[Engine]:
    """An engine for the database."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def other_engine(database_url: SecretStr) -> Iterator[Engine]:
    """The same database, as another process has it open."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStr:
    """The address of a database without any table."""
    if request.param == SQLITE:
        return SecretStr(f"sqlite:///{tmp_path}/empty.db")
    return SecretStr(request.getfixturevalue("postgresql_url"))
