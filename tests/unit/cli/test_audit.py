"""The commands about the audit log, on records as a portal leaves them."""

import csv
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from app.domain.audit.anchor import AnchorSigner, AnchorState
from app.domain.audit.events import AuditTarget, EventKind, canonical, entry_hash
from app.domain.audit.events import Result as Ending
from app.factory import create_app
from app.services.audit.anchors import Anchors
from app.services.portal import Portal
from app.store.database.engine import writing
from tests.support.events import EVENT
from tests.unit.cli.helpers import make_settings

GROUP = "0c000000-0000-4000-8000-000000000012"
TODAY = datetime.now(UTC)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """A portal with three events: one old, one of yesterday about a group, one of today."""
    root = logging.getLogger()
    level = root.level
    made = create_app(make_settings(tmp_path))
    portal: Portal = made.extensions["portal"]
    portal.lifecycle.start()
    with writing(portal.lifecycle.engine) as connection:
        connection.execute(text("DELETE FROM events"))
    portal.audit_log.anchors.store.forget_end()
    for days, service_id, reason in ((500, "", "old"), (1, GROUP, "@SUM(1)"), (0, "", "today")):
        about, details = AuditTarget(service_id), {"reason": reason}
        moment = TODAY - timedelta(days=days)
        portal.lifecycle.audit.record(replace(EVENT, time=moment, about=about, details=details))
    portal.audit_log.anchors.replace()
    yield made
    portal.lifecycle.engine.dispose()
    root.handlers = []
    root.setLevel(level)


def run(app: Flask, *arguments: str) -> Result:
    """Run `flask audit …`."""
    return app.test_cli_runner().invoke(args=["audit", *arguments])


def touch(app: Flask, statement: str) -> None:
    """Reach into the records."""
    with writing(app.extensions["portal"].lifecycle.engine) as connection:
        connection.execute(text(statement))


def last_entry(app: Flask) -> str:
    """The end of the chain as `verify` names it."""
    report = app.extensions["portal"].audit_log.verify()
    return f"{report.last_seq}:{report.last_hash}"


# ASVS 16.4.2
def test_verify_says_that_all_is_well_and_where_the_audit_log_ends(app: Flask) -> None:
    result = run(app, "verify")
    assert result.exit_code == 0
    assert "The chain of 3 events holds." in result.stdout
    assert last_entry(app) in result.stdout


# ASVS 16.4.2
def test_verify_names_the_first_broken_entry(app: Flask) -> None:
    touch(app, "UPDATE events SET text = replace(text, 'today', 'Today') WHERE seq = 3")
    touch(app, "UPDATE events SET kind = 'sys_startup' WHERE seq = 2")
    result = run(app, "verify")
    assert result.exit_code == 1
    assert "BROKEN at event 2: its column kind does not say what its text says." in result.stderr


def test_a_cut_end_shows_against_a_shipped_line(app: Flask) -> None:
    shipped = last_entry(app)
    assert run(app, "verify", "--expect", shipped).exit_code == 0
    touch(app, "DELETE FROM events WHERE seq = 3")
    cut = run(app, "verify", "--expect", shipped)
    assert (cut.exit_code, shipped in cut.stderr) == (1, True)


@pytest.mark.parametrize(
    "nonsense", ["3", "x:y", "99999999999999999999:0", ":", "1:2:3:4", "x:y:z:0", "1::::"]
)
def test_what_was_never_shipped_is_not_found(app: Flask, nonsense: str) -> None:
    assert run(app, "verify", "--expect", nonsense).exit_code == 1
    assert run(app, "verify", "--expect", "").exit_code == 0


def anchors_of(app: Flask) -> Anchors:
    """What vouches for the end of the log."""
    portal: Portal = app.extensions["portal"]
    return portal.audit_log.anchors


# ASVS 16.4.2
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE seq = 3",
        "DELETE FROM events WHERE seq > 1",
        "DELETE FROM events",
    ],
)
def test_a_cut_end_shows_by_itself(app: Flask, statement: str) -> None:
    touch(app, statement)
    result = run(app, "verify")
    assert result.exit_code == 1
    assert "BROKEN: The audit log was cut off or replaced" in result.stderr


