"""Figures of the compute groups, out of what was last read of Cloud."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from app.cloud.snapshot import View
from app.domain.groups.catalog import Catalog, GroupDefinition
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig
from app.domain.spend.budget import BudgetUse
from app.metrics import GroupFigures, SizeFigures

Uses = tuple[BudgetUse, ...]
NO_USES: Mapping[str, Uses] = {}
NOT_SHOWN = "not_shown"
"""The state of a group that Cloud does not show to the portal's key."""


def figures_of(
    catalog: Catalog, view: View, in_flight: Collection[str], uses: Mapping[str, Uses] = NO_USES
) -> Iterator[GroupFigures]:
    """Each group that is configured; none while nothing was ever read of Cloud.

    `in_flight` are the services that have a change whose outcome is not known, `uses` says how
    budgets stand.
    """
    if view.taken_at is None:
        return
    for warehouse in catalog.warehouses:
        named = Counter(group.name for group in warehouse.groups)
        for group in warehouse.groups:
            service = view.services.get(group.service_id)
            has_change, own = group.service_id in in_flight, uses.get(group.service_id, ())
            shares = {it.period.value: it.percent / 100 for it in own}
            figures = _figures(group, service, has_change=has_change)
            # Whoever reads figures with equal labels drops all but one of them.
            alone = group.name if named[group.name] == 1 else f"{group.name} ({group.service_id})"
            yield replace(figures, name=alone, budgets_used=shares)


def _figures(group: GroupDefinition, service: Service | None, *, has_change: bool) -> GroupFigures:
    return GroupFigures(
        warehouse=group.warehouse,
        name=group.name,
        state=service.state.value if service else NOT_SHOWN,
        configured=_size(service.configured) if service else None,
        effective=_size(service.effective) if service else None,
        has_change_in_flight=has_change,
        is_resizing=service is not None and service.is_resizing,
    )


def _size(config: ScalingConfig | None) -> SizeFigures | None:
    if config is None:
        return None
    return SizeFigures(
        (config.min_memory_gb, config.max_memory_gb), (config.min_replicas, config.max_replicas)
    )
