"""Fixtures of the tests of `config …`."""

from collections.abc import Iterator

import pytest

from app.sandbox.server import Sandbox
from tests.unit.cli.helpers import unlimited_sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox for all tests of a file."""
    with unlimited_sandbox() as running:
        yield running
