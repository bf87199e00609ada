"""The trail of the portal that the tests share."""

from collections.abc import Iterator

import pytest

from tests.support.audit_log import TrailReader
from tests.support.portal import PortalProcess


@pytest.fixture
def trail(portal: PortalProcess) -> TrailReader:
    """What is written from here on."""
    return TrailReader(portal)


@pytest.fixture
def shut_trail(trail: TrailReader) -> Iterator[TrailReader]:
    """To be shut by the test, and opened again after it."""
    yield trail
    if trail.portal.execute("SELECT name FROM sqlite_master WHERE name = 'shut'"):
        trail.open()
