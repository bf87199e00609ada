"""A schedule that was given to Cloud: what the portal has written there, and what Cloud shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.access.permissions import Identity
from app.domain.clock import is_ahead
from app.domain.groups.group import Service
from app.domain.schedules.cloud_entries import CloudEntry, are_these, has_entries
from app.domain.schedules.record import ABANDONED


class HandoverState(StrEnum):
    """WRITING, REMOVING: about to be asked of Cloud, or its answer is not known."""

    WRITING = "writing"
    WRITTEN = "written"
    REMOVING = "removing"


class CloudPlan(StrEnum):
    """What Cloud's schedule of a group is to the portal.

    FOREIGN: somebody else's. UNSETTLED: it is not known yet whether Cloud has done what it was
    asked. AS_WRITTEN: what the portal has written there. CHANGED: somebody has changed that since.
    GONE: somebody has removed it.
    """

    NONE = "none"
    FOREIGN = "foreign"
    UNSETTLED = "unsettled"
    AS_WRITTEN = "as_written"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Handover:
    """The entries of one version of a group's schedule, by whom they were given to Cloud, and when
    Cloud was last asked something."""

    service_id: str
    version: int
    entries: tuple[CloudEntry, ...]
    by: Identity
    asked_at: datetime
    state: HandoverState = HandoverState.WRITING

    @property
    def is_settled(self) -> bool:
        """Whether Cloud has answered what it was asked."""
        return self.state is HandoverState.WRITTEN

    def is_abandoned(self, now: datetime) -> bool:
        """Whether no answer can come any more."""
        is_old = now >= self.asked_at + ABANDONED or is_ahead(self.asked_at, now)
        return is_old and not self.is_settled


def compare(handover: Handover | None, service: Service | None) -> CloudPlan:
    """What Cloud shows, read against what was written. Where Cloud cannot be read, nothing is held
    against it."""
    has_any = service is not None and has_entries(service)
    if handover is None:
        return CloudPlan.FOREIGN if has_any else CloudPlan.NONE
    if not handover.is_settled:
        return CloudPlan.UNSETTLED
    if service is None or are_these(service, handover.entries):
        return CloudPlan.AS_WRITTEN
    return CloudPlan.CHANGED if has_any else CloudPlan.GONE
