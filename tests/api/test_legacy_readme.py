"""Every command of the original service's README, as it stands there, gets the answer it shows.

The README is not part of this project: ORIGINAL_README names it, or it lies beside the project.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api.legacy_shapes import same_shape
from tests.api.paths import REPORTING
from tests.support.portal import ROOT, PortalProcess
from tests.support.sandbox import RunningSandbox

README = Path(
    os.environ.get("ORIGINAL_README", ROOT.parent / "shared/reference/original-service.md")
)
CURL_SECONDS = 30
COMMAND_THEN_ANSWER = re.compile(r"```bash\n(curl .*?)\n```.*?```json\n(.*?)\n```", re.DOTALL)

needs_readme = pytest.mark.skipif(
    not README.is_file(), reason="needs the original's README (set ORIGINAL_README)"
)


def examples() -> list[tuple[str, Any]]:
    """Each command of the README with the answer below it."""
    text = README.read_text(encoding="utf-8") if README.is_file() else ""
    found = COMMAND_THEN_ANSWER.findall(text)
    return [(command, json.loads(answer)) for command, answer in found]


def run(command: str, portal: PortalProcess) -> Any:  # noqa: ANN401 - JSON
    """Paste a command into a shell, with ids and address of the sandbox and the portal."""
    alice = portal.sandbox.person("alice")
    for placeholder, value in {
        "your-service-id": portal.sandbox.service_id(REPORTING),
        "service-username": alice.name,
        "service-password": alice.password,
        "localhost:8000": f"localhost:{portal.port}",
    }.items():
        assert placeholder in command
        command = command.replace(placeholder, value)
    done = subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        timeout=CURL_SECONDS,
        check=True,
        env={"PATH": os.environ["PATH"], "no_proxy": "*"},
    )
    return json.loads(done.stdout)


@needs_readme
def test_the_readme_has_the_five_commands() -> None:
    paths = [re.search(r"localhost:8000(/[a-z/-]+)", command) for command, _ in examples()]
    assert [match and match[1] for match in paths] == [
        "/scaling",
        "/service/state",
        "/service/config",
        "/service/ip-access-list",
        "/service/details",
    ]


@needs_readme
def test_every_command_gets_the_answer_that_the_readme_shows(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    sandbox.force(REPORTING, iamRole="arn:aws:iam::000000000000:role/XX-Role")
    (scale, updated), (state, running), (config, set_), (ips, entries), (details, all_) = examples()
    assert run(scale, portal) == updated
    assert sandbox.patches() == [
        {"minReplicaMemoryGb": 16, "maxReplicaMemoryGb": 32, "idleTimeoutMinutes": 30}
    ]
    assert run(state, portal) == running
    assert run(config, portal) == set_
    same_shape(run(ips, portal), entries)
    same_shape(run(details, portal), all_)


@needs_readme
def test_the_same_request_again_changes_nothing(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    scale = examples()[0][0]
    run(scale, portal)
    assert run(scale, portal) == {
        "message": "Current service configuration is already set to the requested values."
    }
    assert len(sandbox.patches()) == 1
