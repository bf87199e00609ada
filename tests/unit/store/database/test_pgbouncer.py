"""Behind pgbouncer in transaction mode: each transaction may get another session of the server."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from app.domain.audit.chain import check_chain
from app.store.audit.log import EventStore
from app.store.changes import ChangeStore
from app.store.database.engine import open_engine, upgrade
from app.store.sign_in.sessions import SessionStore
from tests.support.events import EVENT
from tests.support.ports import find_free_port
from tests.support.postgresql import OWNER, PASSWORD, USER, PostgresqlServer
from tests.support.requirements import require_program
from tests.unit.builders import ALICE, NOW, make_change

START_SECONDS = 20
PARALLEL = 8
CONFIG = """[databases]
* = host=127.0.0.1 port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 3
"""


@pytest.fixture
def pooled_url(postgresql_server: PostgresqlServer, postgresql_url: str) -> Iterator[str]:
    """An empty database behind a pooler with fewer sessions than there are connections."""
    program = require_program("pgbouncer", install="apt-get install pgbouncer")
    folder, port = Path(tempfile.mkdtemp(prefix="portal-pgbouncer-")), find_free_port()
    config = CONFIG.format(server_port=postgresql_server.port, port=port, folder=folder)
    (folder / "config").write_text(config, encoding="ascii")
    (folder / "users").write_text(f'"{USER}" "{PASSWORD}"\n', encoding="ascii")
    as_owner: list[str] = []
    if os.geteuid() == 0:  # it refuses to run as root
        owner = pwd.getpwnam(OWNER)
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        as_owner = ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups"]
    command = [*as_owner, program, "-q", str(folder / "config")]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
        url = postgresql_server.url(postgresql_url.rpartition("/")[2], port)
        try:
            wait_until_ready(url)
            yield url
        finally:
            process.terminate()
    shutil.rmtree(folder)


def wait_until_ready(url: str) -> None:
    """It takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "pgbouncer did not start"
            time.sleep(0.05)
        else:
            return


def test_many_at_once_share_few_sessions_and_nothing_is_mixed_up(pooled_url: str) -> None:
    engine = open_engine(SecretStr(pooled_url))
    upgrade(engine)
    sessions = SessionStore(engine, timedelta(minutes=30), timedelta(hours=8), 3)

    def work(_number: int) -> None:
        for _ in range(5):
            token = sessions.create_session(ALICE, "192.0.2.1", NOW, EVENT)
            sessions.find_session(token, NOW, is_activity=True)
            made = ChangeStore(engine).create_draft(make_change(), EVENT)
            assert ChangeStore(engine).find_change(made.reference) == made

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(work, range(PARALLEL)))
    assert len(sessions.list_sessions(NOW)) == 3
    report = check_chain(EventStore(engine).iterate())
    assert (report.broken, report.count) == (None, 2 * 5 * PARALLEL)
    engine.dispose()
