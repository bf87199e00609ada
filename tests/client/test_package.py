"""The command is installed alone: it leans on click and requests; its manual is its help."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from app.client.manual import build_manual
from tests.architecture.tree import ROOT

FOLDER = ROOT / "app" / "client"
LOADED = (
    "import sys, cgp.main, cgp.manual; "
    "print([name for name in sys.modules if name.split('.')[0] in {'app', 'flask', 'pydantic'}])"
)


def test_it_needs_click_and_requests_and_nothing_else() -> None:
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    names = {item.partition(">")[0] for item in project["dependencies"]}
    assert names == {"click", "requests"}
    assert project["scripts"] == {"cgp": "cgp.main:run_command"}


def test_under_its_own_name_it_loads_nothing_of_the_portal(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "cgp")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {LOADED}"
    told = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


def test_it_starts_with_a_click_whose_types_take_none_in_brackets() -> None:
    """As before click 8.4: the package wants 8.1."""
    code = "import click; click.ParamType.__class_getitem__ = None; import app.client.main"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_manual_page_is_what_the_help_says() -> None:
    assert (FOLDER / "cgp.1").read_text() == build_manual(), "run: make manual"
