"""Access. ClickHouse says who somebody is; what that person may do, only the
portal's own rules say."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What an identity may do with one group. Every other permission includes `view`."""

    VIEW = "view"
    WAKE = "wake"
    BOOST = "boost"
    SCALE = "scale"
    POWER = "power"
    SCHEDULE = "schedule"
    AUDIT = "audit"

    @property
    def label(self) -> str:
        """What pages and messages call it; files and the JSON API use the value."""
        return "start/stop" if self is Permission.POWER else self.value


MEANINGS: dict[Permission, str] = {
    Permission.VIEW: "view the group",
    Permission.WAKE: "wake it when it is idle",
    Permission.BOOST: "make it larger for a while",
    Permission.SCALE: "change its size",
    Permission.POWER: "start and stop it",
    Permission.SCHEDULE: "plan its size for the week",
    Permission.AUDIT: "see everybody's changes to it",
}
"""What each permission is for, in words that follow “may”."""

ALL_PERMISSIONS = frozenset(Permission)

BUNDLES: dict[str, frozenset[Permission]] = {
    "viewer": frozenset({Permission.VIEW}),
    "operator": frozenset({Permission.VIEW, Permission.WAKE, Permission.BOOST, Permission.SCALE}),
    "owner": ALL_PERMISSIONS,
}
"""Names for the permissions that usually go together."""


@dataclass(frozen=True)
class TokenScope:
    """What a personal token may do at most, of what its owner may do; `mark` names the token.

    `may_confirm`: also what asks a person for the password. `counts_roles`: the owner's roles were
    read lately enough to give anything; what they deny counts in any case.
    """

    mark: str
    groups: frozenset[str]
    permissions: frozenset[Permission]
    may_confirm: bool = False
    counts_roles: bool = True

    def permissions_in(self, service_id: str) -> frozenset[Permission]:
        """The most that it may do with this group; whoever may do anything may look."""
        in_scope = service_id in self.groups
        return self.permissions | {Permission.VIEW} if in_scope else frozenset()


@dataclass(frozen=True)
class Identity:
    """A proven ClickHouse user. The same name in another warehouse is somebody else.

    `scope` bounds what counts where a personal token speaks for the user.
    """

    warehouse: str
    user: str
    roles: frozenset[str]
    scope: TokenScope | None = None


@dataclass(frozen=True)
class AccessRule:
    """Gives or denies permissions to users by exact name, to users whose name fits a pattern, and
    to roles enabled at sign-in.

    `source` says where the rule stands, for people who ask why.
    """

    users: frozenset[str]
    clickhouse_roles: frozenset[str]
    permissions: frozenset[Permission] = frozenset()
    denied: frozenset[Permission] = frozenset()
    source: str = ""
    user_patterns: frozenset[str] = frozenset()

    @property
    def denies(self) -> frozenset[Permission]:
        """What it takes away: to be larger for a while is a part of being scaled."""
        more = {Permission.BOOST} if Permission.SCALE in self.denied else set()
        return self.denied | more

    def covers(self, identity: Identity) -> bool:
        """Whether the rule speaks of this identity."""
        is_named = identity.user in self.users or bool(self.patterns_of(identity))
        return is_named or bool(identity.roles & self.clickhouse_roles)

    def patterns_of(self, identity: Identity) -> list[str]:
        """The patterns of the rule that the identity's name fits."""
        return sorted(item for item in self.user_patterns if fits_pattern(identity.user, item))


def fits_pattern(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern, in which each `*` stands for any characters, or none.

    Upper and lower case differ, as in ClickHouse. Takes time in proportion to the name.
    """
    first, *others = pattern.split("*")
    if not others:
        return name == pattern
    *middle, last = others
    if len(name) < len(first) + len(last) or not name.startswith(first):
        return False
    rest = name[len(first) : len(name) - len(last)]
    for part in middle:
        _, found, rest = rest.partition(part) if part else ("", "*", rest)
        if not found:
            return False
    return name.endswith(last)


def permissions_under(rules: Iterable[AccessRule], identity: Identity) -> frozenset[Permission]:
    """All that the rules give the identity together, less what any of them denies.

    Whoever may do anything may look; whoever may not look may do nothing. Whoever is denied to
    scale may not boost either.
    """
    given: set[Permission] = set()
    denied: set[Permission] = set()
    for rule in rules:
        if rule.covers(identity):
            given |= rule.permissions
            denied |= rule.denies
    if not given or Permission.VIEW in denied:
        return frozenset()
    return frozenset((given | {Permission.VIEW}) - denied)


def permissions_by_name(rules: Iterable[AccessRule], identity: Identity) -> frozenset[Permission]:
    """What the rules give that state the identity's very name: neither by role nor by pattern."""
    given = {item for rule in rules if identity.user in rule.users for item in rule.permissions}
    return frozenset(given | {Permission.VIEW}) if given else frozenset()


def rules_about(
    rules: Iterable[AccessRule], identity: Identity, permission: Permission
) -> tuple[AccessRule, ...]:
    """The rules that decide about this permission for the identity: givers and deniers."""
    return tuple(
        rule
        for rule in rules
        if rule.covers(identity) and permission in rule.permissions | rule.denies
    )
