"""What people and programs meet when Cloud or ClickHouse fail: words, never a fault of ours.

`make faults` shows every cell as a table; a few of them are looked at with every other test.
"""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.faults.matrix import FAULTS, PLACES, Fault, Scene, problem_of
from tests.support.browser import Browser
from tests.support.portal import SHORT_TIMEOUTS, PortalProcess, running_portal
from tests.support.sandbox import RunningSandbox
from tests.support.twins import Twins, running_twins

SAMPLE = [
    ("reset", "groups"),
    ("malformed JSON", "group"),
    ("401", "propose"),
    ("answer lost", "apply"),
    ("timeout", "wake"),
    ("502 as text", "sign-in"),
    ("redirect", "change page"),
    ("429", "API: read"),
    ("wrong shape", "API: change"),
]


@pytest.fixture(scope="module")
def impatient_portal(
    worker_sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalProcess]:
    """A portal with little patience."""
    folder = tmp_path_factory.mktemp("short_timeouts")
    with running_portal(
        folder, worker_sandbox, entry=SHORT_TIMEOUTS, PORTAL_TRUSTED_PROXIES="1"
    ) as portal:
        yield portal


@pytest.fixture(scope="module")
def alice(impatient_portal: PortalProcess) -> Browser:
    """Somebody who may do everything in Analytics."""
    impatient_portal.sandbox.reset()
    browser = Browser(impatient_portal.url)
    browser.sign_in(impatient_portal.sandbox.person("alice"))
    return browser


def meet(fault: Fault, place: str, portal: PortalProcess, alice: Browser) -> tuple[str, str]:
    """Let a fault happen in a place; returns what came of it, and what is wrong with that."""
    portal.sandbox.reset()
    portal.execute("DELETE FROM changes")
    alice.get("/groups")  # the portal knows the groups before the fault begins
    met = PLACES[place](Scene(portal, portal.sandbox, alice.clone(), fault))
    patches = len(portal.sandbox.patches())
    portal.sandbox.clear_faults()
    states = [str(row[0]) for row in portal.execute("SELECT state FROM changes")]
    return " ".join([str(met.status), *states]), problem_of(place, met, patches)


# ASVS 13.1.3, 13.2.6, 16.5.1
@pytest.mark.parametrize(("name", "place"), SAMPLE)
def test_a_fault_is_met_with_words(
    impatient_portal: PortalProcess, alice: Browser, name: str, place: str
) -> None:
    fault = next(item for item in FAULTS if item.name == name)
    _, problem = meet(fault, place, impatient_portal, alice)
    assert problem == ""


@pytest.fixture
def impatient_twins(sandbox: RunningSandbox, shared_url: str, tmp_path: Path) -> Iterator[Twins]:
    """Two portals with little patience."""
    with running_twins(
        tmp_path, sandbox, shared_url, entry=SHORT_TIMEOUTS, PORTAL_TRUSTED_PROXIES="1"
    ) as portals:
        yield portals


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_every_fault_in_every_place_at_two_portals_in_turn(
    impatient_twins: Twins, capsys: pytest.CaptureFixture[str]
) -> None:
    alice = Browser(impatient_twins.first.url)
    alice.sign_in(impatient_twins.first.sandbox.person("alice"))
    problems, order = [], cycle(impatient_twins.both)
    rows = [f"{'':<16}" + "".join(f"{place:<14}" for place in PLACES)]
    for fault in FAULTS:
        row = f"{fault.name:<16}"
        for place in PLACES:
            portal = next(order)
            outcome, problem = meet(fault, place, portal, alice.clone_at(portal.url))
            row += f"{outcome + (' FAULT' if problem else ''):<14}"
            problems += [f"{fault.name} in {place}: {problem}"] if problem else []
        rows.append(row.rstrip())
    with capsys.disabled():
        print("", *rows, sep="\n")  # noqa: T201 - the table is what this test is for
    assert problems == []
