"""The two shapes of `configs/org_config.yaml`, as pydantic models that build the catalog.

`warehouses` is the portal's own shape. `services` is an earlier service's: a flat list in which
each service has one user. It does not say which services share a warehouse, and users of the same
name at two services may be two people. So each service becomes a warehouse of its own, with its id
as the key, and its user has permissions in that warehouse only.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from app.domain.access.permissions import BUNDLES, AccessRule, Permission
from app.domain.groups.catalog import Catalog, GroupDefinition, LocalUser, WarehouseDefinition
from app.settings.org_limits import (
    InheritedLevels,
    Level,
    LimitsEntry,
    Presets,
    PriceEntry,
    inherit,
)
from app.settings.org_values import (
    Count,
    Entry,
    Line,
    Name,
    Password,
    PasswordHash,
    ServiceId,
    Slug,
    Stated,
    Text,
    TimeZone,
    format_path,
    refusal,
)
from app.settings.parsers import MAKE_A_HASH

SERVICE_PERMISSIONS = frozenset({Permission.VIEW, Permission.BOOST, Permission.SCALE})
"""What the user of a service in the flat shape may do with it."""

_PERMISSIONS = {permission.value: frozenset({permission}) for permission in Permission} | BUNDLES


def expand_permissions(words: Iterable[str]) -> frozenset[Permission]:
    """The permissions that these names of permissions and bundles stand for together."""
    return frozenset().union(*(_PERMISSIONS[word] for word in words))


def _check_permission(word: str) -> str:
    if word not in _PERMISSIONS:
        raise refusal("is not a known permission", f"Write one of {', '.join(_PERMISSIONS)}.")
    return word


PermissionName = Annotated[str, AfterValidator(_check_permission)]


class RuleEntry(Entry):
    """An item of `access`: permissions and denials for users and for holders of roles."""

    users: list[Name] = Field(default=[])
    clickhouse_roles: list[Name] = Field(default=[], validate_default=True)
    permissions: list[PermissionName] = Field(default=[], min_length=1)
    deny: list[PermissionName] = Field(default=[], min_length=1)

    @field_validator("clickhouse_roles")
    @classmethod
    def _require_somebody(cls, roles: list[str], info: ValidationInfo) -> list[str]:
        if not roles and info.data.get("users") == []:
            raise refusal("and users are both empty", "Name a user or a role, or drop the rule.")
        return roles

    @model_validator(mode="after")
    def _require_an_effect(self) -> Self:
        if not self.permissions and not self.deny:
            raise refusal(
                "has neither permissions nor deny", "Say what is allowed or denied, or drop it."
            )
        return self

    def list_cancelled(self) -> list[int]:
        """Indexes of the permissions of which the rule's own `deny` leaves nothing."""
        denied = expand_permissions(self.deny)
        return [
            index
            for index, word in enumerate(self.permissions)
            if Permission.VIEW in denied or expand_permissions([word]) <= denied
        ]

    def to_rule(self, path: str) -> AccessRule:
        """The rule as the domain's object, with its path in the file as the source."""
        return AccessRule(
            users=frozenset(self.users),
            clickhouse_roles=frozenset(self.clickhouse_roles),
            permissions=expand_permissions(self.permissions),
            denied=expand_permissions(self.deny),
            source=path,
        )


def _to_rules(entries: Sequence[RuleEntry], path: str) -> tuple[AccessRule, ...]:
    return tuple(entry.to_rule(f"{path}.access[{index}]") for index, entry in enumerate(entries))


class PortalEntry(Entry):
    """`portal`: how the portal presents itself, and the outermost limits and presets."""

    title: Line = "Compute groups"
    time_zone: TimeZone = "UTC"
    contact: Line = "the people who run this portal"
    note: Stated[Text] = None
    price: Stated[PriceEntry] = None
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None

    def inherited_by(self, *nearer: Level) -> InheritedLevels:
        """What applies to a group with these levels of its own, nearest first."""
        level = Level("portal", self.limits, self.presets)
        return inherit((*nearer, level), self.price.to_price() if self.price else None)


class GroupEntry(Entry):
    """An item of `groups`: a service of ClickHouse Cloud as a compute group."""

    service_id: ServiceId
    name: Line
    access: list[RuleEntry] = Field(default=[])
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None


