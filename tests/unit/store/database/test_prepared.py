"""What the driver is asked for directly is what SQLAlchemy would have given."""

import pytest
from sqlalchemy import Engine, bindparam, select

from app.errors import StoreUnavailable
from app.store.database.engine import reading, writing
from app.store.database.prepared import PreparedQuery
from app.store.schema import sessions
from tests.unit.builders import NOW

HASH = "\N{CYRILLIC SMALL LETTER A}'%s"
QUERY = select(sessions).where(
    sessions.c.token_hash == bindparam("token_hash"),
    sessions.c.created_at <= bindparam("latest"),
    sessions.c.address == "192.0.2.1",
)
VALUES = {"token_hash": HASH, "latest": NOW}


@pytest.fixture
def session_row(engine: Engine) -> None:
    """A row with every type of column, one of them empty."""
    row = {
        "token_hash": HASH,
        "is_admin": False,
        "warehouse": "sales",
        "user": "o'hara",
        "roles": ["a", "b"],
        "address": "192.0.2.1",
        "created_at": NOW,
        "seen_at": NOW,
    }
    with writing(engine) as connection:
        connection.execute(sessions.insert().values(row))


@pytest.mark.usefixtures("session_row")
def test_a_row_has_the_values_and_types_that_sqlalchemy_gives(engine: Engine) -> None:
    with reading(engine) as connection:
        expected = connection.execute(QUERY, VALUES).one()
        assert PreparedQuery(QUERY).find_row(connection, VALUES) == tuple(expected)


@pytest.mark.usefixtures("session_row")
def test_one_query_serves_several_databases_and_values(
    engine: Engine, sqlite_engine: Engine
) -> None:
    query = PreparedQuery(QUERY)
    for opened in (sqlite_engine, engine):
        with reading(opened) as connection:
            assert query.find_row(connection, {**VALUES, "token_hash": "other"}) is None
    with reading(engine) as connection:
        assert query.find_row(connection, VALUES) is not None


def test_a_value_that_is_missing_is_an_error_of_the_program(engine: Engine) -> None:
    with pytest.raises(KeyError, match="latest"), reading(engine) as connection:
        PreparedQuery(QUERY).find_row(connection, {"token_hash": HASH})


def test_what_the_driver_refuses_is_told_as_any_fault_of_the_store(engine: Engine) -> None:
    with writing(engine) as connection:
        sessions.drop(connection)
    with pytest.raises(StoreUnavailable), reading(engine) as connection:
        PreparedQuery(QUERY).find_row(connection, VALUES)


def test_it_is_asked_within_the_bounds_of_a_transaction(engine: Engine) -> None:
    with reading(engine) as connection:
        PreparedQuery(QUERY).find_row(connection, VALUES)
        assert connection.in_transaction()
    assert not connection.in_transaction()
