"""The records of boosts: what to go back to, until when, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, select, update

from app.domain.audit.events import Event
from app.domain.boosts.boost import GONE_BACK, Boost, BoostState, BoostTerms
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.scaling import ScalingConfig
from app.store.audit.recording import recording
from app.store.change_rows import as_change
from app.store.database.engine import reading
from app.store.schema import IN_FLIGHT, NOT_CLOSED, boosts, changes
from app.store.state import bump_revision

MOST_OPEN = 1000
"""So many boosts are looked after at a time; there is one in force for each group."""

_PREFIX = "of_boost_"
_BOOSTS = [column.label(f"{_PREFIX}{column.name}") for column in boosts.c]
_OWN = [column.name for column in boosts.c if column.name not in {"id", "reference", "service_id"}]
_IS_CONFIRMED = changes.c.state != ChangeState.DRAFT


def add_boost(connection: Connection, draft: Change, terms: BoostTerms) -> None:
    """Record the terms of a draft that ends by itself, in the transaction that records the draft.

    Raises ValueError for a draft without an end.
    """
    if draft.boost_until is None:
        raise ValueError("a boost needs an end")
    connection.execute(
        boosts.insert().values(
            reference=draft.reference,
            service_id=draft.service_id,
            before=terms.before.model_dump(),
            ends_at=draft.boost_until,
            latest_end=terms.latest_end,
        )
    )


@dataclass(frozen=True)
class BoostStore:
    """The records of boosts. Every method raises StoreUnavailable.

    Each step is written together with its event, or not at all, and only on a boost that is open:
    whoever comes second changes nothing, and is told so by False.
    """

    engine: Engine

    def find(self, reference: str) -> Boost | None:
        """The boost with this reference, also one that is not confirmed yet."""
        found = self._select(_query().where(boosts.c.reference == reference))
        return found[0] if found else None

    def list_open(self) -> Sequence[Boost]:
        """Every boost that is confirmed and has not ended, oldest first."""
        query = _query().where(NOT_CLOSED, _IS_CONFIRMED).order_by(changes.c.sent_at, boosts.c.id)
        return self._select(query.limit(MOST_OPEN))

    def list_open_of(self, service_id: str) -> Sequence[Boost]:
        """Those of one group, oldest first: more than one until the earlier is superseded."""
        query = _query().where(NOT_CLOSED, _IS_CONFIRMED, boosts.c.service_id == service_id)
        return self._select(query.order_by(changes.c.sent_at, boosts.c.id))

    def list_latest(self, service_id: str, *, most: int) -> Sequence[Boost]:
        """The confirmed boosts of a group, newest first."""
        query = _query().where(_IS_CONFIRMED, boosts.c.service_id == service_id)
        return self._select(query.order_by(boosts.c.id.desc()).limit(most))

    def find_taken_over(self, service_id: str, since: datetime) -> Boost | None:
        """The latest boost of a group whose size somebody has chosen since then to keep."""
        is_kept = (boosts.c.outcome == BoostState.TAKEN_OVER) & (boosts.c.closed_at >= since)
        query = _query().where(_IS_CONFIRMED, boosts.c.service_id == service_id, is_kept)
        found = self._select(query.order_by(boosts.c.closed_at.desc()).limit(1))
        return found[0] if found else None

    def extend(self, reference: str, ends_at: datetime, now: datetime, event: Event) -> bool:
        """Give it a later end. False if its end has come, or somebody has ended or extended it
        further meanwhile."""
        is_running = (boosts.c.ends_at > now) & (boosts.c.ended_by == "")
        return self._update(
            reference, event, is_running, boosts.c.ends_at <= ends_at, ends_at=ends_at
        )

    def end_now(self, reference: str, ended_by: str, now: datetime, event: Event) -> bool:
        """Let its end come now. False if it has come already."""
        is_running = boosts.c.ends_at > now
        return self._update(reference, event, is_running, ends_at=now, ended_by=ended_by)

    def close(
        self,
        reference: str,
        outcome: BoostState,
        now: datetime,
        event: Event,
        *,
        note: str = "",
    ) -> bool:
        """Nothing is left to be done."""
        values = {"outcome": outcome, "closed_at": now, "note": note}
        return self._update(reference, event, **values)

    def take_over(self, reference: str, by: str, now: datetime, event: Event) -> bool:
        """Close it under a name. False where it is closed, or a change that goes back is being
        sent: then nobody can promise that the size stays."""
        ordered = select(changes.c.id).where(changes.c.order_reference == reference, IN_FLIGHT)
        values = {"outcome": BoostState.TAKEN_OVER, "closed_at": now, "closed_by": by}
        return self._update(reference, event, ~ordered.exists(), **values)

    def note_failure(
        self, reference: str, tries: int, next_try_at: datetime, note: str, event: Event
    ) -> bool:
        """Going back has failed once more."""
        values = {"tries": tries, "next_try_at": next_try_at, "note": note}
        return self._update(reference, event, **values)

    def note_waiting(self, reference: str, note: str, event: Event) -> bool:
        """Something is in the way of going back. False if that is noted already."""
        return self._update(reference, event, boosts.c.note != note, note=note)

    def raise_alarm(self, reference: str, now: datetime, event: Event) -> bool:
        """People are told that going back fails. False if they were told already."""
        is_first = boosts.c.alarmed_at.is_(None)
        return self._update(reference, event, is_first, alarmed_at=now)

    def _update(
        self,
        reference: str,
        event: Event,
        *conditions: ColumnElement[bool],
        **values: Any,  # noqa: ANN401 - column values
    ) -> bool:
        is_open = (boosts.c.reference == reference) & boosts.c.closed_at.is_(None)
        with recording(self.engine) as recorder:
            moving = update(boosts).where(is_open, *conditions).values(values)
            is_moved = recorder.connection.execute(moving).rowcount == 1
            if is_moved:
                bump_revision(recorder.connection)
                recorder.add(event)
        return is_moved

    def _select(self, query: Select[Any]) -> list[Boost]:
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
            reverts = _read_reverts(connection, [row.of_boost_reference for row in rows])
        return [_as_boost(row, reverts.get(row.of_boost_reference)) for row in rows]


def _query() -> Select[Any]:
    joined = boosts.join(changes, changes.c.reference == boosts.c.reference)
    return select(*changes.c, *_BOOSTS).select_from(joined)


def _read_reverts(connection: Connection, references: list[str]) -> dict[str, Change]:
    """The change that went back, of each of these boosts that has any: the one that was done, if
    one was, else the last that was tried."""
    if not references:
        return {}
    # Drafts that were never sent are attempts too, of which nothing came.
    ordered = select(changes).where(changes.c.order_reference.in_(references), _IS_CONFIRMED)
    is_done = changes.c.state.in_(GONE_BACK)
    found = connection.execute(ordered.order_by(is_done, changes.c.id))
    return {row.order_reference: as_change(row) for row in found}


def _as_boost(row: Row[Any], revert: Change | None) -> Boost:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to name columns
    own = {name: values[f"{_PREFIX}{name}"] for name in _OWN}
    own["before"] = ScalingConfig.model_validate(own["before"])
    own["outcome"] = BoostState(own["outcome"]) if own["outcome"] else None
    return Boost(change=as_change(row), revert=revert, **own)
