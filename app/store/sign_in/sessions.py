"""Sign-ins. The cookie holds a random token; here stands only its hash, and who it belongs to."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    bindparam,
    delete,
    func,
    or_,
    select,
    true,
    update,
)

from app.domain.access.permissions import Identity
from app.domain.audit.events import Event
from app.domain.clock import SMALL_STEP
from app.domain.sessions import Session, SessionEnd, hash_of, session_mark
from app.errors import StoreUnavailable
from app.store.audit.recording import recording
from app.store.database.clock import StoreClock, database_now
from app.store.database.engine import reading, writing
from app.store.database.prepared import PreparedQuery
from app.store.schema import number, sessions
from app.store.sign_in.session_rows import (
    SESSION,
    as_session,
    belongs_to,
    delete_sessions,
    insert_session,
    lock_sessions_of,
    renew_session,
)
from app.store.state import STATE_COLUMNS, STATE_TABLES, remember_state, state_of

LATEST_FIRST = (sessions.c.created_at.desc(), sessions.c.id.desc())
"""One that was renewed counts as one that began then."""

SEEN_STEP = timedelta(seconds=30)
"""Activity is noted at most this often, so that not every page writes."""


@dataclass(frozen=True)
class SessionStore:
    """The records of who is signed in. Every method raises StoreUnavailable.

    Beginning and ending one is written together with its event, or not at all.
    """

    engine: Engine
    idle: timedelta
    absolute: timedelta
    most_per_user: int
    clock: StoreClock = database_now

    def create_session(
        self,
        identity: Identity,
        address: str,
        now: datetime,
        event: Event,
        *,
        is_admin: bool = False,
    ) -> str:
        """Record a new sign-in and return its token. The oldest beyond the allowed number end."""
        with recording(self.engine) as recorder:
            connection = recorder.connection
            lock_sessions_of(connection, identity)
            connection.execute(delete(sessions).where(self._is_over(now)))
            token = insert_session(connection, identity, address, now, is_admin=is_admin)
            newest = (
                select(sessions.c.id)
                .where(belongs_to(identity, is_admin=is_admin))
                .order_by(*LATEST_FIRST)
                .limit(self.most_per_user)
            )
            kept = [row.id for row in connection.execute(newest)]
            surplus = belongs_to(identity, is_admin=is_admin) & sessions.c.id.not_in(kept)
            ended = delete_sessions(connection, surplus)
            recorder.add(event.in_session(session_mark(token)).with_details(ended=ended))
        return token

    def replace_session(
        self, token: str, identity: Identity, address: str, now: datetime, event: Event
    ) -> str | None:
        """Let the session of a token begin anew with the roles of `identity`; its new token.

        The person's other sessions take on the same roles. None if the session is over already.
        """
        with recording(self.engine) as recorder:
            connection = recorder.connection
            lock_sessions_of(connection, identity)
            is_living = (sessions.c.token_hash == hash_of(token)) & ~self._is_over(now)
            renewed = renew_session(connection, is_living, identity, address, now)
            if renewed is None:
                return None
            others = update(sessions).where(belongs_to(identity, is_admin=False))
            connection.execute(others.values(roles=sorted(identity.roles)))
            recorder.add(event.in_session(session_mark(renewed)))
        return renewed

    def find_session(self, token: str, now: datetime, *, is_activity: bool) -> Session | None:
        """The living session of a token. `is_activity` postpones its idle end; polling does not.

        The state of the records is read with it, for the rest of the request.
        """
        values = {"token_hash": hash_of(token), **self._bounds(now)}
        with reading(self.engine) as connection:
            row = _FIND_LIVING.find_row(connection, values)
            if row is None:
                return None
            remember_state(state_of(row[len(SESSION) :], self.clock(connection)))
        found = as_session(row[: len(SESSION)])
        is_due = is_activity and now - found.seen_at >= SEEN_STEP
        if is_due and self._note_activity(found.id, now):
            return replace(found, seen_at=now)
        return found

    def find_end(self, session: Session, now: datetime) -> SessionEnd:
        """When a living session ends if nobody does anything."""
        idle_at, final_at = session.seen_at + self.idle, session.created_at + self.absolute
        at = min(idle_at, final_at)
        return SessionEnd(at, int((at - now).total_seconds()), is_final=final_at <= idle_at)

    def find_ended(self, token: str, now: datetime) -> Session | None:
        """The session of a token that is over by its time, as long as its record is kept."""
        query = select(*SESSION).where(sessions.c.token_hash == hash_of(token), self._is_over(now))
        with reading(self.engine) as connection:
            row = connection.execute(query).one_or_none()
        return as_session(row) if row else None

    def delete_session(self, token: str, event: Event, found: Session | None = None) -> None:
        """End the session of a token, if there is one; where it was `found` before, also if it was
        renewed meanwhile and has another token."""
        which = sessions.c.token_hash == hash_of(token)
        if found:
            is_theirs = belongs_to(found.identity, is_admin=found.is_admin)
            which |= (sessions.c.id == found.id) & is_theirs
        self._end(which, event)

    def count_sessions(self, now: datetime) -> int:
        """How many sessions live."""
        query = select(func.count()).select_from(sessions).where(~self._is_over(now))
        with reading(self.engine) as connection:
            return connection.scalar(query) or 0

    def list_sessions(self, now: datetime, identity: Identity | None = None) -> Sequence[Session]:
        """The living sessions, of one person or of everybody, latest first."""
        query = select(*SESSION).where(~self._is_over(now)).order_by(*LATEST_FIRST)
        if identity:
            query = query.where(belongs_to(identity, is_admin=False))
        with reading(self.engine) as connection:
            return [as_session(row) for row in connection.execute(query)]

    def end_session(self, session_id: int, event: Event, identity: Identity | None = None) -> bool:
        """End one session, only if it belongs to `identity` where that is given. Whether it did."""
        which = sessions.c.id == number(session_id)
        if identity:
            which &= belongs_to(identity, is_admin=False)
        return self._end(which, event)

    def end_sessions_of(self, identity: Identity, event: Event) -> None:
        """End every session of one person; the event stands whether there was one or not.

        One that is being renewed meanwhile ends in its new form.
        """
        with recording(self.engine) as recorder:
            lock_sessions_of(recorder.connection, identity)
            ended = delete_sessions(recorder.connection, belongs_to(identity, is_admin=False))
            recorder.add(event.with_details(ended=ended))

    def _end(self, which: ColumnElement[bool], event: Event) -> bool:
        with recording(self.engine) as recorder:
            ended = delete_sessions(recorder.connection, which)
            if ended:
                recorder.add(event.with_details(ended=ended))
        return bool(ended)

    def prune(self, now: datetime) -> int:
        """Forget the sessions that are over; how many there were."""
        with writing(self.engine) as connection:
            return connection.execute(delete(sessions).where(self._is_over(now))).rowcount

    def _note_activity(self, session_id: int, now: datetime) -> bool:
        row = sessions.c.id == session_id
        # What cannot be noted ends the session sooner, and looking goes on until then.
        with suppress(StoreUnavailable), writing(self.engine) as connection:
            connection.execute(update(sessions).where(row).values(seen_at=now))
            return True
        return False

    def _is_over(self, now: datetime) -> ColumnElement[bool]:
        return _is_over(**self._bounds(now))

    def _bounds(self, now: datetime) -> dict[str, datetime]:
        return {
            "idle_since": now - self.idle,
            "old_since": now - self.absolute,
            "latest": now + SMALL_STEP,
        }


def _is_over(idle_since: Any, old_since: Any, latest: Any) -> ColumnElement[bool]:  # noqa: ANN401 - moments, or parameters for them
    times = sessions.c
    # Where the clock was set back, nobody knows how long it has lasted.
    is_ahead = or_(times.seen_at > latest, times.created_at > latest)
    return or_(times.seen_at <= idle_since, times.created_at <= old_since, is_ahead)


_FIND_LIVING = PreparedQuery(
    select(*SESSION, *STATE_COLUMNS)
    .select_from(sessions.join(STATE_TABLES, true()))
    .where(
        sessions.c.token_hash == bindparam("token_hash"),
        ~_is_over(bindparam("idle_since"), bindparam("old_since"), bindparam("latest")),
    )
)
