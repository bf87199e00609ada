"""Throttles over a store, with the clock that a test moves."""

from collections.abc import Callable
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import Engine

from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.store.database.clock import database_now
from app.store.sign_in.throttle import SignInThrottleStore

KEY = SecretStr("a secret key")


def attempts_in(
    engine: Engine, now: Callable[[], datetime] | None = None, name: str = "people"
) -> SignInThrottleStore:
    """The records of a throttle; by the database's own clock where none is given."""
    clock = (lambda _: now()) if now else database_now
    return SignInThrottleStore(engine, KEY, name, clock)


def throttle_over(
    engine: Engine, now: Callable[[], datetime] | None = None, trust: KnownAddresses | None = None
) -> SignInThrottle:
    """A throttle as one process has it."""
    return SignInThrottle(attempts_in(engine, now), trust)
