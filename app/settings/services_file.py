"""The other shape of `configs/org_config.yaml`: flat `services`, each with its one user.

That file does not tell which services share a warehouse, and users of the same name at two
services may be two people. So each service is a warehouse of its own here, with its id as the
key: whoever signs in proves to be its user, and nothing more.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, AliasChoices, Field, SecretStr, model_validator

from app.domain.access.permissions import AccessRule, Permission
from app.domain.groups.catalog import GroupDefinition, LocalUser, WarehouseDefinition
from app.domain.groups.limits import Limits
from app.domain.groups.presets import Preset
from app.settings.admin import MAKE_A_HASH, parse_password_hash
from app.settings.entry_types import Entry, Line, Name, ServiceId, Stated, refusal
from app.settings.org_schema import PortalEntry
from app.settings.values import UnusableValueError, is_placeholder

PERMISSIONS = frozenset({Permission.VIEW, Permission.SCALE})
"""What the user of a service may do with it."""


def _password(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text:
        raise refusal("is empty", "Write some text, or remove the key.")
    if is_placeholder(text) and text[0] + text[-1] == "<>":
        raise refusal("is still the template's placeholder", "Put your own value in its place.")
    return secret


def _password_hash(secret: SecretStr) -> SecretStr:
    try:
        parse_password_hash(secret.get_secret_value())
    except UnusableValueError as unusable:
        raise refusal(unusable.what, "python -m app.cli.hash_password makes one.") from None
    return secret


class ServiceEntry(Entry):
    """One service and its user. A password, or better its hash, is checked here if it is given.

    Without either, passwords are checked at the service itself.
    """

    service_id: ServiceId
    username: Name
    password: Stated[Annotated[SecretStr, AfterValidator(_password)]] = None
    password_hash: Stated[Annotated[SecretStr, AfterValidator(_password_hash)]] = None
    name: Stated[Line] = Field(None, validation_alias=AliasChoices("name", "service_name"))

    @model_validator(mode="after")
    def _has_one_secret(self) -> Self:
        if self.password and self.password_hash:
            raise refusal("has a password and a password_hash", "Keep the hash alone.")
        return self

    def to_warehouse(
        self, path: str, limits: Limits, presets: tuple[Preset, ...]
    ) -> WarehouseDefinition:
        """The service as the domain knows it; `path` says where it stands in the file."""
        rule = AccessRule(frozenset({self.username}), frozenset(), PERMISSIONS, source=path)
        name = self.name or self.service_id
        group = GroupDefinition(self.service_id, name, self.service_id, (rule,), limits, presets)
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


Entries = list[tuple[str, ServiceEntry]]


class ServicesFile(Entry):
    """The whole file, where the services stand in a list."""

    portal: PortalEntry = PortalEntry()
    services: list[ServiceEntry] = Field(min_length=1)

    def entries(self) -> Entries:
        """Each service with its place in the file."""
        return [(f"services[{number}]", entry) for number, entry in enumerate(self.services)]


class NamedServicesFile(Entry):
    """The same, where each service stands under a word of its own."""

    portal: PortalEntry = PortalEntry()
    services: dict[str, ServiceEntry] = Field(min_length=1)

    def entries(self) -> Entries:
        """Each service with its place in the file."""
        return [(f"services.{word}", entry) for word, entry in self.services.items()]


def list_warnings(entries: Entries) -> tuple[str, ...]:
    """The passwords that stand in the file as they are."""
    return tuple(
        f"{path}.password: is in plain text. Write password_hash instead. {MAKE_A_HASH}"
        for path, entry in entries
        if entry.password
    )
