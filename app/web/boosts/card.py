"""What the page of a group shows of its boost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.access.permissions import Permission
from app.domain.boosts.boost import Boost
from app.domain.groups.cost import Price
from app.domain.groups.group import ComputeGroup
from app.web.formatting.sizes import NO_BREAK

EXTENSIONS = (("60", "1 hour"), ("240", "4 hours"))
"""Minutes from now, and what the buttons say."""

WARNED = (5, 15)
"""So many minutes before its end people are told."""


@dataclass(frozen=True)
class BoostCard:
    """A boost that has not ended, for one person at a moment."""

    boost: Boost
    group: ComputeGroup
    now: datetime
    own_references: frozenset[str] = frozenset()
    """Of the changes that the person may open."""

    @property
    def is_over(self) -> bool:
        """Whether its end has come, so that the group goes back."""
        return self.boost.is_due(self.now)

    @property
    def is_failing(self) -> bool:
        """Whether going back fails, or waits for so long, that people must know."""
        return self.is_over and self.boost.is_failing(self.now)

    @property
    def is_waiting(self) -> bool:
        """Whether nothing has failed, and something is in the way: the note says what."""
        return self.boost.is_waiting(self.now)

    @property
    def remaining_seconds(self) -> float:
        """How long it lasts yet."""
        return (self.boost.ends_at - self.now).total_seconds()

    @property
    def time_left(self) -> str:
        """The same in words, to the minute: “3 hours 59 minutes”."""
        minutes = max(1, round(self.remaining_seconds / 60))
        hours, minutes = divmod(minutes, 60)
        parts = [(hours, "hour"), (minutes, "minute")]
        return " ".join(f"{n}{NO_BREAK}{unit}{'' if n == 1 else 's'}" for n, unit in parts if n)

    @property
    def warning(self) -> str:
        """Told once it is about to end; empty before."""
        minutes = self.remaining_seconds / 60
        near = next((limit for limit in WARNED if minutes <= limit), None)
        return f"ends in less than {near} minutes" if near and not self.is_over else ""

    @property
    def may_open(self) -> bool:
        """Whether the person may open its change."""
        is_auditor = self.group.may(Permission.AUDIT)
        return is_auditor or self.boost.reference in self.own_references

    @property
    def may_boost(self) -> bool:
        """Whether the person may make it last longer."""
        return self.group.may(Permission.BOOST)

    @property
    def may_end(self) -> bool:
        """Whether the person may let it end now."""
        return self.group.may_resize

    @property
    def may_take_over(self) -> bool:
        """Whether the person may keep the size for good."""
        return self.group.may(Permission.SCALE)

    @property
    def extensions(self) -> tuple[tuple[str, str], ...]:
        """For how long from now it can be extended, where that is longer than it lasts anyway."""
        room = self.boost.latest_end - self.now
        return tuple(
            (minutes, words)
            for minutes, words in EXTENSIONS
            if self.remaining_seconds < int(minutes) * 60
            and timedelta(minutes=int(minutes)) <= room
        )

    @property
    def extra_per_hour(self) -> Decimal | None:
        """What it costs more for an hour at most; None where no price is set."""
        price = self.price
        if price is None:
            return None
        more_gb = self.boost.asked.max_total_gb - self.boost.before.max_total_gb
        return price.per_hour(max(0, more_gb))

    @property
    def price(self) -> Price | None:
        """What the owners say that compute costs."""
        return self.group.definition.limits.price
