"""How many open pages one process carries, and what they cost Cloud."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from tests.bench.figures import Figure
from tests.bench.people import Viewer, sign_in
from tests.bench.pollers import PollOrder, PollOutcome
from tests.bench.scene import Scene
from tests.bench.searching import largest
from tests.bench.servers import place, run_pollers
from tests.bench.world import slow_sandbox
from tests.support.portal import PortalProcess

P99_SECONDS = 0.5
FIRST_TRY, MOST, STEP_SECONDS = 250, 4000, 26
GROUPS = ("Analytics primary", "Analytics reporting", "Analytics ad hoc")
PEOPLE = ("alice", "bob", "alice", "bob")
CLOUDS_LIMIT = 10
OPEN_PAGES, OPEN_SECONDS = 200, 50.0


def open_pages(scene: Scene, key: str) -> Figure:
    """Pages whose polls are answered within P99_SECONDS, all but one of a hundred.

    Every other one shows all groups, the rest show one each.
    """
    viewer = scene.viewer if key == "open_pages_6" else scene.large_viewer
    cookies = _sign_in_all(viewer.portal)
    steps: list[str] = []

    def are_carried(count: int) -> bool:
        if not scene.has_time_for(STEP_SECONDS):
            steps.append(f"{count}: no time left")
            return False
        outcome = run_pollers(
            PollOrder(
                viewer.portal.port,
                paths_of(viewer),
                cookies,
                count,
                scene.effort.poll_seconds,
                cores=scene.cores.load,
            )
        )
        steps.append(_words(count, outcome))
        is_open = outcome.opened == count
        return is_open and outcome.is_faultless and outcome.p99 <= P99_SECONDS

    found = largest(are_carried, start=FIRST_TRY, most=MOST, refinements=scene.effort.refinements)
    note = f"{'at least; ' if found == MOST else ''}{'; '.join(steps)}"
    return Figure(key, found, note=note)


def cloud_calls(scene: Scene, processes: int) -> list[Figure]:
    """Lists that Cloud is asked for while OPEN_PAGES are open, against what one process asks for.

    Both are measured at the same time, each over a Cloud of its own that keeps its limit.
    """
    key = f"cloud_calls_{processes}_vs_1"
    try:
        portals = [_portal_over_own_cloud(scene, count) for count in (processes, 1)]
    except AssertionError:
        return [Figure(key, None, note="refused: one process only")]
    with ThreadPoolExecutor() as threads:
        several, one = threads.map(lambda portal: _count_calls(scene, portal), portals)
    note = f"{several[0]} lists against {one[0]}; {several[1]}; {one[1]}"
    return [Figure(key, several[0] / one[0], note=note)]


def paths_of(viewer: Viewer) -> list[str]:
    """The pages that are kept open."""
    ids = (viewer.portal.sandbox.service_id(name) for name in GROUPS)
    return list(chain.from_iterable(("/groups", f"/groups/{one}") for one in ids))


def _portal_over_own_cloud(scene: Scene, processes: int) -> PortalProcess:
    cloud = scene.stack.enter_context(slow_sandbox())
    cloud.control("POST", "/settings", {"rate_limit": CLOUDS_LIMIT})
    folder = scene.make_folder(f"calls-{processes}-{cloud.url.rpartition(':')[2]}")
    portal = scene.start_portal(folder, cloud, WEB_CONCURRENCY=str(processes))
    place([portal], scene.cores.every)
    return portal


def _count_calls(scene: Scene, portal: PortalProcess) -> tuple[int, str]:
    order = PollOrder(
        portal.port,
        paths_of(Viewer(portal, "")),
        _sign_in_all(portal),
        OPEN_PAGES,
        OPEN_SECONDS,
        cores=scene.cores.every,
    )
    before = len(portal.sandbox.requests("cloud"))
    outcome = run_pollers(order)
    seen = portal.sandbox.requests("cloud")[before:]
    portal.kill()
    lists = sum(item["path"].endswith("/services") for item in seen)
    limited = sum(item["status"] == 429 for item in seen)
    return lists, f"{limited} x 429 from Cloud, {_words(OPEN_PAGES, outcome)}"


def _sign_in_all(portal: PortalProcess) -> list[str]:
    return [sign_in(portal, name).cookie for name in PEOPLE]


def _words(count: int, outcome: PollOutcome) -> str:
    if outcome.opened < count:
        return f"{count}: only {outcome.opened} could be opened"
    got = ", ".join(f"{many} x {status}" for status, many in sorted(outcome.statuses.items()))
    late = f", sent {outcome.late * 1000:.0f} ms late" if outcome.late > P99_SECONDS / 5 else ""
    anew = f", {outcome.connections} connections made anew"
    return f"{count}: p99 {outcome.p99 * 1000:.0f} ms ({got}{anew}{late})"
