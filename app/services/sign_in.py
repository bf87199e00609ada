"""Signing in with a ClickHouse user and password, staying signed in, and signing out."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from pydantic import SecretStr

from app.clickhouse.credentials import make_credential_headers
from app.clickhouse.verifier import CredentialVerifier
from app.cloud.snapshot import Snapshot, View
from app.domain.access import Identity
from app.domain.catalog import LocalUser, WarehouseDefinition
from app.domain.groups import Service
from app.domain.states import ServiceState
from app.errors import (
    CredentialRefusal,
    CredentialsRefused,
    NoComputeGroups,
    SignInRefused,
    StoreUnavailable,
    WakeNeeded,
)
from app.services.gate import Gate
from app.services.local_password import is_proven
from app.services.policy import Policy
from app.services.refusals import refused, unchecked
from app.services.throttle import Attempt, SignInThrottle
from app.store.sessions import Session, SessionEnd, SessionStore

OLDEST_VIEW_SECONDS = 30
"""A view older than this may call running what has fallen idle since: then nothing is touched."""

LONGEST_USER = 256

ANSWERED = {CredentialRefusal.WRONG_CREDENTIALS, CredentialRefusal.TOO_MANY_ATTEMPTS}
"""The refusals for which ClickHouse looked at the password: these count as guesses."""


@dataclass(frozen=True)
class Credentials:
    """What somebody typed to sign in, and from where."""

    warehouse: str
    user: str
    password: SecretStr
    address: str
    wake_service_id: str | None = None


@dataclass(frozen=True)
class SignedIn:
    """A new session: the token for the cookie, and who it belongs to."""

    token: str
    identity: Identity


@dataclass(frozen=True)
class SignIn:
    """The use cases around being signed in."""

    policy: Policy
    contact: str
    snapshot: Snapshot
    verifier: CredentialVerifier
    throttle: SignInThrottle
    sessions: SessionStore
    now: Callable[[], datetime]
    gate: Gate

    def sign_in(self, given: Credentials) -> SignedIn:
        """Prove the user at ClickHouse and open a session.

        Raises SignInRefused (and its kinds), Throttled, StoreUnavailable.
        """
        identity = self.prove(given)
        if not self.policy.catalog.groups_of(identity):
            raise NoComputeGroups(
                reason=NoComputeGroups.code,
                message=f"Your password is right, but {given.user} has no compute group here.",
                remedy=f"Ask {self.contact} to give you access to a compute group.",
            )
        token = self.sessions.create_session(identity, given.address, self.now())
        return SignedIn(token, identity)

    def prove(self, given: Credentials, *, first: Callable[[], None] = lambda: None) -> Identity:
        """Check name and password, throttled. Raises SignInRefused, Throttled, StoreUnavailable.

        ClickHouse is asked, except in a warehouse whose one user's password is known here.
        `first` is called when the attempt has been counted and before the password goes
        anywhere; what it raises ends the attempt.
        """
        if len(given.user) > LONGEST_USER:  # which the throttle would have to remember
            raise refused(CredentialRefusal.UNUSABLE_INPUT)
        with self.throttle.attempt((given.warehouse, given.user), given.address) as attempt:
            first()
            warehouse = self.policy.catalog.find_warehouse(given.warehouse)
            if warehouse is None:
                self._refuse_unknown(given, attempt)
            roles = self._check(warehouse, given, attempt)
            attempt.succeed()
        return Identity(warehouse.key, given.user, roles)

    def resume(self, token: str, *, is_activity: bool) -> Session | None:
        """The living session of a token. Polling is no activity. Raises StoreUnavailable."""
        return self.sessions.find_session(token, self.now(), is_activity=is_activity)

    def find_end(self, session: Session) -> SessionEnd:
        """When a living session ends if nobody does anything."""
        return self.sessions.find_end(session, self.now())

    def sign_out(self, token: str) -> None:
        """End the session on the server, whatever copies of the cookie exist."""
        self.sessions.delete_session(token)

    def _check(
        self, warehouse: WarehouseDefinition, given: Credentials, attempt: Attempt
    ) -> frozenset[str]:
        if warehouse.local_user:
            return _check_here(warehouse.local_user, given)
        return self._check_at_clickhouse(warehouse, given, attempt)

    def _refuse_unknown(self, given: Credentials, attempt: Attempt) -> NoReturn:
        """Refuse an unknown warehouse as a wrong password is refused: after as long, and in the
        same words where nothing can be checked.

        The name and password checked for it are made up: the caller's own go to no warehouse
        that they did not name, and count against nobody's quota there.
        """
        if make_credential_headers(given.user, given.password.get_secret_value()) is None:
            attempt.discount()
            raise refused(CredentialRefusal.UNUSABLE_INPUT)
        made_up = SecretStr(secrets.token_hex(16))
        stranger = replace(given, user=secrets.token_hex(8), password=made_up)
        self._check(self.policy.catalog.warehouses[0], stranger, attempt)
        raise refused(CredentialRefusal.WRONG_CREDENTIALS)

    def _check_at_clickhouse(
        self, warehouse: WarehouseDefinition, given: Credentials, attempt: Attempt
    ) -> frozenset[str]:
        try:
            service = self._choose_service(warehouse, given.wake_service_id)
            verified = self.verifier.verify(
                endpoint_url=_endpoint_url(service),
                user=given.user,
                password=given.password,
                is_waking=not service.state.facts.is_reachable,
            )
        except (SignInRefused, StoreUnavailable):
            attempt.discount()
            raise
        except ValueError:
            attempt.discount()
            raise _unusable_endpoint() from None
        except CredentialsRefused as error:
            if error.refusal not in ANSWERED:
                attempt.discount()
            raise refused(error.refusal) from None
        return verified.roles

    def _choose_service(self, warehouse: WarehouseDefinition, wake: str | None) -> Service:
        view = self.snapshot.view(is_waiting=True)
        age_seconds = view.age_seconds(self.now())
        if age_seconds is None or age_seconds > OLDEST_VIEW_SECONDS:
            raise unchecked(
                "cloud_unreachable",
                "ClickHouse Cloud cannot be asked which compute groups are running.",
                "Try again in a minute.",
            )
        candidates = _candidates(warehouse, view)
        return self._first_usable(warehouse, candidates, wake)

    def _first_usable(
        self, warehouse: WarehouseDefinition, candidates: Sequence[Service], wake: str | None
    ) -> Service:
        for is_usable in (_is_up, _is_coming_up):
            if found := next(filter(is_usable, candidates), None):
                return found
        idle = [item for item in candidates if item.state is ServiceState.IDLE]
        if idle and self.gate.find_closure():
            # Without the reason, which is for people who have proven who they are.
            raise unchecked(
                "changes_closed",
                "All compute groups are idle, and changes are switched off at the moment, "
                "so none can be woken to check your password.",
                f"Try again later, or ask {self.contact}.",
            )
        if idle and idle[0].service_id == wake:  # the one that was offered, and no other
            return idle[0]
        if idle:
            name = _name_of(warehouse, idle[0])
            raise WakeNeeded(service_id=idle[0].service_id, group_name=name)
        raise unchecked(
            "nothing_running",
            "No compute group is running that could check your password.",
            f"Ask {self.contact} to start one in the ClickHouse Cloud console, then sign in.",
        )


def _check_here(local: LocalUser, given: Credentials) -> frozenset[str]:
    if not is_proven(local, given.user, given.password):
        raise refused(CredentialRefusal.WRONG_CREDENTIALS)
    return frozenset()  # which roles ClickHouse would enable is not known


def _candidates(warehouse: WarehouseDefinition, view: View) -> list[Service]:
    # The configured service first; after it the groups in the order of the file.
    ids = [warehouse.sign_in_service_id or "", *(item.service_id for item in warehouse.groups)]
    known = [view.services[key] for key in dict.fromkeys(ids) if key in view.services]
    return [service for service in known if service.https_endpoint]


def _is_up(service: Service) -> bool:
    return service.state.facts.is_reachable


def _is_coming_up(service: Service) -> bool:
    return service.state.facts.is_on_its_way


def _name_of(warehouse: WarehouseDefinition, service: Service) -> str:
    names = {group.service_id: group.name for group in warehouse.groups}
    return names.get(service.service_id, service.cloud_name)


def _endpoint_url(service: Service) -> str:
    endpoint = service.https_endpoint
    if endpoint is None:
        raise AssertionError("only services with an endpoint are candidates")
    return endpoint.base_url


def _unusable_endpoint() -> SignInRefused:
    return unchecked(
        "unusable_endpoint",
        "ClickHouse Cloud names an address for this group that cannot be used.",
        "Tell whoever runs this portal.",
    )
