"""How many passwords are checked at once, and who waits for a place among them.

Ten checks run at once at most, whatever processes make them, three of them for one name and seven
for one address block, so that checks that hang cannot keep everybody else waiting. A place is a
lease in the store: that of a process that died becomes free by itself. Whoever finds no place waits
a moment for one; only a few of each process wait at a time, since each holds one of its threads.
The others are told so.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.deadlines import beside_the_deadline
from app.errors import PortalBusy
from app.store.sign_in.known_addresses import Account
from app.store.sign_in.records import Key, Kind, ThrottleRecords
from app.store.sign_in.throttle import SignInThrottleStore

T = TypeVar("T")

PARALLEL_CHECKS = 10
PARALLEL_CHECKS_OF_ACCOUNT = 3
PARALLEL_CHECKS_OF_ADDRESS = 7
WAIT_FOR_A_PLACE_SECONDS = 5.0
MOST_WAITING = 4
"""In one process."""

LOOK_AGAIN_SECONDS = 0.1
"""A place that another process gives back is found within this."""


@dataclass(frozen=True)
class Place(Generic[T]):
    """A place that is held: the number of its lease, and what was decided when it was given."""

    number: int
    decided: T


class ConcurrencyLimit:
    """The checks that run now, counted in the store; who waits is counted here. Thread-safe."""

    def __init__(self, store: SignInThrottleStore) -> None:
        self._store = store
        self._changed = threading.Condition()
        self._waiting = 0

    @contextmanager
    def take(
        self,
        account: Account,
        block: str,
        begin: Callable[[ThrottleRecords], T],
        end: Callable[[ThrottleRecords, T], None],
    ) -> Iterator[T]:
        """Hold a place for one check. Raises PortalBusy if none becomes free in time.

        `begin` is called in the transaction that gives the place, and what it raises gives none;
        `end`, with what it returned, in the one that takes the place back. What the wait takes is
        not taken from the request's own time. Raises StoreUnavailable.
        """

        def ask() -> Place[T] | None:
            return self._ask(account, block, begin)

        with beside_the_deadline(WAIT_FOR_A_PLACE_SECONDS):
            place = ask() or self._wait_for(ask)
        try:
            yield place.decided
        finally:
            with self._store.changing() as records:
                records.end_check(place.number)
                end(records, place.decided)
            with self._changed:
                self._changed.notify_all()

    def _ask(
        self, account: Account, block: str, begin: Callable[[ThrottleRecords], T]
    ) -> Place[T] | None:
        name, address = Key(Kind.NAME, account), Key(Kind.BLOCK, (block,))
        with self._store.changing() as records:
            if not _is_free(*records.count_checks(name, address)):
                return None
            decided = begin(records)
            return Place(records.begin_check(name, address), decided)

    def _wait_for(self, ask: Callable[[], Place[T] | None]) -> Place[T]:
        give_up_at = time.monotonic() + WAIT_FOR_A_PLACE_SECONDS
        with self._one_waiting_more():
            while (left_seconds := give_up_at - time.monotonic()) > 0:
                with self._changed:
                    self._changed.wait(min(left_seconds, LOOK_AGAIN_SECONDS))
                if place := ask():
                    return place
        raise PortalBusy

    @contextmanager
    def _one_waiting_more(self) -> Iterator[None]:
        with self._changed:
            if self._waiting >= MOST_WAITING:
                raise PortalBusy
            self._waiting += 1
        try:
            yield
        finally:
            with self._changed:
                self._waiting -= 1


def _is_free(in_all: int, of_account: int, of_address: int) -> bool:
    return (
        in_all < PARALLEL_CHECKS
        and of_account < PARALLEL_CHECKS_OF_ACCOUNT
        and of_address < PARALLEL_CHECKS_OF_ADDRESS
    )
