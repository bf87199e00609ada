"""The portal as a process of its own: gunicorn with the project's configuration, over a sandbox."""

import os
import resource
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal, cast

import psycopg
import pytest
import requests
import yaml
from werkzeug.security import generate_password_hash

from tests.support.ports import find_free_port
from tests.support.preforked import fork_gunicorn
from tests.support.sandbox import RunningSandbox

ROOT = Path(__file__).parents[2]
ORDINARY = "wsgi:app"
NO_BUDGET = "tests.support.no_budget_wsgi:app"
BROKEN_STORE = "tests.support.broken_store_wsgi:app"
READ_ONLY_MARK = "read-only"  # a file beside the database, for BROKEN_STORE
SHORT_TIMEOUTS = "tests.support.short_timeouts_wsgi:app"
EAGER = "tests.support.eager_wsgi:app"
UNTHROTTLED = "tests.support.unthrottled_wsgi:app"
SECRET_KEY = "zP4-vR9_kL2wQ7xN1mT6yB3cH8gJ5fDsTestsOnly"  # a fixed one, to survive restarts

DATABASE_URL = "PORTAL_DATABASE_URL"
SQLITE = "sqlite:///"

START_SECONDS = 30.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.02

Config = dict[str, Any]


class PortalProcess:
    """One portal with a folder of its own: log, configuration and records.

    `entry` is ORDINARY, NO_BUDGET for a portal without Cloud's pace, UNTHROTTLED for one that lets
    everybody guess as well, or SHORT_TIMEOUTS for one with short timeouts. `adapt` changes the
    configuration of groups (a copy of configs/sandbox_org_config.yaml) in place; `settings` are
    environment variables and win over what is set here.
    """

    def __init__(
        self,
        folder: Path,
        sandbox: RunningSandbox,
        *,
        entry: str = ORDINARY,
        adapt: Callable[[Config], object] | None = None,
        **settings: str,
    ) -> None:
        self.folder, self.sandbox, self.entry = folder, sandbox, entry
        self.port = find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = folder / "portal.log"
        self.database_path = folder / "instance" / "portal.db"
        if settings.get(DATABASE_URL, "").startswith(SQLITE):
            self.database_path = Path(settings[DATABASE_URL].removeprefix(SQLITE))
        self.configure(adapt or dict)
        self._settings = settings
        self._process: BaseProcess | None = None

    def configure(self, adapt: Callable[[Config], object]) -> None:
        """Write the configuration of groups; it counts from the next start."""
        text = (ROOT / "configs/sandbox_org_config.yaml").read_text(encoding="utf-8")
        config: Config = yaml.safe_load(text)
        adapt(config)
        (self.folder / "org_config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")

    def start(self) -> "PortalProcess":
        """Start, and wait until it serves."""
        arguments = ["-c", "configs/gunicorn.py", "--log-level", "warning", self.entry]
        self._process = fork_gunicorn(arguments, self._environ(), ROOT, self.log_path)
        self._wait(self._is_serving, "did not start")
        return self

    def stop(self) -> None:
        """End it as an operator does; by force after STOP_SECONDS."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(STOP_SECONDS)
        self.kill()

    def hang_up(self) -> None:
        """Ask it to read its settings anew (SIGHUP)."""
        assert self._process is not None
        os.kill(cast("int", self._process.pid), signal.SIGHUP)

    def workers(self) -> list[int]:
        """The processes that serve: one, and two for a moment while it begins anew."""
        return self._list_pids()[1:]

    def kill(self) -> None:
        """End it without warning (SIGKILL), with everything it has started."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(cast("int", self._process.pid), signal.SIGKILL)
        self._process.join(STOP_SECONDS)
        self._process = None
        self._wait(lambda: not self._is_listening(), "did not die")

    def restart(self) -> None:
        """Die and start again on the same records, at the same address."""
        self.kill()
        self.start()

    def limit_files(self, most_bytes: int) -> None:
        """No file of the process may grow past this any more; -1 for no limit."""
        for pid in self._list_pids():
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, hard))

    def memory_mb(self) -> float:
        """What the process that serves holds in memory."""
        status = Path(f"/proc/{self._list_pids()[-1]}/status").read_text(encoding="ascii")
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(resident.split()[1]) / 1024

    def _list_pids(self) -> list[int]:
        assert self._process is not None
        main = cast("int", self._process.pid)
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii")
        return [main, *map(int, children.split())]

    def forget_events(self) -> None:
        """Begin with an empty audit log, and with no anchor that knows of another."""
        self.execute("DELETE FROM events")
        (self.folder / "instance" / "audit.anchor").unlink(missing_ok=True)

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one SQL statement on the portal's records, beside the portal."""
        if self.is_on_postgresql:
            return self._execute_on_postgresql(statement, values)
        with closing(sqlite3.connect(self.database_path, timeout=10)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    @property
    def is_on_postgresql(self) -> bool:
        """Whether the settings name a PostgreSQL database."""
        return self.database_url.startswith("postgresql")

    @property
    def database_url(self) -> str:
        """Where the records are."""
        return self._settings.get(DATABASE_URL) or f"{SQLITE}{self.database_path}"

    def _execute_on_postgresql(
        self, statement: str, values: tuple[object, ...]
    ) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, connect_timeout=10) as connection:
            done = connection.execute(statement.replace("?", "%s").encode(), values)
            return done.fetchall() if done.description else []

    def age(self, table: str, column: str, seconds: float, where: str = "", *values: str) -> None:
        """Move a column of moments into the past, in every row or `where` some condition holds:
        time to pass without waiting."""
        if self.is_on_postgresql:
            older = f"{column} - interval '{seconds} seconds'"
        else:  # SQLite has milliseconds, SQLAlchemy writes microseconds
            older = f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '-{seconds} seconds')"
        condition = f" WHERE {where}" if where else ""
        statement = f"UPDATE {table} SET {column} = {older}{condition}"  # noqa: S608 - our own names
        self.execute(statement, *values)

    def read_log(self) -> str:
        """Everything the process has written so far."""
        return self.log_path.read_text(encoding="utf-8")

    def _environ(self) -> dict[str, str]:
        world = self.sandbox.world
        return {
            "PATH": os.environ["PATH"],
            "CLICKHOUSE_API_URL": world["url"],
            "CLICKHOUSE_API_KEY": world["api_key_id"],
            "CLICKHOUSE_API_SECRET": world["api_key_secret"],
            "CLICKHOUSE_ORGANIZATION_ID": world["organization_id"],
            "PORTAL_ENV_FILE": "",
            "PORTAL_CONFIG": str(self.folder / "org_config.yaml"),
            "PORTAL_INSTANCE": str(self.folder / "instance"),
            "PORTAL_PORT": str(self.port),
            "PORTAL_SECRET_KEY": SECRET_KEY,
            "PORTAL_LOAD": "off",  # tests order faults for Cloud's answers, and count its requests
            "PORTAL_COSTS": "off",
            **self._settings,
        }

    def _wait(self, is_done: Callable[[], bool], fault: str) -> None:
        give_up_at = time.monotonic() + START_SECONDS
        while not is_done():
            has_ended = self._process is not None and self._process.exitcode is not None
            if has_ended or time.monotonic() > give_up_at:
                raise AssertionError(f"The portal {fault}:\n{self.read_log()}")
            time.sleep(POLL_SECONDS)

    def _is_serving(self) -> bool:
        if not self._is_listening():
            return False
        try:
            return requests.get(f"{self.url}/healthz", timeout=START_SECONDS).status_code == 200
        except requests.ConnectionError:
            return False

    def _is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running_portal(
    folder: Path,
    sandbox: RunningSandbox,
    **options: Any,  # noqa: ANN401 - as PortalProcess takes them
) -> Iterator[PortalProcess]:
    """A portal that serves, and is killed at the end."""
    portal = PortalProcess(folder, sandbox, **options)
    try:
        yield portal.start()
    finally:
        sandbox.clear_faults()
        portal.kill()  # a graceful stop waits for the tests' open connections


def portal_fixture(
    scope: Literal["session", "module"],
    administrator: tuple[str, str] | None = None,
    **options: Any,  # noqa: ANN401 - as PortalProcess takes them
) -> object:
    """A fixture for the module that gives it a name: one portal for all tests of its scope.

    `administrator` is the name and the password of its administrator, where it has one.
    """

    @pytest.fixture(scope=scope)
    def shared_portal(
        worker_sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[PortalProcess]:
        settings = administrator_settings(*administrator) if administrator else {}
        folder = tmp_path_factory.mktemp("portal")
        with running_portal(folder, worker_sandbox, **options, **settings) as portal:
            yield portal

    return shared_portal


def administrator_settings(name: str, password: str) -> dict[str, str]:
    """The settings of a portal with this administrator."""
    return {
        "PORTAL_ADMIN_USERNAME": name,
        "PORTAL_ADMIN_PASSWORD_HASH": generate_password_hash(password),
    }
