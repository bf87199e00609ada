"""Keys that programs give: what they stand for, and for how long."""

from datetime import timedelta

from sqlalchemy import Engine

from app.store.idempotency import KEPT, BoundKey, IdempotencyStore, KeyUse
from tests.unit.builders import NOW

USE = KeyUse("analytics", "alice", "key-1", "hash")
LATER = KeyUse("analytics", "alice", "key-1", "another hash")


def test_a_key_stands_for_its_change_for_a_day(engine: Engine) -> None:
    keys = IdempotencyStore(engine)
    assert keys.bind(USE, "ABCD-2345", NOW)
    assert keys.find(USE, NOW + KEPT - timedelta(seconds=1)) == BoundKey("hash", "ABCD-2345")
    assert keys.find(USE, NOW + KEPT) is None


def test_an_old_key_is_replaced_and_a_living_one_is_not(engine: Engine) -> None:
    keys = IdempotencyStore(engine)
    assert keys.bind(USE, "ABCD-2345", NOW)
    assert not keys.bind(LATER, "EFGH-2345", NOW + KEPT - timedelta(seconds=1))
    assert keys.bind(LATER, "EFGH-2345", NOW + KEPT)
    assert keys.find(LATER, NOW + KEPT) == BoundKey("another hash", "EFGH-2345")
