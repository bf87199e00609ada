"""Fixtures of the settings' tests."""

from pathlib import Path

import pytest

from tests.unit.settings.helpers import make_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project's folder with an org_config.yaml and without configs/.env, for one test."""
    return make_root(tmp_path)
