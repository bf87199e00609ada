"""The schedule that the tests of its pages work on."""

from collections.abc import Iterator

import pytest

from tests.pages.people import group_path
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.schedules import forget_schedules


@pytest.fixture
def path(portal: PortalProcess, sandbox: RunningSandbox) -> Iterator[str]:
    """The page of the schedule of Analytics reporting, which has none before and after."""
    yield group_path(sandbox, part="schedule")
    forget_schedules(portal)
