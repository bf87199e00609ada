"""The figures, each with what it takes to measure it."""

from statistics import median

import requests

from tests.bench.figures import Figure
from tests.bench.people import TIMEOUT_SECONDS, sign_in
from tests.bench.scene import Scene

LOOKS = 7
HEADER = "X-Statements"
"""In which counting_wsgi says how many there were."""


def statements_group_page(scene: Scene) -> Figure:
    """SQL statements of one signed-in GET of a group's page, when everything is warm."""
    folder = scene.make_folder("counting")
    scene.write_pasts(folder)
    portal = scene.start_portal(folder, scene.cloud, entry="tests.bench.counting_wsgi:app")
    viewer = sign_in(portal)
    address = portal.url + scene.group_path()
    headers = {"Cookie": viewer.cookie}
    viewer.open(scene.group_path())
    counts = [
        int(requests.get(address, headers=headers, timeout=TIMEOUT_SECONDS).headers[HEADER])
        for _ in range(LOOKS)
    ]
    portal.kill()
    return Figure("statements_group_page", median(counts), min(counts), max(counts))
