"""Reauthentication: the password again, for one draft, in the request that confirms it.

The password travels with the confirmation instead of being remembered: so it cannot count for
another draft, not twice, and not later than the draft lives.
"""

from dataclasses import dataclass

from pydantic import SecretStr

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.changes.reauthentication import needs_reauthentication
from app.domain.changes.rules import check_reason
from app.domain.groups.catalog import GroupDefinition
from app.domain.messages import problem
from app.errors import BrokenRules, NotFound, NotPossible, Problem, WakeNeeded
from app.services.access.policy import Policy
from app.services.sign_in.service import SignIn
from app.services.sign_in.verification import Credentials


@dataclass(frozen=True)
class Reauthentication:
    """What somebody typed to confirm: the password, and for a stop the group's name."""

    password: SecretStr
    group_name: str
    address: str


@dataclass(frozen=True)
class Reauthenticator:
    """Checks the password again, as a sign-in does."""

    policy: Policy
    sign_in: SignIn

    def check(
        self, identity: Identity, change: Change, reauthentication: Reauthentication | None
    ) -> Identity | None:
        """The person as just proven, with the roles of this moment; None if none is needed.

        Raises BrokenRules, also where the owners want a reason and there is none, SignInRefused,
        NotYet, NotPossible.
        """
        limits = self._definition(change).limits
        problems = check_reason(change.reason, limits)
        if not needs_reauthentication(change, limits):
            if problems:
                raise BrokenRules(tuple(problems))
            return None
        problems += self._list_problems(change, reauthentication)
        if reauthentication is None or problems:
            raise BrokenRules(tuple(problems))
        return self.reauthenticate(identity, reauthentication.password, reauthentication.address)

    def reauthenticate(self, identity: Identity, password: SecretStr, address: str) -> Identity:
        """The same person with the roles that ClickHouse enables now. Wakes nothing.

        Raises BrokenRules, SignInRefused, NotYet, NotPossible.
        """
        if not password.get_secret_value():
            raise BrokenRules((problem("password", "password_needed"),))
        given = Credentials(
            identity.warehouse, identity.user, password, address, purpose="reauthenticate"
        )
        try:
            return self.sign_in.prove(given)
        except WakeNeeded:
            raise NotPossible(
                message="No compute group is running that could check your password.",
                remedy="Wake one of the warehouse first, then try again.",
            ) from None

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
