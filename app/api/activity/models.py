"""What the activity is for programs."""

from datetime import datetime
from typing import Literal

from app.api.models import Answer
from app.domain.activity.entries import ActivityOutcome


class ActivityEntryAnswer(Answer):
    """One thing that happened to a group.

    `kind`: a change of this portal, a request that its rules refused, or what was done outside of
    it. `reference` names the change where the caller may open it. `rules` are the codes of what
    refused a request. `user` is null for what was done outside the portal.
    """

    kind: Literal["change", "refusal", "outside"]
    at: datetime
    service_id: str
    group: str
    user: str | None
    action: str
    outcome: ActivityOutcome
    reference: str | None
    reason: str
    note: str
    rules: list[str]


class ActivityAnswer(Answer):
    """The latest entries, newest first. `older` is what `before` takes for those before them; null
    where there are none. `cloud_fault` says why what was done outside the portal may be missing."""

    entries: list[ActivityEntryAnswer]
    older: str | None
    cloud_fault: str | None
