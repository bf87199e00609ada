"""The systemd unit: verified by systemd, measured for its hardening, its type proven, its filter of
system calls tried. No test can start it here, as that needs systemd as the first process."""

import configparser
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings.environment.table import ENVIRONMENT
from tests.commands.test_start import USABLE
from tests.deploy.bare import run_bare
from tests.deploy.conftest import DEPLOY
from tests.pages.people import confirm, draft
from tests.support.browser import Browser
from tests.support.portal import ROOT, PortalProcess
from tests.support.ports import find_free_port
from tests.support.requirements import require_program
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

UNIT = DEPLOY / "systemd/portal.service"
MOST_EXPOSED = 2.0
"""Of ten, by systemd's own measure."""

INSTALLED = """
mkdir -p /opt/portal/.venv/bin /opt/portal/docs
printf '#!/bin/sh\\n' > /opt/portal/.venv/bin/python
chmod +x /opt/portal/.venv/bin/python
touch /opt/portal/docs/operating.md
"""


@pytest.fixture(scope="module")
def analyze() -> str:
    """The program."""
    return require_program("systemd-analyze", install="apt-get install systemd")


@pytest.fixture(scope="module")
def service() -> dict[str, str]:
    """What the section says; of a key that stands there more than once, the last."""
    parser = configparser.RawConfigParser(strict=False, inline_comment_prefixes=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys as they are
    parser.read(UNIT, encoding="utf-8")
    return dict(parser["Service"])


def test_systemd_finds_no_fault_in_it(analyze: str, tmp_path: Path) -> None:
    found = run_bare(f"{INSTALLED}\n{analyze} verify {UNIT} 2>&1", tmp_path)
    assert (found.returncode, found.stdout) == (0, "")


def test_systemd_would_find_a_fault(analyze: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.service"
    text = UNIT.read_text(encoding="utf-8")
    broken.write_text(text.replace("ProtectSystem=strict", "ProtectSystem=strictly"))
    assert "strictly" in run_bare(f"{INSTALLED}\n{analyze} verify {broken} 2>&1", tmp_path).stdout


def test_little_is_exposed(analyze: str) -> None:
    command = [analyze, "security", "--offline=true", str(UNIT)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"exposure level for portal.service: ([\d.]+)", told)
    assert match
    assert float(match[1]) <= MOST_EXPOSED


def test_gunicorn_tells_systemd_that_it_serves(service: dict[str, str], tmp_path: Path) -> None:
    assert service["Type"] == "notify"
    arguments = service["ExecStart"].removeprefix("/opt/portal/.venv/bin/python ").split()
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(30)
        given = {"NOTIFY_SOCKET": str(path), "PORTAL_PORT": str(find_free_port())}
        given |= {"PORTAL_INSTANCE": str(tmp_path), "PORTAL_ENV_FILE": "", **USABLE}
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **given},
            stderr=subprocess.DEVNULL,
        )
        try:
            assert listener.recv(4096).startswith(b"READY=1")
        finally:
            process.terminate()
            process.wait(30)


def calls_of(analyze: str, group: str) -> set[str]:
    """The system calls of a group, with those of the groups in it."""
    told = subprocess.run(
        [analyze, "syscall-filter", group], capture_output=True, text=True, check=True
    ).stdout
    lines = [line.strip() for line in told.splitlines()[1:]]
    names = {line for line in lines if line and not line.startswith(("#", "@"))}
    inner = [calls_of(analyze, line) for line in lines if line.startswith("@")]
    return names.union(*inner)


def allowed_calls(analyze: str) -> set[str]:
    """Those that the unit leaves to the portal."""
    lines = re.findall(r"^SystemCallFilter=(~?)(@\S+)$", UNIT.read_text(encoding="utf-8"), re.M)
    allowed = set[str]()
    for is_denied, group in lines:
        calls = calls_of(analyze, group)
        allowed = allowed - calls if is_denied else allowed | calls
    return allowed


def restricted(analyze: str, folder: Path, *arguments: str) -> list[str]:
    """The command that runs Python as the unit would let it."""
    listed = folder / "calls"
    listed.write_text("\n".join(allowed_calls(analyze)), encoding="ascii")
    script = ROOT / "tests/deploy/scripts/restricted.py"
    return [sys.executable, str(script), str(listed), sys.executable, *arguments]


def test_the_portal_serves_with_the_system_calls_that_the_unit_leaves_it(
    analyze: str, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    portal = PortalProcess(tmp_path, sandbox)
    arguments = ("-m", "gunicorn", "-c", "configs/gunicorn.py", "wsgi:app")
    command, environ = restricted(analyze, tmp_path, *arguments), portal._environ()
    with portal.log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        wait_until(lambda: process.poll() is not None or portal._is_serving(), seconds=60)
        assert process.poll() is None, portal.read_log()
        alice = Browser(portal.url)
        alice.sign_in(sandbox.person("alice"))
        draft(alice, sandbox)
        confirm(alice)
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: portal.read_log().count("sys_startup") > 1, seconds=30)
    finally:
        process.terminate()
        process.wait(40)
    assert process.returncode == 0
    assert "sys_shutdown" in portal.read_log()
    assert "Traceback" not in portal.read_log()


def test_what_the_unit_does_not_leave_it_is_refused(analyze: str, tmp_path: Path) -> None:
    assert "execve" in allowed_calls(analyze)
    assert not {"mount", "chown", "setuid", "reboot"} & allowed_calls(analyze)
    owning = f"import os; os.chown({str(tmp_path)!r}, {os.getuid()}, {os.getgid()})"
    command = restricted(analyze, tmp_path, "-c", owning)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Operation not permitted" in done.stderr
    subprocess.run([sys.executable, "-c", owning], check=True)  # nothing else keeps it from that


def test_a_stop_is_waited_for_longer_than_gunicorn_takes(service: dict[str, str]) -> None:
    text = (ROOT / "configs/gunicorn.py").read_text(encoding="utf-8")
    match = re.search(r"^graceful_timeout = (\d+)", text, re.M)
    assert match
    assert int(service["TimeoutStopSec"]) > int(match[1])


def test_the_settings_file_holds_settings_of_the_portal_alone() -> None:
    text = (DEPLOY / "systemd/portal.env").read_text(encoding="utf-8")
    names = set(re.findall(r"^#?([A-Z_]+)=", text, re.M))
    files = {item.file_name for item in ENVIRONMENT if item.is_secret}
    assert names <= {item.name for item in ENVIRONMENT} | files
    assert not names & {item.name for item in ENVIRONMENT if item.is_secret}


def test_systemd_takes_the_description_of_the_user(tmp_path: Path) -> None:
    program = require_program("systemd-sysusers", install="apt-get install systemd")
    (tmp_path / "etc").mkdir()
    command = [program, f"--root={tmp_path}", str(DEPLOY / "systemd/portal.sysusers")]
    subprocess.run(command, check=True, capture_output=True)
    assert "portal:" in (tmp_path / "etc/passwd").read_text(encoding="utf-8")
