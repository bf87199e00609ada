"""Records that move from SQLite to PostgreSQL arrive whole, with their chain, and go on there."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import JSON, Engine, func, select, text
from sqlalchemy.types import TypeEngine

from app.domain.access.freeze import Freeze
from app.domain.audit.chain import check_chain
from app.domain.boosts.boost import BoostTerms
from app.domain.schedules.exceptions import Skip
from app.domain.schedules.record import EdgeKey, ScheduleVersion
from app.domain.tokens.secret import write_secret
from app.errors import StoreUnavailable
from app.store.audit.log import EventStore
from app.store.changes import ChangeStore
from app.store.database.engine import open_engine, reading, writing
from app.store.database.transfer import transfer
from app.store.freezes import FreezeStore
from app.store.idempotency import IdempotencyStore, KeyUse
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.records import ScheduleStore
from app.store.schema import SHARED, UtcDateTime, metadata
from app.store.schema.types import StorableString
from app.store.sign_in.known_addresses import KnownAddressStore
from app.store.sign_in.sessions import SessionStore
from app.store.tokens import TokenStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, VERTICAL, a_token, make_change
from tests.unit.domain.schedules.builders import a_plan

KEY = KeyUse("analytics", "alice", "key", "hash")

RECORDS = [table for table in metadata.sorted_tables if table not in SHARED]


SAMPLES = {
    str: "x",
    int: 1,
    float: 1.5,
    bool: True,
    date: NOW.date(),
}
"""A value for a column of each plain type."""


def sessions_of(engine: Engine) -> SessionStore:
    """The sessions in this database."""
    return SessionStore(engine, timedelta(minutes=30), timedelta(hours=8), 5)


@pytest.fixture
def token(sqlite_engine: Engine) -> str:
    """Records of every kind in SQLite; the token of the session among them."""
    draft = make_change(reason="Käse \0", boost_until=NOW)
    terms = BoostTerms(VERTICAL, latest_end=NOW)
    change = ChangeStore(sqlite_engine).create_draft(draft, EVENT, terms)
    IdempotencyStore(sqlite_engine).bind(KEY, change.reference, NOW)
    FreezeStore(sqlite_engine).create_freeze(Freeze("why", "root", NOW), EVENT)
    KnownAddressStore(sqlite_engine).remember(("analytics", "alice"), "192.0.2.1", NOW)
    _create_schedule(sqlite_engine)
    TokenStore(sqlite_engine).create(write_secret("a" * 30), a_token(), EVENT)
    _fill_others(sqlite_engine)
    return sessions_of(sqlite_engine).create_session(ALICE, "192.0.2.1", NOW, EVENT)


def _fill_others(engine: Engine) -> None:
    """A row in every table that has none yet, of values that fit its columns."""
    with writing(engine) as connection:
        for table in RECORDS:
            if connection.execute(select(table)).first() is None:
                values = {column.name: _sample_for(column.type) for column in table.columns}
                connection.execute(table.insert().values(values))


def _sample_for(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, UtcDateTime):
        return NOW
    if isinstance(kind, JSON):
        return ["role"]
    return "x" if isinstance(kind, StorableString) else SAMPLES[kind.python_type]


def _create_schedule(engine: Engine) -> None:
    store = ScheduleStore(engine)
    store.save_version(
        PRIMARY_ID, ScheduleVersion(1, a_plan(), ALICE, "", NOW), EVENT, version=None
    )
    store.add_skip(PRIMARY_ID, Skip("Office hours", NOW.date()), EVENT, version=1)
    ScheduleEdgeStore(engine).claim(EdgeKey(PRIMARY_ID, 1, NOW), NOW, None)


def test_everything_arrives_and_goes_on(
    sqlite_engine: Engine, token: str, postgresql_url: str
) -> None:
    target = open_engine(SecretStr(postgresql_url))
    counts = transfer(sqlite_engine, target)
    assert set(counts) == set(metadata.tables) - {table.name for table in SHARED}
    assert all(counts.values())
    for table in RECORDS:
        with sqlite_engine.connect() as here, reading(target) as there:
            assert list(map(tuple, here.execute(select(table)))) == list(
                map(tuple, there.execute(select(table)))
            )
    assert sessions_of(target).find_session(token, NOW, is_activity=False)
    for _ in range(3):  # numbers go on after those that were copied
        sessions_of(target).create_session(ALICE, "192.0.2.1", NOW, EVENT)
        ChangeStore(target).create_draft(make_change(), EVENT)
    assert check_chain(EventStore(target).iterate()).count == counts["events"] + 6
    target.dispose()


@pytest.mark.usefixtures("token")
def test_nothing_is_written_over_and_nothing_half(
    sqlite_engine: Engine, filled_postgresql_url: str
) -> None:
    target = open_engine(SecretStr(filled_postgresql_url))
    KnownAddressStore(target).remember(("analytics", "bob"), "192.0.2.1", NOW)
    with pytest.raises(StoreUnavailable, match="has records already"):
        transfer(sqlite_engine, target)
    with reading(target) as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in RECORDS
        }
    assert {name for name, count in counts.items() if count} == {"known_addresses"}
    target.dispose()


def test_older_tables_are_brought_up_to_date_first(
    sqlite_engine: Engine, filled_postgresql_url: str
) -> None:
    with writing(sqlite_engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0006'"))
    target = open_engine(SecretStr(filled_postgresql_url))
    with pytest.raises(StoreUnavailable, match="tables of version 0006"):
        transfer(sqlite_engine, target)
    target.dispose()
