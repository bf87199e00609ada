"""The compute groups, as they were when Cloud was last read.

What is not known has no figure, so that no sum takes it for 0. How old all of it is says
`portal_snapshot_age_seconds`: nobody asks Cloud for the sake of these figures.
"""

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.metrics.figures import GroupFigures, SizeFigures

BOUNDS = ("min", "max")


class GroupGauges(Collector):
    """Made anew for each reader: gauges that are kept take twice as long for some hundred groups,
    and would show one that is not configured any more."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._groups: Sequence[GroupFigures] = ()
        registry.register(self)

    def set(self, groups: Sequence[GroupFigures]) -> None:
        """What is so now, of these groups alone."""
        self._groups = groups

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure of every group."""
        groups = self._groups
        yield _states(groups)
        yield from _sizes(groups)
        in_flight = _family(
            "change_in_flight", "1 while the outcome of a change of the group is not known."
        )
        resizing = _family("resizing", "1 while what is in effect is not yet what is configured.")
        for group in groups:
            name = (group.warehouse, group.name)
            in_flight.add_metric(name, group.has_change_in_flight)
            resizing.add_metric(name, group.is_resizing)
        yield from (in_flight, resizing, _budgets(groups))


def _family(name: str, meaning: str, *labels: str) -> GaugeMetricFamily:
    names = ("warehouse", "group", *labels)
    return GaugeMetricFamily(f"portal_group_{name}", meaning, labels=names)


def _budgets(groups: Sequence[GroupFigures]) -> GaugeMetricFamily:
    used = _family("budget_used_ratio", "Share of the budget that is used; 1 is all.", "period")
    for group in groups:
        for period, share in group.budgets_used.items():
            used.add_metric((group.warehouse, group.name, period), share)
    return used


def _states(groups: Sequence[GroupFigures]) -> GaugeMetricFamily:
    states = _family("state", "1 for the state that the group is in.", "state")
    for group in groups:
        states.add_metric((group.warehouse, group.name, group.state), 1)
    return states


def _sizes(groups: Sequence[GroupFigures]) -> Iterator[GaugeMetricFamily]:
    of = ("of", "bound")
    memory = _family("memory_gb", "Memory of each replica in GB.", *of)
    replicas = _family("replicas", "Replicas.", *of)
    total = _family("total_memory_gb", "Memory of all replicas together in GB.", *of)
    for labels, memory_gb, count in _bounds(groups):
        memory.add_metric(labels, memory_gb)
        replicas.add_metric(labels, count)
        total.add_metric(labels, memory_gb * count)
    yield from (memory, replicas, total)


def _bounds(groups: Sequence[GroupFigures]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Labels, memory and replicas of each end of each size that is known."""
    for group in groups:
        for kind, size in (("configured", group.configured), ("effective", group.effective)):
            for bound, memory_gb, count in _ends(size):
                yield (group.warehouse, group.name, kind, bound), memory_gb, count


def _ends(size: SizeFigures | None) -> Iterator[tuple[str, int, int]]:
    if size is not None:
        yield from zip(BOUNDS, size.memory_gb, size.replicas, strict=True)
