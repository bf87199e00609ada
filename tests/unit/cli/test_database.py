"""`db`: tables brought up to date or refused, and copies of a database that is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.cli.commands import register_commands
from tests.support.postgresql import PASSWORD
from tests.unit.cli.helpers import ROOT, make_settings


def run(folder: Path, *arguments: str) -> Result:
    """Run `db` for the records in a folder."""
    app = Flask("database", root_path=str(ROOT))
    app.extensions["settings"] = make_settings(folder)
    register_commands(app)
    return app.test_cli_runner().invoke(args=["db", *arguments])


def execute(database: Path, statement: str) -> list[tuple[object, ...]]:
    """Run one statement."""
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with its tables, in the folder of the test."""
    result = run(tmp_path, "upgrade")
    assert (result.exit_code, result.output) == (0, "The tables are up to date.\n")
    return tmp_path / "portal.db"


def test_a_copy_is_made_while_somebody_writes_and_only_its_owner_may_read_it(
    database: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    execute(database, "INSERT INTO freezes VALUES (1, 'x', 'root', '', NULL, NULL)")
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE freezes SET reason = 'not yet'")
        result = run(tmp_path, "backup", str(copy))
    assert (result.exit_code, result.output) == (0, f"Copied to {copy}.\n")
    assert execute(copy, "SELECT reason FROM freezes") == [("x",)]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(database: Path, tmp_path: Path) -> None:
    before = database.read_bytes()
    result = run(tmp_path, "backup", str(database))
    assert result.exit_code == 1
    assert "exists already, and nothing is overwritten" in result.output
    assert database.read_bytes() == before


def test_without_a_database_there_is_no_copy(tmp_path: Path) -> None:
    result = run(tmp_path, "backup", str(tmp_path / "copy.db"))
    assert result.exit_code == 1
    assert "There is no database" in result.output
    assert list(tmp_path.iterdir()) == []


def test_tables_of_a_newer_portal_are_refused(database: Path, tmp_path: Path) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    result = run(tmp_path, "upgrade")
    assert result.exit_code == 1
    assert "version 9999, made by a newer version of the portal" in result.output
    assert "Start that newer version" in result.output


@pytest.mark.usefixtures("database")
def test_records_move_to_postgresql_and_no_password_is_shown(
    tmp_path: Path, postgresql_url: str
) -> None:
    file = tmp_path / "target"
    file.write_text(f"{postgresql_url}\n", encoding="ascii")
    result = run(tmp_path, "copy", "--target-file", str(file))
    assert result.exit_code == 0, result.output
    assert "The audit log has the same last hash" in result.output
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("sqlite:////x/canary.db", "must be a PostgreSQL database"),
        ("mysql://canary:canary@host/x", "The address in the file is not the URL"),
        ("postgresql://canary:canary@127.0.0.1:1/x", "database does not answer"),
    ],
)
@pytest.mark.usefixtures("database")
def test_an_address_that_is_of_no_use_is_told_without_its_password(
    tmp_path: Path, address: str, words: str
) -> None:
    file = tmp_path / "target"
    file.write_text(address, encoding="ascii")
    result = run(tmp_path, "copy", "--target-file", str(file))
    assert result.exit_code == 1
    assert words in result.output
    assert "canary" not in result.output
