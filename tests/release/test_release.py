"""Whether this commit can be released: run by `make release-check` when somebody means to."""

import subprocess

import pytest

from app import VERSION
from tests.release.changelog import UNRELEASED, read_changelog
from tests.support.portal import ROOT
from tests.support.requirements import require_program

MIGRATIONS = ROOT / "app/store/database/migrations/versions"

pytestmark = pytest.mark.release


def test_what_has_changed_since_the_last_release_stands_under_this_version() -> None:
    first, second, *_ = read_changelog()
    assert (first.name, first.entries) == (UNRELEASED, []), "move the entries under the new version"
    assert (second.name, second.day is not None) == (VERSION, True), "name the version and its day"


def test_the_newest_release_names_the_last_migration() -> None:
    released = next(section for section in read_changelog() if section.name != UNRELEASED)
    last = max(path.name[:4] for path in MIGRATIONS.glob("[0-9]*.py"))
    assert released.tables == last


def test_everything_is_committed() -> None:
    git = require_program("git", install="apt-get install git")
    command = [git, "status", "--porcelain"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout == b""
