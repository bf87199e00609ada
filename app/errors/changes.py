"""Why a change cannot go ahead, or cannot be followed."""

from app.errors.base import PortalError


class ChangeConflict(PortalError):
    """The change cannot go ahead because of something that happened meanwhile."""

    code = "conflict"
    status = 409


class ChangeInFlight(ChangeConflict):
    """Another change of this group has no known outcome yet."""

    code = "change_in_flight"

    def __init__(self, *, message: str, remedy: str, reference: str) -> None:
        super().__init__(message=message, remedy=remedy)
        self.reference = reference


class ConfigurationChanged(ChangeConflict):
    """The group's configuration is no longer the one the draft was drawn from."""

    code = "configuration_changed"


class DraftUnusable(ChangeConflict):
    """The draft was used already or is too old."""

    code = "draft_unusable"


class ScheduleNotPaused(PortalError):
    """A change was sent, and the pause of the schedule that goes with it was not set."""

    code = "schedule_not_paused"
    status = 409

    def __init__(self, *, reference: str, why: str) -> None:
        super().__init__(
            message=f"Change {reference} was sent, but the schedule was not paused. {why}",
            remedy="It holds until the schedule's next change. Pause the schedule on its own page.",
        )
        self.reference = reference


class OutcomeNotRecorded(PortalError):
    """A change was sent, and how it ended could not be written down; its page will find out."""

    code = "outcome_not_recorded"
    status = 503

    def __init__(self, *, reference: str) -> None:
        super().__init__(
            message=f"Change {reference} was sent, but the portal cannot write down how it ended.",
            remedy="Do not ask for it again. Its page reads the configuration back and will say.",
        )
        self.reference = reference
