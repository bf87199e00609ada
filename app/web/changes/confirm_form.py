"""The form of the last step, for the actions that ask again."""

from wtforms import PasswordField, StringField, TextAreaField

from app.web.forms import PortalForm


class ConfirmForm(PortalForm):
    """The last step: for the actions that ask for it, the password again and the group's name;
    where the owners want a reason and the draft has none, the reason.
    """

    reason = TextAreaField("Reason")
    group_name = StringField("Name of the group")
    password = PasswordField("Your ClickHouse password")
    code = StringField("Code of your second factor")
