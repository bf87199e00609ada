"""A schedule as the records hold it: its versions, what people ordered besides, what it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.domain.access.permissions import Identity
from app.domain.clock import is_ahead
from app.domain.retries import pause_after
from app.domain.schedules.exceptions import Exceptions
from app.domain.schedules.parsing import parse_schedule
from app.domain.schedules.schedule import Schedule

CLOUD_CODES = "cloud_"
"""How the codes of Cloud's errors begin: these are tried again every minute, since what is in the
way there passes, and while Cloud is not asked at all that costs no request."""

ABANDONED = timedelta(minutes=3)
"""A claim without an outcome is of a process that died: longer than any call can take."""


@dataclass(frozen=True)
class ScheduleVersion:
    """One version as somebody saved it, whose right to do so was judged then.

    `settings` is what `parse_schedule` reads.
    """

    number: int
    settings: Mapping[str, Any]
    author: Identity
    reason: str
    saved_at: datetime

    @cached_property
    def schedule(self) -> Schedule:
        """The plan. Raises BrokenRules where what was saved is no plan any more, such as after a
        zone was taken out of tzdata."""
        return parse_schedule(self.settings)


@dataclass(frozen=True)
class ScheduleRecord:
    """The schedule in force of one group. `latest` is the highest number of a version."""

    service_id: str
    version: ScheduleVersion
    exceptions: Exceptions
    latest: int


class EdgeState(StrEnum):
    """Where the change of one due instant stands.

    ACTED: sent, or found as planned; whatever the size is after that, somebody chose it.
    """

    CLAIMED = "claimed"
    ACTED = "acted"
    FAILED = "failed"


@dataclass(frozen=True)
class EdgeKey:
    """A due instant of one version of a group's schedule: the database keeps one row for each."""

    service_id: str
    version: int
    due_at: datetime


@dataclass(frozen=True)
class Edge:
    """What became of a due instant. `reference` is the change's; `error` the code of a refusal."""

    key: EdgeKey
    state: EdgeState
    attempts: int
    claimed_at: datetime
    reference: str = ""
    error: str = ""

    @property
    def next_try_at(self) -> datetime:
        """When a failed one is tried again."""
        is_of_cloud = self.error.startswith(CLOUD_CODES)
        return self.claimed_at + pause_after(1 if is_of_cloud else self.attempts)

    def may_try(self, now: datetime) -> bool:
        """Whether it is time to try (again). A clock that was set back delays nothing."""
        if self.state is EdgeState.ACTED:
            return False
        is_failed = self.state is EdgeState.FAILED
        at = self.next_try_at if is_failed else self.claimed_at + ABANDONED
        return now >= at or is_ahead(self.claimed_at, now)
