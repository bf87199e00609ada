"""What the readings of load cost Cloud, of fifty groups beside 200 open pages: by the sandbox's
record of requests, under Cloud's limit, they leave the pages and the changes what these need.

READINGS_SECONDS is for how long it is looked at: a minute, or the ten of READINGS_SECONDS=600.
"""

import os
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from app.domain.request_budget import WINDOW_SECONDS
from app.sandbox.extent import Extent
from app.sandbox.server import Sandbox
from tests.conftest import StartPortal
from tests.faults.test_budget import CLOUDS_LIMIT, check, run_pages
from tests.support.portal import Config
from tests.support.sandbox import RunningSandbox

SECONDS = float(os.environ.get("READINGS_SECONDS", "60"))
EXTENT = Extent(warehouses=10, services=5)
MOST_READINGS_IN_WINDOW = 2
CHANGES_APART_SECONDS = 15.0
"""Two of a window would use the requests of it up by themselves, now and then."""
SLOWEST_CHANGE_SECONDS = WINDOW_SECONDS / 2
"""One that waits for its turn waits for what is left of a window, and Cloud's answers take no time
here."""


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """One with fifty services, each a group of the portal's."""
    with Sandbox.start(port=0, extent=EXTENT) as started:
        running = RunningSandbox(started)
        running.reset(rate_limit=CLOUDS_LIMIT)
        yield running


def add_warehouses(config: Config, sandbox: RunningSandbox) -> None:
    """Make a group of each service that is none yet, in a warehouse of its own name."""
    known = {item["service_id"] for each in config["warehouses"] for item in each["groups"]}
    by_name = {each["name"]: each for each in config["warehouses"]}
    for service in sandbox.world["services"]:
        name = service["warehouse"]
        if service["id"] not in known:
            new = {"key": name.lower().replace(" ", "-"), "name": name, "groups": []}
            group = {"service_id": service["id"], "name": service["name"]}
            by_name.setdefault(name, new)["groups"].append(group)
    config["warehouses"] = list(by_name.values())


def most_in_window(calls: list[dict[str, Any]]) -> int:
    """How many of these calls came within the worst ten seconds."""
    moments = sorted(datetime.fromisoformat(item["time"]).timestamp() for item in calls)
    ends = (bisect_left(moments, moment + WINDOW_SECONDS) for moment in moments)
    return max(end - start for start, end in enumerate(ends))


@pytest.mark.budget
@pytest.mark.timeout(SECONDS + 180)
def test_the_load_of_fifty_groups_is_read_beside_200_pages_and_no_change_waits(
    sandbox: RunningSandbox, start_portal: StartPortal, capsys: pytest.CaptureFixture[str]
) -> None:
    portal = start_portal(adapt=lambda config: add_warehouses(config, sandbox), PORTAL_LOAD="on")
    seen = run_pages([portal.url], sandbox, SECONDS, CHANGES_APART_SECONDS)
    readings = [item for item in seen.calls if "/prometheus" in item["path"]]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this test is for
            f"{seen.report(f'{EXTENT.service_count} groups')}\n{len(readings)} readings of load, "
            f"at most {most_in_window(readings)} in {WINDOW_SECONDS:.0f} s"
        )
    check(seen, sandbox)
    assert len(readings) >= SECONDS / WINDOW_SECONDS
    assert most_in_window(readings) <= MOST_READINGS_IN_WINDOW
    assert seen.slowest_change_seconds < SLOWEST_CHANGE_SECONDS
