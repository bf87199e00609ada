"""Boosts amid deaths: what is done to one that runs, how time passes for them, and what must hold
once all of them are over."""

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from app.domain.groups.scaling import PATCHED_FIELDS, ScalingConfig
from tests.crash.person import Alice, read_configs
from tests.support.agreement import Key, key_of, seen_patches
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

PASSING_SECONDS = 181.0
"""Longer than any boost of these tests, and than a change can be without its answer."""

STUCK = timedelta(seconds=20)
"""No living portal works on a change for so long."""

ALL_OVER_SECONDS = 180.0
STEPS_OF_POINTS = {
    "extend": "extend",
    "end_now": "end",
    "send": "end",
    "close": "wait",
    "note_failure": "fail",
    "save_version": "plan",
    "claim_edge": "plan",
    "finish_edge": "plan",
}
"""What lets a portal pass through these methods."""

OPEN = (
    "SELECT boosts.reference, boosts.service_id FROM boosts JOIN changes"
    " ON changes.reference = boosts.reference"
    " WHERE boosts.closed_at IS NULL AND changes.state != 'draft'"
)
SETTLED_OF_GROUP = "service_id = ? AND settled_at IS NOT NULL"
UNDER_WAY = "state IN ('applying', 'unknown') AND settled_at IS NULL"
SENT_BY_JOBS = f"origin != 'person' AND {UNDER_WAY}"


@dataclass(frozen=True)
class RunningBoost:
    """One that is confirmed and not over."""

    reference: str
    service_id: str


def list_open(portal: PortalProcess) -> list[RunningBoost]:
    """Every boost that is not over."""
    return [RunningBoost(*row) for row in portal.execute(OPEN)]


def step_for(order: str | None, random: Random) -> str | None:
    """What to do to a boost that runs, or to a schedule, so that the portal comes to where it is to
    die; None for ordering another change."""
    method = order.rpartition(" ")[2] if order else ""
    if method in STEPS_OF_POINTS:
        return STEPS_OF_POINTS[method]
    if order is None and random.random() < 0.5:
        return random.choice(("extend", "end", "wait", "fail", *["plan"] * 4))
    return None


def let_pass(portal: PortalProcess, service_id: str) -> None:
    """Three minutes pass for the boosts of a group, and for its changes."""
    let_changes_pass(portal, service_id)
    portal.age("boosts", "ends_at", PASSING_SECONDS, "service_id = ?", service_id)


def let_changes_pass(portal: PortalProcess, service_id: str) -> None:
    """Three minutes pass for all changes of a group that are settled: in which order they came
    stays, and with it what Cloud has accepted last."""
    for column in ("sent_at", "settled_at"):
        portal.age("changes", column, PASSING_SECONDS, SETTLED_OF_GROUP, service_id)


def free_stuck(portal: PortalProcess, alice: Alice) -> None:
    """Let three minutes pass for what no living portal works on any more, and look at it."""
    columns = "reference, service_id, sent_at"
    sent = f"SELECT {columns} FROM changes WHERE {SENT_BY_JOBS}"  # noqa: S608 - our own
    for reference, service_id, sent_at in portal.execute(sent):
        moment = datetime.fromisoformat(str(sent_at))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if datetime.now(UTC) - moment > STUCK:
            let_changes_pass(portal, service_id)
            mine = f"reference = ? AND {UNDER_WAY}"
            portal.age("changes", "sent_at", PASSING_SECONDS, mine, reference)
            alice.send(portal, "GET", f"/changes/{reference}")


def end_all(portal: PortalProcess, alice: Alice) -> None:
    """Let every boost come to its end."""
    portal.sandbox.clear_faults()
    give_up_at = time.monotonic() + ALL_OVER_SECONDS
    while found := list_open(portal):
        assert time.monotonic() < give_up_at, f"not over: {found}"
        for service_id in {boost.service_id for boost in found}:
            let_pass(portal, service_id)
        is_waiting = "closed_at IS NULL AND next_try_at IS NOT NULL"
        portal.age("boosts", "next_try_at", 3600, is_waiting)
        free_stuck(portal, alice)
        time.sleep(1.0)


def check_boosts(
    portal: PortalProcess, sandbox: RunningSandbox, was: dict[str, ScalingConfig]
) -> Counter[str]:
    """Every boost is over, every size is what it was, and going back made nothing larger and was
    not done twice; how many boosts ended in which way."""
    assert list_open(portal) == []
    others = _patches_of(portal, "person") | _patches_of(portal, "schedule")
    going_back = _patches_of(portal, "boost") - others
    config = dict(was)
    for key, body, is_done in seen_patches(sandbox):
        if key in going_back:
            before = config[key[0]]
            values = {name: getattr(before, PATCHED_FIELDS[name]) for name in body}
            assert all(body[name] <= values[name] for name in body), f"larger: {values} {body}"
            assert not is_done or body != values, f"gone back twice: {body}"
        if is_done:
            config[key[0]] = _patched(config[key[0]], body)
    assert config == read_configs(sandbox)
    assert {name: it.size for name, it in config.items()} == {
        name: it.size for name, it in was.items()
    }
    counted = "SELECT outcome, count(*) FROM boosts WHERE outcome IS NOT NULL GROUP BY outcome"
    return Counter(dict(portal.execute(counted)))


def _patches_of(portal: PortalProcess, origin: str) -> set[Key]:
    query = "SELECT service_id, CAST(patch AS TEXT) FROM changes WHERE origin = ?"
    return {key_of(group, json.loads(patch)) for group, patch in portal.execute(query, origin)}


def _patched(config: ScalingConfig, body: dict[str, int | bool]) -> ScalingConfig:
    fields = {PATCHED_FIELDS[name]: value for name, value in body.items()}
    if "numReplicas" in body:
        fields["min_replicas"] = body["numReplicas"]
    return config.model_copy(update=fields)
