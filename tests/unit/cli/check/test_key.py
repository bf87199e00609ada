"""What `check-settings` says about the clock."""

from datetime import timedelta

import pytest

from app.cli.check.key import check_clock
from app.cli.check.report import Level
from tests.unit.builders import NOW


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [
        (0, Level.OK, "agrees"),
        (5, Level.OK, "agrees"),
        (-5, Level.OK, "agrees"),
        (6, Level.WARNING, "is 6 s ahead of"),
        (-90, Level.WARNING, "is 90 s behind"),
        (120, Level.FAULT, "taken for somebody else's"),
        (-7200, Level.FAULT, "is 7200 s behind"),
    ],
)
def test_a_clock_is_compared_with_clouds(seconds: int, level: Level, words: str) -> None:
    finding = check_clock(NOW, NOW + timedelta(seconds=seconds))
    assert finding.level is level
    assert words in finding.words
    assert bool(finding.remedy) == (level is not Level.OK)


def test_a_cloud_that_does_not_tell_the_time_is_a_warning() -> None:
    assert check_clock(None, NOW).level is Level.WARNING
