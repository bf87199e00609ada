"""The flat shape of `configs/org_config.yaml`, which an earlier service had.

`services` is a list in which each service has one user. It does not say which services share a
warehouse, and users of the same name at two services may be two people. So each service becomes a
warehouse of its own, with its id as the key, and its user has permissions in that warehouse only.
"""

from typing import Annotated, Self

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from app.domain.access.permissions import AccessRule, Permission
from app.domain.groups.catalog import Catalog, GroupDefinition, LocalUser, WarehouseDefinition
from app.settings.environment.credentials import MAKE_A_HASH
from app.settings.org.faults import Entry, format_path, refusal
from app.settings.org.listed import index_list
from app.settings.org.schema import PortalEntry
from app.settings.org.values import Line, Name, Password, PasswordHash, ServiceId, Stated

SERVICE_PERMISSIONS = frozenset({Permission.VIEW, Permission.BOOST, Permission.SCALE})
"""What the user of a service in the flat shape may do with it."""


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


def _check_service_key(key: object) -> object:
    if type(key) not in {int, str}:
        raise refusal("is not text", "Write a word before the service's colon.")
    return key


ServiceKey = Annotated[int | str, BeforeValidator(_check_service_key)]
Services = Annotated[dict[ServiceKey, ServiceEntry], BeforeValidator(index_list)]


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
        made = tuple(entry.to_warehouse(path, self.portal) for path, entry in entries)
        return Catalog(made, self.portal.to_presentation())

    def list_warnings(self) -> tuple[str, ...]:
        """One line for each password in plain text, without the password."""
        return tuple(
            f"{path}.password: is in plain text. Write password_hash instead. {MAKE_A_HASH}"
            for path, entry in self.by_path().items()
            if entry.password
        )
