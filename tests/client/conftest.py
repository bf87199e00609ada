"""The command with a token of Alice's, for all groups of Analytics."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from tests.api.paths import ANALYTICS
from tests.architecture.tree import ROOT
from tests.conftest import SignIn
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.tokens import make_token

SCHEMA = json.loads((ROOT / "app/client/output.schema.json").read_text())
PERMISSIONS = ("view", "wake", "boost", "scale", "power", "schedule")
PROGRAM = [sys.executable, "-m", "app.client"]
TIMEOUT_SECONDS = 90


@dataclass(frozen=True)
class Told:
    """What the command printed."""

    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Its JSON, which must be as the published schema says."""
        return check(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error that it printed as JSON."""
        told: dict[str, Any] = check(self.err)["error"]
        return told


def check(text: str) -> dict[str, Any]:
    """The object of a text that the schema describes."""
    value: dict[str, Any] = json.loads(text)
    Draft202012Validator(SCHEMA).validate(value)
    return value


@dataclass(frozen=True)
class Cgp:
    """The command, with a portal and a token in its environment."""

    environ: dict[str, str]

    def __call__(self, *words: str, code: int = 0, **environ: str) -> Told:
        """Run it; it must end with this code."""
        done = subprocess.run(
            [*PROGRAM, *words],
            env=self.environ | environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        assert self.environ["CGP_TOKEN"] not in done.stdout + done.stderr
        return Told(done.stdout, done.stderr)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The same, going on beside the test."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*PROGRAM, *words],
            env=self.environ,
            cwd=ROOT,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )


def cgp_of(portal: PortalProcess, browser: Browser, home: Path, **fields: str) -> Cgp:
    """The command with a new token of the person in the browser."""
    ids = [portal.sandbox.service_id(name) for name in ANALYTICS]
    secret = make_token(browser, "alice", ids, PERMISSIONS, **fields)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return Cgp(kept | {"HOME": str(home), "CGP_URL": portal.url, "CGP_TOKEN": secret})


@pytest.fixture
def cgp(portal: PortalProcess, sign_in: SignIn, tmp_path: Path) -> Cgp:
    """With a token that may do what asks for the password too."""
    for table in ("tokens", "idempotency_keys"):
        portal.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    return cgp_of(portal, sign_in("alice"), tmp_path, may_confirm="y")
