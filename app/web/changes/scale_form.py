"""The forms to change a group: how a page asks for a `ScalingRequest`, and asks again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from app.domain.access.permissions import Permission
from app.domain.groups.group import ComputeGroup
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.errors import Problem
from app.web.boosts.duration import AT, CHOICES, FOR_GOOD, USUAL, read_duration
from app.web.formatting.sizes import show_memory
from app.web.forms import PortalForm, parse_number

ENDS = ("lasts", "until")
MEMORY_FIELDS = ("min_memory_gb", "max_memory_gb", "memory_gb")
IDLE_CHOICES = [("on", "Allow idling"), ("off", "Never idle")]
IDLING: dict[str | None, bool] = {"on": True, "off": False}
SIZE_LABEL = "{size} GB per replica · {total} GB total"
"""Also given to the page, which keeps the totals true while the number of replicas is typed."""
OVER_LABEL = " · over the limit"
"""After a size whose total the owners do not allow with so many replicas."""
KEPT_LABEL = "{} per replica, as it is stored"
RANGE_MARK = "-"
"""Between two memory sizes of a horizontal group from before, which can be kept or left."""


class ScaleForm(PortalForm):
    """What both modes ask for. Typed texts become `values`, which the use case judges."""

    idle_scaling = RadioField(
        "Idling",
        choices=IDLE_CHOICES,
        validate_choice=False,
    )
    idle_timeout_minutes = StringField("Idle timeout")
    lasts = RadioField("How long", choices=CHOICES, validate_choice=False)
    until = StringField("End of the boost")
    reason = TextAreaField("Reason")
    drawn_from = HiddenField()

    main_fields: tuple[str, ...] = ()
    """The fields that must be filled in, in the order of the page."""
    required: tuple[str, ...] = ()
    """The values that these fields give, under the names of `ScalingRequest`."""
    replica_fields: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """What was typed, under the names of `ScalingRequest`; what is empty is left out."""
        return {name: value for name, value in self._read_fields().items() if value is not None}

    @property
    def is_boost(self) -> bool:
        """Whether the size is to end by itself."""
        return "lasts" in self and (self.lasts.data or FOR_GOOD) != FOR_GOOD

    def end_values(self, zone: ZoneInfo, now: datetime) -> Mapping[str, Any]:
        """When it is to end, under the names of `BoostEnd`; nothing if it lasts."""
        if not self.is_boost:
            return {}
        return read_duration(self.lasts.data, self.until.data or "", zone, now)

    def set_durations(self, group: ComputeGroup, *, is_boost: bool) -> None:
        """What this person may choose: who may only boost has no lasting size, and the reverse."""
        if not group.may(Permission.BOOST):
            del self.lasts, self.until
            return
        may_last = group.may(Permission.SCALE)
        self.lasts.choices = CHOICES if may_last else CHOICES[1:]
        if self.lasts.data is None:
            self.lasts.data = USUAL if is_boost or not may_last else FOR_GOOD

    def fill_end(self, until: datetime | None, zone: ZoneInfo, now: datetime) -> None:
        """Show when a boost was to end, or the usual duration where that is over."""
        if until is None or "lasts" not in self:
            return
        is_ahead = until > now
        self.lasts.data = AT if is_ahead else USUAL
        if is_ahead:
            self.until.data = f"{until.astimezone(zone):%Y-%m-%dT%H:%M}"

    def _read_fields(self) -> dict[str, Any]:
        raise NotImplementedError

    def texts_of(self, config: ScalingConfig) -> dict[str, str]:
        """The field's texts for a configuration, without the reason."""
        minutes = config.idle_timeout_minutes
        return {"idle_scaling": "on" if config.idle_scaling else "off"} | (
            {} if minutes is None else {"idle_timeout_minutes": str(minutes)}
        )

    def fill(self, config: ScalingConfig) -> None:
        """Show a configuration."""
        for name, text in self.texts_of(config).items():
            self[name].data = text

    def set_choices(self, limits: Limits, current: ScalingConfig) -> None:
        """The memory sizes to choose from, each with the total it makes."""
        fewest, most = self.replicas_shown(current)
        largest_gb = limits.largest_total_gb(current)
        for name in MEMORY_FIELDS:
            if name in self:
                now_gb = getattr(current, name, current.max_memory_gb)
                self[name].choices = [
                    *self._kept_choices(current),
                    *(
                        (str(size), size_label(size, fewest, most, largest_gb))
                        for size in limits.memory_choices(now_gb)
                    ),
                ]
        if current.idle_scaling and not limits.may_disable_idling:
            self.idle_scaling.choices = IDLE_CHOICES[:1]

    def totals_shown(self, current: ScalingConfig) -> tuple[int, int] | None:
        """The total memory in GB that the form comes to, least and most; None if it comes to none.

        What is typed wrongly has none, and neither have values the wrong way round.
        """
        fewest, most = self.replicas_shown(current)
        memory = [parse_number(self[name].data) for name in MEMORY_FIELDS if name in self]
        if not all(isinstance(size, int) for size in memory):
            return None
        totals = int(memory[0] or 0) * fewest, int(memory[-1] or 0) * most
        return totals if 0 < totals[0] <= totals[1] else None

    def _kept_choices(self, current: ScalingConfig) -> list[tuple[str, str]]:  # noqa: ARG002
        """What can only be kept as it is stored, above the sizes to choose from."""
        return []

    def replicas_shown(self, current: ScalingConfig) -> tuple[int, int]:
        """The fewest and the most replicas that the form shows, or those of now."""
        typed = [parse_number(self[name].data) for name in self.replica_fields]
        if all(isinstance(count, int) and count > 0 for count in typed):
            return typed[0], typed[-1]  # type: ignore[return-value] # just asked
        return current.min_replicas, current.max_replicas

    @property
    def faulty_fields(self) -> list[Field]:
        """The fields with problems, in the order of the page."""
        names = [*self.main_fields, "idle_timeout_minutes", *ENDS, "reason", "drawn_from"]
        return [self[name] for name in names if name in self and self[name].errors]

    def _common_values(self) -> dict[str, Any]:
        idling = self.idle_scaling.data or None
        return {
            "idle_scaling": IDLING.get(idling, idling),
            "idle_timeout_minutes": parse_number(self.idle_timeout_minutes.data),
            "reason": self.reason.data or "",
        }


