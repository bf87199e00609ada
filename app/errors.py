"""Every way the portal says no, with what to tell the person.

PortalError
|-- SettingsFault          settings cannot be used; the process must not start
|-- NotSignedIn            nobody is signed in, or the session has ended
|-- NotFound               does not exist, or this person may not know that it does
|-- NotAllowed             known and seen, but the permission is missing
|-- Throttled              too many attempts from here or for this name
|-- CredentialsRefused     the check of a name and password gave no proven user
|-- SignInRefused          a sign-in came to nothing, in words for the person
|   |-- WakeNeeded             only by waking an idle group can the password be checked
|   `-- NoComputeGroups        the person is known, but has nothing here
|-- NotPossible            the group is in no condition for what was asked
|-- ChangesClosed          nobody may change anything at the moment
|-- BrokenRules            what was asked breaks one or more rules (each a Problem)
|-- ChangeConflict
|   |-- ChangeInFlight         another change of this group has no known outcome yet
|   |-- ConfigurationChanged   the group is no longer as it was when the draft was drawn
|   `-- DraftUnusable          the draft is used, expired or somebody else's
|-- CloudError
|   |-- CloudUnreachable       the request was certainly not carried out
|   |-- CloudTooBusy           the request limit of the key is used up; certainly not carried out
|   |-- CloudRejected          Cloud said no (4xx); certainly not carried out
|   |-- CloudKeyRefused        Cloud refuses the portal's own key
|   |-- CloudNotFound          no such service, or not visible to the key
|   `-- CloudAnswerLost        sent, and no answer that tells the outcome
`-- StoreUnavailable       the portal's own records cannot be read or written

`message` says what happened, `remedy` what to do next; both are sentences for the person on
the page and for the caller of the JSON API. `code` is the stable name for programs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class PortalError(Exception):
    """Base of all. `may_retry` tells whether the same request can succeed later, unchanged."""

    code: ClassVar[str] = "internal_error"
    status: int = 500
    may_retry: ClassVar[bool] = False

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


class NotSignedIn(PortalError):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    status = 401


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
    """The person may see the group but lacks the permission for this act."""

    code = "not_allowed"
    status = 403


class Throttled(PortalError):
    """Too many attempts; `retry_after_seconds` is when the next one is looked at."""

    code = "too_many_attempts"
    status = 429
    may_retry = True

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(
            message="There were too many attempts to sign in.",
            remedy=f"Try again in {retry_after_seconds} s. "
            "Nothing is locked: after that your password works as before.",
        )
        self.retry_after_seconds = retry_after_seconds


class CredentialRefusal(StrEnum):
    """Why a check of name and password did not lead to a sign-in."""

    WRONG_CREDENTIALS = "wrong_credentials"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    NOT_ON_ACCESS_LIST = "not_on_access_list"
    STILL_WAKING = "still_waking"
    NOT_CLICKHOUSE = "not_clickhouse"
    UNUSABLE_INPUT = "unusable_input"


class CredentialsRefused(PortalError):
    """The check ended without a proven user. Never carries the name or the password."""

    code = "credentials_refused"
    status = 401

    def __init__(self, refusal: CredentialRefusal) -> None:
        super().__init__(message=refusal.value)
        self.refusal = refusal


class SignInRefused(PortalError):
    """A sign-in came to nothing. `reason` is the stable name of the outcome."""

    code = "sign_in_refused"
    status = 401

    def __init__(
        self, *, reason: str, message: str, remedy: str = "", status: int | None = None
    ) -> None:
        super().__init__(message=message, remedy=remedy)
        self.reason = reason
        self.status = status or self.status


class WakeNeeded(SignInRefused):
    """Every group that could check the password is idle; waking one costs money, so ask first."""

    code = "wake_needed"
    status = 409

    def __init__(self, *, service_id: str, group_name: str) -> None:
        super().__init__(
            reason=self.code,
            message=f"All compute groups are idle, so “{group_name}” has to be woken "
            "to check your password.",
            remedy="Waking takes about a minute and starts billing for its compute.",
        )
        self.service_id = service_id
        self.group_name = group_name


class NoComputeGroups(SignInRefused):
    """The password was right, and the portal's mapping gives this person nothing."""

    code = "no_compute_groups"
    status = 403


class NotPossible(PortalError):
    """The group is in no condition for what was asked, whoever asks."""

    code = "not_possible"
    status = 409


class ChangesClosed(PortalError):
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
        super().__init__(message="What you asked for is not possible.")
        self.problems = problems


class ChangeConflict(PortalError):
    """The change cannot go ahead because of something that happened meanwhile."""

    code = "conflict"
    status = 409


class ChangeInFlight(ChangeConflict):
    """Another change of this group has no known outcome yet."""

    code = "change_in_flight"
    may_retry = True

    def __init__(self, *, message: str, remedy: str, reference: str) -> None:
        super().__init__(message=message, remedy=remedy)
        self.reference = reference


class ConfigurationChanged(ChangeConflict):
    """The group's configuration is no longer the one the draft was drawn from."""

    code = "configuration_changed"


class DraftUnusable(ChangeConflict):
    """The draft was used already or is too old."""

    code = "draft_unusable"


class CloudError(PortalError):
    """ClickHouse Cloud's API did not do what was asked. `request_id` is Cloud's, if it gave one."""

    code = "cloud_error"
    status = 502

    def __init__(self, *, message: str, remedy: str = "", request_id: str | None = None) -> None:
        super().__init__(message=message, remedy=remedy)
        self.request_id = request_id


class CloudUnreachable(CloudError):
    """No connection: the request was certainly not carried out."""

    code = "cloud_unreachable"
    status = 503
    may_retry = True


class CloudTooBusy(CloudError):
    """The request limit of the key is used up: certainly not carried out."""

    code = "cloud_too_busy"
    status = 503
    may_retry = True

    def __init__(self, *, message: str, remedy: str = "", retry_after_seconds: float) -> None:
        super().__init__(message=message, remedy=remedy)
        self.retry_after_seconds = retry_after_seconds


class CloudRejected(CloudError):
    """Cloud said no with a reason: certainly not carried out."""

    code = "cloud_rejected"

    def __init__(self, *, message: str, request_id: str | None, upstream_status: int) -> None:
        super().__init__(message=message, request_id=request_id)
        self.upstream_status = upstream_status


class CloudKeyRefused(CloudRejected):
    """Cloud refuses the portal's own key (401, 403): not the person's doing."""

    code = "cloud_key_refused"


class CloudNotFound(CloudRejected):
    """No such service, or the key cannot see it (Cloud answers 404 for both)."""

    code = "cloud_not_found"


class CloudAnswerLost(CloudError):
    """The request went out and nothing came back that tells whether it was carried out."""

    code = "cloud_answer_lost"
    status = 504


class StoreUnavailable(PortalError):
    """The portal's records cannot be read or written, so nothing may be changed."""

    code = "store_unavailable"
    status = 503
    may_retry = True
