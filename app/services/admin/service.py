"""What an administrator sees and may do: look at everything, end sessions, switch changes off.

An administrator is not a ClickHouse user and can never scale, wake, start or stop anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from app.domain.access.freeze import Freeze, FreezeScope
from app.domain.access.permissions import Identity
from app.domain.audit.events import Event, EventKind, Result
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.sessions import Session
from app.errors import (
    CredentialRefusal,
    NotFound,
    NotPossible,
    NotYet,
    SignInRefused,
    Throttled,
)
from app.metrics import Metrics
from app.services.access.policy import Policy
from app.services.admin.freeze_places import FreezePlace, usable_reason
from app.services.audit.recorder import AuditRecorder
from app.services.sign_in.administrator import NO_WAREHOUSE, Administrator
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.credential_cache import CredentialCache
from app.services.sign_in.outcomes import ADMINISTRATOR, counted
from app.services.sign_in.service import LONGEST_USER, SignedIn, proven_event
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.store.freezes import FreezeStore
from app.store.sign_in.sessions import SessionStore


@dataclass(frozen=True)
class Administration:
    """The use cases of the administrator's area. All raise StoreUnavailable."""

    administrator: Administrator | None
    policy: Policy
    throttle: SignInThrottle
    names: ClaimedNames
    sessions: SessionStore
    credential_cache: CredentialCache
    freezes: FreezeStore
    audit: AuditRecorder
    metrics: Metrics
    now: Callable[[], datetime]

    def sign_in(self, username: str, password: SecretStr, address: str) -> SignedIn:
        """Check the administrator's password and open a session.

        Raises NotFound where no administrator is set up, SignInRefused, NotYet.
        """
        identity = self.prove(username, password, address)
        begun = self._event(EventKind.SESSION_CREATED, "administrator_sign_in", identity)
        token = self.sessions.create_session(identity, address, self.now(), begun, is_admin=True)
        return SignedIn(token, identity)

    def prove(self, username: str, password: SecretStr, address: str) -> Identity:
        """Check the administrator's password, throttled. Raises as `sign_in` does."""
        administrator = self.administrator
        if administrator is None:
            raise NotFound
        try:
            return self._prove(administrator, username, password, address)
        except (SignInRefused, NotYet) as refusal:
            self._note_refusal(username, refusal)
            raise

    def _prove(
        self, administrator: Administrator, username: str, password: SecretStr, address: str
    ) -> Identity:
        with (
            counted(self.metrics, ADMINISTRATOR),
            self.throttle.attempt((NO_WAREHOUSE, username), address) as attempt,
        ):
            if not administrator.is_proven(username, password):
                raise SignInRefused(
                    reason=CredentialRefusal.WRONG_CREDENTIALS,
                    message="The name or the password is wrong.",
                    remedy="Use the administrator's own, not those of a ClickHouse user.",
                )
            attempt.succeed()
        identity = administrator.identity
        self.audit.record(proven_event(self.audit, identity, "administrator_sign_in", attempt))
        return identity

    @property
    def is_set_up(self) -> bool:
        """Whether there is an administrator at all."""
        return self.administrator is not None

    def is_current(self, identity: Identity) -> bool:
        """Whether a session's administrator is still the one set up, with the same password."""
        return self.administrator is not None and identity == self.administrator.identity

    def list_sessions(self) -> Sequence[Session]:
        """Everybody who is signed in; not with an administrator's password that was changed since,
        which lets nobody in any more."""
        living = self.sessions.list_sessions(self.now())
        return [item for item in living if not item.is_admin or self.is_current(item.identity)]

    def end_session(self, session_id: int, by: Identity) -> None:
        """End one session."""
        ended = self._event(EventKind.SESSION_EXPIRED, "end_session", by, session_id=session_id)
        self.sessions.end_session(session_id, ended)

    def end_sessions_of(self, identity: Identity, by: Identity) -> None:
        """End every session of one person; programs have to prove them again too."""
        owner = {"warehouse": identity.warehouse[:64], "user": identity.user[:LONGEST_USER]}
        ended = self._event(EventKind.SESSION_EXPIRED, "end_all_sessions", by, whose=owner)
        self.sessions.end_sessions_of(identity, ended)
        self.credential_cache.forget(identity)

    def list_file_faults(self) -> tuple[str, ...]:
        """What is wrong with the file of groups and permissions as it is now."""
        return self.policy.faults

    def list_warehouses(self) -> tuple[WarehouseDefinition, ...]:
        """Every warehouse with its groups, as the file says."""
        return self.policy.catalog.warehouses

    def find_session_id(self, token: str) -> int | None:
        """The id of the session with this token, while it lives."""
        found = self.sessions.find_session(token, self.now(), is_activity=False)
        return found.id if found else None

    def find_freeze(self) -> Freeze | None:
        """The freeze in force."""
        return self.freezes.find_freeze()

    def list_partial_freezes(self) -> tuple[Freeze, ...]:
        """The freezes of warehouses and groups in force."""
        return self.freezes.list_partial()

    def freeze(self, by: Identity, reason: str, where: str = "") -> None:
        """Freeze all changes, or those of a part, as `FreezePlace.parse` reads it; looking goes on.

        Raises BrokenRules without a usable reason or part, NotPossible where they are off already,
        by whomever.
        """
        place = FreezePlace.parse(where, self.policy.catalog)
        words = usable_reason(reason)
        event = self._freeze_event("freeze", by, place).with_details(reason=words)
        wanted = Freeze(words, by.user, self.now(), place.scope, place.target)
        in_force = self.freezes.create_freeze(wanted, event)
        if in_force is not wanted:
            raise NotPossible(
                message=f"{in_force.frozen_by} has switched {place.what} off already.",
                remedy=f"The reason that everybody reads is: {in_force.reason}",
            )

    def lift_freeze(self, by: Identity, where: str = "") -> None:
        """Lift the freeze of all changes, or that of a part, be it gone from the file."""
        place = FreezePlace.of(where)
        event = self._freeze_event("lift_freeze", by, place)
        self.freezes.lift(by.user, self.now(), event, place.scope, place.target)

    def _freeze_event(self, action: str, by: Identity, place: FreezePlace) -> Event:
        about = place.about(self.policy.catalog)
        event = self.audit.event(
            EventKind.SENSITIVE_UPDATE, action, Result.SUCCESS, actor=by, about=about
        )
        is_part = place.scope is not FreezeScope.ALL
        return event.with_details(scope=place.scope, target=place.target) if is_part else event

    def _event(self, kind: EventKind, action: str, by: Identity, **details: object) -> Event:
        return self.audit.event(kind, action, Result.SUCCESS, actor=by, details=details)

    def _note_refusal(self, username: str, refusal: SignInRefused | NotYet) -> None:
        is_throttled = isinstance(refusal, Throttled)
        kind = EventKind.LOGIN_FAIL_MAX if is_throttled else EventKind.LOGIN_FAIL
        error = refusal.reason if isinstance(refusal, SignInRefused) else refusal.code
        who = self.names.actor(NO_WAREHOUSE, username)
        self.audit.record_best_effort(
            self.audit.event(kind, "administrator_sign_in", Result.FAIL, actor=who, error=error)
        )
