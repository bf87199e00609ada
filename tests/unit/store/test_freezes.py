"""Freezes: at most one in force, however many ask for one at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app.domain.access.freeze import Freeze, FreezeScope
from app.store.audit.log import EventStore
from app.store.database.engine import open_engine, upgrade, writing
from app.store.database.tables_version import MIGRATIONS
from app.store.freezes import FreezeStore
from tests.support.events import EVENT
from tests.unit.builders import NOW

ROW = "INSERT INTO freezes (reason, frozen_by, frozen_at) VALUES (:reason, 'root', :now)"
PARALLEL = 10


def test_ten_parallel_freezes_make_one(engine: Engine, other_engine: Engine) -> None:
    barrier = Barrier(PARALLEL)

    def freeze(number: int) -> Freeze:
        store = FreezeStore(other_engine if number % 2 else engine)
        barrier.wait()
        return store.create_freeze(Freeze(f"reason {number}", f"root {number}", NOW), EVENT)

    with ThreadPoolExecutor(PARALLEL) as pool:
        told = set(pool.map(freeze, range(PARALLEL)))
    assert told == {FreezeStore(engine).find_freeze()}
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM freezes")) == 1
    assert len(list(EventStore(engine).iterate())) == 1


def test_the_next_freeze_comes_after_the_end_of_the_last(engine: Engine) -> None:
    store = FreezeStore(engine)
    first, second = Freeze("first", "root", NOW), Freeze("second", "root", NOW)
    assert store.create_freeze(first, EVENT) is first
    assert store.create_freeze(second, EVENT) == first
    store.lift("root", NOW, EVENT)
    assert store.create_freeze(second, EVENT) is second
    assert store.find_freeze() == second


def test_the_database_itself_refuses_a_second_one(engine: Engine) -> None:
    FreezeStore(engine).create_freeze(Freeze("first", "root", NOW), EVENT)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(text(ROW), {"reason": "second", "now": NOW.isoformat(" ")})


def test_of_several_that_are_in_force_already_the_first_is_kept(empty_url: SecretStr) -> None:
    engine = open_engine(empty_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for reason in ("first", "second", "third"):
            connection.execute(text(ROW), {"reason": reason, "now": "2026-03-04 12:00:00+00:00"})
    upgrade(engine)
    assert FreezeStore(engine).find_freeze() == Freeze("first", "root", NOW)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM freezes")) == 3
    engine.dispose()


def test_parts_are_frozen_each_by_itself_and_at_most_once(engine: Engine) -> None:
    store = FreezeStore(engine)
    warehouse = Freeze("moving", "root", NOW, FreezeScope.WAREHOUSE, "analytics")
    group = Freeze("tests", "root", NOW, FreezeScope.GROUP, "an-id")
    assert store.create_freeze(warehouse, EVENT) is warehouse
    assert store.create_freeze(group, EVENT) is group
    again = Freeze("again", "other", NOW, FreezeScope.GROUP, "an-id")
    assert store.create_freeze(again, EVENT) == group
    assert store.list_partial() == (warehouse, group)
    assert store.find_freeze() is None
    store.lift("root", NOW, EVENT, FreezeScope.GROUP, "an-id")
    assert store.list_partial() == (warehouse,)
    assert store.create_freeze(again, EVENT) is again


def test_parts_are_read_once_for_each_revision(engine: Engine) -> None:
    store = FreezeStore(engine)
    assert store.list_partial_at(1) == ()
    store.create_freeze(Freeze("x", "root", NOW, FreezeScope.GROUP, "an-id"), EVENT)
    assert store.list_partial_at(1) == ()
    assert len(store.list_partial_at(2)) == 1
