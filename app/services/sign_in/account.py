"""What somebody sees and does about themselves: sessions, roles, and what they may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from app.domain.access.matrix import Row, rows_of
from app.domain.access.permissions import Identity
from app.domain.audit.events import EventKind, Result
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.sessions import Session
from app.errors import NotFound, NotSignedIn
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder
from app.services.sign_in.credential_cache import CredentialCache
from app.services.sign_in.reauthentication import Reauthenticator
from app.services.sign_in.service import SignedIn
from app.store.sign_in.sessions import SessionStore


@dataclass(frozen=True)
class OwnSession:
    """One sign-in of the person who looks; `is_this` is the one they look with."""

    session: Session
    is_this: bool


@dataclass(frozen=True)
class Account:
    """The use cases. `token` is always that of the session in which the person asks."""

    policy: Policy
    reauthenticator: Reauthenticator
    sessions: SessionStore
    credential_cache: CredentialCache
    audit: AuditRecorder
    now: Callable[[], datetime]

    def list_sessions(self, identity: Identity, token: str) -> tuple[OwnSession, ...]:
        """The person's living sessions, this one first, then the latest."""
        this = self.sessions.find_session(token, self.now(), is_activity=False)
        found = self.sessions.list_sessions(self.now(), identity)
        own = [OwnSession(item, this is not None and item.id == this.id) for item in found]
        return tuple(sorted(own, key=lambda item: not item.is_this))

    def list_permissions(self, identity: Identity) -> tuple[Row, ...]:
        """What the person may do in each of their groups, and by which rule."""
        return rows_of(self.policy.catalog, identity)

    def find_warehouse(self, identity: Identity) -> WarehouseDefinition | None:
        """The person's warehouse, as long as the file names it."""
        return self.policy.catalog.find_warehouse(identity.warehouse)

    def end_session(self, identity: Identity, session_id: int) -> None:
        """End one of the person's sessions. Raises NotFound for any other."""
        named = {"session_id": session_id}
        ended = self.audit.event(
            EventKind.SESSION_EXPIRED, "end_session", Result.SUCCESS, actor=identity, details=named
        )
        if not self.sessions.end_session(session_id, ended, identity):
            self.audit.record_best_effort(
                self.audit.event(
                    EventKind.MALICIOUS_DIRECT_REFERENCE,
                    "end_session",
                    Result.FAIL,
                    actor=identity,
                    error=NotFound.code,
                    details=named,
                )
            )
            raise NotFound

    def sign_out_everywhere(self, identity: Identity) -> None:
        """End every session of the person, this one too; programs have to prove them again."""
        ended = self.audit.event(
            EventKind.SESSION_EXPIRED, "end_all_sessions", Result.SUCCESS, actor=identity
        )
        self.sessions.end_sessions_of(identity, ended)
        self.credential_cache.forget(identity)

    def refresh_roles(
        self, identity: Identity, token: str, password: SecretStr, address: str, code: str = ""
    ) -> SignedIn:
        """Prove the person again and go on in a new session, with the roles enabled now.

        Raises BrokenRules, SignInRefused, NotYet, NotPossible, and NotSignedIn if the session
        has ended meanwhile.
        """
        proven = self.reauthenticator.reauthenticate(identity, password, address, token, code=code)
        event = self.audit.event(
            EventKind.SESSION_RENEWED, "refresh_roles", Result.SUCCESS, actor=proven
        )
        renewed = self.sessions.replace_session(token, proven, address, self.now(), event)
        if renewed is None:
            raise NotSignedIn(message="Your session has ended.", remedy="Sign in again.")
        return SignedIn(renewed, proven)
