"""A real clickhouse-server with users of its own, on free loopback ports.

Written for Debian's 18.16: users are XML elements there, so that a name must be an XML name.
"""

import http.client
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tests.support.ports import find_free_port
from tests.support.requirements import require_program

START_TIMEOUT_SECONDS = 30
STOP_TIMEOUT_SECONDS = 10

USERS = {
    "alice": "wonderland",
    "bob": "correct horse battery staple",
    "charlie": " padded at both ends ",
    "dana": "пароль-密码-naïve-🔑",
    "erin": "é" * 256,
    "Zoë": "non-ASCII name",
    "team:frank": "name with a colon",
}
"""Name to password, for users who may read."""

TIRED_USER = "grace"
TIRED_PASSWORD = "one failure is enough"
"""Has a quota of one failed query an hour."""

FAR_USER = "heidi"
FAR_PASSWORD = "elsewhere"
"""May connect from an address that is not this machine's."""

_CONFIG = """<yandex>
  <logger><level>trace</level><log>{folder}/server.log</log>
    <errorlog>{folder}/errors.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>{http_port}</http_port>
  <tcp_port>{tcp_port}</tcp_port>
  <interserver_http_port>{interserver_port}</interserver_http_port>
  <path>{folder}/data/</path>
  <tmp_path>{folder}/data/tmp/</tmp_path>
  <user_files_path>{folder}/data/user_files/</user_files_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <mark_cache_size>5000000</mark_cache_size>
  <timezone>UTC</timezone>
</yandex>
"""

_USERS = """<yandex>
  <profiles><default><readonly>1</readonly></default></profiles>
  <quotas>
    <default><interval><duration>3600</duration></interval></default>
    <tight><interval><duration>3600</duration><errors>1</errors></interval></tight>
  </quotas>
  <users>{users}</users>
</yandex>
"""

# A colon makes an XML name one with a prefix, and prefixes must be declared.
_USER = """
    <{name} xmlns:team="urn:team"><password>{password}</password>
      <networks><ip>{network}</ip></networks>
      <profile>default</profile><quota>{quota}</quota></{name}>"""


@dataclass(frozen=True)
class ClickHouseServer:
    """`url` is the HTTP interface; the log is written at level trace."""

    url: str
    log_path: Path

    def read_log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """The server with `USERS`, one for the whole run."""
    program = require_program("clickhouse-server", install="apt-get install clickhouse-server")
    folder = tmp_path_factory.mktemp("clickhouse")
    http_port, tcp_port, interserver_port = (find_free_port() for _ in range(3))
    config = _CONFIG.format(
        folder=folder, http_port=http_port, tcp_port=tcp_port, interserver_port=interserver_port
    )
    (folder / "config.xml").write_text(config, encoding="utf-8")
    (folder / "users.xml").write_text(_make_users_xml(), encoding="utf-8")
    with _running([program, f"--config-file={folder}/config.xml"], folder) as process:
        _wait_until_ready(process, http_port, folder)
        yield ClickHouseServer(f"http://127.0.0.1:{http_port}/", folder / "server.log")


def _make_users_xml() -> str:
    users = [_make_user_xml(name, password) for name, password in USERS.items()]
    users.append(_make_user_xml("default", "not empty"))
    users.append(_make_user_xml(TIRED_USER, TIRED_PASSWORD, quota="tight"))
    users.append(_make_user_xml(FAR_USER, FAR_PASSWORD, network="192.0.2.1"))
    return _USERS.format(users="".join(users))


def _make_user_xml(
    name: str, password: str, *, network: str = "127.0.0.1", quota: str = "default"
) -> str:
    return _USER.format(name=name, password=escape(password), network=network, quota=quota)


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_TIMEOUT_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers_ping(port):
            return
        time.sleep(0.05)
    pytest.fail(f"clickhouse-server did not start: {(folder / 'output.txt').read_text()}")


def _answers_ping(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
