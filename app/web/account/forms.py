"""The form to have the roles read again."""

from wtforms import PasswordField

from app.web.forms import PortalForm


class RolesForm(PortalForm):
    """The password, as at a sign-in."""

    password = PasswordField("Your ClickHouse password")
