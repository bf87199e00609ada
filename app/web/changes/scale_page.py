"""What the page of the form for another size shows besides the form: hints, limits, presets."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from app.domain.changes.replica_room import ReplicaRoom
from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import request_for
from app.domain.groups.cost import Price
from app.domain.groups.group import ComputeGroup
from app.domain.groups.limits import Limits
from app.domain.groups.presets import Preset
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.local_time import show_hours
from app.errors import BrokenRules
from app.web.changes.initial_values import presets_for
from app.web.changes.scale_form import OVER_LABEL, SIZE_LABEL, ScaleForm
from app.web.formatting.costs import show_cost_range, show_money
from app.web.formatting.sizes import show_idling, show_parts, show_range, show_total

NO_VALUE = "\N{EN DASH}"


@dataclass(frozen=True)
class PresetLink:
    """A size with a name: where its filled form is, the texts that fill the form in place, and
    whether they stand in it already."""

    name: str
    address: str
    texts: Mapping[str, str]
    gist: str
    is_in_form: bool


@dataclass(frozen=True)
class ScalePage:
    """One group, what is configured, and what may be asked for.

    `totals_gb` is what the form comes to, least and most; None where it comes to nothing.
    """

    group: ComputeGroup
    config: ScalingConfig
    presets: tuple[PresetLink, ...]
    room: ReplicaRoom | None
    totals_gb: tuple[int, int] | None
    zone: str
    size_label: str = SIZE_LABEL
    over_label: str = OVER_LABEL

    @property
    def total(self) -> str:
        """The total memory that the form comes to."""
        return f"{show_range(*self.totals_gb)} GB" if self.totals_gb else NO_VALUE

    @property
    def cost(self) -> str:
        """What that costs for an hour."""
        if self.totals_gb is None or self.price is None:
            return NO_VALUE
        ends = (show_money(self.price.per_hour(gb), self.price) for gb in self.totals_gb)
        return " to ".join(dict.fromkeys(ends))

    @property
    def takes_effect(self) -> str:
        """When what is asked for applies."""
        service = self.group.service
        if service and service.active_entry:
            return f"When the schedule entry “{service.active_entry}” ends"
        if service and not service.state.spec.is_up:
            return "When the group next runs"
        return "Usually minutes after you confirm"

    @property
    def afterwards(self) -> str:
        """What a change of size closes; empty if nothing."""
        minutes = self.limits.cooldown_minutes
        is_fixed = self.config.mode is ScalingMode.VERTICAL
        return f"No further size change for {minutes} minutes" if minutes and is_fixed else ""

    @property
    def password_hint(self) -> str:
        """What the password is asked again for."""
        above_gb = self.limits.reauthenticate_above_gb
        above = f"to grow above {above_gb} GB total, and " if above_gb is not None else ""
        return f"Needed {above}to turn idling off"

    @property
    def largest_total_gb(self) -> int | None:
        """The largest total memory in GB by all limits, that of costs too."""
        return self.limits.largest_total_gb(self.config)

    @property
    def limits(self) -> Limits:
        """The bounds that the owners set."""
        return self.group.definition.limits

    @property
    def price(self) -> Price | None:
        """What the owners say that compute costs."""
        return self.limits.price

    @property
    def differs(self) -> bool:
        """Whether what is in effect is known not to be what is configured."""
        return self.group.service is not None and self.group.service.differs

    @property
    def fewest(self) -> int:
        """The smallest number of replicas."""
        return self.limits.replica_range(self.config.min_replicas)[0]

    @property
    def most(self) -> int:
        """The largest number of replicas, by what the warehouse has left too."""
        most = self.limits.replica_range(self.config.max_replicas)[1]
        return min(most, self.room.largest(self.config)) if self.room else most

    @property
    def room_hint(self) -> str:
        """That the warehouse's bound is the narrower one, where it is; otherwise empty."""
        if self.room is None or self.most == self.limits.replica_range(self.config.max_replicas)[1]:
            return ""
        if self.room.others is None:
            return " No more now: not every group of the warehouse is visible to the portal."
        return f" The groups of this warehouse may have {self.room.most} in total."

    @property
    def most_total_gb(self) -> int | None:
        """The largest total memory in GB; None without a limit."""
        return self.limits.most_total_gb(self.config)

    @property
    def bounds(self) -> str:
        """The limits on what several fields come to together; empty without any."""
        found = []
        if self.most_total_gb is not None:
            found.append(f"at most {self.most_total_gb} GB total")
        if self.price and self.limits.max_cost_per_hour is not None:
            amount = show_money(self.limits.max_cost_per_hour, self.price)
            found.append(f"at most {amount} per hour")
        return ", ".join(found)

    @property
    def min_replicas_hint(self) -> str:
        """The bound of the field “Minimum replicas”."""
        return f"At least {self.fewest}."

    @property
    def max_replicas_hint(self) -> str:
        """The bound of the field “Maximum replicas”."""
        return f"At most {self.most}.{self.room_hint}"

    @property
    def replicas_hint(self) -> str:
        """The bounds of the field “Replicas”."""
        fewest = self.limits.replica_range(self.config.max_replicas)[0]
        return f"{fewest} to {self.most}.{self.room_hint}"

    @property
    def idling_hint(self) -> str:
        """What idling does, and whether it can be turned off."""
        text = "An idle group costs no compute; the next connection wakes it."
        is_fixed = self.config.idle_scaling and not self.limits.may_disable_idling
        return f"{text} Idling cannot be turned off for this group." if is_fixed else text

    @property
    def idle_timeout_hint(self) -> str:
        """The bounds of the idle timeout."""
        bounds = self.limits.idle_timeout_range(self.config.idle_timeout_minutes)
        return "{} to {} minutes without queries.".format(*bounds)

    @property
    def until_hint(self) -> str:
        """What the end of a boost is for, and its bound."""
        most = show_hours(self.limits.boost_max_hours)
        return f"For “Until …”: date and time in {self.zone}, at most {most} from now."

    @property
    def reason_hint(self) -> str:
        """Whom the reason is for, and whether it may be left out."""
        text = "For everybody who reads about this change later."
        return f"{text} {'Required' if self.limits.is_reason_required else 'Optional'}."


