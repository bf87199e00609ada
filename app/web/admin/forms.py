"""The administrator's forms."""

from collections.abc import Iterable

from wtforms import HiddenField, PasswordField, SelectField, StringField, TextAreaField

from app.domain.groups.catalog import WarehouseDefinition
from app.domain.messages import problem
from app.errors import Problem
from app.services.admin.access_report import in_natural_order
from app.web.forms import PortalForm

NO_TOKEN = {"csrf": False}


class AdminSignInForm(PortalForm):
    """The administrator's own name and password."""

    user = StringField("Administrator's name")
    password = PasswordField("Password")

    def list_problems(self) -> list[Problem]:
        """What is missing before anything can be checked."""
        found = []
        if not self.user.data:
            found.append(problem("user", "administrator_needed"))
        if not self.password.data:
            found.append(problem("password", "password_needed"))
        return found


class FreezeForm(PortalForm):
    """Why nobody may change anything, and where; which places there are, the page knows."""

    where = SelectField("Scope", choices=[], validate_choice=False)
    reason = TextAreaField("Reason")


class LiftForm(PortalForm):
    """Which freeze to lift."""

    where = HiddenField()


class PersonForm(PortalForm):
    """Whose sessions to end; names are told apart by their warehouse."""

    warehouse = HiddenField()
    user = HiddenField()


class AccessSearchForm(PortalForm):
    """Whose permissions to look up. It changes nothing, so it needs no token, which would stand in
    the address: make it with NO_TOKEN."""

    user = StringField("User")
    roles = StringField("Roles")


def list_freeze_places(warehouses: Iterable[WarehouseDefinition]) -> list[tuple[str, str]]:
    """Where changes can be frozen, each with its words: everywhere, then each warehouse with its
    groups."""
    places = [("", "Everywhere")]
    for item in warehouses:
        places.append((f"warehouse:{item.key}", f"Warehouse {item.name}"))
        groups = in_natural_order(item.groups)
        places += [(f"group:{it.service_id}", f"{item.name}: {it.name}") for it in groups]
    return places
