"""Figures of a single request: its SQL statements, and the bytes of a poll after a change."""

import time
from collections.abc import Iterator
from statistics import median

import requests

from tests.bench.figures import Figure
from tests.bench.people import TIMEOUT_SECONDS, Viewer, sign_in
from tests.bench.scene import GROUP, Scene
from tests.bench.wire import BROWSER_HEADERS

LOOKS = 7
HEADER = "X-Statements"
"""In which counting_wsgi says how many there were."""
CHANGES = ("degraded", "running", "degraded")
SHOWN = b"Degraded"
LONGEST_SECONDS = 30.0


def statements_group_page(scene: Scene) -> Figure:
    """SQL statements of one signed-in GET of a group's page, when everything is warm."""
    folder = scene.make_folder("counting")
    scene.write_pasts(folder)
    portal = scene.start_portal(folder, scene.cloud, entry="tests.bench.counting_wsgi:app")
    viewer = sign_in(portal)
    viewer.open(scene.group_path())
    answers = (_get(viewer, scene.group_path(), None) for _ in range(LOOKS))
    counts = [int(answer.headers[HEADER]) for answer in answers]
    portal.kill()
    return Figure("statements_group_page", median(counts), min(counts), max(counts))


def poll_bytes_300(scene: Scene) -> Figure:
    """Bytes of the first answer to a poll of all groups that shows the new state of one."""
    viewer = scene.large_viewer
    answers = [_poll_after(scene, viewer, state) for state in CHANGES]
    scene.large_cloud.force(GROUP, state="running")
    kinds = {answer.headers.get("X-Changed", "everything") for answer in answers}
    sizes = [len(answer.content) for answer in answers]
    return Figure.of("poll_bytes_300", sizes, f"holds {' or '.join(sorted(kinds))}")


def _poll_after(scene: Scene, viewer: Viewer, state: str) -> requests.Response:
    """Change one group, and poll until it shows. Raises AssertionError if it never does."""
    service_id = scene.large_cloud.service_id(GROUP).encode()
    edition = viewer.open("/groups").edition
    scene.large_cloud.force(GROUP, state=state)
    for _ in _for_a_while():
        answer = _get(viewer, "/groups/live", edition)
        edition = answer.headers.get("X-Edition", edition)
        is_shown = (SHOWN in answer.content) == (state == "degraded")
        if answer.status_code == 200 and service_id in answer.content and is_shown:
            return answer
    raise AssertionError(f"{state} is never shown")


def _for_a_while() -> Iterator[None]:
    gives_up_at = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < gives_up_at:
        yield
        time.sleep(0.2)


def _get(viewer: Viewer, path: str, edition: str | None) -> requests.Response:
    headers = {**BROWSER_HEADERS, "Cookie": viewer.cookie}
    if edition:
        headers["X-Edition"] = edition
    url = viewer.portal.url + path
    answer = requests.get(url, headers=headers, timeout=TIMEOUT_SECONDS)
    assert answer.status_code in {200, 204}, f"{path}: {answer.status_code}"
    return answer
