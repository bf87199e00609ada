"""Rows of the ledger as changes, and back."""

import secrets
from typing import Any

from sqlalchemy import Row

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin, ChangeState, SettledBy, SettledCode
from app.domain.groups.scaling import ScalingConfig
from app.store.schema import changes

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letters or digits that are taken for one another when read out or copied by hand."""


_NAMES = [column.name for column in changes.c if column.name != "id"]


def as_row(change: Change) -> dict[str, Any]:
    """The columns of a change."""
    row = dict(change.__dict__)
    for name in ("before", "target"):
        config = row[name]
        row[name] = config.model_dump() if config else None
    return row


def as_change(row: Row[Any]) -> Change:
    """The change of a row of `changes`."""
    known = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to name columns
    values = {name: known[name] for name in _NAMES}
    action = Action(values.pop("act"))  # the column keeps the name that it was made with
    return Change(
        **values
        | {
            "action": action,
            "state": ChangeState(row.state),
            "origin": ChangeOrigin(row.origin),
            "settled_code": SettledCode(row.settled_code),
            "before": _as_config(row.before),
            "target": _as_config(row.target),
            "settled_by": SettledBy(row.settled_by) if row.settled_by else None,
        }
    )


def _as_config(value: dict[str, Any] | None) -> ScalingConfig | None:
    return None if value is None else ScalingConfig.model_validate(value)


def new_reference() -> str:
    """A name for a change that no other has, with all likelihood."""
    # 30^8 possibilities: short enough to read out, and access is checked in any case.
    marks = [secrets.choice(REFERENCE_ALPHABET) for _ in range(8)]
    return f"{''.join(marks[:4])}-{''.join(marks[4:])}"
