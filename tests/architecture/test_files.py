"""What is committed: pinned dependencies, and no trace of the machine that it was written on."""

import re
import subprocess
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.support.requirements import require_program

# One letter of each in brackets, so that this file is not among those that are found.
INDEX = re.compile(
    r"\bpy[p]i\.(?:org|io)\b|python[h]osted\.org|registry\.npm[j]s\.org|artifact[o]ry"
    r"|--(?:extra-)?index[-]url[ =]\S*http"
)
MACHINE = re.compile(
    r"(?<![\w.~-])/(?:home|Users|root|work|workspace)/[\w.-]+|[A-Z]:\\Users\\", re.ASCII
)
LOCKS = (
    "configs/requirements.txt",
    "configs/requirements-dev.txt",
    "configs/requirements-deploy.txt",
)
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)")


@cache
def committed() -> dict[str, str]:
    """Every committed file that is text."""
    git = require_program("git", install="apt-get install git")
    listed = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, timeout=30, check=False
    )
    if listed.returncode:
        pytest.skip("this is no clone, so nothing tells what is committed")
    found: dict[str, str] = {}
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        try:
            found[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
    return found


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern is found: file, line and the find."""
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in committed().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := pattern.search(line))
    ]


def test_no_file_names_a_package_index() -> None:
    assert lines_with(INDEX) == []


def test_no_file_names_a_path_of_some_machine() -> None:
    assert lines_with(MACHINE) == []


def test_the_patterns_find_what_they_read_for() -> None:
    assert INDEX.search("https://" + "py" + "pi.org/simple")
    assert MACHINE.search("see /" + "home/alice/portal")
    assert MACHINE.search("C:\\" + "Users\\alice")
    assert not MACHINE.search("https://example.test/home/page")
    assert len(committed()) > 100


# ASVS 13.3.1
def test_no_settings_of_a_real_portal_are_committed() -> None:
    assert not {"configs/.env", "configs/org_config.yaml"} & set(committed())
    assert not [name for name in committed() if name.endswith((".pem", ".key", ".db", ".sqlite"))]


def pinned(lock: str) -> dict[str, str]:
    """Every requirement of a lock file, with all that belongs to it on one line."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    found = {}
    for line in (line for line in lines if line and not line.startswith("#")):
        match = PIN.match(line)
        assert match, f"not pinned: {line}"
        found[match[1].lower().replace("_", "-")] = line
    return found


# ASVS 15.2.4
@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_with_hashes_and_names_no_address(lock: str) -> None:
    for line in pinned(lock).values():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
        assert "://" not in line
        assert " @ " not in line


def test_every_dependency_of_the_project_is_in_its_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        LOCKS[0]: project["project"]["dependencies"],
        LOCKS[1]: project["dependency-groups"]["dev"],
        LOCKS[2]: project["dependency-groups"]["deploy"],
    }
    for lock, requirements in wanted.items():
        names = {re.split(r"[><=!~;\[ ]", item)[0].lower() for item in requirements}
        assert names <= set(pinned(lock))


def test_the_two_locks_agree() -> None:
    run, dev = (pinned(lock) for lock in LOCKS[:2])
    for name in run.keys() & dev.keys():
        assert run[name].split()[0] == dev[name].split()[0]


def test_the_top_of_the_tree_holds_what_the_map_says() -> None:
    top = {Path(name).parts[0] for name in committed()}
    plain = {name for name in top if not name.startswith(".")}
    assert plain <= {
        "Makefile",
        "README.md",
        "app",
        "configs",
        "deploy",
        "docs",
        "pyproject.toml",
        "static",
        "templates",
        "tests",
        "wsgi.py",
    }


# Parted, so that this file is not among those that are found.
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE [K]EY|\bAKI[A][0-9A-Z]{16}\b|\bgh[pousr][_][A-Za-z0-9]{36}"
    r"|\bxox[baprs][-][0-9A-Za-z-]{10,}|\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\."
    r"|\b4b1d[A-Za-z0-9]{38}\b|://[^/\s:@{}<>]+:[^/\s:@{}<>]{6,}@"
)
"""Keys of machines and services, Cloud's among them, and passwords in addresses."""

PUBLISHED = {
    "4b1dSandboxSecretPublishedByDesign00000001",
    "4b1dR7mQ2sVx9LpZ6kTn3wYc8HgJ5fDa",
    "://user:password@",
    "://canary:canary@",
}
"""The sandbox's own, and what tests and examples make up."""


# ASVS 13.3.1
def test_no_secret_is_committed() -> None:
    found = [line for line in lines_with(SECRETS) if line.split(": ")[-1] not in PUBLISHED]
    assert found == []


def test_the_secrets_would_be_found() -> None:
    assert SECRETS.search("-----BEGIN RSA PRIVATE" + " KEY-----")
    assert SECRETS.search("AKI" + "A" + "ABCDEFGHIJKLMNOP")
    assert SECRETS.search("postgresql://portal:" + "hunter22@db/portal")
    assert not SECRETS.search("postgresql://{user}:{password}@db/portal")


def day_of(*arguments: str) -> date:
    """When the last commit of these was made."""
    git = require_program("git", install="apt-get install git")
    command = [git, "log", "-1", "--format=%cs", *arguments]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode or not told.stdout.strip():
        pytest.skip("this is no clone, so nothing tells when something was committed")
    return date.fromisoformat(told.stdout.strip())


# ASVS 15.2.1
def test_the_packages_were_brought_up_to_date_in_the_last_quarter() -> None:
    for lock in LOCKS:
        assert day_of() - day_of("--", lock) < timedelta(days=92), f"{lock}: run make lock"
