"""What the form starts with: what is configured, a preset, or the values of an earlier change."""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from app.domain.changes.change import Change
from app.domain.changes.rejections import rejection_of
from app.domain.changes.undo import undo_reason
from app.domain.groups.group import ComputeGroup
from app.domain.groups.presets import Preset
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.load.advice_words import RULE, describe
from app.errors import NotFound, Problem
from app.http.current import portal
from app.web.login import identity


@dataclass(frozen=True)
class InitialValues:
    """The values to start with, and in words where they come from; `boost_until` is when they were
    to end."""

    config: ScalingConfig
    reason: str = ""
    boost_until: datetime | None = None
    note: str = ""
    rejection: Problem | None = None


def presets_for(group: ComputeGroup, mode: ScalingMode) -> tuple[Preset, ...]:
    """The presets that a group in this mode can be asked for."""
    return tuple(item for item in group.definition.presets if item.suits(mode))


def find_initial_values(group: ComputeGroup, config: ScalingConfig) -> InitialValues:
    """What the address asks for: `preset`, `advice`, `undo` or `from`; else what is configured."""
    if name := request.args.get("preset"):
        return _from_preset(name, group, config)
    if request.args.get("advice"):
        return _from_advice(group, config)
    if reference := request.args.get("undo"):
        return _behind_change(reference, group, config)
    return _from_change(request.args.get("from", ""), group, config)


def _from_preset(name: str, group: ComputeGroup, config: ScalingConfig) -> InitialValues:
    for preset in presets_for(group, config.mode):
        if preset.name.casefold() == name.casefold():
            note = f"The form is filled with “{preset.name}”. Nothing has been changed yet."
            return InitialValues(preset.applied_to(config), note=note)
    return InitialValues(
        config, note="There is no preset of that name here. This is what is configured."
    )


def _from_advice(group: ComputeGroup, config: ScalingConfig) -> InitialValues:
    advice = portal().load.find_advice(identity(), group.service_id)
    if advice is None or advice.target is None or advice.target.mode is not config.mode:
        return InitialValues(config, note="Nothing is advised now. This is what is configured.")
    note = f"The form is filled with what {RULE} advises. Nothing has been changed yet."
    return InitialValues(advice.target, reason=describe(advice), note=note)


def _behind_change(reference: str, group: ComputeGroup, config: ScalingConfig) -> InitialValues:
    try:
        target = portal().change_pages.find_undo(identity(), reference, group.service_id, config)
    except NotFound:
        return InitialValues(config)
    if target is None:
        note = f"Change {reference} is no longer in what is configured, which is shown here."
        return InitialValues(config, note=note)
    note = f"The form is filled with the values before change {reference}. Nothing is changed yet."
    return InitialValues(target, reason=undo_reason(reference), note=note)


def _from_change(reference: str, group: ComputeGroup, config: ScalingConfig) -> InitialValues:
    change = _find_correctable(reference, group.service_id, config) if reference else None
    if change is None or change.target is None:
        return InitialValues(config)
    return InitialValues(
        change.target,
        reason=change.reason,
        boost_until=change.boost_until,
        rejection=rejection_of(change),
    )


def _find_correctable(reference: str, service_id: str, config: ScalingConfig) -> Change | None:
    pages = portal().change_pages
    try:
        return pages.find_correctable(identity(), reference, service_id, config)
    except NotFound:
        return None