# ASVS 16.4.2
def test_a_log_that_was_written_anew_is_not_the_one_that_was_signed(app: Flask) -> None:
    portal: Portal = app.extensions["portal"]
    touch(app, "DELETE FROM events")
    anchors_of(app).store.forget_end()  # by another process
    for _ in range(5):
        portal.lifecycle.audit.record(EVENT)
    result = run(app, "verify")
    assert (result.exit_code, "cut off or replaced" in result.stderr) == (1, True)


# ASVS 16.4.2
def test_an_anchor_of_another_key_has_to_be_accepted(app: Flask) -> None:
    anchors = anchors_of(app)
    replace(anchors, signer=AnchorSigner("another key")).replace()
    result = run(app, "verify")
    assert (result.exit_code, "is signed with another key" in result.stderr) == (1, True)
    anchors.renew()  # does not make it the portal's own
    assert run(app, "verify").exit_code == 1
    assert "Before: The anchor of the audit log is signed with another" in run(app, "accept").stdout
    assert run(app, "verify").exit_code == 0


# ASVS 16.4.2
def test_a_cut_end_does_not_pass_for_another_key(app: Flask) -> None:
    anchors = anchors_of(app)
    touch(app, "DELETE FROM events WHERE seq = 3")
    anchors.file.write(f"2:{anchors.store.find_hash(2)}:0000000000000000:00")
    assert run(app, "verify").exit_code == 1
    anchors.renew()
    assert (anchors.file.read() or "").endswith(":0000000000000000:00\n")  # it stays as evidence


def test_where_the_key_is_another_at_each_start_nothing_can_be_proven(app: Flask) -> None:
    anchors = anchors_of(app)
    replace(anchors, signer=AnchorSigner("another key")).replace()
    passing = replace(anchors, is_key_lasting=False)
    assert (passing.check(), passing.list_faults()) == (AnchorState.UNPROVEN, [])
    touch(app, "DELETE FROM events WHERE seq = 3")
    assert passing.check() is AnchorState.CUT


@pytest.mark.parametrize("line", ["", "x", "1:2", "3:abc:KEY:abc", "999999999999999999999:a:b:c"])
def test_an_anchor_that_was_changed_is_told(app: Flask, line: str) -> None:
    anchors = anchors_of(app)
    anchors.file.write(line.replace("KEY", anchors.signer.key_name))
    result = run(app, "verify")
    assert (result.exit_code, "was changed or cannot be read" in result.stderr) == (1, True)


def tell_of_anchor(app: Flask, **changed: str) -> None:
    """Record a start as the portal does, with some details replaced."""
    portal: Portal = app.extensions["portal"]
    details = anchors_of(app).describe(AnchorState.HOLDS) | changed
    audit = portal.lifecycle.audit
    audit.record(audit.event(EventKind.STARTUP, "start", Ending.SUCCESS, details=details))


# ASVS 16.4.2
def test_an_anchor_that_was_taken_away_is_missed(app: Flask) -> None:
    tell_of_anchor(app)
    anchors_of(app).file.path.unlink()
    result = run(app, "verify")
    assert (result.exit_code, "is gone, though the log tells of it" in result.stderr) == (1, True)
    anchors_of(app).renew()  # puts no other in its place
    assert run(app, "verify").exit_code == 1
    assert run(app, "accept").exit_code == 0
    assert run(app, "verify").exit_code == 0


def test_where_there_was_no_anchor_none_is_missed(app: Flask) -> None:
    anchors_of(app).file.path.unlink()
    result = run(app, "verify")
    assert (result.exit_code, "no anchor in this place yet" in result.stdout) == (0, True)
    tell_of_anchor(app, anchor_file="/elsewhere/audit.anchor")
    assert run(app, "verify").exit_code == 0
    touch(app, "DELETE FROM events")
    anchors_of(app).store.forget_end()
    anchors_of(app).renew()
    assert anchors_of(app).check() is AnchorState.HOLDS  # also of an empty log


