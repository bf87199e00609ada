"""The systemd unit: verified by systemd, measured for its hardening, and its type proven. No test
can start it here, as that needs systemd as the first process."""

import configparser
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings.environment import ENVIRONMENT
from tests.commands.test_start import USABLE
from tests.deploy.bare import run_bare
from tests.deploy.conftest import DEPLOY
from tests.support.portal import ROOT
from tests.support.ports import find_free_port
from tests.support.requirements import require_program

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
