"""The ledger: every change from draft to outcome. Intent is written before a call goes out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, func, or_, select, union, update
from sqlalchemy.exc import IntegrityError

from app.domain.access.permissions import Identity
from app.domain.audit.events import Event
from app.domain.boosts.boost import BoostTerms
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin, ChangeState, Outcome, SettledCode
from app.domain.clock import SMALL_STEP
from app.errors import ChangeInFlight
from app.store.audit.recording import recording
from app.store.boosts import add_boost
from app.store.change_rows import as_change, as_row, new_reference
from app.store.database.engine import reading, writing
from app.store.database.health import check_health
from app.store.schema import EFFECT_NOT_SEEN, IN_FLIGHT, changes
from app.store.state import bump_revision

STARTS_AND_STOPS = (Action.START, Action.STOP)
NEWEST_FIRST = (changes.c.sent_at.desc(), changes.c.id.desc())  # as confirmed, not as drawn up


@dataclass(frozen=True)
class ChangeStore:
    """The ledger's records. Every method raises StoreUnavailable.

    Each step of a change is written together with its event, or not at all.
    """

    engine: Engine

    def create_draft(self, draft: Change, event: Event, terms: BoostTerms | None = None) -> Change:
        """Record a draft; it and its event get their reference here. `terms` are those of a boost,
        recorded under the same reference."""
        named = replace(draft, reference=new_reference())
        with recording(self.engine) as recorder:
            recorder.connection.execute(changes.insert().values(**as_row(named)))
            if terms:
                add_boost(recorder.connection, named, terms)
            recorder.add(event.named(named.reference))
        return named

    def find_change(self, reference: str) -> Change | None:
        """The change with this reference."""
        found = self._select(select(changes).where(changes.c.reference == reference))
        return found[0] if found else None

    def find_in_flight(self, service_id: str) -> Change | None:
        """The change of the group whose outcome is not known yet."""
        own = changes.c.service_id == service_id
        found = self._select(select(changes).where(own, IN_FLIGHT))
        return found[0] if found else None

    def list_in_flight(self) -> Sequence[Change]:
        """Every change whose outcome is not known yet."""
        return self._select(select(changes).where(IN_FLIGHT))

    def list_effect_not_seen(self, accepted_after: datetime, *, most: int) -> Sequence[Change]:
        """The changes accepted after this moment that nobody has seen in effect, latest first."""
        is_late = changes.c.settled_at > accepted_after
        accepted = select(changes).where(EFFECT_NOT_SEEN, is_late)
        return self._select(accepted.order_by(changes.c.settled_at.desc()).limit(most))

    def find_last_command(self, service_id: str) -> Change | None:
        """The latest start or stop of a group that was accepted, or found done already."""
        is_done = changes.c.state.in_((ChangeState.APPLIED, ChangeState.UNCHANGED))
        return self._find_latest(service_id, STARTS_AND_STOPS, is_done)

    def find_last_size(self, service_id: str) -> Change | None:
        """The latest size of a group that was accepted."""
        is_accepted = changes.c.state == ChangeState.APPLIED
        return self._find_latest(service_id, (Action.SCALE,), is_accepted)

    def find_last_planned(self, service_id: str, actions: Collection[Action]) -> Change | None:
        """The latest of these that was accepted for a schedule."""
        is_accepted = changes.c.state == ChangeState.APPLIED
        is_planned = changes.c.origin == ChangeOrigin.SCHEDULE
        return self._find_latest(service_id, actions, is_accepted & is_planned)

    def list_recent(self, service_id: str, *, by: Identity | None, most: int) -> Sequence[Change]:
        """The latest changes of a group that were confirmed, by one user or all, newest first."""
        is_shown = changes.c.service_id == service_id
        is_shown &= changes.c.state != ChangeState.DRAFT
        if by is not None:
            is_shown &= (changes.c.warehouse == by.warehouse) & (changes.c.user == by.user)
        return self._select(select(changes).where(is_shown).order_by(*NEWEST_FIRST).limit(most))

    def list_latest(
        self, service_id: str, since: datetime, *, at_least: int, most: int
    ) -> Sequence[Change]:
        """The confirmed changes of a group, newest first: the latest `at_least`, and besides those
        that were sent after `since` or are in flight; `most` of them altogether."""
        is_shown = (changes.c.service_id == service_id) & (changes.c.state != ChangeState.DRAFT)
        shown = select(changes.c.id).where(is_shown)
        newest = shown.order_by(*NEWEST_FIRST).limit(at_least).subquery()
        # Each found by an index of its own: a group may have thousands.
        wanted = union(
            select(newest), shown.where(changes.c.sent_at > since), shown.where(IN_FLIGHT)
        )
        query = select(changes).where(changes.c.id.in_(wanted.subquery().select()))
        return self._select(query.order_by(*NEWEST_FIRST).limit(most))

    def list_newest(self, *, most: int) -> Sequence[Change]:
        """The latest changes of all groups that were confirmed, newest first."""
        confirmed = select(changes).where(changes.c.state != ChangeState.DRAFT)
        return self._select(confirmed.order_by(changes.c.id.desc()).limit(most))

    def count_by_state(self) -> dict[str, int]:
        """How many changes stand in each state."""
        query = select(changes.c.state, func.count()).group_by(changes.c.state)
        with reading(self.engine) as connection:
            return {str(state): int(count) for state, count in connection.execute(query)}

    def list_since(self, service_id: str, since: datetime) -> Sequence[Change]:
        """The changes of a group that were sent since then."""
        return self._select(
            select(changes)
            .where(changes.c.service_id == service_id)
            .where(changes.c.sent_at > since)
        )

    def list_replica_claims(self, service_ids: Sequence[str], since: datetime) -> Sequence[Change]:
        """The scaling of these groups that is in flight, or was accepted since then."""
        is_recent = (changes.c.state == ChangeState.APPLIED) & (changes.c.settled_at > since)
        return self._select(
            select(changes)
            .where(changes.c.service_id.in_(service_ids))
            .where(changes.c.action == Action.SCALE)
            .where(or_(IN_FLIGHT, is_recent))
        )

    def check_readable(self) -> None:
        """Raises StoreUnavailable if nothing can be read, or what is read is not to be trusted."""
        check_health(self.engine)
        with reading(self.engine) as connection:
            connection.execute(select(changes.c.id).limit(1))

    def claim(
        self,
        reference: str,
        now: datetime,
        event: Event,
        *,
        drawn_after: datetime,
        reason: str | None = None,
    ) -> bool:
        """Write the intent: draft -> applying. False if it is no draft, or drawn too long ago, or
        at a moment that is still to come: then the clock was set back. `reason` takes the place
        of that of the draft.

        Raises ChangeInFlight while another change of the group has no known outcome: the database
        refuses the second, whichever process asks.
        """
        is_open = (
            (changes.c.reference == reference)
            & (changes.c.state == ChangeState.DRAFT)
            & (changes.c.created_at > drawn_after)
            & (changes.c.created_at <= now + SMALL_STEP)
        )
        try:
            with recording(self.engine) as recorder:
                values: dict[str, Any] = {"state": ChangeState.APPLYING, "sent_at": now}
                values |= {} if reason is None else {"reason": reason}
                claiming = update(changes).where(is_open).values(values)
                is_claimed = recorder.connection.execute(claiming).rowcount == 1
                if is_claimed:
                    bump_revision(recorder.connection)
                    recorder.add(event)
        except IntegrityError:
            raise self._in_flight(reference) from None
        return is_claimed

    def release(self, reference: str, event: Event) -> None:
        """Nothing was sent: applying -> draft, so that it can be confirmed again."""
        self._move(reference, event, state=ChangeState.DRAFT, sent_at=None)

    def mark_unknown(
        self,
        reference: str,
        note: str,
        request_id: str | None,
        event: Event,
        *,
        code: SettledCode = SettledCode.NONE,
    ) -> None:
        """Sent, and no answer tells the outcome."""
        self._move(
            reference,
            event,
            state=ChangeState.UNKNOWN,
            settled_note=note,
            settled_code=code,
            cloud_request_id=request_id,
        )

    def record_outcome(self, reference: str, outcome: Outcome, now: datetime, event: Event) -> bool:
        """Record the outcome of a change in flight. False if it was settled already."""
        request_id = outcome.cloud_request_id
        return self._move(
            reference,
            event,
            claimed_at=outcome.claimed_at,
            state=outcome.state,
            settled_at=now,
            settled_by=outcome.settled_by,
            settled_note=outcome.note,
            settled_code=outcome.code,
            **({"cloud_request_id": request_id} if request_id else {}),
        )

    def note_effect(self, reference: str, now: datetime) -> None:
        """Write down when an accepted change was first seen in effect."""
        is_first = (changes.c.reference == reference) & changes.c.effective_at.is_(None)
        with writing(self.engine) as connection:
            connection.execute(update(changes).where(is_first).values(effective_at=now))
            bump_revision(connection)

    def _move(
        self,
        reference: str,
        event: Event,
        *,
        claimed_at: datetime | None = None,
        **values: Any,  # noqa: ANN401 - column values
    ) -> bool:
        is_flying = (changes.c.reference == reference) & IN_FLIGHT
        if claimed_at:
            is_flying &= changes.c.sent_at == claimed_at
        with recording(self.engine) as recorder:
            moving = update(changes).where(is_flying).values(values)
            is_moved = recorder.connection.execute(moving).rowcount == 1
            if is_moved:
                bump_revision(recorder.connection)
                recorder.add(event)
        return is_moved

    def _find_latest(
        self, service_id: str, actions: Collection[Action], which: ColumnElement[bool]
    ) -> Change | None:
        of_group = (changes.c.service_id == service_id) & changes.c.action.in_(actions)
        found = select(changes).where(of_group, which).order_by(changes.c.sent_at.desc())
        return next(iter(self._select(found.limit(1))), None)

    def _select(self, query: Select[Any]) -> Sequence[Change]:
        with reading(self.engine) as connection:
            return [as_change(row) for row in connection.execute(query)]

    def _in_flight(self, reference: str) -> ChangeInFlight:
        mine = self.find_change(reference)
        other = self.find_in_flight(mine.service_id) if mine else None
        who = f"{other.user} is" if other else "Somebody is"
        return ChangeInFlight(
            message=f"{who} changing this group at the moment.",
            remedy="Wait until that change has a known outcome, then confirm yours again.",
            reference=other.reference if other else "",
        )
