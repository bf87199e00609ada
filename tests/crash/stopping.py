"""Schedules that stop and start their groups amid deaths: what is done to them, and what must hold
of the starts and stops that Cloud has carried out."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import requests

from app.domain.groups.states import ServiceState
from app.domain.schedules.commands import OFF, RUNS
from app.domain.schedules.schedule import DAY_NAMES
from tests.crash.driver import FAULTS_OF_STEPS, Driver, points_of
from tests.crash.person import GROUPS, TIMEOUT_SECONDS, Alice
from tests.support.agreement import seen_patches
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until
from tests.unit.services.over_sandbox import real_client

STOPPED_GROUPS = GROUPS[:2]
POINTS = points_of(
    ("create_draft", "claim", "mark_unknown", "record_outcome", "claim_edge", "finish_edge"),
    ("check", "update", "apply", "send_command"),
)
"""Those on the way of a start or stop."""

BY_HAND = 0.3
ROUNDS_SECONDS = 14.0
"""In this time a leader that is killed has a successor, whose schedules then had their turn."""
ENDED_SECONDS = 120.0
KILLS_A_COMMAND = 10
"""Among so many deaths schedules are to have stopped a group once, and started one once."""
MOST_TIMES = 3
"""With so many times the deaths asked for, chance is no excuse for having met too little."""
PASSING = {"starting": "running", "stopping": "stopped"}
COMMANDS = """
    SELECT service_id, act, origin FROM changes
    WHERE act IN ('start', 'stop') AND state IN ('applied', 'unknown') ORDER BY id
"""
BY_SCHEDULE = """
    SELECT act FROM changes
    WHERE act IN ('start', 'stop') AND state = 'applied' AND origin = 'schedule'
