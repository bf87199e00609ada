"""The list of components that the portal runs with, as CycloneDX, from the lock file."""

import json
import re
from pathlib import Path

import click

from app import VERSION

LOCK = Path(__file__).resolve().parents[2] / "configs/requirements.txt"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;]+)(?P<rest>.*)$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@click.command("bom")
def bom() -> None:
    """Print the list as JSON (CycloneDX 1.6)."""
    click.echo(json.dumps(build_bom(LOCK.read_text(encoding="utf-8")), indent=1))


def build_bom(lock: str) -> dict[str, object]:
    """The list for a lock file's text. Each hash is that of one file of the component."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "clickhouse-compute-portal",
                "version": VERSION,
            }
        },
        "components": [
            _component(match)
            for line in lock.replace("\\\n", " ").splitlines()
            if (match := _PIN.match(line.strip()))
        ],
    }


def _component(pin: re.Match[str]) -> dict[str, object]:
    name = re.sub(r"[-_.]+", "-", pin["name"]).lower()
    return {
        "type": "library",
        "name": name,
        "version": pin["version"],
        "purl": f"pkg:pypi/{name}@{pin['version']}",
        "hashes": [
            {"alg": "SHA-256", "content": content} for content in _HASH.findall(pin["rest"])
        ],
    }


if __name__ == "__main__":
    bom()
