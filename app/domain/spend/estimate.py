"""The portal's own figure of a day: the memory that a group was seen to have, times the time.

It comes from the readings of its load. A reading holds until the next one, for HELD_SECONDS at
most: what nobody saw for longer counts as nothing. Cloud meters the memory that is there, replica
by replica, whether or not it is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.load.buckets import Bucket

HELD_SECONDS = 3600


@dataclass(frozen=True)
class Piece:
    """A stretch in which the group ran, in seconds since 1970. `gb` is its total memory."""

    begin: float
    end: float
    gb: float

    def overlap(self, begin: float, end: float) -> float:
        """How many seconds of it lie between two moments."""
        return max(0.0, min(self.end, end) - max(self.begin, begin))


def list_pieces(buckets: Sequence[Bucket], now: float) -> list[Piece]:
    """The stretches in which a group ran until now. The buckets are in order."""
    ends = [*(it.starts_at for it in buckets[1:]), now]
    pairs = zip(buckets, ends, strict=True) if buckets else ()
    pieces = (_piece(bucket, min(end, now)) for bucket, end in pairs)
    return [piece for piece in pieces if piece]


def gb_seconds(pieces: Sequence[Piece], begin: float, end: float) -> int:
    """Memory times time between two moments."""
    return round(sum(piece.gb * piece.overlap(begin, end) for piece in pieces))


def bounds_of(day: date) -> tuple[float, float]:
    """When a UTC day begins and ends, in seconds since 1970."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return begin.timestamp(), (begin + timedelta(days=1)).timestamp()


def _piece(bucket: Bucket, end: float) -> Piece | None:
    each_gb = bucket.memory_total_gb or bucket.min_gb
    if not bucket.is_awake or not each_gb or not bucket.replicas:
        return None
    until = min(end, bucket.starts_at + HELD_SECONDS)
    return (
        Piece(bucket.starts_at, until, each_gb * bucket.replicas)
        if until > bucket.starts_at
        else None
    )
