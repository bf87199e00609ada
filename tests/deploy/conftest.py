"""Everything here runs with `make deploy-check`, which installs what it needs besides."""

from pathlib import Path

import pytest

from tests.support.portal import ROOT

HERE = Path(__file__).parent
DEPLOY = ROOT / "deploy"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them all."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.deploy)
