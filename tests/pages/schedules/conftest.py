"""The schedule that the tests of its pages work on."""

from collections.abc import Iterator

import pytest

from tests.pages.people import group_path
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def path(portal: PortalProcess, sandbox: RunningSandbox) -> Iterator[str]:
    """The page of the schedule of Analytics reporting, which has none before and after."""
    yield group_path(sandbox, part="schedule")
    portal.execute("DELETE FROM schedules")
    portal.execute("DELETE FROM schedule_versions")
    portal.execute("DELETE FROM schedule_skips")
    portal.execute("DELETE FROM schedule_handovers")
