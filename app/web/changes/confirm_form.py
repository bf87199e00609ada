"""The form of the last step, for the actions that ask again."""

from zoneinfo import ZoneInfo

from wtforms import PasswordField, RadioField, StringField, TextAreaField

from app.services.schedules.holding import HoldQuestion
from app.web.forms import PortalForm

UNTIL_NEXT, PAUSE, EDIT_SCHEDULE = "next", "pause", "edit"
"""How long a size holds that a schedule would change: until the schedule's next change, until the
end of a pause, or for as long as the schedule says that is edited instead."""


class ConfirmForm(PortalForm):
    """The last step: for the actions that ask for it, the password again and the group's name;
    where the owners want a reason and the draft has none, the reason; where a schedule would set
    another size, for how long this one holds.
    """

    reason = TextAreaField("Reason")
    group_name = StringField("Name of the group")
    password = PasswordField("Your ClickHouse password")
    code = StringField("Code of your second factor")
    hold = RadioField("How long this holds", default=UNTIL_NEXT, validate_choice=False)
    pause_schedule_until = StringField("Pause the schedule until")

    def set_hold(self, question: HoldQuestion) -> None:
        """Offer what can be chosen."""
        until = question.until.astimezone(ZoneInfo(question.zone))
        ends = f"“{question.window}” ends" if question.window else "the next window begins"
        choices = [(UNTIL_NEXT, f"Until {until:%a %-d %b %H:%M %Z}, when {ends}")]
        if question.may_edit:
            choices.append((EDIT_SCHEDULE, "Change the schedule instead: nothing is scaled yet"))
            choices.append((PAUSE, "Pause the schedule until the time below"))
        self.hold.choices = choices

    @property
    def pause_until(self) -> str | None:
        """The local time until which the schedule is to be paused, as it was typed."""
        return self.pause_schedule_until.data or "" if self.hold.data == PAUSE else None
