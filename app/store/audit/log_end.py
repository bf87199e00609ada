"""Where the audit log ends, and whether it still has what this process has met of it."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from app.store.database.health import get_log_end
from app.store.schema import events


@dataclass(frozen=True)
class Place:
    """An event by its number and hash."""

    seq: int
    hash: str


@dataclass(frozen=True)
class LogEnd:
    """The last event, if there is one. `is_lost`: the latest one that this process has met is
    missing, or another stands in its place; what others have added since changes nothing in that.
    """

    last: Place | None
    is_lost: bool


def read_log_end(connection: Connection) -> LogEnd:
    """Look at both events in one statement."""
    expected_seq, expected_hash = get_log_end(connection.engine)
    newest = select(func.max(events.c.seq)).scalar_subquery()
    is_asked = or_(events.c.seq == newest, events.c.seq == expected_seq)
    query = select(events.c.seq, events.c.hash).where(is_asked).order_by(events.c.seq.desc())
    found = [Place(row.seq, str(row.hash)) for row in connection.execute(query)]
    met = next((place.hash for place in found if place.seq == expected_seq), None)
    is_lost = expected_seq > 0 and met != expected_hash
    if is_lost and met is None:
        is_lost = not _is_pruned(connection, expected_seq)
    return LogEnd(found[0] if found else None, is_lost)


def _is_pruned(connection: Connection, seq: int) -> bool:
    """Whether the log begins after it: whether that was a prune of ours is for `verify` to say."""
    first: int | None = connection.scalar(select(func.min(events.c.seq)))
    return first is not None and first > seq
