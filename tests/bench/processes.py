"""Several processes against one, and what one process needs of memory and time."""

import time
from dataclasses import dataclass

from tests.bench.cold import ColdPortal, cold_portal
from tests.bench.figures import Figure, ratios, slope
from tests.bench.load import Order
from tests.bench.people import Viewer, sign_in
from tests.bench.scene import Scene
from tests.bench.servers import place, run_load

CONNECTIONS = 8
WARM_REQUESTS, STEP_REQUESTS = 10_000, 1_000
FEWEST_REQUESTS, MOST_REQUESTS = 14_000, 30_000
"""For how many memory is watched; a slow portal answers fewer, as time is short."""
STARTS = 5
MEMORY_STEP_SECONDS = 15


def processes_vs_one(scene: Scene, processes: int) -> Figure:
    """Answers of a group's page; neither servers nor load are kept on a core."""
    words = {2: "two", 4: "four"}
    key = f"{words[processes]}_processes_vs_one"
    folder = scene.make_folder(f"processes-{processes}")
    try:
        portal = scene.start_portal(folder, scene.cloud, WEB_CONCURRENCY=str(processes))
    except AssertionError:
        return Figure(key, None, note="refused: one process only")
    rates = _alternate(scene, sign_in(portal), scene.viewer)
    portal.kill()
    place([scene.viewer.portal], scene.cores.servers)
    return Figure.of(key, ratios(*rates), f"{CONNECTIONS} connections, nothing kept on a core")


def _alternate(scene: Scene, *viewers: Viewer) -> tuple[list[float], ...]:
    rates: tuple[list[float], ...] = tuple([] for _ in viewers)
    place([viewer.portal for viewer in viewers], scene.cores.every)
    for _ in range(scene.effort.rounds):
        for viewer, found in zip(viewers, rates, strict=True):
            order = Order(
                viewer.portal.port,
                [viewer.open(scene.group_path()).path],
                viewer.cookie,
                connections=CONNECTIONS,
                seconds=scene.effort.run_seconds,
                cores=scene.cores.every,
            )
            found.append(run_load(order).rate)
    return rates


@dataclass(frozen=True)
class Memory:
    """Resident memory of a process in MB, by how many requests it has answered."""

    points: tuple[tuple[int, float], ...]

    @property
    def when_warm(self) -> float:
        """After WARM_REQUESTS."""
        return next(mb for requests, mb in self.points if requests >= WARM_REQUESTS)

    @property
    def growth(self) -> float:
        """MB for each 1,000 requests after that."""
        later = [(float(count), mb) for count, mb in self.points if count >= WARM_REQUESTS]
        return 1000 * slope(later)


def memory(scene: Scene) -> list[Figure]:
    """What a process holds that starts from nothing and is asked for pages and, mostly, polls."""
    folder = scene.make_folder("memory")
    scene.write_pasts(folder)
    with cold_portal(folder, scene.cloud) as portal:
        found = _watch(scene, portal)
    start, last = found.points[0], found.points[-1]
    if last[0] < FEWEST_REQUESTS:
        note = f"no time left after {last[0]} requests: {last[1]:.1f} MB"
        return [Figure(key, None, note=note) for key in ("rss_mb_10k", "rss_mb_per_1000")]
    note = f"{start[1]:.0f} MB at the start, {last[1]:.1f} after {last[0]}"
    growth = Figure("rss_mb_per_1000", found.growth, note=f"after {WARM_REQUESTS}")
    return [Figure("rss_mb_10k", found.when_warm, note=note), growth]


def _watch(scene: Scene, portal: ColdPortal) -> Memory:
    place([portal], scene.cores.servers)
    viewer, count = sign_in(portal), 0
    points = [(count, portal.memory_mb())]
    ends_at = time.monotonic() + scene.effort.memory_seconds
    while count < (MOST_REQUESTS if time.monotonic() < ends_at else FEWEST_REQUESTS):
        if not scene.has_time_for(MEMORY_STEP_SECONDS):
            break
        run_load(_mixed(scene, viewer, STEP_REQUESTS))
        count += STEP_REQUESTS
        points.append((count, portal.memory_mb()))
    return Memory(tuple(points))


def _mixed(scene: Scene, viewer: Viewer, requests: int) -> Order:
    """One page to three polls, of all groups and of one."""
    pages = [viewer.open(path) for path in ("/groups", scene.group_path())]
    paths = [page.path for page in pages] + 3 * [f"{page.path}/live" for page in pages]
    editions = [None, None, *3 * [page.edition for page in pages]]
    return Order(
        viewer.portal.port,
        paths,
        viewer.cookie,
        editions,
        CONNECTIONS,
        requests=requests,
        cores=scene.cores.load,
    )


def cold_start(scene: Scene) -> Figure:
    """Seconds from nothing until the portal says that it is well, with its records at hand."""
    seconds, folder = [], scene.make_folder("cold")
    for _ in range(STARTS):
        with cold_portal(folder, scene.cloud) as portal:
            seconds.append(portal.start_seconds)
    return Figure.of("cold start, s", seconds)
