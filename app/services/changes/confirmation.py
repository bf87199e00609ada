"""What confirming a draft asks for: a reason, for a stop the group's name, the password again.

For a big step the password travels with the confirmation instead of being remembered: so it cannot
count for another draft, not twice, and not later than the draft lives. Any other change asks for it
where the session's last verification is long ago, so that no session outlives its user by much.
"""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.changes.reauthentication import life_of, needs_reauthentication
from app.domain.changes.rules import asks_for_reason, check_reason
from app.domain.groups.catalog import GroupDefinition
from app.domain.groups.scaling import ScalingConfig
from app.domain.messages import problem
from app.errors import BrokenRules, NotAllowed, NotFound, Problem
from app.services.access.policy import Policy
from app.services.sign_in.reauthentication import Reauthenticator


@dataclass(frozen=True)
class Confirmation:
    """What somebody typed to confirm: the password, and for a stop the group's name.

    `token` is that of the session in which they confirm; programs have none. `is_proven`: who asks
    was proven in this very request already, as programs do to change something, or by the
    company's sign-in for this draft. `code` is that of a second factor.
    """

    password: SecretStr
    group_name: str
    address: str
    token: str = ""
    is_proven: bool = False
    code: str = ""


@dataclass(frozen=True)
class ConfirmationRules:
    """Judges confirmations. Every method raises NotFound for a group that is no longer listed."""

    policy: Policy
    snapshot: Snapshot
    reauthenticator: Reauthenticator

    def check(
        self, identity: Identity, change: Change, confirmation: Confirmation | None
    ) -> Identity | None:
        """The person as just proven, with the roles of this moment; None if no password is needed.

        Raises BrokenRules, also where the owners want a reason and there is none, SignInRefused,
        NotYet, NotPossible, NotSignedIn; NotAllowed for a token that may not do without it.
        """
        problems = check_reason(change.reason, self._definition(change).limits)
        if not self.is_password_needed(change, confirmation.token if confirmation else ""):
            if problems:
                raise BrokenRules(tuple(problems))
            return None
        check_token(identity)
        problems += self._list_problems(identity, change, confirmation)
        if confirmation is None or problems:
            raise BrokenRules(tuple(problems))
        if confirmation.is_proven:
            return identity
        return self.reauthenticator.reauthenticate(
            identity,
            confirmation.password,
            confirmation.address,
            confirmation.token,
            code=confirmation.code,
            is_waking=change.action is Action.WAKE,
        )

    def is_password_needed(self, change: Change, token: str) -> bool:
        """Whether this change asks for the password in this session; programs have no token."""
        limits = self._definition(change).limits
        # A program's password was proven in this very request.
        is_recent = not token or self.reauthenticator.is_verification_recent(token)
        size = self._size_of(change)
        return needs_reauthentication(change, limits, size, is_verification_recent=is_recent)

    def is_review_needed(self, change: Change, token: str) -> bool:
        """Whether there is anything to read or to type before this command is sent."""
        return (
            change.action is Action.STOP
            or self.is_password_needed(change, token)
            or asks_for_reason(change, self._definition(change).limits)
        )

    def life_of(self, change: Change) -> timedelta:
        """How long the draft can be confirmed."""
        return life_of(change, self._definition(change).limits, self._size_of(change))

    def _list_problems(
        self, identity: Identity, change: Change, confirmation: Confirmation | None
    ) -> list[Problem]:
        is_proven = confirmation is not None and confirmation.is_proven
        warehouse = self.policy.catalog.find_warehouse(identity.warehouse)
        if warehouse and warehouse.is_of_company(identity.user) and not is_proven:
            return [problem("step_up", "step_up_needed")]  # who has no password here
        problems = []
        if change.action is Action.STOP:
            name = self._definition(change).name
            if confirmation is None or not _is_same(confirmation.group_name, name):
                problems.append(problem("group_name", "group_name_needed", name=name))
        if confirmation is None or not (is_proven or confirmation.password.get_secret_value()):
            problems.append(problem("password", "password_needed"))
        return problems

    def _size_of(self, change: Change) -> ScalingConfig | None:
        """What is configured for the group of a command, as it was last seen; a scaling brings its
        sizes along."""
        if change.action is Action.SCALE:
            return None
        service = self.snapshot.view().services.get(change.service_id)
        return service.configured if service else None

    def _definition(self, change: Change) -> GroupDefinition:
        definition = self.policy.catalog.find_group(change.service_id)
        if definition is None:
            raise NotFound
        return definition


def check_token(identity: Identity) -> None:
    """A token cannot give a password. Raises NotAllowed unless its owner has said that it need
    not."""
    if identity.scope is not None and not identity.scope.may_confirm:
        raise NotAllowed(
            message="This change asks for the password, which a token cannot give.",
            remedy="Do it in the portal, or make a token that may change without the password.",
        )


def _is_same(typed: str, name: str) -> bool:
    # Pages show blanks folded, so nobody can tell how many there are in the name.
    return typed.split() == name.split()
