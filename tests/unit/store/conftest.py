"""A database in a file, up to date."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.store.database.engine import open_engine, upgrade


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "portal.db"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    """An engine for the database, with the tables made."""
    opened = open_engine(SecretStr(f"sqlite:///{database}"))
    upgrade(opened)
    yield opened
    opened.dispose()
