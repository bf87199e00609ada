"""What a verification of the password, or a refused one, does to the sessions of a person, and to
their tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from app.domain.access.permissions import Identity
from app.domain.audit.events import Event
from app.domain.sessions import MARK_LENGTH, hash_of
from app.store.audit.recording import recording
from app.store.database.engine import reading, writing
from app.store.schema import sessions, tokens
from app.store.sign_in.session_rows import belongs_to, delete_sessions, lock_sessions_of

MOST_REFUSED = 3
"""So many refused passwords in a row, typed in one session, end it."""

VERIFICATION_STEP = timedelta(hours=1)
"""A proof that brings the roles which are known is noted at most this often."""


@dataclass(frozen=True)
class VerificationStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def note_verification(self, token: str, now: datetime) -> None:
        """The password was proven in this session."""
        proven = update(sessions).where(sessions.c.token_hash == hash_of(token))
        with recording(self.engine) as recorder:
            recorder.connection.execute(proven.values(verified_at=now, refused_verifications=0))

    def note_refused(self, token: str, event: Event) -> bool:
        """A password was refused in this session; whether that has ended it."""
        is_this = sessions.c.token_hash == hash_of(token)
        counted = (
            update(sessions)
            .where(is_this)
            .values(refused_verifications=sessions.c.refused_verifications + 1)
        )
        with recording(self.engine) as recorder:
            connection = recorder.connection
            count = connection.scalar(counted.returning(sessions.c.refused_verifications))
            if count is None or count < MOST_REFUSED:
                return False
            recorder.add(event.with_details(ended=delete_sessions(connection, is_this)))
        return True

    def take_roles_away(self, proven: Identity, event: Event) -> None:
        """No session of this person has a role any more that the verification did not bring."""
        if not any(self._find_surplus(proven)):
            return
        with recording(self.engine) as recorder:
            lock_sessions_of(recorder.connection, proven)
            changed = list(_restrict(recorder.connection, proven))
            if changed:
                recorder.add(event.with_details(changed=changed))

    def note_roles(self, proven: Identity, now: datetime) -> None:
        """The tokens of this person go by the roles that were proven now, more or fewer."""
        is_theirs = (tokens.c.warehouse == proven.warehouse) & (tokens.c.user == proven.user)
        roles = sorted(proven.roles)
        known = select(tokens.c.roles, tokens.c.proven_at).where(is_theirs)
        with reading(self.engine) as connection:
            rows = connection.execute(known).all()
        if all(row.roles == roles and abs(now - row.proven_at) < VERIFICATION_STEP for row in rows):
            return
        with writing(self.engine) as connection:
            noted = update(tokens).where(is_theirs)
            connection.execute(noted.values(roles=roles, proven_at=now))

    def _find_surplus(self, proven: Identity) -> list[bool]:
        query = select(sessions.c.roles).where(belongs_to(proven, is_admin=False))
        with reading(self.engine) as connection:
            return [bool(set(row.roles) - proven.roles) for row in connection.execute(query)]


def _restrict(connection: Connection, proven: Identity) -> Iterable[str]:
    """The marks of the sessions that have lost roles."""
    query = select(sessions).where(belongs_to(proven, is_admin=False))
    for row in list(connection.execute(query)):
        if set(row.roles) - proven.roles:
            kept = sorted(set(row.roles) & proven.roles)
            this = update(sessions).where(sessions.c.id == row.id)
            connection.execute(this.values(roles=kept))
            yield row.token_hash[:MARK_LENGTH]
