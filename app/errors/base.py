"""What every refusal carries, and those that belong to no one part."""

from dataclasses import dataclass
from typing import ClassVar


class PortalError(Exception):
    """Base of all: what happened, what to do next, and the stable code of it for programs."""

    code: ClassVar[str] = "internal_error"
    status: int = 500

    def __init__(self, *, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class SettingsFault(PortalError):
    """All faults of the settings at once, one line each: source, key, what is wrong, remedy."""

    code = "settings_fault"

    def __init__(self, *, faults: tuple[str, ...]) -> None:
        super().__init__(message="\n".join(faults), remedy="Correct the settings and start again.")
        self.faults = faults


class NotFound(PortalError):
    """Absent, or hidden from this person: the two must look alike."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            message="There is nothing at this address, or it is not for you to see.",
            remedy="Go back to your compute groups.",
        )


class NotAllowed(PortalError):
    """The person may see the group but lacks the permission for this action."""

    code = "not_allowed"
    status = 403


class NotPossible(PortalError):
    """The state of the group rules out what was asked, independent of who asks."""

    code = "not_possible"
    status = 409


class ChangesFrozen(PortalError):
    """Nobody may change anything at the moment: frozen, or the rules cannot be read."""

    code = "changes_closed"
    status = 503


@dataclass(frozen=True)
class Problem:
    """One broken rule: the field it stands beside, its stable code, and the sentence."""

    field: str
    code: str
    message: str


class BrokenRules(PortalError):
    """What was asked breaks rules; all of them, in the order of the fields."""

    code = "broken_rules"
    status = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(message="This change is not possible.")
        self.problems = problems


class StoreUnavailable(PortalError):
    """The portal's records cannot be read or written, so nothing may be changed."""

    code = "store_unavailable"
    status = 503


class LeaseLost(PortalError):
    """Another process leads the jobs by now, so what was to be written for the former is not."""

    code = "lease_lost"
    status = 503

    def __init__(self) -> None:
        super().__init__(message="Another process leads the jobs by now. Nothing was written.")


class ForeignOrigin(PortalError):
    """A browser sends the request for another site's page."""

    code = "foreign_origin"
    status = 403

    def __init__(self) -> None:
        super().__init__(message="This request came from another site, so nothing was done.")
