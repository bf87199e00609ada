"""Signing in to the JSON API: no session, a name and password or a token with every request."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import SecretStr

from app.context import set_user
from app.domain.access.permissions import Identity, Permission
from app.domain.audit.events import EventKind
from app.domain.changes.actions import Action
from app.domain.messages import problem
from app.errors import (
    BrokenRules,
    CredentialRefusal,
    NotAllowed,
    NotFound,
    NotPossible,
    SignInRefused,
    WakeNeeded,
)
from app.services.access.control import Access
from app.services.access.policy import Policy
from app.services.sign_in.administrator import Administrator
from app.services.sign_in.credential_cache import CredentialCache
from app.services.sign_in.service import SignIn
from app.services.sign_in.verifiers.refusals import UNKNOWN_SERVICE, refused
from app.services.sign_in.verifiers.verification import Credentials
from app.store.changes import ChangeStore

NOWHERE = "?"
"""Stands for the warehouse of those who name none that exists; no key of a warehouse is like it."""

ALIKE = {
    CredentialRefusal.WRONG_CREDENTIALS,
    CredentialRefusal.UNUSABLE_INPUT,
    UNKNOWN_SERVICE,
}
"""Refusals between which a caller must see no difference."""


@dataclass(frozen=True)
class Caller:
    """Who a request says it comes from: by name and password, or by a personal token."""

    user: str
    password: SecretStr
    address: str
    token: SecretStr | None = None


HolderCheck = Callable[[SecretStr, str], Identity]
"""Whom a token speaks for, and from which address it came. Raises SignInRefused, NotYet."""


@dataclass(frozen=True)
class Callers:
    """Proves callers. Every method raises SignInRefused, NotYet, NotPossible, NotAllowed.

    An unknown service or change, an unknown user and a wrong password are refused alike.
    """

    policy: Policy
    access: Access
    administrator: Administrator | None
    sign_in: SignIn
    credential_cache: CredentialCache
    changes: ChangeStore
    verify_token: HolderCheck

    def identify_for_group(
        self, service_id: str, caller: Caller, *, is_write: bool = False
    ) -> Identity:
        """Prove the caller in the warehouse of a group that they may see. Raises NotFound too.

        For a write what was proven a moment ago never counts, also where no group can check a
        password.
        """
        return self._identify_for(service_id, caller, Permission.VIEW, is_write=is_write)

    def identify_for_action(self, service_id: str, caller: Caller, action: Action) -> Identity:
        """The same for a write by somebody who may do this with the group.

        Whoever may not learns nothing else of what they sent.
        """
        return self._identify_for(service_id, caller, action.spec.permission, is_write=True)

    def identify_for_permission(
        self, service_id: str, caller: Caller, permission: Permission
    ) -> Identity:
        """The same for a write that is no action on the group."""
        return self._identify_for(service_id, caller, permission, is_write=True)

    def identify_for_change(self, reference: str, caller: Caller) -> Identity:
        """Prove the caller in the warehouse of a change. Raises StoreUnavailable too."""
        change = self.changes.find_change(reference)
        return self._identify(change.warehouse if change else None, caller)

    def identify_in(
        self, warehouse: str | None, caller: Caller, *, is_write: bool = False
    ) -> Identity:
        """Prove the caller in a named warehouse, which may stay unnamed if it is the only one.

        A token names it by itself. Raises BrokenRules too.
        """
        if caller.token is not None:
            return self._identify_holder(warehouse, caller.token, caller.address)
        keys = [item.key for item in self.policy.catalog.warehouses]
        if warehouse is None and len(keys) != 1:
            raise BrokenRules((problem("warehouse", "warehouse_needed"),))
        wanted = keys[0] if warehouse is None else warehouse
        return self._identify(wanted if wanted in keys else None, caller, is_write=is_write)

    def _identify_for(
        self, service_id: str, caller: Caller, permission: Permission, *, is_write: bool
    ) -> Identity:
        definition = self.policy.catalog.find_group(service_id)
        warehouse = definition.warehouse if definition else None
        identity = self._identify(warehouse, caller, is_write=is_write)
        self.access.check_permission(identity, service_id, permission)
        return identity

    def _identify(
        self, warehouse: str | None, caller: Caller, *, is_write: bool = False
    ) -> Identity:
        if caller.token is not None:
            # In a group or change of another warehouse it then finds nothing.
            return self._identify_holder(None, caller.token, caller.address)
        given = Credentials(
            warehouse or NOWHERE, caller.user, caller.password, caller.address, purpose="call"
        )
        if self.sign_in.is_password_off(
            given.warehouse
        ):  # what is remembered does not count either
            raise refused(CredentialRefusal.PASSWORDS_OFF)
        try:
            identity = self._verify(given, is_write=is_write)
        except SignInRefused as refusal:
            if refusal.status == WakeNeeded.status:  # whether the name may wake one or not
                raise NotPossible(
                    message="No compute group is running that could check the password.",
                    remedy="Somebody who has signed in before can wake one on the portal's own "
                    "page. Then call again.",
                ) from None
            if refusal.reason not in ALIKE:
                raise
            raise _refused() from None
        set_user(identity.user)
        return identity

    def _identify_holder(self, warehouse: str | None, token: SecretStr, address: str) -> Identity:
        identity = self.verify_token(token, address)
        if warehouse not in {None, identity.warehouse}:
            raise NotFound
        set_user(identity.user)
        return identity

    def _verify(self, given: Credentials, *, is_write: bool) -> Identity:
        cache, warehouse = (
            self.credential_cache,
            self.policy.catalog.find_warehouse(given.warehouse),
        )
        check = cache.prove_afresh if is_write else cache.find_or_prove
        return check(given, self._prove, warehouse.local_user if warehouse else None)

    def _prove(self, given: Credentials) -> Identity:
        return self.sign_in.prove(given, first=lambda: self._check_not_administrator(given))

    def _check_not_administrator(self, given: Credentials) -> None:
        # Before the password goes to ClickHouse, and for every name, so that none takes longer.
        if self.administrator and self.administrator.is_proven(given.user, given.password):
            self.sign_in.note_refusal(EventKind.AUTHZ_FAIL, given, NotAllowed.code)
            raise NotAllowed(
                message="The administrator's credentials cannot be used for API access.",
                remedy="Use those of a ClickHouse user.",
            )


def _refused() -> SignInRefused:
    return SignInRefused(
        reason=CredentialRefusal.WRONG_CREDENTIALS,
        message="The service, the user name or the password is wrong.",
        remedy="Check all three. Name and password are those you use in ClickHouse itself.",
    )
