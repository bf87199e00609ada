"""Changes and refused requests of many groups, as the page of all activity asks for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Table, and_, or_, select

from app.domain.access.permissions import Identity
from app.domain.activity.entries import Refusal
from app.domain.audit.chain import parse_event
from app.domain.audit.events import EventKind, Result, moment_text, plain
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.store.audit.event_rows import details_in
from app.store.change_rows import as_change
from app.store.database.engine import reading
from app.store.schema import changes, events

REFUSED = (EventKind.INPUT_VALIDATION_FAIL, EventKind.SEQUENCE_FAIL, EventKind.AUTHZ_FAIL)
"""The events of a request that a rule, another change or a missing permission stood against."""


@dataclass(frozen=True)
class ActivityScope:
    """Whose entries of which groups: everybody's in `everybodys`, the person's own in `own`; and
    only those of `user`, where that is given, from `since` to `until`, both included."""

    identity: Identity
    everybodys: Collection[str]
    own: Collection[str]
    since: datetime
    until: datetime
    user: str = ""


@dataclass(frozen=True)
class ActivityStore:
    """The readings. Both give the newest first and raise StoreUnavailable."""

    engine: Engine

    def list_changes(
        self,
        scope: ActivityScope,
        states: Collection[ChangeState],
        action: Action | None,
        most: int,
    ) -> Sequence[Change]:
        """The changes in these states that were asked for within the scope."""
        which = _is_within(scope, changes) & changes.c.state.in_(states)
        which &= changes.c.created_at.between(scope.since, scope.until)
        if scope.user:
            which &= changes.c.user == scope.user
        if action:
            which &= changes.c.action == action
        newest = (changes.c.created_at.desc(), changes.c.reference.desc())
        query = select(changes).where(which).order_by(*newest).limit(most)
        with reading(self.engine) as connection:
            return [as_change(row) for row in connection.execute(query)]

    def list_refusals(self, scope: ActivityScope, most: int) -> Sequence[Refusal]:
        """The requests about a group that were refused. One whose text is none of ours has no
        codes."""
        which = _is_within(scope, events) & events.c.kind.in_(REFUSED)
        which &= events.c.result == Result.FAIL
        which &= events.c.time.between(moment_text(scope.since), moment_text(scope.until))
        if scope.user:
            which &= events.c.user == plain(scope.user)
        newest = (events.c.time.desc(), events.c.seq.desc())
        query = select(events).where(which).order_by(*newest).limit(most)
        with reading(self.engine) as connection:
            return [_as_refusal(row) for row in connection.execute(query)]


def _is_within(scope: ActivityScope, table: Table) -> ColumnElement[bool]:
    who = scope.identity
    name = plain(who.user) if table is events else who.user
    own = and_(table.c.warehouse == who.warehouse, table.c.user == name)
    return or_(
        table.c.service_id.in_(scope.everybodys), and_(table.c.service_id.in_(scope.own), own)
    )


def _as_refusal(row: Row[Any]) -> Refusal:
    problems = details_in(row.text).get("problems")
    error, step = _words_in(row.text)
    codes = [str(item).partition(":")[2] for item in problems] if problems else [error]
    return Refusal(
        seq=row.seq,
        at=datetime.fromisoformat(row.time),
        service_id=row.service_id,
        user=row.user,
        step=step,
        codes=tuple(code for code in codes if code),
    )


def _words_in(text: str) -> tuple[str, str]:
    """The code of what stood in the way, and what was asked for."""
    try:
        said = parse_event(text)
        return str(said["error"]), str(said["action"])
    except (ValueError, KeyError, TypeError):
        return "", ""
