"""Reauthentication: the password again, for one draft, in the request that confirms it.

For a big step the password travels with the confirmation instead of being remembered: so it cannot
count for another draft, not twice, and not later than the draft lives. Any other change asks for it
where the session's last verification is long ago, so that no session outlives its user by much.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from app.domain.access.permissions import Identity
from app.domain.audit.events import EventKind, Result
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.changes.reauthentication import (
    is_verification_recent,
    life_of,
    needs_reauthentication,
)
from app.domain.changes.rules import check_reason
from app.domain.groups.catalog import GroupDefinition
from app.domain.messages import problem
from app.errors import (
    BrokenRules,
    CredentialRefusal,
    NotFound,
    NotPossible,
    NotSignedIn,
    Problem,
    SignInRefused,
    WakeNeeded,
)
from app.services.access.policy import Policy
from app.services.sign_in.service import SignIn
from app.services.sign_in.verifiers.verification import Credentials
from app.store.verifications import MOST_REFUSED, VerificationStore


@dataclass(frozen=True)
class Reauthentication:
    """What somebody typed to confirm: the password, and for a stop the group's name.

    `token` is that of the session in which they confirm; programs have none. `is_proven`: the
    password was proven in this very request already, as programs do to change something.
    """

    password: SecretStr
    group_name: str
    address: str
    token: str = ""
    is_proven: bool = False


@dataclass(frozen=True)
class Reauthenticator:
    """Checks the password again, as a sign-in does."""

    policy: Policy
    sign_in: SignIn
    verifications: VerificationStore
    counts_for: timedelta
    now: Callable[[], datetime]

    def check(
        self, identity: Identity, change: Change, reauthentication: Reauthentication | None
    ) -> Identity | None:
        """The person as just proven, with the roles of this moment; None if none is needed.

        Raises BrokenRules, also where the owners want a reason and there is none, SignInRefused,
        NotYet, NotPossible, NotSignedIn.
        """
        problems = check_reason(change.reason, self._definition(change).limits)
        if not self.is_needed(change, reauthentication.token if reauthentication else ""):
            if problems:
                raise BrokenRules(tuple(problems))
            return None
        problems += self._list_problems(change, reauthentication)
        if reauthentication is None or problems:
            raise BrokenRules(tuple(problems))
        if reauthentication.is_proven:
            return identity
        return self.reauthenticate(
            identity,
            reauthentication.password,
            reauthentication.address,
            reauthentication.token,
            is_waking=change.action is Action.WAKE,
        )

    def is_needed(self, change: Change, token: str) -> bool:
        """Whether this change asks for the password in this session."""
        limits = self._definition(change).limits
        return needs_reauthentication(change, limits, is_verification_recent=self._is_recent(token))

    def life_of(self, change: Change) -> timedelta:
        """How long the draft can be confirmed."""
        return life_of(change, self._definition(change).limits)

    def reauthenticate(
        self,
        identity: Identity,
        password: SecretStr,
        address: str,
        token: str,
        *,
        is_waking: bool = False,
    ) -> Identity:
        """The same person with the roles that ClickHouse enables now. Wakes nothing.

        Raises BrokenRules, SignInRefused, NotYet, NotPossible; NotSignedIn where too many
        passwords in a row were refused in the session of this token.
        """
        if not password.get_secret_value():
            raise BrokenRules((problem("password", "password_needed"),))
        given = Credentials(
            identity.warehouse, identity.user, password, address, purpose="reauthenticate"
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

    def _is_recent(self, token: str) -> bool:
        if not token:  # a program, whose password was proven in this very request
            return True
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

    def _list_problems(
        self, change: Change, reauthentication: Reauthentication | None
    ) -> list[Problem]:
        problems = []
        if change.action is Action.STOP:
            name = self._definition(change).name
            if reauthentication is None or not _is_same(reauthentication.group_name, name):
                problems.append(problem("group_name", "group_name_needed", name=name))
        if reauthentication is None or not reauthentication.password.get_secret_value():
            problems.append(problem("password", "password_needed"))
        return problems

    def _definition(self, change: Change) -> GroupDefinition:
        definition = self.policy.catalog.find_group(change.service_id)
        if definition is None:
            raise NotFound
        return definition


def _is_same(typed: str, name: str) -> bool:
    # Pages show blanks folded, so nobody can tell how many there are in the name.
    return typed.split() == name.split()


def _nothing_running(*, is_waking: bool) -> NotPossible:
    return NotPossible(
        message="No compute group is running that could check your password.",
        remedy="Sign in again: the page for that can wake one."
        if is_waking
        else "Wake one of the warehouse first, then try again.",
    )
