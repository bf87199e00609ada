"""Fixtures of the tests of `config …`."""

from collections.abc import Iterator

import pytest
import requests

from app.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that may be asked as often as the tests like."""
    with Sandbox.start(port=0) as running:
        settings = f"{running.url}/_sandbox/settings"
        requests.post(settings, json={"rate_limit": None}, timeout=5).raise_for_status()
        yield running
