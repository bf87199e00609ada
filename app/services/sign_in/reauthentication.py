"""Reauthentication: the password again, in a session that is signed in already."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from app.domain.access.permissions import Identity
from app.domain.audit.events import EventKind, Result
from app.domain.changes.reauthentication import is_verification_recent
from app.domain.messages import problem
from app.errors import (
    BrokenRules,
    CredentialRefusal,
    NotPossible,
    NotSignedIn,
    SignInRefused,
    WakeNeeded,
)
from app.services.sign_in.second_factor import append_code
from app.services.sign_in.service import SignIn
from app.services.sign_in.verifiers.verification import Credentials
from app.store.sign_in.verifications import MOST_REFUSED, VerificationStore


@dataclass(frozen=True)
class Reauthenticator:
    """Checks the password again, as a sign-in does; `counts_for` is how long that is recent."""

    sign_in: SignIn
    verifications: VerificationStore
    counts_for: timedelta
    now: Callable[[], datetime]

    def reauthenticate(
        self,
        identity: Identity,
        password: SecretStr,
        address: str,
        token: str,
        *,
        code: str = "",
        is_waking: bool = False,
    ) -> Identity:
        """The same person with the roles that ClickHouse enables now. Wakes nothing.

        `code` is that of a second factor.

        Raises BrokenRules, SignInRefused, NotYet, NotPossible; NotSignedIn where too many
        passwords in a row were refused in the session of this token.
        """
        if not password.get_secret_value():
            raise BrokenRules((problem("password", "password_needed"),))
        secret = append_code(password, code)
        given = Credentials(
            identity.warehouse, identity.user, secret, address, purpose="reauthenticate"
        )
        try:
            proven = self.sign_in.prove(given)
        except WakeNeeded:
            raise _nothing_running(is_waking=is_waking) from None
        except SignInRefused as refusal:
            if token and refusal.reason == CredentialRefusal.WRONG_CREDENTIALS:
                self._note_refused(identity, token)
            raise
        if token:
            self.verifications.note_verification(token, self.now())
        return proven

    def is_verification_recent(self, token: str) -> bool:
        """Whether the password was verified lately in the session of this token."""
        session = self.sign_in.resume(token, is_activity=False)
        return session is not None and is_verification_recent(
            session.verified_at, self.now(), self.counts_for
        )

    def _note_refused(self, identity: Identity, token: str) -> None:
        ended = self.sign_in.audit.event(
            EventKind.SESSION_EXPIRED, "refused_verifications", Result.SUCCESS, actor=identity
        )
        if self.verifications.note_refused(token, ended):
            raise NotSignedIn(
                message=f"{MOST_REFUSED} wrong passwords in a row have ended your session.",
                remedy="Sign in again. Nothing was changed.",
            )


def _nothing_running(*, is_waking: bool) -> NotPossible:
    return NotPossible(
        message="No compute group is running that could check your password.",
        remedy="Sign in again: the page for that can wake one."
        if is_waking
        else "Wake one of the warehouse first, then try again.",
    )