def build_scale_page(
    group: ComputeGroup, config: ScalingConfig, form: ScaleForm, room: ReplicaRoom | None, zone: str
) -> ScalePage:
    """Gather what is shown around the form."""
    presets = (_link(item, group, config, form) for item in presets_for(group, config.mode))
    return ScalePage(group, config, tuple(presets), room, form.totals_shown(config), zone)


def _link(
    preset: Preset, group: ComputeGroup, config: ScalingConfig, form: ScaleForm
) -> PresetLink:
    filled = preset.applied_to(config)
    address = url_for("changes.scale", service_id=group.service_id, preset=preset.name)
    texts = form.texts_of(filled)
    is_in_form = all(form[name].data == text for name, text in texts.items())
    return PresetLink(preset.name, address, texts, _gist(filled, group, config), is_in_form)


def _gist(filled: ScalingConfig, group: ComputeGroup, config: ScalingConfig) -> str:
    limits = group.definition.limits
    parts = [show_parts(filled), f"{show_total(filled)} total"]
    if limits.price:
        parts.append(f"{show_cost_range(limits.price, filled)} per hour")
    if filled == config:
        parts.append("as it is now")
    elif not _idles_alike(filled, config):
        parts.append(show_idling(filled).lower())
    if _is_beyond(filled, config, limits):
        parts.append("over the limits")
    return ", ".join(parts)


def _is_beyond(filled: ScalingConfig, config: ScalingConfig, limits: Limits) -> bool:
    try:
        return bool(check_request(request_for(filled, reason="preset"), config, limits))
    except BrokenRules:
        return True


def _idles_alike(one: ScalingConfig, other: ScalingConfig) -> bool:
    is_same_timeout = one.idle_timeout_minutes == other.idle_timeout_minutes
    return one.idle_scaling == other.idle_scaling and (is_same_timeout or not one.idle_scaling)
