"""Who may do what. ClickHouse says who somebody is; only the portal's own rules say what."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What an identity may do with one group. Every other permission includes `view`."""

    VIEW = "view"
    SCALE = "scale"


@dataclass(frozen=True)
class Identity:
    """A proven ClickHouse user. The same name in another warehouse is somebody else."""

    warehouse: str
    user: str
    roles: frozenset[str]


@dataclass(frozen=True)
class AccessRule:
    """Gives permissions to users by exact name and to ClickHouse roles enabled at sign-in."""

    users: frozenset[str]
    clickhouse_roles: frozenset[str]
    permissions: frozenset[Permission]

    def covers(self, identity: Identity) -> bool:
        """Whether the rule speaks of this identity."""
        return identity.user in self.users or bool(identity.roles & self.clickhouse_roles)


def permissions_under(rules: Iterable[AccessRule], identity: Identity) -> frozenset[Permission]:
    """All that the rules give the identity together; whoever may do anything may look."""
    given = {
        permission for rule in rules if rule.covers(identity) for permission in rule.permissions
    }
    return frozenset(given | {Permission.VIEW} if given else given)
