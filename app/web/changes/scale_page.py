"""What the page of the form for another size shows besides the form: hints, limits, presets."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from app.domain.groups.cost import Price
from app.domain.groups.group import ComputeGroup
from app.domain.groups.limits import Limits
from app.domain.groups.presets import Preset
from app.domain.groups.scaling import ScalingConfig
from app.web.changes.initial_values import presets_for
from app.web.changes.scale_form import SIZE_LABEL, ScaleForm
from app.web.formatting.costs import show_money
from app.web.formatting.sizes import show_idling, show_total


@dataclass(frozen=True)
class PresetLink:
    """A size with a name: where its filled form is, and the texts that fill the form in place."""

    name: str
    address: str
    texts: Mapping[str, str]
    gist: str


@dataclass(frozen=True)
class ScalePage:
    """One group, what is configured, and what may be asked for."""

    group: ComputeGroup
    config: ScalingConfig
    presets: tuple[PresetLink, ...]
    size_label: str = SIZE_LABEL

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
        """The largest number of replicas."""
        return self.limits.replica_range(self.config.max_replicas)[1]

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
        return f"At most {self.most}."

    @property
    def replicas_hint(self) -> str:
        """The bounds of the field “Replicas”."""
        return "{} to {}.".format(*self.limits.replica_range(self.config.max_replicas))

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
        hours = self.limits.boost_max_hours
        return f"For “Until …”: local time, at most {hours} hours from now."

    @property
    def reason_hint(self) -> str:
        """Whom the reason is for, and whether it may be left out."""
        text = "For everybody who reads about this change later."
        return text if self.limits.is_reason_required else f"{text} Optional."


def build_scale_page(group: ComputeGroup, config: ScalingConfig, form: ScaleForm) -> ScalePage:
    """Gather what is shown around the form."""
    presets = (_link(item, group, config, form) for item in presets_for(group, config.mode))
    return ScalePage(group, config, tuple(presets))


def _link(
    preset: Preset, group: ComputeGroup, config: ScalingConfig, form: ScaleForm
) -> PresetLink:
    filled = preset.applied_to(config)
    address = url_for("changes.scale", service_id=group.service_id, preset=preset.name)
    return PresetLink(preset.name, address, form.texts_of(filled), _gist(filled, config))


def _gist(filled: ScalingConfig, config: ScalingConfig) -> str:
    text = f"{show_total(filled)} total"
    if filled == config:
        return f"{text}, as it is now"
    return text if _idles_alike(filled, config) else f"{text}, {show_idling(filled).lower()}"


def _idles_alike(one: ScalingConfig, other: ScalingConfig) -> bool:
    is_same_timeout = one.idle_timeout_minutes == other.idle_timeout_minutes
    return one.idle_scaling == other.idle_scaling and (is_same_timeout or not one.idle_scaling)
