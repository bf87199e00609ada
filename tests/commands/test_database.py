"""Looking after the records: tables up to date or refused, and copies of a used database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.test_start import FLASK, GUNICORN, USABLE, run


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """Usable settings with a folder of their own."""
    return {**USABLE, "PORTAL_INSTANCE": str(tmp_path / "instance"), "PORTAL_PORT": "8261"}


def database_of(settings: dict[str, str]) -> Path:
    """Where the records are."""
    return Path(settings["PORTAL_INSTANCE"]) / "portal.db"


def execute(database: Path, statement: str) -> list[tuple[object, ...]]:
    """Run one statement."""
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(statement).fetchall()


def test_a_copy_is_made_while_somebody_writes_and_only_its_owner_may_read_it(
    settings: dict[str, str], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    result = run(*FLASK, "db", "backup", str(copy), **settings)
    assert result.returncode == 1
    assert "There is no database" in result.stderr
    assert not copy.exists()
    assert run(*FLASK, "db", "upgrade", **settings).stdout == "The tables are up to date.\n"
    execute(database_of(settings), "INSERT INTO freezes VALUES (1, 'x', 'root', '', NULL, NULL)")
    with closing(sqlite3.connect(database_of(settings))) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE freezes SET reason = 'not yet'")
        result = run(*FLASK, "db", "backup", str(copy), **settings)
    assert result.stdout == f"Copied to {copy}.\n"
    assert execute(copy, "SELECT reason FROM freezes") == [("x",)]
    assert copy.stat().st_mode & 0o777 == 0o600
    result = run(*FLASK, "db", "backup", str(copy), **settings)
    assert result.returncode == 1
    assert "exists already, and nothing is overwritten" in result.stderr
    assert execute(copy, "SELECT reason FROM freezes") == [("x",)]


def test_tables_of_a_newer_portal_are_refused_in_one_line(settings: dict[str, str]) -> None:
    run(*FLASK, "db", "upgrade", **settings)
    execute(database_of(settings), "UPDATE alembic_version SET version_num = '9999'")
    for command in ([*FLASK, "db", "upgrade"], GUNICORN):
        result = run(*command, **settings)
        assert result.returncode != 0
        line = next(line for line in result.stderr.splitlines() if "9999" in line)
        assert "made by a newer version of the portal" in line
        assert "Start that newer version" in line
        assert "Traceback" not in result.stderr
