"""Whether the ledger says what the sandbox saw: nothing twice, nothing made up, nothing open."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr

from app.domain.audit.chain import ChainEntry, check_chain
from app.domain.audit.ledger_check import check_ledger
from app.store.audit.ledger_reading import read_both
from app.store.audit.log import EventStore
from app.store.database.engine import open_engine
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

Key = tuple[str, str]
CARRIED_OUT = {None, "slow", "drop_after_apply"}
"""The faults with which the sandbox does what it is asked."""
NOT_SENT = {"draft", "unchanged"}
ONE = "SELECT service_id, CAST(patch AS TEXT), act, state, settled_by FROM changes"


def check_agreement(portal: PortalProcess, sandbox: RunningSandbox) -> Counter[str]:
    """Compare them, by group and by what was asked; how many changes ended in each state.

    A size that is asked for once is told apart from all others; commands are counted.
    """
    sent, carried_out = _seen(sandbox)
    may_be_sent, applied, may_be_done = Counter[Key](), Counter[Key](), Counter[Key]()
    states = Counter[str]()
    for service_id, patch, action, state, settled_by in portal.execute(ONE):
        key = key_of(service_id, json.loads(patch))
        states[state] += 1
        may_be_sent[key] += state not in NOT_SENT
        # A command that was read back may be somebody else's doing.
        applied[key] += state == "applied" and (action == "scale" or settled_by == "answer")
        may_be_done[key] += state in {"applied", "unknown"}
    assert (
        portal.execute(
            "SELECT reference FROM changes WHERE settled_at IS NULL AND state != 'draft'"
        )
        == []
    ), "left in flight"
    assert sent <= may_be_sent, f"sent twice, or unasked: {sent - may_be_sent}"
    assert applied <= carried_out, f"applied that were not: {applied - carried_out}"
    assert carried_out <= may_be_done, f"done and denied: {carried_out - may_be_done}"
    _check_audit_log(portal)
    return states


def _check_audit_log(portal: PortalProcess) -> None:
    """The chain holds, and each change that was confirmed has one event that tells how it ended."""
    engine = open_engine(SecretStr(portal.database_url))
    links = [link for link in EventStore(engine).iterate() if isinstance(link, ChainEntry)]
    both = read_both(engine)
    report = check_ledger(both.rows, both.steps, both.known_since)
    engine.dispose()
    assert check_chain(links).broken is None
    assert report.mismatches == 0, report.first
    told = [(line["object"]["reference"], line) for line in (link.values for link in links)]
    ended = Counter(name for name, line in told if line["details"].get("settled_by"))
    drafted = Counter(name for name, line in told if line["action"] == "draft")
    changes = portal.execute("SELECT reference, state FROM changes")
    assert ended == Counter(name for name, state in changes if state != "draft")
    assert {name for name, _ in changes} <= set(drafted)


def seen_patches(sandbox: RunningSandbox) -> Iterator[tuple[Key, dict[str, Any], bool]]:
    """Every PATCH that the sandbox received, oldest first, and whether it did what it asks."""
    for item in sandbox.requests("cloud"):
        if item["method"] == "PATCH":
            is_refused = item["fault"] is None and item["status"] != 200
            is_done = item["fault"] in CARRIED_OUT and not is_refused
            yield key_of(item["service_id"], item["body"]), item["body"], is_done


def _seen(sandbox: RunningSandbox) -> tuple[Counter[Key], Counter[Key]]:
    sent, carried_out = Counter[Key](), Counter[Key]()
    for key, _, is_done in seen_patches(sandbox):
        sent[key] += 1
        carried_out[key] += is_done
    return sent, carried_out


def key_of(service_id: str, patch: dict[str, Any]) -> Key:
    """What tells a change apart from others: its group and what it asks for."""
    return service_id, json.dumps(patch, sort_keys=True)
