"""Fresh proof: the password again, for one draft, in the request that confirms it.

The password travels with the confirmation instead of being remembered: so a proof cannot be used
for another draft, not twice, and not later than the draft lives.
"""

from dataclasses import dataclass

from pydantic import SecretStr

from app.domain.access import Identity
from app.domain.acts import Act
from app.domain.catalog import GroupDefinition
from app.domain.changes import Change
from app.domain.messages import problem
from app.domain.proof import needs_proof
from app.errors import BrokenRules, NotFound, NotPossible, Problem, WakeNeeded
from app.services.policy import Policy
from app.services.sign_in import Credentials, SignIn


@dataclass(frozen=True)
class Proof:
    """What somebody typed to confirm: the password, and for a stop the group's name."""

    password: SecretStr
    group_name: str
    address: str


@dataclass(frozen=True)
class Prover:
    """Checks a proof as a sign-in is checked."""

    policy: Policy
    sign_in: SignIn

    def check(self, identity: Identity, change: Change, proof: Proof | None) -> Identity | None:
        """The person as just proven, with the roles of this moment; None if no proof is asked for.

        Raises BrokenRules, SignInRefused, Throttled, NotPossible.
        """
        if not needs_proof(change, self._definition(change).limits):
            return None
        problems = self._list_problems(change, proof)
        if proof is None or problems:
            raise BrokenRules(problems)
        return self.prove_again(identity, proof.password, proof.address)

    def prove_again(self, identity: Identity, password: SecretStr, address: str) -> Identity:
        """The same person with the roles that ClickHouse enables now. Wakes nothing.

        Raises BrokenRules, SignInRefused, Throttled, NotPossible.
        """
        if not password.get_secret_value():
            raise BrokenRules((problem("password", "password_needed"),))
        given = Credentials(
            identity.warehouse, identity.user, password, address, purpose="prove_again"
        )
        try:
            return self.sign_in.prove(given)
        except WakeNeeded:
            raise NotPossible(
                message="No compute group is running that could check your password.",
                remedy="Wake one of the warehouse first, then try again.",
            ) from None

    def _list_problems(self, change: Change, proof: Proof | None) -> tuple[Problem, ...]:
        problems = []
        if change.act is Act.STOP:
            name = self._definition(change).name
            if proof is None or " ".join(proof.group_name.split()) != name:
                problems.append(problem("group_name", "group_name_needed", name=name))
        if proof is None or not proof.password.get_secret_value():
            problems.append(problem("password", "password_needed"))
        return tuple(problems)

    def _definition(self, change: Change) -> GroupDefinition:
        definition = self.policy.catalog.find_group(change.service_id)
        if definition is None:
            raise NotFound
        return definition
