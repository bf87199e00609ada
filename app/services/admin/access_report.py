"""Who may do what, and by which rule, for those who answer for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.matrix import Subject, all_rules, list_identities, make_subject
from app.domain.access.permissions import AccessRule, Identity
from app.domain.groups.catalog import GroupDefinition, WarehouseDefinition
from app.domain.messages import problem
from app.domain.paging import PageOf, natural_key, page_of
from app.errors import BrokenRules
from app.services.access.policy import Policy
from app.services.sign_in.service import LONGEST_USER
from app.store.sign_in.sessions import SessionStore

SUBJECTS_ON_A_PAGE = 25
GROUPS_ON_A_PAGE = 20
MOST_ROLES = 50


@dataclass(frozen=True)
class AccessMatrix:
    """A part of what the rules of one warehouse say: some people, some groups, every rule that
    decides about them by its number."""

    warehouse: WarehouseDefinition
    groups: PageOf[GroupDefinition]
    identities: PageOf[Identity]
    subjects: tuple[Subject, ...]
    numbers: dict[AccessRule, int]


@dataclass(frozen=True)
class Found:
    """What somebody may do in one warehouse."""

    warehouse: WarehouseDefinition
    subject: Subject


@dataclass(frozen=True)
class AccessReport:
    """The use cases. Both raise StoreUnavailable; numbers of pages are as they were given."""

    policy: Policy
    sessions: SessionStore
    now: Callable[[], datetime]

    def show_matrix(self, warehouse: str, people_page: str, groups_page: str) -> AccessMatrix:
        """The matrix of the warehouse with this key; of the first one if there is none."""
        catalog = self.policy.catalog
        shown = catalog.find_warehouse(warehouse) or catalog.warehouses[0]
        groups = page_of(in_natural_order(shown.groups), groups_page, GROUPS_ON_A_PAGE)
        identities = page_of(
            list_identities(shown, self._signed_in()), people_page, SUBJECTS_ON_A_PAGE
        )
        subjects = tuple(make_subject(item, groups.items) for item in identities.items)
        numbers = {rule: number for number, rule in enumerate(all_rules(shown), start=1)}
        return AccessMatrix(shown, groups, identities, subjects, _used(numbers, subjects))

    def find(self, user: str, roles: str) -> tuple[Found, ...]:
        """What a user with these roles, separated by commas, may do in every warehouse in which
        any rule speaks of them. Raises BrokenRules."""
        identity = _parse(user, roles)
        warehouses = self.policy.catalog.warehouses
        found = (_find(item, identity) for item in warehouses)
        return tuple(item for item in found if _is_spoken_of(item))

    def _signed_in(self) -> list[Identity]:
        living = self.sessions.list_sessions(self.now())
        return [item.identity for item in living if not item.is_admin]


def in_natural_order(groups: tuple[GroupDefinition, ...]) -> list[GroupDefinition]:
    """Groups by name, as people count."""
    return sorted(groups, key=lambda group: natural_key(group.name))


def _find(warehouse: WarehouseDefinition, somebody: Identity) -> Found:
    identity = Identity(warehouse.key, somebody.user, somebody.roles)
    return Found(warehouse, make_subject(identity, in_natural_order(warehouse.groups)))


def _is_spoken_of(found: Found) -> bool:
    return any(rule.covers(found.subject.identity) for rule in all_rules(found.warehouse))


def _parse(user: str, roles: str) -> Identity:
    name = user.strip()
    named = frozenset(role for part in roles.split(",") if (role := part.strip()))
    if not name and not named:
        raise BrokenRules((problem("user", "user_or_role_needed"),))
    if len(name) > LONGEST_USER:
        raise BrokenRules((problem("user", "name_too_long", most=LONGEST_USER),))
    if len(named) > MOST_ROLES or any(len(role) > LONGEST_USER for role in named):
        raise BrokenRules((problem("roles", "roles_too_many", most=MOST_ROLES),))
    return Identity("", name, named)


def _used(numbers: dict[AccessRule, int], subjects: tuple[Subject, ...]) -> dict[AccessRule, int]:
    """The rules that decide about something on the page, in the order of the file."""
    used = {
        rule
        for subject in subjects
        for row in subject.rows
        for cell in row.cells
        for rule in cell.rules
    }
    return {rule: number for rule, number in numbers.items() if rule in used}
