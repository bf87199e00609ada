"""Locks by key, for the threads of one process."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class KeyedLock:
    """One lock for each key. A key is forgotten as soon as nobody holds or waits for its lock."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[Hashable, _Entry] = {}

    @contextmanager
    def acquire(self, key: Hashable, *, wait_seconds: float) -> Iterator[bool]:
        """Hold the lock of this key; False if it could not be had within `wait_seconds`."""
        with self._guard:
            entry = self._locks.setdefault(key, _Entry())
            entry.users += 1
        is_held = entry.lock.acquire(timeout=wait_seconds)
        try:
            yield is_held
        finally:
            if is_held:
                entry.lock.release()
            with self._guard:
                entry.users -= 1
                if not entry.users:
                    del self._locks[key]
