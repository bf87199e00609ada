"""What is remembered of attempts to sign in, for all processes.

Names that nobody has proven may be passwords typed in the wrong field, so what is kept is keyed
hashes, of names and of addresses alike.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, delete

from app.store.database.clock import StoreClock, database_now
from app.store.database.engine import reading, writing
from app.store.database.locks import lock
from app.store.schema import sign_in_attempts, sign_in_checks
from app.store.sign_in.records import Key, ThrottleRecords

KEPT_SECONDS = 30 * 86_400.0
"""How long what did not change is remembered."""


@dataclass(frozen=True)
class SignInThrottleStore:
    """The records of one throttle. `key` is the portal's secret key, the same in all processes.

    Every method raises StoreUnavailable.
    """

    engine: Engine
    key: SecretStr
    name: str
    clock: StoreClock = database_now

    @contextmanager
    def changing(self) -> Iterator[ThrottleRecords]:
        """The records for one short transaction, which no other of this throttle runs beside."""
        with writing(self.engine) as connection:
            lock(connection, "sign-in throttle", self.name)
            yield self._records(connection)

    @contextmanager
    def reading(self) -> Iterator[ThrottleRecords]:
        """The records to look at, while others may change them."""
        with reading(self.engine) as connection:
            yield self._records(connection)

    def mark(self, key: Key) -> str:
        """Under what a key is kept."""
        # JSON keeps the parts apart whatever marks they hold.
        text = json.dumps(["sign-in throttle", self.name, key.kind, *key.parts])
        secret = self.key.get_secret_value().encode()
        return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()

    def prune(self) -> int:
        """Forget what is too old to be remembered, in all throttles; how much there was."""
        with writing(self.engine) as connection:
            now = self.clock(connection).timestamp()
            connection.execute(delete(sign_in_checks).where(sign_in_checks.c.expires_at <= now))
            is_old = sign_in_attempts.c.changed_at <= now - KEPT_SECONDS
            return connection.execute(delete(sign_in_attempts).where(is_old)).rowcount

    def _records(self, connection: Connection) -> ThrottleRecords:
        now = self.clock(connection).timestamp()
        return ThrottleRecords(connection, now, self.name, self.mark)
