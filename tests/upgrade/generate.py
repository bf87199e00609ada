"""A database as an earlier version has left it, made by that version's migrations: a small program
instead of a large file."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from pydantic import SecretStr

from app.domain.audit.events import (
    GENESIS_HASH,
    Actor,
    Channel,
    Event,
    EventKind,
    Origin,
    Result,
    columns_of,
    entry_hash,
)
from app.store.database.engine import open_engine, writing
from app.store.database.tables_version import MIGRATIONS

BEGAN_AT = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 5_000
PEOPLE = 300


def make_database(url: SecretStr, revision: str, events: int) -> None:
    """Tables of that revision (0003 or later), with so many events of people who sign in."""
    engine, config = open_engine(url), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    # The table as it is in that database, whatever the code says of it today.
    table = sa.Table("events", sa.MetaData(), autoload_with=engine)
    rows = _rows(events)
    while batch := list(islice(rows, BATCH)):
        with writing(engine) as connection:
            connection.execute(table.insert(), batch)
    engine.dispose()


def _rows(count: int) -> Iterator[dict[str, Any]]:
    previous = GENESIS_HASH
    for seq in range(1, count + 1):
        text = _event(seq).text()
        hash_ = entry_hash(seq, previous, text)
        columns = columns_of(json.loads(text))
        yield {"seq": seq, "prev_hash": previous, "hash": hash_, "text": text, **columns}
        previous = hash_


def _event(seq: int) -> Event:
    who = Actor("analytics", f"person{seq % PEOPLE}", "password", ("analytics_operator",))
    return Event(
        EventKind.LOGIN_SUCCESS,
        BEGAN_AT + timedelta(minutes=seq),
        "sign_in",
        Result.SUCCESS,
        Origin(Channel.PAGE, f"198.51.100.{seq % 250}", user_agent="Mozilla/5.0 (X11; Linux)"),
        who,
        details={"earlier_failures": 0},
    )
