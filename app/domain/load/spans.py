"""How far back a chart of load reaches, and how long each of its steps is."""

from enum import StrEnum

from app.domain.load.buckets import DAY_SECONDS

QUARTER_SECONDS = 900
HOUR_SECONDS = 3600


class Span(StrEnum):
    """A day, a week, or the month that is kept."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def seconds(self) -> int:
        """How far back it reaches."""
        return {"day": 1, "week": 7, "month": 30}[self.value] * DAY_SECONDS

    @property
    def step_seconds(self) -> int:
        """The length of one step: some hundred make a chart, and a table that can be read."""
        steps = {"day": QUARTER_SECONDS, "week": HOUR_SECONDS, "month": 4 * HOUR_SECONDS}
        return steps[self.value]
