"""The form to have the roles read again."""

from wtforms import PasswordField, StringField

from app.web.forms import PortalForm


class RolesForm(PortalForm):
    """The password, as at a sign-in, and the code where ClickHouse asks for one."""

    password = PasswordField("Your ClickHouse password")
    code = StringField("Code of your second factor")
