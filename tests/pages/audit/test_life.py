"""The portal's own coming and going."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from app.domain.audit.anchor import AnchorSigner
from app.domain.audit.chain import check_chain
from app.store.audit.log import EventStore
from app.store.database.engine import open_engine
from tests.conftest import StartPortal
from tests.support.audit_log import AuditLogReader
from tests.support.browser import Browser
from tests.support.portal import ROOT, SECRET_KEY, PortalProcess
from tests.support.sandbox import RunningSandbox


def test_start_and_stop_are_events_and_the_chain_goes_on_over_them(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    Browser(fresh_portal.url).sign_in(sandbox.person("alice"))
    fresh_portal.stop()
    audit_log = AuditLogReader(fresh_portal)
    fresh_portal.start()
    assert audit_log.told == [("sys_startup", "start", "")]
    audit_log._after = 0
    kinds = [kind for kind, _, _ in audit_log.told]
    assert kinds == [
        "sys_startup",
        "authn_login_success",
        "session_created",
        "sys_shutdown",
        "sys_startup",
    ]
    assert audit_log.lines()[0]["source"]["door"] == "portal"
    engine = open_engine(SecretStr(f"sqlite:///{fresh_portal.database_path}"))
    report = check_chain(EventStore(engine).iterate())
    engine.dispose()
    assert (report.broken, report.count) == (None, 5)


def test_after_a_good_stop_a_plain_copy_of_the_one_file_holds_everything(
    fresh_portal: PortalProcess, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    Browser(fresh_portal.url).sign_in(sandbox.person("alice"))
    fresh_portal.stop()
    copy = shutil.copy(fresh_portal.database_path, tmp_path / "copy.db")
    with closing(sqlite3.connect(copy)) as connection:
        kinds = [kind for (kind,) in connection.execute("SELECT kind FROM events ORDER BY seq")]
    assert kinds == ["sys_startup", "authn_login_success", "session_created", "sys_shutdown"]


def told_of_anchor(portal: PortalProcess) -> list[tuple[str, str]]:
    """Action and finding of the events of the last start."""
    rows = portal.execute("SELECT text FROM events WHERE kind = 'sys_startup' ORDER BY seq")
    lines = [json.loads(text) for (text,) in rows]
    return [(line["action"], line["details"]["anchor"]) for line in lines]


# ASVS 16.4.2
def test_a_log_whose_end_is_gone_is_told_and_the_start_goes_on(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    Browser(fresh_portal.url).sign_in(sandbox.person("alice"))
    fresh_portal.stop()
    fresh_portal.execute("DELETE FROM events WHERE seq > 2")
    for _ in range(2):
        fresh_portal.start()
        page = Browser(fresh_portal.url).get("/readyz", 503)
        assert "The audit log was cut off or replaced" in page.response.text
        fresh_portal.stop()
    assert told_of_anchor(fresh_portal) == [
        ("start", "none_yet"),
        ("check_anchor", "cut"),
        ("start", "cut"),
        ("check_anchor", "cut"),
        ("start", "cut"),
    ]
    assert "The audit log was cut off or replaced" in fresh_portal.read_log()


# ASVS 16.4.2
def test_an_anchor_of_another_key_and_none_at_all_are_told_until_somebody_accepts_the_log(
    fresh_portal: PortalProcess,
) -> None:
    anchor = fresh_portal.folder / "instance" / "audit.anchor"
    fresh_portal._settings["PORTAL_SECRET_KEY"] = "wK8-tQ2_nZ5rV9yC4hX7mB3dL6sJ1gFa"
    for words in ("is signed with another key", "is gone, though the log tells of it"):
        fresh_portal.stop()
        if "gone" in words:
            anchor.unlink()
        fresh_portal.start()
        assert words in Browser(fresh_portal.url).get("/readyz", 503).response.text
        assert "as it is, which is recorded" in accept(fresh_portal)
        assert Browser(fresh_portal.url).get("/readyz").response.text == "ready\n"
    assert told_of_anchor(fresh_portal) == [
        ("start", "none_yet"),
        ("check_anchor", "other_key"),
        ("start", "other_key"),
        ("check_anchor", "missing"),
        ("start", "missing"),
    ]


def accept(portal: PortalProcess) -> str:
    """Say that the log is as it should be, as an operator does beside the portal."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "accept"]
    return subprocess.run(
        command, env=portal._environ(), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


# ASVS 16.4.2
def test_an_anchor_elsewhere_knows_when_all_of_the_records_are_put_back(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "other disk" / "portal.anchor"
    portal = start_portal(PORTAL_AUDIT_ANCHOR=str(elsewhere))
    instance = portal.folder / "instance"
    assert not (instance / "audit.anchor").exists()
    portal.stop()
    saved = shutil.copytree(instance, tmp_path / "saved")
    portal.start()
    portal.stop()
    shutil.rmtree(instance)
    shutil.copytree(saved, instance)
    portal.start()
    page = Browser(portal.url).get("/readyz", 503)
    assert "The audit log was cut off or replaced" in page.response.text


# ASVS 16.4.3
def test_every_shipped_event_carries_a_signed_word_of_where_the_log_is(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    Browser(fresh_portal.url).sign_in(sandbox.person("alice"))
    lines = [json.loads(line) for line in fresh_portal.read_log().splitlines() if line[:1] == "{"]
    shipped = [line for line in lines if line["message"] == "audit"]
    signer = AnchorSigner(SECRET_KEY)
    assert [line["event"]["seq"] for line in shipped] == [1, 2, 3]
    for line in shipped:
        anchor = signer.sign(line["event"]["seq"], line["event"]["hash"])
        assert line["anchor"] == str(anchor)


# ASVS 14.2.4
def test_nobody_but_their_owner_may_read_the_files(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    log = tmp_path / "logs" / "portal.log"
    portal = start_portal(PORTAL_LOG_FILE=str(log))
    Browser(portal.url).get("/healthz")
    files = [*portal.database_path.parent.iterdir(), log]
    assert {"portal.db", "portal.db-wal", "portal.db-shm", "audit.anchor"} <= {
        path.name for path in files
    }
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in files} == {
        path.name: "0o600" for path in files
    }


def test_a_start_tells_of_no_anchor_where_none_could_be_written(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    folder = tmp_path / "no folder"
    folder.write_text("a file stands in its place", encoding="utf-8")
    portal = start_portal(PORTAL_AUDIT_ANCHOR=str(folder / "portal.anchor"))
    assert "no anchor was written" in portal.read_log()
    assert Browser(portal.url).get("/readyz").response.text == "ready\n"
    portal.stop()
    folder.unlink()
    portal.start()
    assert Browser(portal.url).get("/readyz").response.text == "ready\n"
    assert told_of_anchor(portal) == [("start", "none_yet"), ("start", "none_yet")]
    portal.stop()
    (folder / "portal.anchor").unlink()
    portal.start()
    assert "is gone, though the log tells" in Browser(portal.url).get("/readyz", 503).response.text
