"""The form of a new token: a box for each group and each permission that the person has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, Field, PasswordField, StringField

from app.domain.access.permissions import MEANINGS, Identity, Permission
from app.domain.groups.catalog import GroupDefinition
from app.domain.tokens.token import DEFAULT_DAYS
from app.errors import Problem
from app.web.forms import PortalForm, parse_number

GROUP, PERMISSION = "group_", "permission_"
KINDS = {GROUP: "Compute groups", PERMISSION: "Permissions"}
PASSWORD_FIELDS = ("password", "code")


class TokenForm(PortalForm):
    """What every token has; `make_form` adds the boxes."""

    name = StringField("Name")
    days = StringField("Days until it expires", default=str(DEFAULT_DAYS))
    may_confirm = BooleanField("Also changes that ask for the password")
    password = PasswordField("Your ClickHouse password")
    code = StringField("Code of your second factor")

    group_ids: tuple[str, ...] = ()
    permissions: tuple[Permission, ...] = ()

    def values(self) -> dict[str, Any]:
        """What was typed, as `parse_token_request` takes it."""
        return {
            "name": self.name.data,
            "days": parse_number(self.days.data),
            "groups": [key for key in self.group_ids if self[_group_field(key)].data],
            "permissions": [key for key in self.permissions if self[f"{PERMISSION}{key}"].data],
            "may_confirm": bool(self.may_confirm.data),
        }

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside its field, or beside the first box of its kind."""
        super().show(
            Problem(self._field_of(item.field), item.code, item.message) for item in problems
        )

    def title_of(self, field: Field) -> str:
        """A box bears the problem of its kind, so it goes by the name of that."""
        name = str(field.name)
        kinds = (kind for prefix, kind in KINDS.items() if name.startswith(prefix))
        return next(kinds, super().title_of(field))

    @property
    def faulty_fields(self) -> list[Field]:
        """The boxes stand before what the person proves it with."""
        return sorted(super().faulty_fields, key=lambda field: field.name in PASSWORD_FIELDS)

    @property
    def group_boxes(self) -> list[Any]:
        """The boxes of the groups, in their order."""
        return [self[_group_field(key)] for key in self.group_ids]

    @property
    def permission_boxes(self) -> list[Any]:
        """The boxes of the permissions, in their order."""
        return [self[f"{PERMISSION}{key}"] for key in self.permissions]

    def _field_of(self, name: str) -> str:
        firsts = {"groups": self.group_boxes, "permissions": self.permission_boxes}
        boxes: Sequence[Any] = firsts.get(name, ())
        return str(boxes[0].name) if boxes else name


def make_form(groups: Iterable[GroupDefinition], identity: Identity) -> TokenForm:
    """The form for somebody with these groups: it offers what they may do in any of them."""
    listed = tuple(groups)
    held = {item for group in listed for item in group.permissions_of(identity)}
    permissions = tuple(item for item in Permission if item in held)
    fields: dict[str, Any] = {
        "group_ids": tuple(group.service_id for group in listed),
        "permissions": permissions,
        **{_group_field(group.service_id): BooleanField(group.name) for group in listed},
        **{f"{PERMISSION}{item}": BooleanField(_words(item)) for item in permissions},
    }
    form: TokenForm = type("TokenFormOfPerson", (TokenForm,), fields)()
    return form


def _group_field(service_id: str) -> str:
    return f"{GROUP}{service_id.replace('-', '_')}"


def _words(permission: Permission) -> str:
    meanings: Mapping[Permission, str] = MEANINGS
    label = permission.label
    return f"{label[:1].upper()}{label[1:]}: {meanings[permission]}"
