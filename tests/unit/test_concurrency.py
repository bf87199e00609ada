"""KeyedLock: one at a time for each key."""

import threading

import pytest

from app.concurrency import KeyedLock


def test_a_second_one_with_the_same_key_has_no_turn_meanwhile() -> None:
    locks, seen = KeyedLock(), []

    def other(key: str) -> None:
        with locks.acquire(key, wait_seconds=0) as has_turn:
            seen.append((key, has_turn))

    with locks.acquire("a", wait_seconds=0) as has_turn:
        assert has_turn
        for key in ("a", "b"):
            thread = threading.Thread(target=other, args=(key,))
            thread.start()
            thread.join(10)
    assert seen == [("a", False), ("b", True)]


# ASVS 15.4.3
def test_the_turn_comes_back_whatever_happens_and_nothing_is_kept() -> None:
    locks = KeyedLock()
    with pytest.raises(ValueError, match="broken"), locks.acquire("a", wait_seconds=0):
        raise ValueError("broken")
    with locks.acquire("a", wait_seconds=0) as has_turn:
        assert has_turn
    assert locks._locks == {}
