"""Signing in with a ClickHouse user and password, staying signed in, and signing out."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from pydantic import SecretStr

from app.clickhouse.credentials import make_credential_headers
from app.domain.access.permissions import Identity
from app.domain.audit.events import NOBODY, AuditTarget, Event, EventKind, Result
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.sessions import Session, SessionEnd
from app.errors import (
    CredentialRefusal,
    NoComputeGroups,
    NotSignedIn,
    PortalBusy,
    SignInRefused,
    StoreUnavailable,
    Throttled,
    WakeNeeded,
)
from app.metrics import Metrics
from app.services.access.policy import Policy
from app.services.audit.recorder import NOTHING, AuditRecorder
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.outcomes import CLICKHOUSE, counted
from app.services.sign_in.second_factor import append_code
from app.services.sign_in.throttling.throttle import Attempt, SignInThrottle
from app.services.sign_in.verifiers.refusals import refused, unknown_service
from app.services.sign_in.verifiers.verification import Credentials, VerifierChoice
from app.services.sign_in.ways_in import WaysIn
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.verifications import VerificationStore

LONGEST_USER = 256


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
    verifier_of: VerifierChoice
    throttle: SignInThrottle
    names: ClaimedNames
    ways: WaysIn
    sessions: SessionStore
    verifications: VerificationStore
    audit: AuditRecorder
    metrics: Metrics
    now: Callable[[], datetime]

    def list_warehouses(self) -> tuple[WarehouseDefinition, ...]:
        """Where people can sign in."""
        return self.policy.catalog.warehouses

    def sign_in(self, given: Credentials, code: str = "") -> SignedIn:
        """Prove the user at ClickHouse and open a session; `code` is that of a second factor.

        Raises BrokenRules, SignInRefused (and its kinds), NotYet, StoreUnavailable.
        """
        given = replace(given, password=append_code(given.password, code))
        failed_before = self.throttle.failures_of((given.warehouse, given.user))
        return self.open_session(self.prove(given), given, failed_before)

    def open_session(
        self, identity: Identity, given: Credentials, failed_before: int = 0
    ) -> SignedIn:
        """A session for somebody just proven. Raises NoComputeGroups, StoreUnavailable."""
        if not self.policy.catalog.groups_of(identity):
            self.note_refusal(EventKind.AUTHZ_FAIL, given, NoComputeGroups.code)
            right = "Your password is right" if identity.user == given.user else "You are known"
            contact = self.policy.catalog.presentation.contact
            raise NoComputeGroups(
                reason=NoComputeGroups.code,
                message=f"{right}, but {identity.user} has no compute group here.",
                remedy=f"Ask {contact} to give you access to a compute group.",
            )
        begun = self.audit.event(
            EventKind.SESSION_CREATED, "sign_in", Result.SUCCESS, actor=identity
        )
        token = self.sessions.create_session(identity, given.address, self.now(), begun)
        return SignedIn(token, identity, failed_before)

    def prove(self, given: Credentials, *, first: Callable[[], None] = lambda: None) -> Identity:
        """Check name and password, throttled. Raises SignInRefused, NotYet, StoreUnavailable.

        ClickHouse is asked, except in a warehouse whose one user's password is known here.
        `first` is called when the attempt has been counted and before the password goes
        anywhere; what it raises ends the attempt.
        """
        try:
            with counted(self.metrics, CLICKHOUSE):
                return self._prove(given, first)
        except WakeNeeded as refusal:
            about = AuditTarget(refusal.service_id, refusal.group_name)
            self.note_refusal(EventKind.LOGIN_FAIL, given, refusal.reason, Result.DEFER, about)
            raise
        except SignInRefused as refusal:
            self.note_refusal(EventKind.LOGIN_FAIL, given, refusal.reason)
            raise
        except PortalBusy as refusal:
            self.note_refusal(EventKind.LOGIN_FAIL, given, refusal.code, Result.DEFER)
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
            roles = self._verify(warehouse, given, attempt)
            attempt.succeed()
        identity = Identity(warehouse.key, given.user, roles or frozenset())
        self.audit.record(proven_event(self.audit, identity, given.purpose, attempt))
        if roles is not None:
            self._take_roles_away(identity)
        self.verifications.note_roles(identity, self.now())
        return identity

    def is_password_off(self, warehouse_key: str) -> bool:
        """Whether people of this warehouse sign in with their company's sign-in alone."""
        warehouse = self.policy.catalog.find_warehouse(warehouse_key)
        return warehouse is not None and not warehouse.takes_passwords

    def resume(self, token: str, *, is_activity: bool) -> Session | None:
        """The living session of a token; it ends here if the person's way in was closed.

        Polling does not extend it. Raises StoreUnavailable.
        """
        found = self.sessions.find_session(token, self.now(), is_activity=is_activity)
        if found is None or found.is_admin or self.ways.is_open_to(found.identity):
            return found
        ended = self.audit.event(
            EventKind.SESSION_EXPIRED, "close_way_in", Result.SUCCESS, actor=found.identity
        )
        self.sessions.delete_session(token, ended, found)
        return None

    def find_end(self, session: Session) -> SessionEnd:
        """When a living session ends if nobody does anything."""
        return self.sessions.find_end(session, self.now())

    def check_signed_in(self, token: str) -> None:
        """Raises NotSignedIn if the session was ended since the request began."""
        if self.resume(token, is_activity=False) is None:
            raise NotSignedIn(
                message="Your session was ended, so nothing was sent.", remedy="Sign in again."
            )

    def sign_out(self, token: str) -> None:
        """End the session on the server, whatever copies of the cookie exist, also where it is
        renewed at this moment. Raises StoreUnavailable."""
        found = self.resume(token, is_activity=False)
        actor = found.identity if found else NOBODY
        ended = self.audit.event(EventKind.SESSION_LOGOUT, "sign_out", Result.SUCCESS, actor=actor)
        self.sessions.delete_session(token, ended, found)

    def note_use_after_end(self, token: str) -> None:
        """Note that somebody came with a session that is over, or that never was.

        Raises StoreUnavailable.
        """
        ended = self.sessions.find_ended(token, self.now())
        self.audit.record_best_effort(
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
        about: AuditTarget = NOTHING,
    ) -> None:
        """Note that somebody was not let in, under the name that they gave if that is known."""
        who = self.names.actor(given.warehouse, given.user)
        refusal = self.audit.event(kind, given.purpose, result, actor=who, about=about, error=error)
        self.audit.record_best_effort(refusal)

    def _verify(
        self, warehouse: WarehouseDefinition, given: Credentials, attempt: Attempt
    ) -> frozenset[str] | None:
        try:
            return self.verifier_of(warehouse).verify(warehouse, given)
        except SignInRefused as refusal:
            if refusal.reason == CredentialRefusal.SECOND_FACTOR and not given.has_code:
                attempt.discount_elsewhere()
            elif not refusal.is_guess:
                attempt.discount()
            raise
        except StoreUnavailable:
            attempt.discount()
            raise

    def _take_roles_away(self, proven: Identity) -> None:
        lost = self.audit.event(
            EventKind.SESSION_RENEWED, "take_roles_away", Result.SUCCESS, actor=proven
        )
        self.verifications.take_roles_away(proven, lost)

    def _refuse_unknown(self, given: Credentials, attempt: Attempt) -> NoReturn:
        """Refuse an unknown warehouse as the first that takes passwords refuses a wrong one: after
        as long, in the same words where nothing can be checked; where none takes any, as all do.

        The name and password checked for it are made up: the caller's own go to no warehouse
        that they did not name, and count against nobody's quota there.
        """
        if make_credential_headers(given.user, given.password.get_secret_value()) is None:
            attempt.discount()
            raise refused(CredentialRefusal.UNUSABLE_INPUT)
        made_up = SecretStr(secrets.token_hex(16))
        stranger = replace(given, user=secrets.token_hex(8), password=made_up)
        warehouses = self.policy.catalog.warehouses
        alike = next((item for item in warehouses if item.takes_passwords), warehouses[0])
        try:
            self._verify(alike, stranger, attempt)
        except SignInRefused as refusal:
            if refusal.reason != CredentialRefusal.WRONG_CREDENTIALS:
                raise
        raise unknown_service()


def proven_event(audit: AuditRecorder, identity: Identity, purpose: str, attempt: Attempt) -> Event:
    """Somebody has proven who they are, at once or after failures under the same name."""
    failures = attempt.earlier_failures
    kind = EventKind.LOGIN_SUCCESS_AFTER_FAIL if failures else EventKind.LOGIN_SUCCESS
    return audit.event(
        kind, purpose, Result.SUCCESS, actor=identity, details={"earlier_failures": failures}
    )