def test_a_shipped_anchor_can_be_looked_for(app: Flask) -> None:
    shipped = anchors_of(app).file.read() or ""
    touch(app, "INSERT INTO freezes (reason, frozen_by, frozen_at) VALUES ('', '', '2026-01-01')")
    assert run(app, "verify", "--expect", shipped.strip()).exit_code == 0
    assert run(app, "verify", "--expect", shipped.strip()[:-1]).exit_code == 1
    anchors_of(app).store.record(EVENT)
    assert run(app, "verify", "--expect", shipped.strip()).exit_code == 0
    touch(app, "DELETE FROM events WHERE seq > 2")
    assert run(app, "verify", "--expect", shipped.strip()).exit_code == 1


def test_a_backup_that_was_put_back_on_purpose_can_be_accepted(app: Flask) -> None:
    touch(app, "DELETE FROM events WHERE seq = 3")
    assert run(app, "verify").exit_code == 1
    accepted = run(app, "accept")
    assert "Before: The audit log was cut off or replaced" in accepted.stdout
    assert run(app, "verify").exit_code == 0
    (*_, last) = run(app, "export", "--format", "jsonl").stdout.splitlines()[:-1]
    assert json.loads(last)["action"] == "accept_audit_log"
    assert json.loads(last)["details"] == {"anchor": "cut"}


CHANGE = (
    "INSERT INTO changes (reference, act, service_id, warehouse, user, state, patch, reason,"
    " created_at, sent_at, settled_at, settled_note) VALUES ('ABCD-2345', 'wake', 'x', 'w', 'u',"
    " 'applied', '{}', '', '2026-03-04', '2026-03-04 12:00:00', '2026-03-04 12:00:01', '')"
)


def test_a_change_of_which_no_event_tells_is_found(app: Flask) -> None:
    assert "The 0 confirmed changes of the ledger agree" in run(app, "verify").stdout
    touch(app, CHANGE)
    result = run(app, "verify")
    assert result.exit_code == 1
    assert "BROKEN: 1 differences between ledger and audit log; the first: " in result.stderr
    assert "no event tells that the change ABCD-2345 was confirmed" in result.stderr


def test_lines_can_be_proven_by_whoever_has_them(app: Flask) -> None:
    result = run(app, "export", "--format", "jsonl")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4]
    assert lines[-1]["action"] == "export"
    assert lines[-1]["actor"]["method"] == lines[-1]["source"]["door"] == "command"
    for line in lines:
        seq, prev_hash, hash_ = (line.pop(name) for name in ("seq", "prev_hash", "hash"))
        assert entry_hash(seq, prev_hash, canonical(line)) == hash_


# ASVS 1.2.10
def test_a_table_holds_what_was_asked_for_and_no_formula(app: Flask) -> None:
    since = (TODAY - timedelta(days=30)).date().isoformat()
    given = ("--format", "csv", "--since", since, "--group", GROUP)
    row, copy = csv.DictReader(io.StringIO(run(app, "export", *given).stdout))
    assert (row["seq"], row["service_id"], row["reason"]) == ("2", GROUP, "'@SUM(1)")
    assert (copy["action"], copy["service_id"]) == ("export", GROUP)


def test_pruning_keeps_the_others_and_the_chain(app: Flask) -> None:
    result = run(app, "prune", "--keep", "400d")
    assert "The events 1 to 1 are removed." in result.stdout
    assert run(app, "verify").exit_code == 0
    assert "There is nothing as old as that." in run(app, "prune", "--keep", "400d").stdout
    (*_, last) = run(app, "export", "--format", "jsonl").stdout.splitlines()[:-1]
    assert json.loads(last)["action"] == "prune"
    assert json.loads(last)["details"]["removed_to"] == 1


