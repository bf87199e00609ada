"""A project's folder of its own for each test."""

from pathlib import Path

import pytest

from tests.unit.settings.helpers import make_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a list of groups and without configs/.env."""
    return make_root(tmp_path)
