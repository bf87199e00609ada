"""What the portal saved by making a group smaller by itself: when a boost ended, or by a schedule.

For each such change: (total memory before - total memory after, both at their minimum) x the time
for which the group was seen to run after it, less what it then had beyond its new minimum, until
the next change of its size, or until a boost's end is A_DAY old, a schedule's change A_WEEK: by
then somebody would have done it by hand, or the plan comes round again. It is low on purpose: what
autoscaling had above the minimum before, hours in which nobody saw the group run, and idle hours
count as nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.changes.change import Change, ChangeOrigin, ChangeState
from app.domain.spend.estimate import Piece

A_DAY, A_WEEK = 24 * 3600.0, 7 * 24 * 3600.0
LONGEST = {ChangeOrigin.BOOST: A_DAY, ChangeOrigin.SCHEDULE: A_WEEK}
"""How long one change counts, by who made it. What people do by hand is theirs."""


@dataclass(frozen=True)
class Relief:
    """A stretch in which a group was made smaller by the portal, in seconds since 1970, with its
    total memory at its minimum, before and after."""

    origin: ChangeOrigin
    begin: float
    end: float
    before_gb: int
    after_gb: int

    def saved(self, pieces: Sequence[Piece], begin: float, end: float) -> float:
        """GB x seconds between two moments, while the group ran smaller than before."""
        first, last = max(self.begin, begin), min(self.end, end)
        return sum(self._saved_gb(piece.gb) * piece.overlap(first, last) for piece in pieces)

    def _saved_gb(self, ran_gb: float) -> float:
        return max(0.0, self.before_gb - max(self.after_gb, ran_gb))


def list_reliefs(changes: Sequence[Change], now: float) -> list[Relief]:
    """The stretches that follow from the changes of one group, in any order."""
    sizes = sorted(
        (it.settled_at.timestamp(), it.reference, it)
        for it in changes
        if it.state is ChangeState.APPLIED and it.settled_at and it.before and it.target
    )
    ends = [moment for moment, _, _ in sizes[1:]] + [now] * bool(sizes)
    found = (
        _relief(change, moment, end) for (moment, _, change), end in zip(sizes, ends, strict=True)
    )
    return [relief for relief in found if relief]


def saved_gb_seconds(
    reliefs: Sequence[Relief],
    pieces: Sequence[Piece],
    origin: ChangeOrigin,
    begin: float,
    end: float,
) -> int:
    """What changes of one origin saved between two moments."""
    own = (it for it in reliefs if it.origin is origin)
    return round(sum(it.saved(pieces, begin, end) for it in own))


def _relief(change: Change, begin: float, end: float) -> Relief | None:
    longest = LONGEST.get(change.origin)
    if longest is None or change.before is None or change.target is None:
        return None
    before_gb, after_gb = change.before.min_total_gb, change.target.min_total_gb
    until = min(end, begin + longest)
    if before_gb <= after_gb or until <= begin:
        return None
    return Relief(change.origin, begin, until, before_gb, after_gb)
