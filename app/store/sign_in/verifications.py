"""What a verification of the password, or a refused one, does to the sessions of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from app.domain.access.permissions import Identity
from app.domain.audit.events import Event
from app.domain.sessions import MARK_LENGTH, hash_of
from app.store.audit.log import recording
from app.store.database.engine import reading
from app.store.schema import sessions
from app.store.sign_in.sessions import belongs_to, delete_sessions, lock_sessions_of

MOST_REFUSED = 3
"""So many refused passwords in a row, typed in one session, end it."""


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