class WarehouseEntry(Entry):
    """An item of `warehouses`. Its `access`, `limits` and `presets` hold for all of its groups.

    `max_replicas` bounds the replicas of all its groups together.
    """

    key: Slug
    name: Line
    sign_in_service_id: ServiceId | None = None
    max_replicas: Stated[Count] = None
    access: list[RuleEntry] = Field(default=[])
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None
    groups: list[GroupEntry] = Field(min_length=1)

    def inherited_levels(self, path: str, portal: PortalEntry) -> list[InheritedLevels]:
        """What applies to each of the groups."""
        own = Level(path, self.limits, self.presets)
        return [
            portal.inherited_by(Level(f"{path}.groups[{index}]", group.limits, group.presets), own)
            for index, group in enumerate(self.groups)
        ]

    def to_warehouse(self, path: str, portal: PortalEntry) -> WarehouseDefinition:
        """The warehouse as the domain's object; `path` is its place in the file."""
        shared = _to_rules(self.access, path)
        levels = self.inherited_levels(path, portal)
        return WarehouseDefinition(
            key=self.key,
            name=self.name,
            groups=tuple(
                GroupDefinition(
                    service_id=group.service_id,
                    name=group.name,
                    warehouse=self.key,
                    rules=shared + _to_rules(group.access, inherited.path),
                    limits=inherited.to_limits(),
                    presets=inherited.to_presets(),
                )
                for group, inherited in zip(self.groups, levels, strict=True)
            ),
            sign_in_service_id=self.sign_in_service_id,
            max_replicas=self.max_replicas,
        )


class WarehousesFile(Entry):
    """The whole file in the portal's own shape."""

    portal: PortalEntry = PortalEntry()
    warehouses: list[WarehouseEntry] = Field(min_length=1)

    def by_path(self) -> dict[str, WarehouseEntry]:
        """The warehouses by their paths in the file."""
        return {f"warehouses[{index}]": entry for index, entry in enumerate(self.warehouses)}

    def to_catalog(self) -> Catalog:
        """All warehouses as the domain's object."""
        entries = self.by_path().items()
        return Catalog(tuple(entry.to_warehouse(path, self.portal) for path, entry in entries))

    def list_warnings(self) -> tuple[str, ...]:
        """Lines about values that work but should be written otherwise; there are none."""
        return ()


class ServiceEntry(Entry):
    """An item of `services`: one service and its one user.

    With a password or its hash, the portal checks the user's password; else the service does.
    """

    service_id: ServiceId
    username: Name
    password: Stated[Password] = None
    password_hash: Stated[PasswordHash] = None
    name: Stated[Line] = Field(default=None, validation_alias=AliasChoices("name", "service_name"))

    @model_validator(mode="after")
    def _refuse_two_secrets(self) -> Self:
        if self.password and self.password_hash:
            raise refusal("has a password and a password_hash", "Keep the hash alone.")
        return self

    def to_warehouse(self, path: str, portal: PortalEntry) -> WarehouseDefinition:
        """A warehouse with this service alone; `path` is its place in the file."""
        rule = AccessRule(frozenset({self.username}), frozenset(), SERVICE_PERMISSIONS, source=path)
        name = self.name or self.service_id
        inherited = portal.inherited_by()
        group = GroupDefinition(
            service_id=self.service_id,
            name=name,
            warehouse=self.service_id,
            rules=(rule,),
            limits=inherited.to_limits(),
            presets=inherited.to_presets(),
        )
        return WarehouseDefinition(
            key=self.service_id,
            name=name,
            groups=(group,),
            sign_in_service_id=self.service_id,
            local_user=self._local_user(),
        )

    def _local_user(self) -> LocalUser | None:
        secret = self.password_hash or self.password
        return LocalUser(self.username, secret, bool(self.password_hash)) if secret else None


def _index_list(services: object) -> object:
    return dict(enumerate(services)) if isinstance(services, list) else services


def _check_service_key(key: object) -> object:
    if type(key) not in {int, str}:
        raise refusal("is not text", "Write a word before the service's colon.")
    return key


ServiceKey = Annotated[int | str, BeforeValidator(_check_service_key)]
Services = Annotated[dict[ServiceKey, ServiceEntry], BeforeValidator(_index_list)]


class ServicesFile(Entry):
    """The whole file in the flat shape; `services` is a list, or a mapping with any keys."""

    portal: PortalEntry = PortalEntry()
    services: Services = Field(min_length=1)

    def by_path(self) -> dict[str, ServiceEntry]:
        """The services by their paths in the file."""
        return {format_path(("services", key)): entry for key, entry in self.services.items()}

    def to_catalog(self) -> Catalog:
        """All services as the domain's object."""
        entries = self.by_path().items()
        return Catalog(tuple(entry.to_warehouse(path, self.portal) for path, entry in entries))

    def list_warnings(self) -> tuple[str, ...]:
        """One line for each password in plain text, without the password."""
        return tuple(
            f"{path}.password: is in plain text. Write password_hash instead. {MAKE_A_HASH}"
            for path, entry in self.by_path().items()
            if entry.password
        )
