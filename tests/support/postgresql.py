"""A real PostgreSQL server of the tests' own, and fresh databases in it.

Debian's server binaries, a cluster in a temporary folder, a free port of this machine, and the user
`postgres` where the tests run as root, which the server refuses. Nothing else on the machine is
touched, also not the cluster that Debian's package makes by itself.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.ports import find_free_port
from tests.support.requirements import find_program, miss_program

BINARIES = Path("/usr/lib/postgresql")
OWNER = "postgres"
USER, PASSWORD = "portal", "postgresql-tests-only"
START_SECONDS = 60
STOP_SECONDS = 20
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "fsync": "on",
    "log_min_messages": "warning",
    "lc_messages": "C",
}


@dataclass
class PostgresqlServer:
    """One server that this process has started."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str, port: int | None = None) -> str:
        """The address of a database, as PORTAL_DATABASE_URL has it."""
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port or self.port}/{database}"

    def create_database(self, template: str = "template0") -> str:
        """A database of its own, a copy of another one; its name."""
        name = f"portal_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Take a database away, whoever still uses it."""
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement outside of all databases of the tests."""
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=10) as link:
            link.execute(statement)

    def list_pids(self) -> list[int]:
        """The processes of the server: the first one, and what it has started."""
        main = self._main_pid()
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii")
        return [main, *map(int, children.split())]

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Nothing of the server runs, and its connections stay open."""
        pids = self.list_pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(pids):
                os.kill(pid, signal.SIGCONT)

    def _main_pid(self) -> int:
        lines = (self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").splitlines()
        return int(lines[0])


@contextmanager
def running_postgresql() -> Iterator[PostgresqlServer]:
    """A server that answers, gone with its folder at the end."""
    binaries = find_binaries()
    # Not below pytest's folders: others than their owner may not look into these.
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    try:
        with _running(binaries, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """The folder of the newest server; skips the test, or fails it in CI, where there is none."""
    found = sorted(BINARIES.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    program = find_program("postgres")
    if program is None:
        miss_program("PostgreSQL server", install="apt-get install postgresql")
    return Path(program).parent


@contextmanager
def _running(binaries: Path, folder: Path) -> Iterator[PostgresqlServer]:
    _make_cluster(binaries, folder)
    port = find_free_port()
    settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    command = [
        *_as_owner(),
        *(str(binaries / "postgres"), "-D", str(folder / "data"), "-p", str(port)),
        *("-k", str(folder), *settings),
    ]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    server = PostgresqlServer(folder, port, process)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        _stop(process)


def _make_cluster(binaries: Path, folder: Path) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="ascii")
    if os.geteuid() == 0:
        owner = pwd.getpwnam(OWNER)
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    command = [
        *_as_owner(),
        *(str(binaries / "initdb"), "-D", str(folder / "data"), "-U", USER),
        *("--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8"),
    ]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr


def _as_owner() -> list[str]:
    """What runs a program as the server's user; it replaces itself, so that the pid stays."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups"]


def _wait_until_ready(server: PostgresqlServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {(server.folder / 'output.txt').read_text()}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)  # "fast": whoever is connected is sent away
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(STOP_SECONDS)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """The server of this worker, started when a test first asks for it."""
    with running_postgresql() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """The address of an empty database, gone after the test."""
    name = postgresql_server.create_database()
    yield postgresql_server.url(name)
    postgresql_server.drop_database(name)
