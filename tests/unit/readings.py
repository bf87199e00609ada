"""The shared readings of Cloud, by a clock that the tests move."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, update

from app.store.database.engine import writing
from app.store.readings import ReadingStore
from app.store.schema import readings
from app.store.state import StateStore

Now = Callable[[], datetime]


def clocked_state(engine: Engine, clock: Now) -> StateStore:
    """The state of the records."""
    return StateStore(engine, lambda _connection: clock())


def clocked_readings(engine: Engine, clock: Now) -> ReadingStore:
    """The shared readings."""
    return ReadingStore(clocked_state(engine, clock))


def make_due(engine: Engine) -> None:
    """Whoever looks next reads anew, whatever was read before."""
    with writing(engine) as connection:
        connection.execute(update(readings).values(tried_at=None, reserved_until=None))
