"""One at a time for each key, among the threads of the one process that the portal is."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class _Turn:
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Turns:
    """Keys are forgotten as soon as nobody holds or waits for them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._turns: dict[Hashable, _Turn] = {}

    @contextmanager
    def take(self, key: Hashable, *, wait_seconds: float) -> Iterator[bool]:
        """Wait for the turn of this key; False if it did not come in time."""
        with self._guard:
            turn = self._turns.setdefault(key, _Turn())
            turn.users += 1
        has_turn = turn.lock.acquire(timeout=wait_seconds)
        try:
            yield has_turn
        finally:
            if has_turn:
                turn.lock.release()
            with self._guard:
                turn.users -= 1
                if not turn.users:
                    del self._turns[key]
