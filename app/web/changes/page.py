"""What the page of one change shows, gathered."""

from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Freshness
from app.domain.access.permissions import Identity, Permission
from app.domain.changes.change import Change, ChangeState, SettledBy
from app.domain.changes.effect import Effect
from app.domain.changes.undo import undone
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.services.portal import Portal
from app.web.changes.steps import Step, steps_of
from app.web.changes.wording import Headline, headline_of, how_determined

MOVING = {Effect.ON_ITS_WAY, Effect.NOT_KNOWN}


@dataclass(frozen=True)
class ChangePage:
    """One change as it stands now.

    `undo` is what undoing it leads to, where this person may ask for it; `undo_obstacle` is why
    that cannot be asked for now.
    """

    change: Change
    group: ComputeGroup
    freshness: Freshness
    effect: Effect
    may_close: bool
    now: datetime
    undo: ScalingConfig | None = None
    undo_obstacle: str | None = None

    @property
    def headline(self) -> Headline:
        """What happened, in words."""
        is_gone = self.group.service is None and self.freshness.taken_at is not None
        return headline_of(self.change, self.effect, self.group, is_gone=is_gone)

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
    def how_determined(self) -> str:
        """How the outcome was determined, where Cloud's answer did not tell; otherwise empty."""
        change = self.change
        if change.settled_by is SettledBy.READING:
            return how_determined(change)
        return change.settled_note if change.settled_by is SettledBy.PERSON else ""

    @property
    def may_correct(self) -> bool:
        """Whether its values can be corrected and sent again."""
        return self.change.state is ChangeState.REJECTED and self.change.target is not None

    @property
    def has_age(self) -> bool:
        """Whether it was requested long enough ago to say how long."""
        return self.elapsed_seconds is not None and self.elapsed_seconds >= 1

    @property
    def was_checked(self) -> bool:
        """Whether Cloud was read since the change was sent."""
        sent_at, taken_at = self.change.sent_at, self.freshness.taken_at
        return sent_at is not None and taken_at is not None and taken_at >= sent_at

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
    undo = _find_undo(details.change, group)
    scaling = portal.group_pages.find_scaling(identity, group.service_id) if undo else None
    return ChangePage(
        change=details.change,
        group=group,
        freshness=freshness,
        effect=details.effect,
        may_close=details.may_close,
        now=details.now,
        undo=undo,
        undo_obstacle=scaling.disabled_reason if scaling else None,
    )


def _find_undo(change: Change, group: ComputeGroup) -> ScalingConfig | None:
    service = group.service
    if service is None or service.configured is None or not group.may(Permission.SCALE):
        return None
    return undone(change, service.configured)
