"""A backup is put back as docs/operating.md says, and the audit log is proven afterwards."""

import requests

from tests.operations.steps import Records, command
from tests.pages.people import confirm, draft, reference_of
from tests.support.browser import Browser
from tests.support.sandbox import RunningSandbox

CUT = "audit log was cut off or replaced"


def ledger(records: Records) -> list[tuple[str, str]]:
    """Every confirmed change with its state."""
    query = "SELECT reference, state FROM changes WHERE state <> 'draft' ORDER BY id"
    return [(str(reference), str(state)) for reference, state in records.portal.execute(query)]


def change(alice: Browser, sandbox: RunningSandbox, memory_gb: int) -> str:
    """Scale a group, up to the end; the reference."""
    reference = reference_of(draft(alice, sandbox, max_memory_gb=str(memory_gb)))
    confirm(alice)
    return reference


def test_a_copy_is_put_back_and_the_chain_holds(records: Records, sandbox: RunningSandbox) -> None:
    portal = records.portal
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    kept = change(alice, sandbox, 64)
    sandbox.advance(3600)
    before = ledger(records)
    query = "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1"
    ((seq, hash_),) = portal.execute(query)
    shipped = f"{seq}:{hash_}"
    records.back_up()
    portal.age("changes", "sent_at", 7200)  # no cooldown any more
    lost = change(alice, sandbox, 32)
    portal.stop()

    records.put_back()
    portal.start()
    # The anchor has met events that the copy does not hold: nobody could tell this from a theft.
    faulty = requests.get(f"{portal.url}/readyz", timeout=20)
    assert (faulty.status_code, CUT in faulty.text) == (503, True)
    refused = command(portal, "audit", "verify", "--expect", shipped)
    assert (refused.returncode, CUT in refused.stderr) == (1, True)
    elsewhere = command(portal, "audit", "verify", "--expect", f"3:{'0' * 64}")
    assert "does not hold the event" in elsewhere.stderr

    accepted = command(portal, "audit", "accept")
    assert accepted.returncode == 0, accepted.stderr
    assert requests.get(f"{portal.url}/readyz", timeout=20).status_code == 200
    proven = command(portal, "audit", "verify")
    assert proven.returncode == 0, proven.stderr
    assert "confirmed changes of the ledger agree with their events" in proven.stdout
    assert ledger(records) == before
    assert [reference for reference, _ in before] == [kept]
    alice.get(f"/changes/{kept}")  # whoever was signed in then still is
    alice.get(f"/changes/{lost}", 404)


def test_a_copy_that_somebody_has_changed_is_found_out(
    records: Records, sandbox: RunningSandbox
) -> None:
    Browser(records.portal.url).sign_in(sandbox.person("alice"))
    records.back_up()
    records.portal.stop()
    records.put_back()
    records.portal.execute("UPDATE events SET text = replace(text, 'alice', 'mallo')")
    found = command(records.portal, "audit", "verify")
    assert (found.returncode, found.stderr.startswith("BROKEN at event")) == (1, True)
    assert command(records.portal, "audit", "accept").returncode == 1
