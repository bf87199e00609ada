"""The permissions of everybody the rules speak of, and the rules that gave or denied them."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access.permissions import MEANINGS, AccessRule, Identity, Permission, rules_about
from app.domain.groups.catalog import Catalog, GroupDefinition, WarehouseDefinition


@dataclass(frozen=True)
class Cell:
    """One permission of one subject in one group: held or not, and in words by which rules.

    `rules` are those that decided: the denying ones, or else the giving ones.
    """

    permission: Permission
    is_held: bool
    because: str
    rules: tuple[AccessRule, ...] = ()

    @property
    def meaning(self) -> str:
        """What the permission is for."""
        return MEANINGS[self.permission]


@dataclass(frozen=True)
class Row:
    """One subject in one group."""

    group: GroupDefinition
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Subject:
    """A user by name, everybody with a name like a pattern or with a role, or a signed-in person
    with the roles they have."""

    label: str
    identity: Identity
    rows: tuple[Row, ...]

    @property
    def alike(self) -> tuple[tuple[tuple[GroupDefinition, ...], tuple[Cell, ...]], ...]:
        """The groups in which the very same holds by the very same rules, put together."""
        return together(self.rows)


def list_identities(
    warehouse: WarehouseDefinition, signed_in: Iterable[Identity] = ()
) -> list[Identity]:
    """Everybody named in the rules of a warehouse, then the people of it who are signed in with
    roles."""
    people = {item for item in signed_in if item.warehouse == warehouse.key and item.roles}
    return [*_named_in(warehouse), *sorted(people, key=lambda item: item.user)]


def make_subject(identity: Identity, groups: Iterable[GroupDefinition]) -> Subject:
    """What somebody may do in these groups."""
    return Subject(_label(identity), identity, _rows(groups, identity))


def together(
    rows: Iterable[Row],
) -> tuple[tuple[tuple[GroupDefinition, ...], tuple[Cell, ...]], ...]:
    """The cells that some groups share, with these groups, in the order of the first of each."""
    groups: dict[tuple[Cell, ...], list[GroupDefinition]] = {}
    for row in rows:
        groups.setdefault(row.cells, []).append(row.group)
    return tuple((tuple(items), cells) for cells, items in groups.items())


def rows_of(catalog: Catalog, identity: Identity) -> tuple[Row, ...]:
    """What one person may do in every group that they may see, and in no other."""
    return tuple(Row(group, _cells(group, identity)) for group in catalog.groups_of(identity))


def all_rules(warehouse: WarehouseDefinition) -> tuple[AccessRule, ...]:
    """Every rule that speaks of the warehouse or one of its groups, in the order of the file."""
    return tuple(dict.fromkeys(rule for group in warehouse.groups for rule in group.rules))


def _named_in(warehouse: WarehouseDefinition) -> list[Identity]:
    rules = all_rules(warehouse)
    users = sorted({user for rule in rules for user in rule.users})
    roles = sorted({role for rule in rules for role in rule.clickhouse_roles})
    patterns = sorted({pattern for rule in rules for pattern in rule.user_patterns})
    # A pattern fits itself, so that it stands for everybody whose name fits.
    by_name = [Identity(warehouse.key, user, frozenset()) for user in (*users, *patterns)]
    return by_name + [Identity(warehouse.key, "", frozenset({role})) for role in roles]


def _label(identity: Identity) -> str:
    roles = ", ".join(sorted(identity.roles))
    if not identity.user:
        return f"everybody with the role {roles}"
    if "*" in identity.user and not roles:
        return f"everybody named {identity.user}"
    return f"{identity.user} (signed in, roles: {roles})" if roles else identity.user


def _rows(groups: Iterable[GroupDefinition], identity: Identity) -> tuple[Row, ...]:
    return tuple(Row(group, _cells(group, identity)) for group in groups)


def _cells(group: GroupDefinition, identity: Identity) -> tuple[Cell, ...]:
    held = group.permissions_of(identity)
    return tuple(_cell(group, identity, item, is_held=item in held) for item in Permission)


def _cell(
    group: GroupDefinition, identity: Identity, permission: Permission, *, is_held: bool
) -> Cell:
    rules = rules_about(group.rules, identity, permission)
    denying = tuple(rule for rule in rules if permission in rule.denies)
    giving = tuple(rule for rule in rules if permission in rule.permissions)
    named = ", ".join(_how(rule, identity) for rule in denying or giving)
    if denying:
        because = f"denied {named}"
    elif is_held:
        because = f"given {named}" if giving else "comes with the others"
    else:
        because = "no use without view, which is denied" if giving else "no rule gives it"
    return Cell(permission, is_held, because, denying or giving)


def _how(rule: AccessRule, identity: Identity) -> str:
    covered = f"to the role {', '.join(sorted(identity.roles & rule.clickhouse_roles))}"
    if patterns := rule.patterns_of(identity):
        covered = f"to names like {', '.join(patterns)}"
    if identity.user in rule.users:
        covered = "by name"
    return f"{covered} ({rule.source})" if rule.source else covered
