"""One sandbox for all these tests, with its clock held still, put back before each of them."""

from collections.abc import Iterator

import pytest

from app.sandbox.server import Sandbox
from tests.unit.sandbox.client import Client


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    """A sandbox on free ports whose clock moves only when told to."""
    with Sandbox.start(port=0, speed=0) as sandbox:
        yield sandbox


@pytest.fixture
def client(running: Sandbox) -> Client:
    """A client of the sandbox as it is at the beginning, without the request limit."""
    running.reset()
    running._control.settings.change({"rate_limit": None})
    return Client(running)
