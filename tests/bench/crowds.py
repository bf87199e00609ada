"""How many open pages one process carries, and what they cost Cloud."""

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
FIRST_TRY, MOST = 500, 4000
GROUPS = ("Analytics primary", "Analytics reporting", "Analytics ad hoc")
PEOPLE = ("alice", "bob", "alice", "bob")
CLOUDS_LIMIT = 10
OPEN_PAGES, OPEN_SECONDS = 200, 30.0


def open_pages(scene: Scene, key: str) -> Figure:
    """Pages whose polls are answered within P99_SECONDS, all but one of a hundred.

    Every other one shows all groups, the rest show one each.
    """
    viewer = scene.viewer if key == "open_pages_6" else scene.large_viewer
    cookies = _sign_in_all(viewer.portal)
    steps: list[str] = []

    def are_carried(count: int) -> bool:
        outcome = run_pollers(
            PollOrder(
                viewer.portal.port,
                paths_of(viewer),
                cookies,
                count,
                scene.pace.poll_seconds,
                cores=scene.cores.load,
            )
        )
        steps.append(_words(count, outcome))
        is_open = outcome.opened == count
        return is_open and outcome.is_faultless and outcome.p99 <= P99_SECONDS

    found = largest(are_carried, start=FIRST_TRY, most=MOST, refinements=scene.pace.refinements)
    note = f"{'at least; ' if found == MOST else ''}{'; '.join(steps)}"
    return Figure(key, found, note=note)


def cloud_calls(scene: Scene, processes: int = 2) -> list[Figure]:
    """Lists that Cloud is asked for while OPEN_PAGES are open, against what one process asks for.

    For the same time, each over a Cloud of its own that keeps its limit of requests.
    """
    key = f"cloud_calls_{processes}_vs_1"
    one = _count_calls(scene, 1)
    own = Figure("Cloud calls of 1 process", one[0], note=one[1])
    try:
        several = _count_calls(scene, processes)
    except AssertionError:
        return [Figure(key, None, note="refused: one process only"), own]
    other = Figure(f"Cloud calls of {processes} processes", several[0], note=several[1])
    return [Figure(key, several[0] / one[0]), own, other]


def paths_of(viewer: Viewer) -> list[str]:
    """The pages that are kept open."""
    ids = (viewer.portal.sandbox.service_id(name) for name in GROUPS)
    return list(chain.from_iterable(("/groups", f"/groups/{one}") for one in ids))


def _count_calls(scene: Scene, processes: int) -> tuple[int, str]:
    cloud = scene.stack.enter_context(slow_sandbox())
    cloud.control("POST", "/settings", {"rate_limit": CLOUDS_LIMIT})
    folder = scene.make_folder(f"calls-{processes}-{cloud.url.rpartition(':')[2]}")
    portal = scene.start_portal(folder, cloud, WEB_CONCURRENCY=str(processes))
    place([portal], scene.cores.every)
    order = PollOrder(
        portal.port,
        paths_of(Viewer(portal, "")),
        _sign_in_all(portal),
        OPEN_PAGES,
        OPEN_SECONDS,
        cores=scene.cores.every,
    )
    before = len(cloud.requests("cloud"))
    outcome = run_pollers(order)
    seen = cloud.requests("cloud")[before:]
    portal.kill()
    lists = sum(item["path"].endswith("/services") for item in seen)
    limited = sum(item["status"] == 429 for item in seen)
    return lists, f"lists, {limited} x 429; {_words(OPEN_PAGES, outcome)}"


def _sign_in_all(portal: PortalProcess) -> list[str]:
    return [sign_in(portal, name).cookie for name in PEOPLE]


def _words(count: int, outcome: PollOutcome) -> str:
    if outcome.opened < count:
        return f"{count}: only {outcome.opened} could be opened"
    got = ", ".join(f"{many} x {status}" for status, many in sorted(outcome.statuses.items()))
    late = f", sent {outcome.late * 1000:.0f} ms late" if outcome.late > P99_SECONDS / 5 else ""
    return f"{count}: p99 {outcome.p99 * 1000:.0f} ms ({got}{late})"
