"""Who calls the API: a name and password with each request, checked now or a moment ago.

A successful check is remembered for a short time, so that a program which makes many calls does
not sign in at ClickHouse for each. That serves reading only: who changes something is checked now.
What is kept is a keyed hash, never the password; a failed check is never kept. Each process
remembers by itself, in memory: a secret, even as a hash, does not go into the store.
"""

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.concurrency import KeyedLock
from app.domain.access.permissions import Identity
from app.domain.groups.catalog import LocalUser
from app.errors import SignInRefused
from app.services.sign_in.verifiers.verification import Credentials

MOST_REMEMBERED = 10_000
WAIT_SECONDS = 2.0
"""How long a request waits for the check that another one with the same credentials makes."""


@dataclass(frozen=True)
class _Entry:
    identity: Identity
    began_at: float
    ends_at: float


class CredentialCache:
    """Verifications of the last `seconds`; with 0 nothing is remembered. Thread-safe."""

    def __init__(self, seconds: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._key = secrets.token_bytes(32)
        self._guard = threading.Lock()
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._locks = KeyedLock()

    def find_or_prove(
        self,
        given: Credentials,
        prove: Callable[[Credentials], Identity],
        by: LocalUser | None = None,
    ) -> Identity:
        """The identity proven a moment ago, or by `prove` now. Raises what `prove` raises.

        `by` is what proves it if not ClickHouse: what another one has proven does not count.
        Requests with the same credentials wait for one check instead of each making their own.
        """
        if not self._seconds:
            return prove(given)
        mark = self._mark(given, by)
        with self._locks.acquire(mark, wait_seconds=WAIT_SECONDS):
            found = self._find(mark)
            return found.identity if found else self._prove(mark, given, prove)

    def prove_afresh(
        self,
        given: Credentials,
        prove: Callable[[Credentials], Identity],
        by: LocalUser | None = None,
    ) -> Identity:
        """The identity by a check that begins now. Raises what `prove` raises, and then keeps
        nothing, unless no group could check it.

        Requests with the same credentials share the check that begins after they have come.
        """
        if not self._seconds:
            return prove(given)
        mark, came_at = self._mark(given, by), self._monotonic()
        with self._locks.acquire(mark, wait_seconds=WAIT_SECONDS):
            found = self._find(mark)
            if found and found.began_at > came_at:
                return found.identity
            try:
                return self._prove(mark, given, prove)
            except Exception as error:
                if not (isinstance(error, SignInRefused) and error.is_unchecked):
                    self._drop(mark)
                raise

    def forget(self, identity: Identity) -> None:
        """The next call of this user is checked at ClickHouse again."""
        who = (identity.warehouse, identity.user)
        with self._guard:
            for mark, entry in list(self._entries.items()):
                if (entry.identity.warehouse, entry.identity.user) == who:
                    del self._entries[mark]

    def _mark(self, given: Credentials, by: LocalUser | None) -> bytes:
        # JSON keeps them apart whatever marks they hold.
        parts = [given.warehouse, given.user, given.password.get_secret_value()]
        parts += [by.name, by.secret.get_secret_value()] if by else []
        return hmac.new(self._key, json.dumps(parts).encode(), hashlib.sha256).digest()

    def _find(self, mark: bytes) -> _Entry | None:
        with self._guard:
            entry = self._entries.get(mark)
            if entry is None or self._monotonic() >= entry.ends_at:
                self._entries.pop(mark, None)
                return None
            return entry

    def _drop(self, mark: bytes) -> None:
        with self._guard:
            self._entries.pop(mark, None)

    def _prove(
        self, mark: bytes, given: Credentials, prove: Callable[[Credentials], Identity]
    ) -> Identity:
        began_at = self._monotonic()
        identity = prove(given)
        self._remember(mark, _Entry(identity, began_at, self._monotonic() + self._seconds))
        return identity

    def _remember(self, mark: bytes, entry: _Entry) -> None:
        with self._guard:
            self._entries[mark] = entry
            self._entries.move_to_end(mark)
            while len(self._entries) > MOST_REMEMBERED:
                self._entries.popitem(last=False)
