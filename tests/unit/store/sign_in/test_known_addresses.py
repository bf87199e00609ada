"""Where names have signed in: known for a while, few for each name, and told by hashes alone."""

from datetime import timedelta

from sqlalchemy import Engine, select

from app.store.schema import known_addresses
from app.store.sign_in.known_addresses import KEPT, MOST_OF_NAME, KnownAddressStore
from tests.unit.builders import NOW

ALICE, BOB = ("analytics", "alice"), ("analytics", "bob")
OFFICE = "198.51.100.7"


def test_an_address_is_known_for_the_name_that_signed_in_there(engine: Engine) -> None:
    store = KnownAddressStore(engine)
    store.remember(ALICE, OFFICE, NOW)
    store.remember(ALICE, OFFICE, NOW)
    assert store.is_known(ALICE, OFFICE, NOW)
    assert store.has_signed_in(ALICE, NOW)
    assert not store.is_known(ALICE, "203.0.113.9", NOW)
    assert not store.is_known(BOB, OFFICE, NOW)
    assert not store.has_signed_in(BOB, NOW)
    assert not store.has_signed_in(("marketing", "alice"), NOW)


def test_what_was_not_used_for_long_is_forgotten(engine: Engine) -> None:
    store = KnownAddressStore(engine)
    store.remember(ALICE, OFFICE, NOW)
    store.remember(BOB, OFFICE, NOW + timedelta(days=1))
    assert not store.is_known(ALICE, OFFICE, NOW + KEPT)
    assert store.prune(NOW + KEPT) == 1
    assert store.has_signed_in(BOB, NOW + KEPT)


def test_one_name_fills_no_table_and_pushes_nobody_else_out(engine: Engine) -> None:
    store = KnownAddressStore(engine)
    store.remember(BOB, OFFICE, NOW)
    for number in range(MOST_OF_NAME + 5):
        store.remember(ALICE, f"10.0.0.{number}", NOW + timedelta(seconds=number))
    with engine.connect() as connection:
        assert len(connection.execute(select(known_addresses)).all()) == MOST_OF_NAME + 1
    assert not store.is_known(ALICE, "10.0.0.4", NOW)
    assert store.is_known(ALICE, "10.0.0.5", NOW)
    assert store.is_known(BOB, OFFICE, NOW)


def test_the_records_hold_neither_names_nor_addresses(engine: Engine) -> None:
    KnownAddressStore(engine).remember(ALICE, OFFICE, NOW)
    with engine.connect() as connection:
        row = connection.execute(select(known_addresses)).one()
    assert "alice" not in str(row)
    assert OFFICE not in str(row)
