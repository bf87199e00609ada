"""Everything that the figures are measured on, started when it is first needed."""

import json
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.bench.machine import Cores
from tests.bench.people import Viewer, sign_in
from tests.bench.servers import PlainServer, place
from tests.bench.world import add_groups, add_services, slow_sandbox, write_events, write_past
from tests.support.portal import PortalProcess, running_portal
from tests.support.sandbox import RunningSandbox

MANY = 300
GROUP, LONG_GROUP = "Analytics reporting", "Analytics archive"
SHORT_PAST, LONG_PAST = 20, 2000
MANY_EVENTS = 100_000
WITHIN = timedelta(hours=23)
"""All of it within the day that a group's page draws, which is the dearest case."""
API_THREADS = 40
"""As many as frameworks take that run blocking code beside their loop."""


@dataclass(frozen=True)
class Effort:
    """How much is measured: turns of all sides and seconds of each, seconds of open pages, how
    often their number is tried more closely, for how long memory is watched at most, and after
    how long nothing more is begun."""

    rounds: int = 7
    run_seconds: float = 1.0
    poll_seconds: float = 6.0
    refinements: int = 1
    memory_seconds: float = 60.0
    most_seconds: float = 465.0


LONG = Effort(
    rounds=15,
    run_seconds=2.0,
    poll_seconds=30.0,
    refinements=3,
    memory_seconds=3600.0,
    most_seconds=7200.0,
)


class Scene:
    """Portals of 6 and 300 groups with somebody signed in, and what they are compared with.

    Everything ends with the stack.
    """

    def __init__(self, folder: Path, stack: ExitStack, cores: Cores, effort: Effort) -> None:
        self.folder, self.stack, self.cores, self.effort = folder, stack, cores, effort
        self._gives_up_at = time.monotonic() + effort.most_seconds
        os.sched_setaffinity(0, cores.load)  # the simulated Cloud runs in threads of this process

    def has_time_for(self, seconds: float) -> bool:
        """Whether what takes so long can end in time."""
        return time.monotonic() + seconds <= self._gives_up_at

    @cached_property
    def cloud(self) -> RunningSandbox:
        """A Cloud of six services."""
        return self.stack.enter_context(slow_sandbox())

    @cached_property
    def large_cloud(self) -> RunningSandbox:
        """A Cloud that can show more."""
        return self.stack.enter_context(slow_sandbox())

    @cached_property
    def viewer(self) -> Viewer:
        """Somebody at a portal of six groups, of which two have a past."""
        folder = self.make_folder("small")
        self.write_pasts(folder)
        return sign_in(self.start_portal(folder, self.cloud))

    @cached_property
    def large_viewer(self) -> Viewer:
        """Somebody at a portal of MANY groups."""
        added = add_services(self.large_cloud, MANY)
        portal = self.start_portal(
            self.make_folder("large"), self.large_cloud, adapt=lambda it: add_groups(it, added)
        )
        return sign_in(portal)

    @cached_property
    def busy_viewer(self) -> Viewer:
        """Somebody at a portal of six groups with MANY_EVENTS in its audit log."""
        folder = self.make_folder("busy")
        self.write_pasts(folder)
        write_events(folder / "instance" / "portal.db", self.cloud.service_id(GROUP), MANY_EVENTS)
        return sign_in(self.start_portal(folder, self.cloud))

    @cached_property
    def plain(self) -> PlainServer:
        """Bare Flask with templates as large as a group's page and its fragment."""
        return self.start_plain("tests.bench.plain_wsgi:app", {})

    @cached_property
    def threaded_api(self) -> PlainServer:
        """An application that asks Cloud at every view."""
        world = self.cloud.world
        path = f"/v1/organizations/{world['organization_id']}/services/"
        address = world["url"] + path + self.cloud.service_id(GROUP)
        key = (world["api_key_id"], world["api_key_secret"])
        environ = {"BENCH_CLOUD": json.dumps([address, *key])}
        return self.start_plain("tests.bench.threaded_api_wsgi:app", environ, API_THREADS)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Bytes of a group's page and of its fragment."""
        path = self.group_path()
        pages = {"page": path, "poll": f"{path}/live"}
        return {name: self.viewer.open(path).size for name, path in pages.items()}

    def group_path(self, name: str = GROUP) -> str:
        """The address of a group's page."""
        return f"/groups/{self.cloud.service_id(name)}"

    def audit_path(self) -> str:
        """The address of the audit log of a group."""
        return f"{self.group_path()}/audit"

    def start_portal(
        self,
        folder: Path,
        sandbox: RunningSandbox,
        **options: Any,  # noqa: ANN401 - as PortalProcess takes them
    ) -> PortalProcess:
        """A portal on the servers' core."""
        options = {"PORTAL_SESSIONS_PER_USER": "50", **options}
        portal = self.stack.enter_context(running_portal(folder, sandbox, **options))
        place([portal], self.cores.servers)
        return portal

    def start_plain(
        self, entry: str, environ: Mapping[str, str], threads: int | None = None
    ) -> PlainServer:
        """A small application on the servers' core."""
        environ = {"BENCH_SIZES": json.dumps(self.sizes), **environ}
        options = {"threads": threads} if threads else {}
        server = PlainServer(self.folder, entry, environ, **options)
        self.stack.enter_context(server)
        place([server], self.cores.servers)
        return server

    def make_folder(self, name: str) -> Path:
        """A folder of a portal's own."""
        folder = self.folder / name
        folder.mkdir()
        return folder

    def write_pasts(self, folder: Path) -> None:
        """Give two groups of a portal that is yet to start changes of the last day."""
        database = folder / "instance" / "portal.db"
        write_past(database, self.cloud.service_id(GROUP), SHORT_PAST, WITHIN)
        write_past(database, self.cloud.service_id(LONG_GROUP), LONG_PAST, WITHIN)
