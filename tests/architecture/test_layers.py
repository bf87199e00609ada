"""Imports point down."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.tree import APP, ROOT, importers_of

OUTSIDE_THE_LAYERS = {"factory", "wiring", "sandbox", "client"}
"""What wires the layers together, and what shares nothing with them."""

FOR_SOME = {"alembic", "authlib", "cryptography", "joserfc", "psycopg", "holidays"}
"""Libraries that some portals need, or for a moment: migrations, company sign-in, PostgreSQL,
public holidays. They take 20 MB and more in each process."""

LOADED = "import sys, app.factory; print(*{name.partition('.')[0] for name in sys.modules})"

MOST_ROOMS = 14
"""How many rooms of use cases there may be beside each other, so that people find their way."""


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    told = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 0, told.stdout
    assert " 0 broken" in told.stdout


def test_every_room_stands_in_a_layer() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    layers = next(item["layers"] for item in contracts if item["type"] == "layers")
    placed = {name.strip().removeprefix("app.") for layer in layers for name in layer.split("|")}
    rooms = {
        path.stem
        for path in APP.iterdir()
        if path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert rooms - placed == OUTSIDE_THE_LAYERS
    assert placed <= rooms


def test_the_use_cases_have_few_rooms_and_one_module_beside_them() -> None:
    rooms = {path.parent.name for path in (APP / "services").glob("*/__init__.py")}
    modules = {path.stem for path in (APP / "services").glob("*.py")} - {"__init__"}
    assert "changes" in rooms
    assert len(rooms) <= MOST_ROOMS
    assert modules == {"portal"}


def test_only_the_process_and_commands_know_the_factory() -> None:
    assert {
        path for path in importers_of("app.factory") if not path.startswith("app/cli/")
    } == set()


def test_only_the_factory_knows_the_wiring() -> None:
    inside = {path for path in importers_of("app.wiring") if path.startswith("app/wiring/")}
    assert importers_of("app.wiring") - inside == {"app/factory.py"}


def test_a_portal_loads_no_library_that_only_some_need() -> None:
    command = [sys.executable, "-c", LOADED]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    loaded = set(told.stdout.split())
    assert {"app", "sqlalchemy"} <= loaded
    assert not FOR_SOME & loaded