def forge_prune(app: Flask, seq: int) -> None:
    """Remove events, and write down as the newest one that a prune took all up to this number."""
    portal: Portal = app.extensions["portal"]
    hash_ = portal.audit_log.anchors.store.find_hash(seq)
    details = {"removed_from": 1, "removed_to": seq, "removed_hash": hash_, "signature": "0" * 64}
    kind = EventKind.SENSITIVE_DELETE
    portal.lifecycle.audit.record(replace(EVENT, kind=kind, action="prune", details=details))
    with writing(portal.lifecycle.engine) as connection:
        connection.execute(text("DELETE FROM events WHERE seq <= :seq"), {"seq": seq})


# ASVS 16.4.2
@pytest.mark.parametrize("last", [1, 2, 3])
def test_what_was_removed_under_a_made_up_record_is_missed(app: Flask, last: int) -> None:
    forge_prune(app, last)
    anchors = anchors_of(app)
    result = run(app, "verify")
    words = "cut off or replaced" if last == 3 else "is signed with the portal's key"
    assert (result.exit_code, words in result.stderr) == (1, True)
    anchors.renew()
    assert (anchors.file.read() or "").startswith("3:")  # it stays as evidence
    pruned = run(app, "prune", "--keep", "0d")  # its record would account for what is gone
    assert (pruned.exit_code, words in pruned.stderr) == (1, True)
    assert run(app, "verify").exit_code == 1


# ASVS 16.4.2
def test_the_record_of_an_earlier_version_or_another_key_has_to_be_accepted(app: Flask) -> None:
    forge_prune(app, 2)
    assert run(app, "verify").exit_code == 1
    assert "Before: The beginning of the audit log is gone" in run(app, "accept").stdout
    assert run(app, "verify").exit_code == 0
    assert run(app, "prune", "--keep", "400d").exit_code == 0


def test_an_anchor_older_than_a_prune_of_another_process_is_no_fault(app: Flask) -> None:
    anchors = anchors_of(app)
    anchors.file.write(str(anchors.signer.sign(1, anchors.store.find_hash(1) or "")))
    elsewhere = anchors.file.read() or ""
    assert run(app, "prune", "--keep", "400d").exit_code == 0
    anchors.file.write(elsewhere)
    assert run(app, "verify").exit_code == 0
    touch(app, "DELETE FROM events WHERE seq = 2")
    result = run(app, "verify")
    assert (result.exit_code, "no event tells that they were removed" in result.stderr) == (1, True)
    assert replace(anchors, _proven=set()).check() is AnchorState.CUT


def test_what_is_signed_for_one_removal_is_worth_nothing_for_another() -> None:
    signer = AnchorSigner("a key")
    signature = signer.sign_removal(7, "abc")
    assert signer.is_removal_signed(7, "abc", signature)
    assert signer.sign(7, "abc").signature != signature
    for seq, hash_, given in ((8, "abc", signature), (7, "abd", signature), (7, "abc", None)):
        assert not signer.is_removal_signed(seq, hash_, given)
    assert not AnchorSigner("another key").is_removal_signed(7, "abc", signature)


def test_a_broken_audit_log_is_not_pruned(app: Flask) -> None:
    touch(app, "UPDATE events SET result = 'fail' WHERE seq = 1")
    assert run(app, "prune", "--keep", "0d").exit_code == 1
    assert run(app, "verify").exit_code == 1


@pytest.mark.parametrize("keep", ["400", "d", "-1d", "1.5d", "4 d", "٤d", "999999d", "1w"])
def test_what_is_no_number_of_days_is_refused(app: Flask, keep: str) -> None:
    result = run(app, "prune", "--keep", keep)
    assert result.exit_code == 2
    assert "such as 400d" in result.stderr


def test_records_that_cannot_be_used_are_said_in_a_line(app: Flask) -> None:
    touch(app, "DROP TABLE events")
    for arguments in (["verify"], ["export", "--format", "csv"], ["prune", "--keep", "1d"]):
        result = run(app, *arguments)
        assert result.exit_code == 1
        assert "The audit log cannot be used." in result.stderr
