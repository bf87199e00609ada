"""What is remembered of failed attempts, by name, and by name and address block.

The throttle needs no more than this, so that another place to keep it can stand in for memory.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Protocol

MOST_REMEMBERED = 10_000
"""How many keys are remembered; made-up names push out the oldest, not the memory's bounds."""


@dataclass(frozen=True)
class Failures:
    """`blocked_until` is when the next attempt is looked at; `blocked_before` what that was before
    the last attempt, which may turn out to be none."""

    count: int = 0
    blocked_until: float = 0.0
    blocked_before: float = 0.0

    def counted(self, blocked_until: float) -> "Failures":
        """One more attempt."""
        return Failures(self.count + 1, blocked_until, self.blocked_until)

    def taken_back(self) -> "Failures":
        """The last attempt was none."""
        return replace(self, count=self.count - 1, blocked_until=self.blocked_before)


NONE = Failures()


class FailureRecords(Protocol):
    """Where failures are kept. Callers hold the throttle's lock."""

    def find(self, key: Hashable) -> Failures:
        """What is remembered of a key."""
        ...

    def put(self, key: Hashable, failures: Failures) -> None:
        """Remember this instead; nothing at all where no attempt is left."""
        ...

    def drop(self, key: Hashable) -> None:
        """Forget it."""
        ...


class FailuresInMemory:
    """Exact within one process, which is why the portal runs as one."""

    def __init__(self) -> None:
        self._records: OrderedDict[Hashable, Failures] = OrderedDict()

    def __len__(self) -> int:
        return len(self._records)

    def find(self, key: Hashable) -> Failures:
        """What is remembered of a key."""
        return self._records.get(key, NONE)

    def put(self, key: Hashable, failures: Failures) -> None:
        """Remember this instead; the oldest beyond the bound are forgotten."""
        if failures.count <= 0:
            return self.drop(key)
        self._records[key] = failures
        self._records.move_to_end(key)
        while len(self._records) > MOST_REMEMBERED:
            self._records.popitem(last=False)
        return None

    def drop(self, key: Hashable) -> None:
        """Forget it."""
        self._records.pop(key, None)
