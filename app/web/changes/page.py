"""What the page of one change shows, gathered."""

from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Freshness
from app.domain.access.permissions import Identity, Permission
from app.domain.changes.change import Change, ChangeState, Effect
from app.domain.changes.undo import undone
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.services.portal import Portal
from app.web.changes.steps import Step, steps_of
from app.web.changes.wording import Headline, headline_of, how_known

MOVING = {Effect.ON_ITS_WAY, Effect.NOT_KNOWN}


@dataclass(frozen=True)
class ChangePage:
    """One change as it stands now."""

    change: Change
    group: ComputeGroup
    freshness: Freshness
    effect: Effect
    may_close: bool
    now: datetime

    @property
    def headline(self) -> Headline:
        """What happened, in words."""
        return headline_of(self.change, self.effect, self.group)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way from asking to running."""
        return steps_of(self.change, self.effect, self.now)

    @property
    def elapsed_seconds(self) -> float | None:
        """How long ago it was confirmed, or how long it took at most until it was in effect."""
        if self.change.sent_at is None:
            return None
        return ((self.change.effective_at or self.now) - self.change.sent_at).total_seconds()

    @property
    def undo(self) -> ScalingConfig | None:
        """What undoing it leads to, where this person can ask for it."""
        service = self.group.service
        if service is None or service.configured is None or not self.group.may(Permission.SCALE):
            return None
        return undone(self.change, service.configured)

    @property
    def how_known(self) -> str:
        """How the outcome became known without Cloud's answer."""
        return how_known(self.change)

    @property
    def is_moving(self) -> bool:
        """Whether looking again soon can show something new."""
        if self.change.is_in_flight:
            return True
        return self.change.state is ChangeState.APPLIED and self.effect in MOVING


def build_page(portal: Portal, identity: Identity, reference: str) -> ChangePage:
    """Gather the page. Raises NotFound."""
    details = portal.ledger.show_change(identity, reference)
    group, freshness = portal.groups.get_group(identity, details.change.service_id)
    return ChangePage(
        change=details.change,
        group=group,
        freshness=freshness,
        effect=details.effect,
        may_close=details.may_close,
        now=details.now,
    )
