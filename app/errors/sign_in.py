"""Not signed in, and not let in."""

from decimal import Decimal
from enum import StrEnum

from app.errors.base import PortalError


class NotSignedIn(PortalError):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    status = 401


def _in_words(seconds: int) -> str:
    if seconds > 120:
        return f"{-(-seconds // 60)} minutes"
    return "1 second" if seconds == 1 else f"{seconds} seconds"


class NotYet(PortalError):
    """The password was not looked at; `retry_after_seconds` is when to try again."""

    retry_after_seconds: int


class Throttled(NotYet):
    """Too many attempts."""

    code = "too_many_attempts"
    status = 429

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(
            message="There were too many attempts to sign in.",
            remedy=f"Try again in {_in_words(retry_after_seconds)}. "
            "Nothing is locked: after that your password works as before.",
        )
        self.retry_after_seconds = retry_after_seconds


class PortalBusy(NotYet):
    """As many passwords are checked already as may be at once. No attempt was counted."""

    code = "portal_busy"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            message="The portal is checking many passwords at the moment.",
            remedy="Try again in a few seconds.",
        )
        self.retry_after_seconds = 5


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
    SECOND_FACTOR = "second_factor_needed"
    UNTRUSTED_CERTIFICATE = "untrusted_certificate"
    NOT_TLS = "not_tls"
    UNKNOWN_ERROR = "unknown_clickhouse_error"
    PASSWORDS_OFF = "passwords_off"


class CredentialsRefused(PortalError):
    """The check ended without a proven user. Never carries the name or the password.

    `exception_code` is ClickHouse's, where that is an error which the portal does not know.
    """

    code = "credentials_refused"
    status = 401

    def __init__(self, refusal: CredentialRefusal, exception_code: int | None = None) -> None:
        super().__init__(message=refusal.value)
        self.refusal = refusal
        self.exception_code = exception_code


class ProviderRefusal(StrEnum):
    """Why the company's sign-in did not lead to a sign-in here."""

    UNREACHABLE = "provider_unreachable"
    MISCONFIGURED = "provider_misconfigured"
    BAD_STATE = "unknown_state"
    DECLINED = "declined_by_provider"
    BAD_CODE = "code_refused"
    BAD_TOKEN = "id_token_refused"  # noqa: S105 - a name
    NOT_FRESH = "proof_not_fresh"
    SOMEBODY_ELSE = "somebody_else"
    NO_NAME = "name_missing"
    NO_ROLES = "roles_missing"
    NO_ASSERTION = "assertion_missing"
    CANNOT_ASK = "proxy_cannot_ask_again"
    TOKEN_NOT_TAKEN = "token_not_taken"  # noqa: S105 - a name


class ProviderRefused(PortalError):
    """The provider proved nobody. Never carries a token, a code or a name."""

    code = "provider_refused"
    status = 401

    def __init__(self, refusal: ProviderRefusal) -> None:
        super().__init__(message=refusal.value)
        self.refusal = refusal


class SignInRefused(PortalError):
    """A sign-in came to nothing. `reason` is the stable name of the outcome.

    `is_guess`: the password was looked at, so that the attempt counts against whoever made it.
    """

    code = "sign_in_refused"
    status = 401

    def __init__(
        self,
        *,
        reason: str,
        message: str,
        remedy: str = "",
        status: int | None = None,
        is_guess: bool = False,
    ) -> None:
        super().__init__(message=message, remedy=remedy)
        self.reason = reason
        self.is_guess = is_guess
        self.status = status or self.status

    @property
    def is_unchecked(self) -> bool:
        """Whether no group could be asked, so that nothing is known of the password."""
        return self.status in {503, WakeNeeded.status}


NOTHING_RUNNING = "No compute group is running that could check your password."


class WakeNeeded(SignInRefused):
    """No group that could check the password runs; waking one costs money, so ask first.

    `cost_per_hour` is what it costs at most, in `currency`; None where no price is set.
    """

    code = "wake_needed"
    status = 409

    def __init__(
        self,
        *,
        service_id: str,
        group_name: str,
        cost_per_hour: Decimal | None = None,
        currency: str = "",
    ) -> None:
        super().__init__(
            reason=self.code,
            message=NOTHING_RUNNING,
            remedy=f"“{group_name}” is idle and can be woken to check it. This takes about a "
            "minute and starts billing for its compute.",
        )
        self.service_id = service_id
        self.group_name = group_name
        self.cost_per_hour = cost_per_hour
        self.currency = currency


class NoComputeGroups(SignInRefused):
    """The password was right, and the portal's mapping gives this person nothing."""

    code = "no_compute_groups"
    status = 403
