"""Schemathesis reads the API's document and looks for answers that the document does not have.

With all its checks, against a running portal over a sandbox: together 2,000 cases or more, made
up from the document by its rules and against them, one by one and in sequences.
"""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.api.docs.openapi import build_document
from tests.support.portal import UNTHROTTLED, PortalProcess, running_portal
from tests.support.sandbox import RunningSandbox

PROGRAM = Path(sys.executable).with_name("schemathesis")
LIMIT_SECONDS = 220  # half a minute where nothing else runs
SEED = 20261122

CONFIG = """
[checks.positive_data_acceptance]
# Beyond its own: valid by the document, and against the rules of the one group (422).
expected-statuses = ["2xx", 401, 403, 404, 409, 422]
[checks.negative_data_rejection]
# Beyond its own: made-up parameters may make the address too long (414).
expected-statuses = [400, 401, 403, 404, 405, 409, 414, 415, 422]
"""


@pytest.fixture(scope="module")
def tried_portal(
    worker_sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalProcess]:
    """A portal for Schemathesis alone."""
    worker_sandbox.reset()
    with running_portal(
        tmp_path_factory.mktemp("tried"), worker_sandbox, entry=UNTHROTTLED
    ) as portal:
        yield portal


def narrowed(sandbox: RunningSandbox) -> dict[str, Any]:
    """The document, knowing which services and warehouses there are: made-up ones are all alike."""
    document = copy.deepcopy(build_document())
    known = {
        "service_id": [item["id"] for item in sandbox.world["services"]],
        "group": [item["id"] for item in sandbox.world["services"]],
        "warehouse": ["analytics", "marketing"],
    }
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                if parameter["name"] in known:
                    parameter["schema"]["enum"] = known[parameter["name"]]
    body = document["components"]["schemas"]["LegacyScalingBody"]["properties"]
    body["service_id"]["enum"] = known["service_id"]
    return document


def run(portal: PortalProcess, folder: Path, phases: str, examples: int, *more: str) -> str:
    """What Schemathesis says, as Alice."""
    (folder / "document.json").write_text(json.dumps(narrowed(portal.sandbox)), encoding="utf-8")
    (folder / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    alice = portal.sandbox.person("alice")
    command = [
        *(str(PROGRAM), "--config-file", "schemathesis.toml"),
        *("run", "document.json", "--url", portal.url, "--auth", f"alice:{alice.password}"),
        *("--checks", "all", "--phases", phases, "--max-examples", str(examples)),
        *("--seed", str(SEED), "--generation-database", "none", "--no-color", "--no-shrink"),
        # Alice's name and password are always sent; the check `ignored_auth` sends others.
        *("--generation-with-security-parameters", "false", "--suppress-health-check", "all"),
        *more,
    ]
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert result.returncode == 0, f"{result.stdout[-6000:]}\n{result.stderr[-2000:]}"
    return str(result.stdout)


@pytest.mark.fuzz
@pytest.mark.timeout(LIMIT_SECONDS + 20)
@pytest.mark.parametrize(
    ("phases", "examples", "least"), [("coverage,fuzzing", 130, 1800), ("stateful", 100, 200)]
)
def test_every_answer_is_one_that_the_document_has(
    tried_portal: PortalProcess, tmp_path: Path, phases: str, examples: int, least: int
) -> None:
    said = run(tried_portal, tmp_path, phases, examples)
    found = re.search(r"(\d+) generated, (\d+) passed", said)
    assert found, said
    assert found[1] == found[2]
    assert int(found[1]) >= least, said
    assert "Traceback" not in tried_portal.read_log()


def test_a_document_that_promises_something_else_is_found_out(
    tried_portal: PortalProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = build_document()
    spoilt["components"]["schemas"]["LegacyStateAnswer"]["properties"]["state"]["type"] = "integer"
    monkeypatch.setitem(globals(), "build_document", lambda: spoilt)
    with pytest.raises(AssertionError, match="Response violates schema"):
        run(tried_portal, tmp_path, "coverage", 1, "--include-path", "/service/state")
