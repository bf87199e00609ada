"""What the page shows on which a draft is confirmed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.changes.actions import Action
from app.domain.changes.consequences import consequences_of
from app.domain.changes.reauthentication import confirmable_until, is_big_step
from app.domain.changes.rules import asks_for_reason
from app.domain.groups.cost import extra_cost
from app.domain.groups.scaling import ScalingConfig
from app.services.pages.changes import DraftDetails
from app.web.groups.ordering import size_of


@dataclass(frozen=True)
class ReviewPage(DraftDetails):
    """A draft beside its group, in the words of its page."""

    @property
    def heading(self) -> str:
        """What there is to decide."""
        if self.boost:
            return f"Review the boost of {self.group.name}"
        if self.change.action is Action.SCALE:
            return f"Review changes to {self.group.name}"
        return f"{self.change.action.spec.label} {self.group.name}?"

    @property
    def button(self) -> str:
        """What confirming it does."""
        verb = "Boost" if self.boost else self.change.action.spec.label
        return f"{verb} {self.group.name}"

    @property
    def extra_cost(self) -> Decimal | None:
        """What a boost costs more until its end, at most; None where no price is set."""
        price = self.group.definition.limits.price
        if self.boost is None or price is None:
            return None
        begins_at, boost = self.change.created_at, self.boost
        return extra_cost(price, boost.before, boost.asked, begins_at, boost.ends_at)

    @property
    def is_superseding(self) -> bool:
        """Whether it takes the place of a boost that is running."""
        return self.boost is not None and self.boost.before != self.change.before

    @property
    def is_stop(self) -> bool:
        """Whether the group is to be stopped."""
        return self.change.action is Action.STOP

    @property
    def is_idle(self) -> bool:
        """Whether the group costs no compute now."""
        return not self.group.state.spec.is_reachable

    @property
    def ends_sign_in(self) -> bool:
        """Whether nobody could sign in after this."""
        return self.is_stop and self.is_last_running

    @property
    def size(self) -> ScalingConfig | None:
        """The size in effect, or what is configured."""
        return size_of(self.group)

    @property
    def consequences(self) -> list[str]:
        """What will happen, a sentence each."""
        return consequences_of(self.change, self.group)

    @property
    def is_big_step(self) -> bool:
        """Whether the password is asked for however lately it was given."""
        return is_big_step(self.change, self.group.definition.limits, self._configured)

    @property
    def _configured(self) -> ScalingConfig | None:
        return self.group.service.configured if self.group.service else None

    @property
    def asks_for_reason(self) -> bool:
        """Whether the owners want a reason, and there is none yet."""
        return asks_for_reason(self.change, self.group.definition.limits)

    @property
    def until(self) -> datetime:
        """When the draft can no longer be confirmed."""
        return confirmable_until(self.change, self.group.definition.limits, self._configured)


def build_review(details: DraftDetails) -> ReviewPage:
    """The page for a draft."""
    return ReviewPage(**vars(details))
