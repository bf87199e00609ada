"""The form of a schedule: as many windows as there are and some more, without JavaScript.

Names of fields are `base_…` and `w0_…`, `w1_…`; a window whose name is empty is left out.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.schedules.parsing import MOST_WINDOWS
from app.domain.schedules.schedule import DAY_NAMES, USUAL_LEAD_MINUTES, Outside
from app.errors import Problem
from app.web.forms import PortalForm, parse_number

DAY_WORDS = dict(
    zip(
        DAY_NAMES,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
OUTSIDE_CHOICES = [
    (Outside.KEEP.value, "As somebody left it"),
    (Outside.STOP.value, "Stopped"),
]
IDLE_CHOICES = [("", "As configured"), ("on", "Allow idling"), ("off", "Never idle")]
IDLING: dict[str | None, bool | None] = {"on": True, "off": False, "": None, None: None}
MEMORY = {
    "min_memory_gb": "Minimum memory per replica",
    "max_memory_gb": "Maximum memory per replica",
}
REPLICAS = {
    ScalingMode.VERTICAL: {"num_replicas": "Replicas"},
    ScalingMode.HORIZONTAL: {
        "min_replicas": "Minimum replicas",
        "max_replicas": "Maximum replicas",
    },
}
EMPTY_WINDOWS = 1
"""How many windows to fill in are shown besides those that there are."""

SLOT = re.compile(r"w([0-9]{1,2})_[a-z_]+", re.ASCII)


class ScheduleForm(PortalForm):
    """What every schedule has; `make_form` adds the sizes and windows."""

    zone = StringField("Time zone")
    outside = SelectField(
        "State", choices=OUTSIDE_CHOICES, default=Outside.KEEP.value, validate_choice=False
    )
    start_minutes_before = StringField(
        "Start before each window, in minutes", default=str(USUAL_LEAD_MINUTES)
    )
    reason = TextAreaField("Reason")
    version = HiddenField()

    slots: int = 0
    mode: ScalingMode = ScalingMode.VERTICAL

    def values(self) -> dict[str, Any]:
        """What was typed, as `parse_schedule` takes it."""
        return {
            "zone": (self.zone.data or "").strip(),
            "base": self._size("base"),
            "outside": self.outside.data,
            "start_minutes_before": parse_number(self.start_minutes_before.data),
            "windows": [self._window(f"w{number}") for number in self.used],
        }

    @property
    def left_out(self) -> list[int]:
        """The windows with hours and no name, counted from 1 as on the page."""
        unnamed = (n for n in range(self.slots) if n not in self.used)
        return [n + 1 for n in unnamed if self[f"w{n}_start"].data or self[f"w{n}_end"].data]

    @property
    def used(self) -> list[int]:
        """The windows that have a name, in the order of the page."""
        return [n for n in range(self.slots) if (self[f"w{n}_name"].data or "").strip()]

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside its field, whatever place its window has on the page."""
        super().show(Problem(self._field_of(item), item.code, item.message) for item in problems)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show a schedule as `dump_schedule` gives it."""
        self.zone.data = values["zone"]
        self.fill_size("base", values["base"])
        for name in ("outside", "start_minutes_before"):
            if name in values:
                self[name].data = str(values[name])
        for number, window in enumerate(values["windows"]):
            for name in ("name", "start", "end"):
                self[f"w{number}_{name}"].data = window[name]
            for day in DAY_NAMES:
                self[f"w{number}_{day}"].data = day in window["days"]
            self.fill_size(f"w{number}", window["settings"])

    def _window(self, prefix: str) -> dict[str, Any]:
        texts = {name: (self[f"{prefix}_{name}"].data or "").strip() for name in ("start", "end")}
        days = [day for day in DAY_NAMES if self[f"{prefix}_{day}"].data]
        name = self[f"{prefix}_name"].data
        return {"name": name, "days": days, **texts, "settings": self._size(prefix)}

    def _size(self, prefix: str) -> dict[str, Any]:
        idling = self[f"{prefix}_idle_scaling"].data
        names = (*MEMORY, *REPLICAS[self.mode], "idle_timeout_minutes")
        values = {name: parse_number(self[f"{prefix}_{name}"].data) for name in names}
        values["idle_scaling"] = IDLING.get(idling, idling)
        return {name: value for name, value in values.items() if value is not None}

    def fill_size(self, prefix: str, settings: Mapping[str, Any]) -> None:
        """Show one size, of the window or the base with this prefix."""
        for name, value in settings.items():
            if f"{prefix}_{name}" in self:
                self[f"{prefix}_{name}"].data = _text_of(value)

    def _field_of(self, item: Problem) -> str:
        parts = item.field.replace(".settings.", ".").split(".")
        if parts[0] == "base":
            return "_".join(parts)
        if parts[0] != "windows" or len(parts) == 1:
            return item.field
        prefix = f"w{self.used[int(parts[1])]}"
        name = parts[2] if len(parts) > 2 else "name"
        return f"{prefix}_mon" if name == "days" else f"{prefix}_{name}"


class PauseForm(PortalForm):
    """Until when a schedule does nothing, in its local time."""

    until = StringField("Pause until")


def make_form(config: ScalingConfig, limits: Limits, windows: int | None = None) -> ScheduleForm:
    """The form for a group in this mode. `windows`: how many there are; otherwise as many as were
    sent."""
    slots = _sent_slots() if windows is None else windows + EMPTY_WINDOWS
    slots = min(slots, MOST_WINDOWS)
    fields: dict[str, Any] = {"slots": slots, "mode": config.mode}
    for prefix in ("base", *(f"w{number}" for number in range(slots))):
        fields |= _size_fields(prefix, config, limits)
    for number in range(slots):
        fields |= _window_fields(f"w{number}")
    form: ScheduleForm = type("ScheduleFormOfGroup", (ScheduleForm,), fields)()
    return form


def add_slot(form: ScheduleForm, config: ScalingConfig, limits: Limits) -> ScheduleForm:
    """The form with what was typed and one more window."""
    larger = make_form(config, limits, form.slots)
    for field in form:
        if field.name in larger:
            larger[field.name].data = field.data
    return larger


def _sent_slots() -> int:
    numbers = [int(match[1]) for name in request.form if (match := SLOT.fullmatch(name))]
    return max(numbers, default=-1) + 1


def _window_fields(prefix: str) -> dict[str, Any]:
    days = {f"{prefix}_{day}": BooleanField(words) for day, words in DAY_WORDS.items()}
    texts = {"name": "Name", "start": "From", "end": "To"}
    return days | {f"{prefix}_{name}": StringField(words) for name, words in texts.items()}


def _size_fields(prefix: str, config: ScalingConfig, limits: Limits) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, words in MEMORY.items():
        sizes = limits.memory_choices(getattr(config, name))
        choices = [(str(size), f"{size} GB") for size in sizes]
        default = str(getattr(config, name))
        fields[f"{prefix}_{name}"] = SelectField(
            words, choices=choices, default=default, validate_choice=False
        )
    for name, words in REPLICAS[config.mode].items():
        default = str(getattr(config, name.replace("num", "max")))
        fields[f"{prefix}_{name}"] = StringField(words, default=default)
    fields[f"{prefix}_idle_scaling"] = SelectField(
        "Idling", choices=IDLE_CHOICES, default="", validate_choice=False
    )
    fields[f"{prefix}_idle_timeout_minutes"] = StringField("Idle timeout in minutes")
    return fields


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
