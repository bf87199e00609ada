"""What `make sbom` prints: each pin of the runtime lock file, and nothing else."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "configs/requirements.txt"
RECIPE = re.compile(r"^sbom:.*\n\t@\$\(BIN\)/python ((?:.*\\\n)*.*)$", re.MULTILINE)
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def run_recipe() -> str:
    """What the command of the Makefile prints."""
    found = RECIPE.search((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert found is not None
    command = [sys.executable, *shlex.split(found[1].replace("\\\n", ""))]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    return result.stdout


@pytest.fixture(scope="module")
def printed() -> str:
    """The list."""
    return run_recipe()


def pinned() -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and hashes of each requirement of the lock."""
    for line in LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        found = PIN.match(line)
        assert found is not None, line
        yield found[1], found[2], sorted(HASH.findall(line))


def listed(components: list[dict[str, Any]]) -> Iterator[tuple[str, str, list[str]]]:
    """The same of each component of the list."""
    for item in components:
        hashes = [one for place in item["externalReferences"] for one in place["hashes"]]
        assert {one["alg"] for one in hashes} == {"SHA-256"}
        yield item["name"], item["version"], sorted(one["content"] for one in hashes)


# ASVS 15.1.2
def test_every_package_of_the_lock_is_listed_with_its_version_and_hashes(printed: str) -> None:
    components = json.loads(printed)["components"]
    assert sorted(listed(components)) == sorted(pinned())
    assert all(hashes for _, _, hashes in pinned())
    assert {"flask", "gunicorn", "requests"} <= {item["name"] for item in components}


def test_the_list_says_what_it_is_a_list_of(printed: str) -> None:
    bom = json.loads(printed)
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert bom["metadata"]["component"]["name"] == "clickhouse-compute-portal"


def test_the_same_lock_gives_the_same_list(printed: str) -> None:
    assert run_recipe() == printed
