"""The compute groups, as they were when Cloud was last read.

What is not known has no figure, so that no sum takes it for 0. How old all of it is says
`portal_snapshot_age_seconds`: nobody asks Cloud for the sake of these figures.
"""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Gauge

from app.metrics.figures import GroupFigures, SizeFigures

GROUP = ("warehouse", "group")
BOUNDS = ("min", "max")


class GroupGauges:
    """One for each fact. A group that is not configured any more is gone with the next look."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(f"portal_group_{name}", meaning, (*GROUP, *labels), registry=registry)

        self._state = gauge("state", "1 for the state that the group is in.", "state")
        self._memory = gauge("memory_gb", "Memory of each replica in GB.", "of", "bound")
        self._replicas = gauge("replicas", "Replicas.", "of", "bound")
        self._total = gauge(
            "total_memory_gb", "Memory of all replicas together in GB.", "of", "bound"
        )
        self._in_flight = gauge(
            "change_in_flight", "1 while the outcome of a change of the group is not known."
        )
        self._is_resizing = gauge(
            "resizing", "1 while what is in effect is not yet what is configured."
        )
        self._all = (
            *(self._state, self._memory, self._replicas),
            *(self._total, self._in_flight, self._is_resizing),
        )

    def set(self, groups: Sequence[GroupFigures]) -> None:
        """What is so now, of these groups alone."""
        for gauge in self._all:
            gauge.clear()
        for group in groups:
            self._set_one(group)

    def _set_one(self, group: GroupFigures) -> None:
        name = (group.warehouse, group.name)
        self._state.labels(*name, group.state).set(1)
        self._in_flight.labels(*name).set(group.has_change_in_flight)
        self._is_resizing.labels(*name).set(group.is_resizing)
        self._set_size(name, "configured", group.configured)
        self._set_size(name, "effective", group.effective)

    def _set_size(self, name: tuple[str, str], kind: str, size: SizeFigures | None) -> None:
        if size is None:
            return
        for bound, memory_gb, replicas in zip(BOUNDS, size.memory_gb, size.replicas, strict=True):
            self._memory.labels(*name, kind, bound).set(memory_gb)
            self._replicas.labels(*name, kind, bound).set(replicas)
            self._total.labels(*name, kind, bound).set(memory_gb * replicas)
