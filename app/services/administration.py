"""What an administrator sees and may do: look at everything, end sessions, switch changes off.

An administrator is not a ClickHouse user and can never scale, wake, start or stop anything.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr
from werkzeug.security import check_password_hash

from app.domain.access import Identity
from app.domain.events import Event, EventKind, Result
from app.domain.matrix import Subject, subjects_of
from app.domain.messages import problem
from app.domain.requests import LONGEST_REASON
from app.errors import BrokenRules, CredentialRefusal, NotFound, SignInRefused, Throttled
from app.metrics import Metrics
from app.services.audit import Audit, claimed
from app.services.measuring import counted
from app.services.policy import Policy
from app.services.remembered import Remembered
from app.services.sign_in import LONGEST_USER, SignedIn, proven_event
from app.services.throttle import SignInThrottle
from app.store.freezes import Freeze, FreezeStore
from app.store.sessions import Session, SessionStore

NO_WAREHOUSE = ""
"""Administrators belong to no warehouse, so no rule speaks of them."""


@dataclass(frozen=True)
class Administrator:
    """The one administrator's name and the hash of the password (werkzeug's scrypt format)."""

    username: str
    password_hash: SecretStr

    def is_proven(self, username: str, password: SecretStr) -> bool:
        """Whether these are the administrator's. Takes long, so throttle it before."""
        # The hash is computed for a wrong name too, so that both take the same time.
        stored = self.password_hash.get_secret_value()
        is_right = check_password_hash(stored, password.get_secret_value())
        return is_right and hmac.compare_digest(username.encode(), self.username.encode())


@dataclass(frozen=True)
class Administration:
    """The use cases of the administrator's area. All raise StoreUnavailable."""

    administrator: Administrator | None
    policy: Policy
    throttle: SignInThrottle
    sessions: SessionStore
    remembered: Remembered
    freezes: FreezeStore
    audit: Audit
    metrics: Metrics
    now: Callable[[], datetime]

    def sign_in(self, username: str, password: SecretStr, address: str) -> SignedIn:
        """Check the administrator's password and open a session.

        Raises NotFound where no administrator is set up, SignInRefused, Throttled.
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
        except (SignInRefused, Throttled) as refusal:
            self._note_refusal(username, refusal)
            raise

    def _prove(
        self, administrator: Administrator, username: str, password: SecretStr, address: str
    ) -> Identity:
        with (
            counted(self.metrics, "administrator"),
            self.throttle.attempt((NO_WAREHOUSE, username), address) as attempt,
        ):
            if not administrator.is_proven(username, password):
                raise SignInRefused(
                    reason=CredentialRefusal.WRONG_CREDENTIALS,
                    message="The name or the password is wrong.",
                    remedy="Use the administrator's own, not those of a ClickHouse user.",
                )
            attempt.succeed()
        identity = _identity_of(administrator)
        self.audit.record(proven_event(self.audit, identity, "administrator_sign_in", attempt))
        return identity

    def is_current(self, identity: Identity) -> bool:
        """Whether a session's administrator is still the one set up, with the same password."""
        return self.administrator is not None and identity == _identity_of(self.administrator)

    def list_subjects(self) -> tuple[Subject, ...]:
        """Who may do what, and by which rule."""
        signed_in = [item.identity for item in self.list_sessions() if not item.is_admin]
        return subjects_of(self.policy.catalog, signed_in)

    def list_sessions(self) -> Sequence[Session]:
        """Everybody who is signed in."""
        return self.sessions.list_sessions(self.now())

    def end_session(self, session_id: int, by: Identity) -> None:
        """End one session."""
        ended = self._event(EventKind.SESSION_EXPIRED, "end_session", by, session_id=session_id)
        self.sessions.end_session(session_id, ended)

    def end_sessions_of(self, identity: Identity, by: Identity) -> None:
        """End every session of one person; programs have to prove them again too."""
        whose = {"warehouse": identity.warehouse[:64], "user": identity.user[:LONGEST_USER]}
        ended = self._event(EventKind.SESSION_EXPIRED, "end_all_sessions", by, whose=whose)
        self.sessions.end_sessions_of(identity, ended)
        self.remembered.forget(identity)

    def find_freeze(self) -> Freeze | None:
        """The freeze in force."""
        return self.freezes.find_freeze()

    def freeze(self, by: Identity, reason: str) -> None:
        """Switch all changes off; looking goes on. Raises BrokenRules without a usable reason."""
        words = _usable_reason(reason)
        if self.freezes.find_freeze() is None:
            event = self._event(EventKind.SENSITIVE_UPDATE, "freeze", by, reason=words)
            self.freezes.create_freeze(Freeze(words, by.user, self.now()), event)

    def lift_freeze(self, by: Identity) -> None:
        """Switch changes on again."""
        event = self._event(EventKind.SENSITIVE_UPDATE, "lift_freeze", by)
        self.freezes.lift(by.user, self.now(), event)

    def _event(self, kind: EventKind, action: str, by: Identity, **details: object) -> Event:
        return self.audit.event(kind, action, Result.SUCCESS, actor=by, details=details)

    def _note_refusal(self, username: str, refusal: SignInRefused | Throttled) -> None:
        kind, error = EventKind.LOGIN_FAIL_MAX, refusal.code
        if isinstance(refusal, SignInRefused):
            kind, error = EventKind.LOGIN_FAIL, refusal.reason
        who = claimed(NO_WAREHOUSE, username)
        self.audit.note(
            self.audit.event(kind, "administrator_sign_in", Result.FAIL, actor=who, error=error)
        )


def _usable_reason(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise BrokenRules((problem("reason", "freeze_reason_needed"),))
    if len(words) > LONGEST_REASON:
        raise BrokenRules((problem("reason", "reason_too_long", most=LONGEST_REASON),))
    if not words.isprintable():
        raise BrokenRules((problem("reason", "reason_control_characters"),))
    return words


def _identity_of(administrator: Administrator) -> Identity:
    # The mark ends every session when the password is changed; it tells nothing of the hash.
    secret = administrator.password_hash.get_secret_value()
    mark = hashlib.sha256(secret.encode()).hexdigest()[:16]
    return Identity(NO_WAREHOUSE, administrator.username, frozenset({mark}))
