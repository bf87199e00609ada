"""No test here reaches a network by accident."""

from collections.abc import Iterator

import pytest
import responses


@pytest.fixture
def mocked() -> Iterator[responses.RequestsMock]:
    """A network in which only what a test registers exists, and all of that is used."""
    with responses.RequestsMock() as network:
        yield network
