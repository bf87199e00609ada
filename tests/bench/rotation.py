"""Sides that are measured in turns, so that what disturbs the machine disturbs all of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from tests.bench.figures import Figure, ratios, show
from tests.bench.load import Order, Outcome
from tests.bench.machine import cpu_seconds
from tests.bench.people import Viewer
from tests.bench.scene import LONG_GROUP, Scene
from tests.bench.servers import Server, run_load

FEW, CROWD = 4, 64
"""Connections: few, so that nothing waits in a queue; many, where a side waits for Cloud."""


@dataclass(frozen=True)
class Side:
    """A server and what it is asked for."""

    server: Server
    path: str
    cookie: str = ""
    edition: str | None = None
    connections: int = FEW


@dataclass
class Measured:
    """All runs of one side."""

    runs: list[Outcome] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        """Answers in a second, run by run."""
        return [run.rate for run in self.runs]

    def figure(self, name: str) -> Figure:
        """Its speed, with what it got and what the server used of a core for each answer."""
        statuses: dict[str, int] = {}
        for run in self.runs:
            for status, count in run.statuses.items():
                statuses[status] = statuses.get(status, 0) + count
        got = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
        reconnects = sum(run.reconnects for run in self.runs)
        kept = "connections kept" if not reconnects else f"{reconnects} connections made anew"
        note = f"{median(self.cpu_ms):.2f} ms of a core each; {got}; {kept}"
        return Figure.of(f"{name}, answers/s", self.rates, note)


@dataclass(frozen=True)
class Ratio:
    """A figure that is the speed of one side over that of another."""

    over: str
    under: str
    note: str = ""


RATIOS = {
    "poll_unchanged_vs_bare": Ratio("group poll", "bare poll"),
    "page_vs_bare": Ratio("group page", "bare page"),
    "page_vs_threaded_api": Ratio("group page, crowd", "threaded API, crowd"),
    "page_300_vs_6": Ratio("groups page, 6", "groups page, 300", "times as long"),
    "poll_unchanged_300_vs_6": Ratio("groups poll, 6", "groups poll, 300", "times as long"),
    "history_2000_vs_20": Ratio("group page", "group page, 2000 changes", "times as long"),
}
"""Of times the inverse: how much longer the second side takes."""

LONG_RATIOS = {
    "group page, 100,000 events": Ratio("group page", "group page, events", "times as long"),
    "audit page, 100,000 events": Ratio("audit page", "audit page, events", "times as long"),
}
"""For BENCH=long, and in no JSON."""


def _page(viewer: Viewer, path: str, connections: int = FEW) -> Side:
    viewer.open(path)
    return Side(viewer.portal, path, viewer.cookie, connections=connections)


def _poll(viewer: Viewer, path: str) -> Side:
    """What the open page asks for as long as nothing changes."""
    edition = viewer.open(path).edition
    return Side(viewer.portal, f"{path}/live", viewer.cookie, edition)


SIDES: Mapping[str, Callable[[Scene], Side]] = {
    "group page": lambda scene: _page(scene.viewer, scene.group_path()),
    "bare page": lambda scene: Side(scene.plain, "/page"),
    "group poll": lambda scene: _poll(scene.viewer, scene.group_path()),
    "bare poll": lambda scene: Side(scene.plain, "/poll"),
    "group page, 2000 changes": lambda scene: _page(scene.viewer, scene.group_path(LONG_GROUP)),
    "groups page, 6": lambda scene: _page(scene.viewer, "/groups"),
    "groups page, 300": lambda scene: _page(scene.large_viewer, "/groups"),
    "groups poll, 6": lambda scene: _poll(scene.viewer, "/groups"),
    "groups poll, 300": lambda scene: _poll(scene.large_viewer, "/groups"),
    "group page, crowd": lambda scene: _page(scene.viewer, scene.group_path(), CROWD),
    "audit page": lambda scene: _page(scene.viewer, scene.audit_path()),
    "group page, events": lambda scene: _page(scene.busy_viewer, scene.group_path()),
    "audit page, events": lambda scene: _page(scene.busy_viewer, scene.audit_path()),
    "threaded API, crowd": lambda scene: Side(scene.threaded_api, "/page", connections=CROWD),
}


def sides_of(keys: Iterable[str]) -> list[str]:
    """The sides that these figures need, in the order of SIDES."""
    ratios_ = [(RATIOS | LONG_RATIOS)[key] for key in keys]
    needed = {side for ratio in ratios_ for side in (ratio.over, ratio.under)}
    return [name for name in SIDES if name in needed]


def rotate(scene: Scene, names: Iterable[str]) -> dict[str, Measured]:
    """Measure all sides one after the other, and that as often as the effort says."""
    sides = {name: SIDES[name](scene) for name in names}
    found = {name: Measured() for name in sides}
    for _ in range(scene.effort.rounds):
        for name, side in sides.items():
            _measure(scene, side, scene.effort.run_seconds, found[name])
    return found


def compare(key: str, found: Mapping[str, Measured]) -> Figure:
    """The figure of two sides, round by round."""
    ratio = (RATIOS | LONG_RATIOS)[key]
    pairs = ratios(found[ratio.over].rates, found[ratio.under].rates)
    by_core = median(found[ratio.under].cpu_ms) / median(found[ratio.over].cpu_ms)
    meaning = ratio.note or f"{ratio.over} / {ratio.under}"
    return Figure.of(key, pairs, f"{meaning}; by time of a core {show(by_core)}")


def _measure(scene: Scene, side: Side, seconds: float, into: Measured) -> None:
    order = Order(
        side.server.port,
        [side.path],
        side.cookie,
        [side.edition],
        side.connections,
        seconds,
        cores=scene.cores.load,
    )
    used_before = cpu_seconds(side.server.workers())
    outcome = run_load(order)
    into.cpu_ms.append(1000 * (cpu_seconds(side.server.workers()) - used_before) / outcome.total)
    into.runs.append(outcome)