"""


class StoppingDriver(Driver):
    """Kills a portal while a schedule stops and starts a group there, and people do so too."""

    @property
    def place(self) -> int:
        """Which of the groups this one has to itself, so that its plans are not taken over."""
        return int(self.mine.folder.name == "second")

    def is_enough(self) -> bool:
        """Whether there were deaths enough, and schedules have acted often enough amid them."""
        if not super().is_enough():
            return False
        met = Counter(action for (action,) in self.mine.execute(BY_SCHEDULE))
        fewest = self.tally.wanted // KILLS_A_COMMAND
        has_met = min(met["stop"], met["start"]) >= fewest
        return has_met or self.tally.killed >= MOST_TIMES * self.tally.wanted

    def live(self, order: str | None) -> tuple[bool, str | None]:
        """Put a plan in force that wants the group stopped now, or running, and let it act."""
        chance = self.tally.random
        service_id = self.sandbox.service_id(STOPPED_GROUPS[self.place])
        arrive(self.sandbox)
        self.give(order)
        if chance.random() < FAULTS_OF_STEPS:
            self.alice.order_fault()
        is_off = state_of_group(self.sandbox, service_id) in OFF
        if chance.random() < BY_HAND:
            command_by_hand(self.alice, self.mine, service_id, "start" if is_off else "stop")
            arrive(self.sandbox)
            is_off = state_of_group(self.sandbox, service_id) in OFF
        plan = _plan(self.alice, service_id, is_stopped=not is_off)
        is_saved = self.alice.put_schedule(self.mine, service_id, plan)
        self.await_death(order, ROUNDS_SECONDS)
        return is_saved, None

    def free(self) -> None:
        """Nothing: these portals wait for seconds."""


def _plan(alice: Alice, service_id: str, *, is_stopped: bool) -> dict[str, Any]:
    """One that stops its group outside a window which holds now, or comes in an hour."""
    start = datetime.now(UTC) + timedelta(minutes=60 if is_stopped else -1)
    end = start + timedelta(minutes=30)
    config = alice.usual[service_id]
    size = {"min_memory_gb": config.min_memory_gb, "max_memory_gb": config.max_memory_gb}
    timeout = {"idle_timeout_minutes": next(alice.planned)}
    window = {
        "name": "Window",
        "days": list(DAY_NAMES),
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "settings": size | timeout,
    }
    base = {"zone": "UTC", "base": size | timeout, "windows": [window]}
    return base | {"outside": "stop", "start_minutes_before": 0}


def command_by_hand(alice: Alice, portal: PortalProcess, service_id: str, command: str) -> None:
    """Start or stop a group as a program does, whatever comes of it."""
    person = alice.sandbox.person("alice")
    (name,) = (it for it in STOPPED_GROUPS if alice.sandbox.service_id(it) == service_id)
    with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        answer = requests.post(
            f"{portal.url}/api/v1/groups/{service_id}/state",
            json={"command": command, "confirm_name": name},
            auth=(person.name, person.password),
            timeout=TIMEOUT_SECONDS,
        )
        assert answer.status_code in {200, 201, 202, 409, 502, 503, 504}, answer.text


def state_of_group(sandbox: RunningSandbox, service_id: str) -> ServiceState:
    """What Cloud shows of a group."""
    return real_client(sandbox).get_service(service_id).state


def arrive(sandbox: RunningSandbox) -> None:
    """Let what starts or stops be there."""
    for name in STOPPED_GROUPS:
        state = state_of_group(sandbox, sandbox.service_id(name))
        if state in PASSING:
            sandbox.force(name, state=PASSING[state])


def end_all_stops(portal: PortalProcess, alice: Alice) -> None:
    """Nothing that a death has left keeps a schedule from stopping a group that runs, and from
    starting what it has stopped."""
    alice.sandbox.clear_faults()
    ids = [alice.sandbox.service_id(name) for name in STOPPED_GROUPS]
    for service_id in ids:
        _await(portal, alice, service_id, RUNS, by_hand="start")
    for is_stopped in (True, False):
        for service_id in ids:
            plan = _plan(alice, service_id, is_stopped=is_stopped)
            # A portal that died while it read Cloud keeps the others waiting for seconds.
            wait_until(partial(alice.put_schedule, portal, service_id, plan))
            _await(portal, alice, service_id, OFF if is_stopped else RUNS)


def _await(
    portal: PortalProcess,
    alice: Alice,
    service_id: str,
    wanted: frozenset[ServiceState],
    by_hand: str = "",
) -> None:
    give_up_at = time.monotonic() + ENDED_SECONDS
    while (state := state_of_group(alice.sandbox, service_id)) not in wanted:
        assert time.monotonic() < give_up_at, f"{service_id} is {state}"
        if by_hand:
            command_by_hand(alice, portal, service_id, by_hand)
        time.sleep(1.0)
        arrive(alice.sandbox)


def check_stops(portal: PortalProcess, sandbox: RunningSandbox) -> Counter[str]:
    """Cloud never carried out a stop after a stop, or a start after a start, and a schedule started
    only what it had stopped itself; how many of each there were, by whom. That the ledger says what
    Cloud has seen is for `check_agreement`."""
    for service_id in {sandbox.service_id(name) for name in STOPPED_GROUPS}:
        done = [command for of, command in _carried_out(sandbox) if of == service_id]
        wanted = [("stop", "start")[place % 2] for place in range(len(done))]
        assert done == wanted, f"doubled: {done}"
    counted, last = Counter[str](), dict[str, tuple[str, str]]()
    for service_id, action, origin in portal.execute(COMMANDS):
        if (action, origin) == ("start", "schedule"):
            assert last[service_id] == ("stop", "schedule"), f"started what was {last[service_id]}"
        last[service_id] = (action, origin)
        counted[f"{action} by {origin}"] += 1
    return counted


def _carried_out(sandbox: RunningSandbox) -> Iterator[tuple[str, str]]:
    for (service_id, _), body, is_done in seen_patches(sandbox):
        if is_done and "command" in body:
            yield service_id, body["command"]
