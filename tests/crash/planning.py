"""Schedules amid deaths: plans whose windows open and close every minute, and what must hold of
what the portals have done for them.

Every window has an idle timeout that no other has, in any version and any group. So a size that
Cloud received tells which edge of which window it was sent for.
"""

import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.schedules.schedule import DAY_NAMES
from tests.crash.boosting import STUCK, free_stuck
from tests.crash.person import GROUPS, Alice, read_configs
from tests.support.agreement import Key, key_of
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

WINDOWS = 10
"""Of one minute each, one after the other, beginning with this very minute."""

ABANDONED_SECONDS = 181.0
"""Longer than a claim of an edge is left to the process that took it."""

ALL_ACTED_SECONDS = 90.0
SENT_FOR = "SELECT service_id, CAST(patch AS TEXT), state FROM changes WHERE origin = 'schedule'"
MAY_BE_DONE = {"applied", "unknown"}


def save_plan(alice: Alice, portal: PortalProcess) -> bool:
    """Put a new version in force for one of the groups: what it wants now is due at once."""
    service_id = alice.sandbox.service_id(alice.random.choice(GROUPS))
    return alice.put_schedule(portal, service_id, _plan(alice, service_id, WINDOWS))


def _plan(alice: Alice, service_id: str, minutes: int) -> dict[str, Any]:
    """A plan with a window for each of so many minutes from now on."""
    start = datetime.now(UTC).replace(second=0, microsecond=0)
    windows = [
        {
            "name": f"Minute {place}",
            "days": list(DAY_NAMES),
            "start": f"{start + timedelta(minutes=place):%H:%M}",
            "end": f"{start + timedelta(minutes=place + 1):%H:%M}",
            "settings": _settings(alice, service_id),
        }
        for place in range(minutes)
    ]
    return {"zone": "UTC", "base": _settings(alice, service_id), "windows": windows}


def _settings(alice: Alice, service_id: str) -> dict[str, int]:
    """The usual memory, and a timeout of its own."""
    usual = alice.usual[service_id]
    memory = {"min_memory_gb": usual.min_memory_gb, "max_memory_gb": usual.max_memory_gb}
    return {**memory, "idle_timeout_minutes": next(alice.planned)}


def free_claims(portal: PortalProcess) -> None:
    """Let three minutes pass for edges that a dead portal has claimed."""
    before = datetime.now(UTC) - STUCK
    is_left = "state = 'claimed' AND claimed_at < ?"
    moment = before.strftime("%Y-%m-%d %H:%M:%S.%f")
    moment = f"{moment}+00" if portal.is_on_postgresql else moment
    portal.age("schedule_edges", "claimed_at", ABANDONED_SECONDS, is_left, moment)


def end_all_plans(portal: PortalProcess, alice: Alice) -> None:
    """Give every group one size for all times, and see that each comes to it: nothing that a
    death has left keeps a schedule from acting."""
    wanted = {}
    for name in GROUPS:
        service_id = alice.sandbox.service_id(name)
        plan = _plan(alice, service_id, minutes=0)
        assert alice.put_schedule(portal, service_id, plan)
        wanted[service_id] = plan["base"]["idle_timeout_minutes"]
    give_up_at = time.monotonic() + ALL_ACTED_SECONDS
    while (found := _timeouts(alice.sandbox)) != wanted:
        assert time.monotonic() < give_up_at, f"wanted {wanted}, found {found}"
        free_stuck(portal, alice)
        free_claims(portal)
        time.sleep(1.0)


def check_plans(portal: PortalProcess) -> Counter[str]:
    """For every edge one change at most that was carried out or may have been; how many changes
    of schedules ended in each state. That Cloud saw no other is for `check_agreement`."""
    states, done = Counter[str](), Counter[Key]()
    for service_id, patch, state in portal.execute(SENT_FOR):
        states[state] += 1
        done[key_of(service_id, json.loads(patch))] += state in MAY_BE_DONE
    assert max(done.values(), default=0) <= 1, f"an edge acted twice: {done.most_common(3)}"
    return states


def _timeouts(sandbox: RunningSandbox) -> dict[str, int | None]:
    return {name: it.idle_timeout_minutes for name, it in read_configs(sandbox).items()}
