"""The warehouses and compute groups that the portal is configured to show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import SecretStr

from app.domain.access.permissions import (
    AccessRule,
    Identity,
    Permission,
    permissions_by_name,
    permissions_under,
)
from app.domain.groups.limits import Limits
from app.domain.groups.presets import Preset
from app.domain.identity_providers import IdentityProvider, RolesFrom, SignInWay
from app.domain.schedules.exceptions import NO_CALENDAR, OwnersCalendar

Tags = Mapping[str, str]
"""The tags of a service at Cloud: key and value; the value is empty where there is none."""

TagsByService = Mapping[str, Tags]


@dataclass(frozen=True)
class Presentation:
    """How the portal presents itself. `contact` is part of a sentence: whom people ask.

    `note` is Markdown for the sign-in page and the list of groups, empty for none.
    """

    title: str = "Compute groups"
    contact: str = "the people who run this portal"
    note: str = ""


@dataclass(frozen=True)
class About:
    """What the owners say of a group in words; empty where they say nothing. `tags` are theirs,
    besides those of the service at Cloud."""

    description: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupDefinition:
    """One compute group as the owners describe it; `service_id` is Cloud's, in lower case.

    `is_view_only`: one of its rules denies everybody whatever changes it.
    """

    service_id: str
    name: str
    warehouse: str
    rules: tuple[AccessRule, ...]
    limits: Limits
    presets: tuple[Preset, ...] = ()
    about: About = About()
    is_managed_by_terraform: bool = False
    is_view_only: bool = False

    def permissions_of(self, identity: Identity) -> frozenset[Permission]:
        """What the identity may do here; nothing for somebody of another warehouse."""
        if identity.warehouse != self.warehouse:
            return frozenset()
        held, scope = permissions_under(self.rules, identity), identity.scope
        if scope is None:
            return held
        held &= scope.permissions_in(self.service_id)
        return held if scope.counts_roles else held & permissions_by_name(self.rules, identity)


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
    `provider` is the company's own sign-in, where `sign_in` admits it.
    """

    key: str
    name: str
    groups: tuple[GroupDefinition, ...]
    sign_in_service_id: str | None = None
    max_replicas: int | None = None
    local_user: LocalUser | None = None
    sign_in: SignInWay = SignInWay.PASSWORD
    provider: IdentityProvider | None = None
    roles_from: RolesFrom = RolesFrom.CLICKHOUSE

    @property
    def takes_passwords(self) -> bool:
        """Whether people may sign in with a password at all."""
        return self.sign_in is not SignInWay.OIDC

    @property
    def company(self) -> IdentityProvider | None:
        """The company's own sign-in; None where people have passwords alone."""
        return None if self.sign_in is SignInWay.PASSWORD else self.provider

    @property
    def is_role_claimed(self) -> bool:
        """Whether the company's sign-in says which roles somebody has, and not ClickHouse."""
        return self.roles_from is RolesFrom.CLAIM

    def is_of_company(self, user: str) -> bool:
        """Whether this is the name of somebody whom the company's sign-in proves."""
        return self.provider is not None and user.startswith(self.provider.prefix)


@dataclass(frozen=True)
class Catalog:
    """Everything configured, in the order of the file.

    `under_tags` makes the same anew for services with these tags at Cloud; None where nothing
    depends on tags. Until it was asked, rules that ask for a tag give nothing, and what they deny
    is denied to all groups. `calendar` holds for all schedules.
    """

    warehouses: tuple[WarehouseDefinition, ...]
    presentation: Presentation = Presentation()
    under_tags: "Callable[[TagsByService], Catalog] | None" = field(
        default=None, compare=False, repr=False
    )
    calendar: OwnersCalendar = NO_CALENDAR

    def find_warehouse(self, key: str) -> WarehouseDefinition | None:
        """The warehouse with this key."""
        return self._warehouses_by_key.get(key)

    def find_group(self, service_id: str) -> GroupDefinition | None:
        """The group of this service."""
        return self._groups_by_id.get(service_id)

    def find_name(self, target: str) -> str:
        """The name of the warehouse with this key, or of the group with this id; empty if the file
        has neither."""
        warehouse, group = self.find_warehouse(target), self.find_group(target)
        if warehouse:
            return warehouse.name
        return f"“{group.name}”" if group else ""

    def all_groups(self) -> tuple[GroupDefinition, ...]:
        """Every group of every warehouse."""
        return tuple(group for warehouse in self.warehouses for group in warehouse.groups)

    def groups_of(self, identity: Identity) -> tuple[GroupDefinition, ...]:
        """The groups that the identity may see."""
        return tuple(group for group in self.all_groups() if group.permissions_of(identity))

    @cached_property
    def _warehouses_by_key(self) -> dict[str, WarehouseDefinition]:
        return {item.key: item for item in self.warehouses}

    @cached_property
    def _groups_by_id(self) -> dict[str, GroupDefinition]:
        return {group.service_id: group for group in self.all_groups()}
