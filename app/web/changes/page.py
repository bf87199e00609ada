"""What the page of one change shows."""

from dataclasses import dataclass

from app.domain.changes.change import ChangeState, SettledBy
from app.domain.changes.effect import Effect
from app.services.pages.changes import ChangeDetails
from app.web.changes.steps import Step, steps_of
from app.web.changes.wording import Headline, headline_of, how_determined

RETRY_LABELS = {
    ChangeState.REJECTED: "Correct it",
    ChangeState.FAILED: "Try again with these values",
}
MOVING = {Effect.ON_ITS_WAY, Effect.NOT_KNOWN}


@dataclass(frozen=True)
class ChangePage(ChangeDetails):
    """One change as it stands now, in the words and figures of its page."""

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
    def retry_label(self) -> str:
        """What filling the form with its values again is called; empty where there is no reason to,
        or the person did not ask for it or may no longer."""
        change = self.change
        if not self.is_own or change.target is None or not self.group.may(change.permission):
            return ""
        return RETRY_LABELS.get(change.state, "")

    @property
    def is_scaling_open(self) -> bool:
        """Whether another size can be asked for now."""
        return self.scaling is None or self.scaling.is_enabled

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


def build_page(details: ChangeDetails) -> ChangePage:
    """The page for what was found out about a change."""
    return ChangePage(**vars(details))
