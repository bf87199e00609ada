"""`make serve` and `make check` depend on no package index where an installation stands."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.requirements import require_program

ROOT = Path(__file__).parents[2]
OLD = "The packages in .venv are not those of configs/requirements.txt: run make install"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The Makefile, a lock file, and a Python that says what it is asked to do."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs/requirements.txt").write_text("one==1\n", encoding="utf-8")
    write_program(tmp_path / "python", 'echo "python $*"')
    return tmp_path


def write_program(path: Path, line: str) -> None:
    """A shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)


def install(project: Path, lock: str) -> None:
    """An installation that was made of a lock file."""
    for name in ("python", "flask"):
        write_program(project / ".venv/bin" / name, f'echo "{name} $*"')
    (project / ".venv/runtime.stamp").write_text(lock, encoding="utf-8")


def make(project: Path, target: str) -> "subprocess.CompletedProcess[str]":
    program = require_program("make", install="apt-get install make")
    command = [program, "--no-print-directory", target, f"PYTHON={project}/python"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("target", "command"), [("serve", "serve"), ("check", "check-settings")])
def test_nothing_is_installed_where_an_installation_stands(
    project: Path, target: str, command: str
) -> None:
    install(project, "one==1\n")
    (project / "configs/requirements.txt").touch()  # newer than the installation, and the same
    done = make(project, target)
    assert (done.stdout, done.stderr) == (f"flask --app wsgi {command}\n", "")


def test_an_installation_of_another_lock_is_told_and_still_not_changed(project: Path) -> None:
    install(project, "one==0\n")
    done = make(project, "serve")
    assert (done.stdout, done.stderr) == ("flask --app wsgi serve\n", f"{OLD}\n")


def test_installing_brings_it_up_to_date(project: Path) -> None:
    install(project, "one==0\n")
    (project / "configs/requirements.txt").write_text("one==2\n", encoding="utf-8")
    done = make(project, "install")
    assert "-m pip" in done.stdout
    assert "--require-hashes -r configs/requirements.txt" in done.stdout
    assert (project / ".venv/runtime.stamp").read_text(encoding="utf-8") == "one==2\n"
    assert make(project, "serve").stderr == ""


def test_the_first_start_installs(project: Path) -> None:
    assert "-m venv .venv" in make(project, "serve").stdout
