"""Everything wired, over a clock that stands still."""

import pytest
from sqlalchemy import Engine

from tests.unit.services.fakes import Clock
from tests.unit.services.world import World


@pytest.fixture
def clock() -> Clock:
    """The time of everything."""
    return Clock()


@pytest.fixture
def world(engine: Engine, clock: Clock) -> World:
    """Everything wired, over a fake Cloud."""
    return World(engine, clock)
