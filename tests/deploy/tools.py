"""Tools of a virtual environment of their own, which the portal and its tests have no other use
for: Helm's own library, schemas of Kubernetes, and a reader of compose files."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.portal import ROOT
from tests.support.requirements import miss_program

FOLDER = "DEPLOY_TOOLS"


def ask_tool(script: str, given: object) -> Any:  # noqa: ANN401 - whatever JSON the script prints
    """Run a script of tests/deploy/scripts with JSON as its input; what it prints, read as JSON."""
    python = ROOT / os.environ.get(FOLDER, ".venv/deploy") / "bin/python"
    if not python.exists():
        miss_program("set of tools for charts", install="make deploy-check")
    path = Path(__file__).parent / "scripts" / script
    done = subprocess.run(
        [str(python), str(path)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
