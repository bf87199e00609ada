"""What the administrator's page shows, gathered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access.freeze import Freeze
from app.domain.access.matrix import Subject
from app.domain.access.permissions import Permission
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.difference import Difference
from app.domain.sessions import Session
from app.services.admin.key_health import KeyCheck
from app.services.monitoring.processes import WorkerStatus
from app.services.portal import Portal
from app.services.tokens.service import ListedToken
from app.settings.model import EffectiveSetting, Settings
from app.web.admin.grid import Grid, build_grid


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, with every session of theirs, the latest first."""

    user: str
    warehouse: str
    warehouse_name: str
    is_admin: bool
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class WarehousePart:
    """One warehouse with everybody its rules speak of."""

    definition: WarehouseDefinition
    subjects: tuple[Subject, ...]
    grid: Grid


@dataclass(frozen=True)
class AdminPage:
    """Everything an administrator looks at, as it is now."""

    freeze: Freeze | None
    faults: tuple[str, ...]
    people: tuple[Person, ...]
    own_session_id: int | None
    tokens: tuple[ListedToken, ...]
    checks: tuple[KeyCheck, ...]
    difference: Difference
    worker: WorkerStatus
    warehouses: tuple[WarehousePart, ...]
    settings: tuple[EffectiveSetting, ...]


def build_page(portal: Portal, settings: Settings, token: str) -> AdminPage:
    """Gather the page. `token` is that of the session it is shown in. Raises StoreUnavailable."""
    administration = portal.administration
    return AdminPage(
        freeze=administration.find_freeze(),
        faults=administration.list_file_faults(),
        people=_people(portal, administration.list_sessions()),
        own_session_id=administration.find_session_id(token),
        tokens=portal.tokens.list_all(),
        checks=portal.key_health.list_checks(),
        difference=portal.key_health.compare_file(),
        worker=portal.processes.read(),
        warehouses=_warehouses(portal),
        settings=settings.effective,
    )


def _people(portal: Portal, sessions: Iterable[Session]) -> tuple[Person, ...]:
    names = {item.key: item.name for item in portal.administration.list_warehouses()}
    by_person: dict[tuple[str, str, bool], list[Session]] = {}
    for item in sessions:
        key = (item.identity.user, item.identity.warehouse, item.is_admin)
        by_person.setdefault(key, []).append(item)
    return tuple(
        Person(user, warehouse, names.get(warehouse, warehouse), is_admin, tuple(items))
        for (user, warehouse, is_admin), items in by_person.items()
    )


def _warehouses(portal: Portal) -> tuple[WarehousePart, ...]:
    subjects = portal.administration.list_subjects()
    return tuple(_part(item, subjects) for item in portal.administration.list_warehouses())


def _part(warehouse: WarehouseDefinition, subjects: Iterable[Subject]) -> WarehousePart:
    own = tuple(item for item in subjects if item.identity.warehouse == warehouse.key)
    return WarehousePart(warehouse, own, build_grid(warehouse, own))


def summarise(subject: Subject) -> str:
    """All that somebody may do somewhere: “view in all 5 groups; scale in 2 of 5 groups”."""
    held = Counter(cell.permission for row in subject.rows for cell in row.cells if cell.is_held)
    by_count: dict[int, list[str]] = {}
    for permission in Permission:
        if held[permission]:
            by_count.setdefault(held[permission], []).append(permission.label)
    parts = [
        f"{', '.join(names)} {_places(count, len(subject.rows))}"
        for count, names in by_count.items()
    ]
    return "; ".join(parts) or "nothing"


def _places(count: int, total: int) -> str:
    if count < total:
        return f"in {count} of {total} groups"
    return f"in all {total} groups" if total > 1 else "in the one group"
