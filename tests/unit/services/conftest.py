"""A ledger in a file and a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.store.engine import open_engine, upgrade
from tests.unit.services.fakes import Clock


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with its tables."""
    opened = open_engine(SecretStr(f"sqlite:///{tmp_path}/portal.db"))
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> Clock:
    """The time of everything."""
    return Clock()
