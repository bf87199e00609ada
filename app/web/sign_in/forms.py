"""The form to sign in."""

from wtforms import HiddenField, PasswordField, SelectField, StringField

from app.domain.groups.catalog import WarehouseDefinition
from app.domain.messages import problem
from app.errors import Problem
from app.web.forms import PortalForm


class SignInForm(PortalForm):
    """Warehouse (asked only if there are several), user name and password."""

    warehouse = SelectField("Warehouse", validate_choice=False)
    user = StringField("User name")
    password = PasswordField("Password")
    code = StringField("Code of your second factor")
    """Asked once ClickHouse has asked for it."""
    wake = HiddenField()
    """The idle service that the person agreed to wake, to have the password checked there."""

    def set_choices(self, warehouses: tuple[WarehouseDefinition, ...]) -> None:
        """The warehouses that take passwords; a single one goes without saying."""
        warehouses = tuple(item for item in warehouses if item.takes_passwords)
        self.keys = [item.key for item in warehouses]
        self.warehouse.choices = [(item.key, item.name) for item in warehouses]
        # Only where none was named: no password goes to a warehouse that nobody chose.
        if len(warehouses) == 1 and not self.warehouse.data:
            self.warehouse.data = warehouses[0].key

    def list_problems(self) -> list[Problem]:
        """What is missing before anything can be checked."""
        found = []
        if self.warehouse.data not in self.keys:
            found.append(problem("warehouse", "warehouse_needed"))
        if not self.user.data:
            found.append(problem("user", "user_needed"))
        if not self.password.data:
            found.append(problem("password", "password_needed"))
        return found
