"""The warehouses and compute groups that the portal is configured to show."""

from dataclasses import dataclass

from pydantic import SecretStr

from app.domain.access import AccessRule, Identity, Permission, permissions_under
from app.domain.limits import Limits
from app.domain.presets import Preset


@dataclass(frozen=True)
class GroupDefinition:
    """One compute group as the owners describe it; `service_id` is Cloud's, in lower case."""

    service_id: str
    name: str
    warehouse: str
    rules: tuple[AccessRule, ...]
    limits: Limits
    presets: tuple[Preset, ...] = ()

    def permissions_of(self, identity: Identity) -> frozenset[Permission]:
        """What the identity may do here; nothing for somebody of another warehouse."""
        if identity.warehouse != self.warehouse:
            return frozenset()
        return permissions_under(self.rules, identity)


@dataclass(frozen=True)
class LocalUser:
    """The one user of a warehouse whose password is known here, plain or as a hash by scrypt."""

    name: str
    secret: SecretStr
    is_hash: bool


@dataclass(frozen=True)
class WarehouseDefinition:
    """A warehouse with its groups. Passwords are checked at `sign_in_service_id` if it is given.

    `max_replicas` bounds the replicas of all its groups together; None: no bound set here.
    A warehouse with a `local_user` has no other, and ClickHouse is asked about nobody.
    """

    key: str
    name: str
    groups: tuple[GroupDefinition, ...]
    sign_in_service_id: str | None = None
    max_replicas: int | None = None
    local_user: LocalUser | None = None


@dataclass(frozen=True)
class Catalog:
    """Everything configured, in the order of the file."""

    warehouses: tuple[WarehouseDefinition, ...]

    def find_warehouse(self, key: str) -> WarehouseDefinition | None:
        """The warehouse with this key."""
        return next((item for item in self.warehouses if item.key == key), None)

    def find_group(self, service_id: str) -> GroupDefinition | None:
        """The group of this service."""
        return next((group for group in self.all_groups() if group.service_id == service_id), None)

    def all_groups(self) -> tuple[GroupDefinition, ...]:
        """Every group of every warehouse."""
        return tuple(group for warehouse in self.warehouses for group in warehouse.groups)

    def groups_of(self, identity: Identity) -> tuple[GroupDefinition, ...]:
        """The groups that the identity may see."""
        return tuple(group for group in self.all_groups() if group.permissions_of(identity))
