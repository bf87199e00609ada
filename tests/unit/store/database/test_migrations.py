"""Bringing tables up to date: by one process at a time, and without breaking an older one."""

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import Engine, inspect, text

from app.errors import StoreUnavailable
from app.store.audit.log import EventStore
from app.store.database.engine import open_engine, upgrade, writing
from app.store.database.tables_version import MIGRATIONS, NEWEST
from tests.support.events import EVENT

STARTS = 4

WITHOUT_THE_LIBRARY = """
import sys
from pydantic import SecretStr
from app.store.database.engine import open_engine, upgrade
upgrade(open_engine(SecretStr(sys.argv[1])))
print("alembic" in sys.modules)
"""

Columns = Mapping[tuple[str, str], Any]


def test_processes_that_start_at_once_over_an_empty_database_all_come_up(
    empty_url: SecretStr,
) -> None:
    barrier = Barrier(STARTS)

    def start(_number: int) -> None:
        engine = open_engine(empty_url)
        barrier.wait()
        upgrade(engine)
        EventStore(engine).record(EVENT)
        engine.dispose()

    with ThreadPoolExecutor(STARTS) as pool:
        list(pool.map(start, range(STARTS)))
    engine = open_engine(empty_url)
    assert len(list(EventStore(engine).iterate())) == STARTS
    engine.dispose()


def test_where_nothing_is_left_to_do_the_library_that_migrates_is_not_loaded(
    empty_url: SecretStr,
) -> None:
    def start() -> str:
        command = [sys.executable, "-c", WITHOUT_THE_LIBRARY, empty_url.get_secret_value()]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    assert [start(), start()] == ["True", "False"]


def test_the_newest_version_is_that_of_the_last_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST


def columns_in(engine: Engine) -> Columns:
    """Every column of the portal's tables, by table and name."""
    found = inspect(engine)
    tables = [name for name in found.get_table_names() if name != "alembic_version"]
    return {(table, item["name"]): item for table in tables for item in found.get_columns(table)}


def check_nothing_breaks(before: Columns, after: Columns) -> None:
    """What an older version reads is still there, and what it writes is still enough."""
    for place, was in before.items():
        assert place in after, f"{place} is gone"
        assert str(after[place]["type"]) == str(was["type"]), f"{place} has another type"
    old_tables = {table for table, _ in before}
    for place in set(after) - set(before):
        column = after[place]
        if place[0] in old_tables:
            can_be_left_out = column["nullable"] or column["default"] is not None
            assert can_be_left_out, f"an older version does not know {place}"


def test_each_migration_only_adds_what_an_older_version_may_leave_out(
    empty_url: SecretStr,
) -> None:
    engine, config = open_engine(empty_url), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    versions = [it.revision for it in ScriptDirectory.from_config(config).walk_revisions()]
    before: Columns = {}
    for version in reversed(versions):
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, version)
        after = columns_in(engine)
        check_nothing_breaks(before, after)
        before = after
    assert before
    engine.dispose()


def test_an_older_version_does_not_start_on_tables_that_it_does_not_know(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="made by a newer version"):
        upgrade(engine)
    EventStore(engine).record(EVENT)  # one that serves already goes on
