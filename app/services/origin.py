"""Where the act under way comes from: set at the door, read where events are written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.domain.events import Door, Origin

BY_ITSELF = Origin(Door.PORTAL)

_current: ContextVar[Origin] = ContextVar("origin", default=BY_ITSELF)


def current_origin() -> Origin:
    """The origin of what this thread does; BY_ITSELF where nobody asked for it."""
    return _current.get()


def set_origin(origin: Origin) -> None:
    """Everything that this thread does from now on comes from there."""
    _current.set(origin)


@contextmanager
def acting_from(origin: Origin) -> Iterator[None]:
    """What is done inside comes from there."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)
