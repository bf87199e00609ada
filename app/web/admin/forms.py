"""The administrator's forms."""

from wtforms import HiddenField, PasswordField, SelectField, StringField, TextAreaField

from app.domain.messages import problem
from app.errors import Problem
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
