"""Signing in with a ClickHouse user and password, staying signed in, and signing out."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from pydantic import SecretStr

from app.clickhouse.credentials import make_credential_headers
from app.clickhouse.verifier import CredentialVerifier
from app.domain.access import Identity
from app.domain.catalog import LocalUser, WarehouseDefinition
from app.domain.events import NOBODY, Actor, Event, EventKind, Matter, Result
from app.domain.groups import Service
from app.errors import (
    CredentialRefusal,
    CredentialsRefused,
    NoComputeGroups,
    SignInRefused,
    StoreUnavailable,
    Throttled,
    WakeNeeded,
)
from app.metrics import Metrics
from app.services.audit import NOTHING, Audit, claimed
from app.services.local_password import is_proven
from app.services.measuring import counted
from app.services.policy import Policy
from app.services.refusals import refused, unchecked, unknown_service
from app.services.sign_in_places import SignInPlaces
from app.services.throttle import Attempt, SignInThrottle
from app.store.sessions import Session, SessionEnd, SessionStore

LONGEST_USER = 256

ANSWERED = {CredentialRefusal.WRONG_CREDENTIALS, CredentialRefusal.TOO_MANY_ATTEMPTS}
"""The refusals for which ClickHouse looked at the password: these count as guesses."""


@dataclass(frozen=True)
class Credentials:
    """What somebody typed, and from where; `purpose` is what the trail calls the attempt."""

    warehouse: str
    user: str
    password: SecretStr
    address: str
    wake_service_id: str | None = None
    purpose: str = "sign_in"

    @property
    def actor(self) -> Actor:
        """Who somebody says to be."""
        return claimed(self.warehouse, self.user)


@dataclass(frozen=True)
class SignedIn:
    """A new session: the token for the cookie, and who it belongs to.

    `failed_before` is how many attempts under the same name failed since the last good one.
    """

    token: str
    identity: Identity
    failed_before: int = 0


@dataclass(frozen=True)
class SignIn:
    """The use cases around being signed in."""

    policy: Policy
    contact: str
    places: SignInPlaces
    verifier: CredentialVerifier
    throttle: SignInThrottle
    sessions: SessionStore
    audit: Audit
    metrics: Metrics
    now: Callable[[], datetime]

    def sign_in(self, given: Credentials) -> SignedIn:
        """Prove the user at ClickHouse and open a session.

        Raises SignInRefused (and its kinds), Throttled, StoreUnavailable.
        """
        failed_before = self.throttle.failures_of((given.warehouse, given.user))
        identity = self.prove(given)
        if not self.policy.catalog.groups_of(identity):
            self.note_refusal(EventKind.AUTHZ_FAIL, given, NoComputeGroups.code)
            raise NoComputeGroups(
                reason=NoComputeGroups.code,
                message=f"Your password is right, but {given.user} has no compute group here.",
                remedy=f"Ask {self.contact} to give you access to a compute group.",
            )
        begun = self.audit.event(
            EventKind.SESSION_CREATED, "sign_in", Result.SUCCESS, actor=identity
        )
        token = self.sessions.create_session(identity, given.address, self.now(), begun)
        return SignedIn(token, identity, failed_before)

    def prove(self, given: Credentials, *, first: Callable[[], None] = lambda: None) -> Identity:
        """Check name and password, throttled. Raises SignInRefused, Throttled, StoreUnavailable.

        ClickHouse is asked, except in a warehouse whose one user's password is known here.
        `first` is called when the attempt has been counted and before the password goes
        anywhere; what it raises ends the attempt.
        """
        try:
            with counted(self.metrics, "clickhouse"):
                return self._prove(given, first)
        except WakeNeeded as refusal:
            about = Matter(refusal.service_id, refusal.group_name)
            self.note_refusal(EventKind.LOGIN_FAIL, given, refusal.reason, Result.DEFER, about)
            raise
        except SignInRefused as refusal:
            self.note_refusal(EventKind.LOGIN_FAIL, given, refusal.reason)
            raise
        except Throttled as refusal:
            self.note_refusal(EventKind.LOGIN_FAIL_MAX, given, refusal.code)
            raise

    def _prove(self, given: Credentials, first: Callable[[], None]) -> Identity:
        if len(given.user) > LONGEST_USER:  # which the throttle would have to remember
            raise refused(CredentialRefusal.UNUSABLE_INPUT)
        with self.throttle.attempt((given.warehouse, given.user), given.address) as attempt:
            first()
            warehouse = self.policy.catalog.find_warehouse(given.warehouse)
            if warehouse is None:
                self._refuse_unknown(given, attempt)
            roles = self._check(warehouse, given, attempt)
            attempt.succeed()
        identity = Identity(warehouse.key, given.user, roles)
        self.audit.record(proven_event(self.audit, identity, given.purpose, attempt))
        return identity

    def resume(self, token: str, *, is_activity: bool) -> Session | None:
        """The living session of a token. Polling is no activity. Raises StoreUnavailable."""
        return self.sessions.find_session(token, self.now(), is_activity=is_activity)

    def find_end(self, session: Session) -> SessionEnd:
        """When a living session ends if nobody does anything."""
        return self.sessions.find_end(session, self.now())

    def sign_out(self, token: str, identity: Identity | None) -> None:
        """End the session on the server, whatever copies of the cookie exist."""
        self.sessions.delete_session(
            token,
            self.audit.event(
                EventKind.SESSION_LOGOUT, "sign_out", Result.SUCCESS, actor=identity or NOBODY
            ),
        )

    def note_use_after_end(self, token: str) -> None:
        """Note that somebody came with a session that is over, or that never was.

        Raises StoreUnavailable.
        """
        ended = self.sessions.find_ended(token, self.now())
        self.audit.note(
            self.audit.event(
                EventKind.SESSION_USE_AFTER_EXPIRE,
                "access",
                Result.FAIL,
                actor=ended.identity if ended else NOBODY,
            )
        )

    def note_refusal(
        self,
        kind: EventKind,
        given: Credentials,
        error: str,
        result: Result = Result.FAIL,
        about: Matter = NOTHING,
    ) -> None:
        """Note that somebody was not let in, under the name that they gave."""
        refusal = self.audit.event(
            kind, given.purpose, result, actor=given.actor, about=about, error=error
        )
        self.audit.note(refusal)

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
        try:
            self._check(self.policy.catalog.warehouses[0], stranger, attempt)
        except SignInRefused as refusal:
            if refusal.reason != CredentialRefusal.WRONG_CREDENTIALS:
                raise
        raise unknown_service()

    def _check_at_clickhouse(
        self, warehouse: WarehouseDefinition, given: Credentials, attempt: Attempt
    ) -> frozenset[str]:
        try:
            service = self.places.choose(warehouse, given.wake_service_id)
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


def proven_event(audit: Audit, identity: Identity, purpose: str, attempt: Attempt) -> Event:
    """Somebody has proven who they are, at once or after failures under the same name."""
    failures = attempt.earlier_failures
    kind = EventKind.LOGIN_SUCCESS_AFTER_FAIL if failures else EventKind.LOGIN_SUCCESS
    return audit.event(
        kind, purpose, Result.SUCCESS, actor=identity, details={"earlier_failures": failures}
    )


def _check_here(local: LocalUser, given: Credentials) -> frozenset[str]:
    if not is_proven(local, given.user, given.password):
        raise refused(CredentialRefusal.WRONG_CREDENTIALS)
    return frozenset()  # which roles ClickHouse would enable is not known


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