class VerticalForm(ScaleForm):
    """A fixed number of replicas, memory in a range."""

    min_memory_gb = SelectField("Minimum memory per replica", validate_choice=False)
    max_memory_gb = SelectField("Maximum memory per replica", validate_choice=False)
    num_replicas = StringField("Replicas")
    main_fields = ("min_memory_gb", "max_memory_gb", "num_replicas", "idle_scaling")
    required = main_fields
    replica_fields = ("num_replicas",)

    def texts_of(self, config: ScalingConfig) -> dict[str, str]:
        """The field's texts for a configuration, without the reason."""
        return super().texts_of(config) | {
            "min_memory_gb": str(config.min_memory_gb),
            "max_memory_gb": str(config.max_memory_gb),
            "num_replicas": str(config.max_replicas),
        }

    def _read_fields(self) -> dict[str, Any]:
        numbers = ("min_memory_gb", "max_memory_gb", "num_replicas")
        return self._common_values() | {name: parse_number(self[name].data) for name in numbers}


class HorizontalForm(ScaleForm):
    """One fixed memory size, replicas in a range."""

    memory_gb = SelectField("Memory per replica", validate_choice=False)
    min_replicas = StringField("Minimum replicas")
    max_replicas = StringField("Maximum replicas")
    main_fields = ("memory_gb", "min_replicas", "max_replicas", "idle_scaling")
    required = ("min_memory_gb", "min_replicas", "max_replicas", "idle_scaling")
    replica_fields = ("min_replicas", "max_replicas")

    def texts_of(self, config: ScalingConfig) -> dict[str, str]:
        """The field's texts for a configuration, without the reason."""
        return super().texts_of(config) | {
            "memory_gb": _memory_text(config),
            "min_replicas": str(config.min_replicas),
            "max_replicas": str(config.max_replicas),
        }

    def _read_fields(self) -> dict[str, Any]:
        # The one memory size is both the minimum and the maximum.
        least, most = _parse_memory(self.memory_gb.data)
        numbers = {name: parse_number(self[name].data) for name in ("min_replicas", "max_replicas")}
        return self._common_values() | numbers | {"min_memory_gb": least, "max_memory_gb": most}

    def _kept_choices(self, current: ScalingConfig) -> list[tuple[str, str]]:
        if current.min_memory_gb == current.max_memory_gb:
            return []
        return [(_memory_text(current), KEPT_LABEL.format(show_memory(current)))]

    def show(self, problems: Any) -> None:  # noqa: ANN401 - as the parent
        """Both memory values stand in one field here."""
        names = {"min_memory_gb": "memory_gb", "max_memory_gb": "memory_gb"}
        super().show(
            Problem(names.get(item.field, item.field), item.code, item.message) for item in problems
        )


def _memory_text(config: ScalingConfig) -> str:
    ends = dict.fromkeys((config.min_memory_gb, config.max_memory_gb))
    return RANGE_MARK.join(map(str, ends))


def _parse_memory(text: str | None) -> tuple[int | str | None, int | str | None]:
    ends = [parse_number(part) for part in (text or "").split(RANGE_MARK, 1)]
    if all(isinstance(end, int) for end in ends):
        return ends[0], ends[-1]
    whole = parse_number(text)
    return whole, whole


def size_label(size_gb: int, fewest: int, most: int, largest_gb: int | None = None) -> str:
    """A memory size with its total: “16 GB per replica · 32 to 64 GB total”, marked if beyond."""
    totals = dict.fromkeys((size_gb * fewest, size_gb * most))
    text = SIZE_LABEL.format(size=size_gb, total=" to ".join(str(total) for total in totals))
    return text + OVER_LABEL if largest_gb is not None and size_gb * most > largest_gb else text


def form_for(config: ScalingConfig) -> ScaleForm:
    """The form that a group in this mode is asked with."""
    return VerticalForm() if config.mode is ScalingMode.VERTICAL else HorizontalForm()
