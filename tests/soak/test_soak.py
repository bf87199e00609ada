"""Fifty people click at random while Cloud and ClickHouse fail now and then.

Once at one portal on SQLite and once at two on PostgreSQL; SOAK_MINUTES is for how long each.
"""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.crash.person import ask_for_anything
from tests.soak.person import Clicker
from tests.support.agreement import check_agreement
from tests.support.browser import Browser
from tests.support.portal import PortalProcess, running_portal
from tests.support.sandbox import RunningSandbox
from tests.support.twins import running_twins

MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
PEOPLE = ["alice"] * 24 + ["bob"] * 8 + ["dana"] * 14 + ["charlie"] * 2 + ["quinn"] * 2
WARM_AFTER = 0.3
"""The share of the time after which nothing is new to the portal any more."""
MOST_GROWTH = 1.15
SETTLED_AFTER_SECONDS = 300.0

FAULTS = (
    {"kind": "reset"},
    {"kind": "drop_after_apply"},
    {"kind": "not_json"},
    {"kind": "wrong_shape"},
    {"kind": "redirect"},
    {"kind": "timeout", "seconds": 6.0},
    {"kind": "slow", "seconds": 3.0},
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 403},
    {"kind": "status", "status": 429, "seconds": 2.0},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502},
)
MATCHES = ("^PATCH ", "^PATCH ", "^PATCH ", "^POST ", "^GET ", "^GET ")
FAULTY_SECONDS, WELL_SECONDS = (2.0, 8.0), (0.5, 3.0)
"""For how long a fault waits for somebody to meet it, and how long then all is well."""


@pytest.fixture(params=["one_on_sqlite", "two_on_postgresql"])
def portals(
    request: pytest.FixtureRequest, sandbox: RunningSandbox, tmp_path: Path
) -> Iterator[tuple[PortalProcess, ...]]:
    """One portal or two with no bound on their requests to Cloud."""
    options: dict[str, Any] = {
        "entry": "tests.support.short_pauses_wsgi:app",
        "adapt": ask_for_anything,
        "PORTAL_SESSIONS_PER_USER": "50",
        "PORTAL_TRUSTED_PROXIES": "1",
    }
    if request.param == "one_on_sqlite":
        with running_portal(tmp_path, sandbox, **options) as portal:
            yield (portal,)
        return
    url = request.getfixturevalue("postgresql_url")
    with running_twins(tmp_path, sandbox, url, **options) as twins:
        yield twins.both


def memory_of(portals: Sequence[PortalProcess]) -> float:
    """What they hold in memory together, in MB."""
    return sum(portal.memory_mb() for portal in portals)


def close_what_is_open(portal: PortalProcess, sandbox: RunningSandbox) -> None:
    """Let time pass, look at every change that is in flight, and close what stays so."""
    sandbox.clear_faults()
    portal.age("changes", "sent_at", SETTLED_AFTER_SECONDS)
    open_ = "SELECT reference, \"user\" FROM changes WHERE state IN ('applying', 'unknown')"
    time.sleep(6)  # so that what is known of Cloud is newer than everything that was sent
    for reference, name in portal.execute(f"{open_} AND settled_at IS NULL"):
        person = Browser(portal.url)
        person.sign_in(sandbox.person(name))
        page = person.get(f"/changes/{reference}")
        if page.has("Close this change"):
            person.submit("Close this change", to=page.path)


@pytest.mark.soak
@pytest.mark.timeout(MINUTES * 60 + 300)
def test_fifty_people_see_no_fault_and_leave_no_trace_in_memory(
    portals: tuple[PortalProcess, ...],
    sandbox: RunningSandbox,
    capfd: pytest.CaptureFixture[str],
) -> None:
    is_over, seed = threading.Event(), time.time_ns() % 10**6
    people = [sandbox.person(name) for name in PEOPLE]
    clickers = [
        Clicker(portals[number % len(portals)].url, person, number, is_over)
        for number, person in enumerate(people)
    ]
    memory_mb = [memory_of(portals)]
    for clicker in clickers:
        clicker.start()
    chance, ends_at = Random(seed), time.monotonic() + MINUTES * 60  # noqa: S311 - no secret
    warm_at, ordered = time.monotonic() + MINUTES * 60 * WARM_AFTER, 0
    while time.monotonic() < ends_at:
        sandbox.fault(chance.choice(MATCHES), **chance.choice(FAULTS))
        ordered += 1
        time.sleep(chance.uniform(*FAULTY_SECONDS))
        sandbox.clear_faults()  # one that nobody met must not wait and join the next ones
        time.sleep(chance.uniform(*WELL_SECONDS))
        if len(memory_mb) == 1 and time.monotonic() > warm_at:
            memory_mb.append(memory_of(portals))
    is_over.set()
    for clicker in clickers:
        clicker.join(90)
    memory_mb.append(memory_of(portals))
    close_what_is_open(portals[0], sandbox)
    states = check_agreement(portals[0], sandbox)
    answers = sum((clicker.answers for clicker in clickers), Counter[int]())
    with capfd.disabled():
        sys.stderr.write(
            f"\npeople, minutes         {len(clickers)}, {MINUTES:g}; {ordered} faults\n"
            f"answers by status       {dict(sorted(answers.items()))}\n"
            f"changes by state        {dict(states.most_common())}\n"
            f"PATCHes received        {len(sandbox.patches())}; none twice, unasked or denied\n"
            f"portals, memory         {len(portals)}, {memory_mb[0]:.1f} MB at the start, "
            f"{memory_mb[1]:.1f} when warm, {memory_mb[2]:.1f} at the end\n"
        )
    assert [fault for clicker in clickers for fault in clicker.faults] == []
    assert not any(clicker.is_alive() for clicker in clickers)
    assert states["applied"] > 0
    assert memory_mb[2] <= memory_mb[1] * MOST_GROWTH
