"""How the portal's process ends when its settings cannot be used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.ports import find_free_port

ROOT = Path(__file__).parents[2]
FLASK = ["-m", "flask", "--app", "wsgi"]
GUNICORN = ["-m", "gunicorn", "-c", "configs/gunicorn.py", "wsgi:app"]
USABLE = {
    "CLICKHOUSE_API_KEY": "Kq3vN8xZr2Lw5TyB",
    "CLICKHOUSE_API_SECRET": "4b1dR7mQ2sVx9LpZ6kTn3wYc8HgJ5fDa",
    "CLICKHOUSE_ORGANIZATION_ID": "0a000000-0000-4000-8000-000000000001",
    "PORTAL_SECRET_KEY": "zP4-vR9_kL2wQ7xN1mT6yB3cH8gJ5fDs",
    "PORTAL_CONFIG": "configs/sandbox_org_config.yaml",
}


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these settings and no others."""
    environ = {"PATH": os.environ["PATH"], "PORTAL_ENV_FILE": "", **settings}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("command", [[*FLASK, "check-settings"], [*FLASK, "serve"], GUNICORN])
def test_every_fault_is_a_line_and_the_code_is_2(command: list[str]) -> None:
    result = run(*command, PORTAL_PORT="eighty", PORTAL_CONFIG="configs/none.yaml")
    assert result.returncode == 2
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [
        "CLICKHOUSE_API_KEY",
        "CLICKHOUSE_API_SECRET",
        "CLICKHOUSE_ORGANIZATION_ID",
        "PORTAL_SECRET_KEY",
        "PORTAL_PORT",
        "the file",
    ]
    assert result.stdout == ""


def test_a_gunicorn_started_by_hand_does_not_try_for_ever(tmp_path: Path) -> None:
    result = run("-m", "gunicorn", "--no-control-socket", "-b", f"unix:{tmp_path}/s", "wsgi:app")
    assert result.returncode == 4
    assert "PORTAL_SECRET_KEY: is missing" in result.stderr


def test_a_database_that_cannot_be_used_ends_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "portal.db").write_bytes(b"this is a letter, not a database" * 100)
    port = str(find_free_port())
    result = run(*GUNICORN, **USABLE, PORTAL_INSTANCE=str(tmp_path), PORTAL_PORT=port)
    assert result.returncode == 4
    line = next(line for line in result.stderr.splitlines() if line.startswith("portal: "))
    assert "The portal's records are damaged." in line
    assert "Traceback" not in result.stderr


def test_the_server_is_set_up_from_the_settings(tmp_path: Path) -> None:
    settings = {
        **USABLE,
        "PORTAL_INSTANCE": str(tmp_path),
        "PORTAL_HOST": "::1",
        "PORTAL_PORT": "8123",
        "PORTAL_THREADS": "7",
        "WEB_CONCURRENCY": "3",
    }
    result = run(*GUNICORN[:-1], "--print-config", "wsgi:app", **settings)
    shown = dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)
    shown = {name.strip(): text.strip() for name, text in shown.items()}
    assert shown["bind"] == "['[::1]:8123']"
    assert (shown["workers"], shown["threads"]) == ("3", "7")
    assert shown["worker_class"] == "<CollectingWorker()>"
    assert (shown["accesslog"], shown["control_socket_disable"]) == ("None", "True")


def test_the_server_hands_the_worker_code_that_is_not_loaded_yet(tmp_path: Path) -> None:
    code = (
        "import runpy, sys; runpy.run_path('configs/gunicorn.py');"
        "print([name for name in sys.modules if name.split('.')[0] == 'app'])"
    )
    result = run("-c", code, **USABLE, PORTAL_INSTANCE=str(tmp_path))
    assert (result.stdout, result.stderr) == ("[]\n", "")
