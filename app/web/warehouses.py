"""The warehouses beside the one that a person looks at: shown in the head of every page."""

from dataclasses import dataclass

from flask import Flask

from app.http.current import portal
from app.web.login import find_identity
from app.web.other_sessions import find_other_sessions


@dataclass(frozen=True)
class WarehouseChoice:
    """One that the person is signed in to, or was."""

    key: str
    name: str


@dataclass(frozen=True)
class OtherWarehouses:
    """The name of the one that is looked at, and those to switch to. No page names one that the
    person is not signed in to."""

    current: str
    choices: tuple[WarehouseChoice, ...]


def other_warehouses() -> OtherWarehouses | None:
    """Where the person can go on; None for nobody, and where there is but one warehouse."""
    who, listed = find_identity(), portal().sign_in.list_warehouses()
    if who is None or len(listed) < 2:
        return None
    names = {item.key: item.name for item in listed}
    return OtherWarehouses(names.get(who.warehouse, who.warehouse), _list_choices(who.warehouse))


def left_warehouses() -> tuple[WarehouseChoice, ...]:
    """Where somebody whose session has ended is proven still."""
    if find_identity() is not None:
        return ()
    return _list_choices("")


def _list_choices(current: str) -> tuple[WarehouseChoice, ...]:
    others = find_other_sessions()
    return tuple(
        WarehouseChoice(item.key, item.name)
        for item in portal().sign_in.list_warehouses()
        if item.key in others and item.key != current
    )


def register_warehouses(app: Flask) -> None:
    """Let the layout and the page to sign in show them."""
    app.jinja_env.globals.update(other_warehouses=other_warehouses, left_warehouses=left_warehouses)
