"""The portal's own coming and going."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from app.domain.audit.chain import check_chain
from app.store.audit import EventStore
from app.store.engine import open_engine
from tests.conftest import StartPortal
from tests.support.audit_log import TrailReader
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def test_start_and_stop_are_events_and_the_chain_goes_on_over_them(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    Browser(fresh_portal.url).sign_in(sandbox.person("alice"))
    fresh_portal.stop()
    trail = TrailReader(fresh_portal)
    fresh_portal.start()
    assert trail.told == [("sys_startup", "start", "")]
    trail._after = 0
    kinds = [kind for kind, _, _ in trail.told]
    assert kinds == [
        "sys_startup",
        "authn_login_success",
        "session_created",
        "sys_shutdown",
        "sys_startup",
    ]
    assert trail.lines()[0]["source"]["door"] == "portal"
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


# ASVS 14.2.4
def test_nobody_but_their_owner_may_read_the_files(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    log = tmp_path / "logs" / "portal.log"
    portal = start_portal(PORTAL_LOG_FILE=str(log))
    Browser(portal.url).get("/healthz")
    files = [*portal.database_path.parent.iterdir(), log]
    assert {"portal.db", "portal.db-wal", "portal.db-shm"} <= {path.name for path in files}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in files} == {
        path.name: "0o600" for path in files
    }
