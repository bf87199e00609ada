"""The version after this one, as far as going back from it is concerned: a copy of the project with
another number and, if wanted, one more migration."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from app import VERSION
from tests.support.portal import ROOT, PortalProcess
from tests.support.waiting import wait_until

NEXT = "99.0.0"
PARTS = ("app", "static", "templates", "pyproject.toml", "wsgi.py")
MIGRATIONS = "app/store/database/migrations/versions"
MIGRATION = '''"""A table and a column that no older version knows."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = "{last:04}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both."""
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("sessions", sa.Column("later", sa.String(8)))
'''


def make_next_version(folder: Path, *, with_migration: bool) -> Path:
    """The project's folder of it."""
    for name in PARTS:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    (folder / "configs").mkdir()
    shutil.copy(ROOT / "configs/gunicorn.py", folder / "configs")
    project = folder / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace(f'version = "{VERSION}"', f'version = "{NEXT}"', 1))
    if with_migration:
        names = [path.name for path in (folder / MIGRATIONS).glob("[0-9]*.py")]
        last = max(int(match[0]) for name in names if (match := re.match(r"\d+", name)))
        text = MIGRATION.format(number=last + 1, last=last)
        (folder / MIGRATIONS / f"{last + 1:04}_later.py").write_text(text, encoding="utf-8")
    return folder


@contextmanager
def running_version(folder: Path, portal: PortalProcess) -> Iterator[str]:
    """It serves in the place of a portal that has stopped; its address."""
    command = [sys.executable, "-m", "gunicorn", "-c", "configs/gunicorn.py", "wsgi:app"]
    with (folder / "portal.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=portal._environ(), stdout=log, stderr=log
        )
    try:
        wait_until(lambda: _is_serving(portal, process, folder), seconds=60)
        yield portal.url
    finally:
        process.terminate()
        process.wait(30)


def _is_serving(portal: PortalProcess, process: "subprocess.Popen[bytes]", folder: Path) -> bool:
    assert process.poll() is None, (folder / "portal.log").read_text(encoding="utf-8")
    try:
        return requests.get(f"{portal.url}/healthz", timeout=20).ok
    except requests.RequestException:
        return False
