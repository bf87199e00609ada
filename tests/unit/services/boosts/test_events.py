"""Every step of a boost is in the audit log, which agrees with the ledger afterwards."""

from collections import Counter
from typing import Any

import pytest

from app.domain.audit.chain import ChainEntry, check_chain
from app.domain.audit.ledger_check import check_ledger
from app.errors import BrokenRules
from app.store.audit.ledger_reading import read_both
from app.store.audit.log import EventStore
from tests.unit.builders import ALICE, OLGA, PRIMARY_ID, changed
from tests.unit.services.boosts.boosted import (
    AWAY,
    LARGE,
    LOST,
    REFUSED,
    boost,
    failing,
    find,
    go_on,
)
from tests.unit.services.world import World


def read_log(world: World) -> list[dict[str, Any]]:
    """The whole audit log, whose chain holds and which agrees with the ledger."""
    links = [it for it in EventStore(world.engine).iterate() if isinstance(it, ChainEntry)]
    assert check_chain(links).broken is None
    both = read_both(world.engine)
    report = check_ledger(both.rows, both.steps, both.known_since)
    assert report.mismatches == 0, report.first
    return [dict(link.values) for link in links]


def told(world: World, reference: str) -> list[tuple[str, str, str]]:
    """What of one boost or change: action, result and who."""
    return [
        (it["action"], it["result"], it["actor"]["user"])
        for it in read_log(world)
        if it["object"]["reference"] == reference
    ]


def test_a_boost_and_its_end(world: World) -> None:
    made = boost(world)
    go_on(world, hours=1)
    assert told(world, made.reference) == [
        ("draft", "success", "alice"),
        ("confirm", "defer", "alice"),
        ("outcome", "success", "alice"),
        ("boost_closed", "success", ""),
    ]
    revert = find(world, made.reference).revert
    assert revert is not None
    assert [action for action, _, _ in told(world, revert.reference)] == [
        "draft",
        "confirm",
        "outcome",
    ]


def test_what_people_do_with_it_is_told_under_their_names(world: World) -> None:
    made = boost(world)
    world.boosts.extend(OLGA, PRIMARY_ID, made.reference, {"minutes": 90})
    with pytest.raises(BrokenRules):
        world.boosts.extend(OLGA, PRIMARY_ID, made.reference, {"minutes": 60 * 24 * 30})
    world.boosts.end(OLGA, PRIMARY_ID, made.reference)
    assert told(world, made.reference)[3:] == [
        ("boost_extend", "success", "olga"),
        ("boost_extend", "fail", "olga"),
        ("boost_end", "success", "olga"),
        ("boost_closed", "success", ""),
    ]


def test_taking_it_over_is_told_under_the_name_of_who_did(world: World) -> None:
    made = boost(world)
    world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
    assert told(world, made.reference)[3:] == [("boost_closed", "success", "alice")]


def test_one_that_was_superseded(world: World) -> None:
    first = boost(world)
    second = boost(world, changed(LARGE, max_memory_gb=120))
    go_on(world, seconds=2)
    (closed,) = [it for it in read_log(world) if it["action"] == "boost_closed"]
    assert closed["details"] == {
        "outcome": "superseded",
        "note": f"Boost {second.reference} took its place.",
    }
    assert closed["object"]["reference"] == first.reference


def test_each_failure_to_go_back_and_the_alarm_once(world: World) -> None:
    made = boost(world)
    world.clock.advance(3600)
    for minutes in (0, 1, 2, 5):
        with failing(world, REFUSED):
            go_on(world, minutes=minutes)
    with failing(world, AWAY, "list_services", "get_service"):
        go_on(world, hours=2)
    go_on(world, hours=1)
    counted = Counter(told(world, made.reference)[3:])
    assert counted == {
        ("boost_revert_failed", "fail", ""): 4,
        ("boost_revert_waits", "fail", ""): 1,  # while Cloud cannot be read
        ("boost_revert_failing", "fail", ""): 1,
        ("boost_closed", "success", ""): 1,
    }


def test_an_answer_that_was_lost(world: World) -> None:
    made = boost(world)
    world.cloud.does_it_anyway = True
    with failing(world, LOST):
        go_on(world, hours=1)
    read_log(world)
    for _ in range(10):
        go_on(world, seconds=30)
        world.reconciler.reconcile_all()
    assert told(world, made.reference)[-1] == ("boost_closed", "success", "")
