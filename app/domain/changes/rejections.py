"""Reading Cloud's reason for refusing a change: which of our fields it speaks of.

Cloud writes for instance `BAD_REQUEST: request body.numReplicas: Number of replicas must be …`.
"""

import re

from app.domain.changes.change import Change, ChangeState
from app.errors import Problem

NAMED_FIELD = re.compile(r"\bbody\.(\w+)", re.ASCII)

REQUEST_FIELDS = {
    "minReplicaMemoryGb": "min_memory_gb",
    "maxReplicaMemoryGb": "max_memory_gb",
    "numReplicas": "num_replicas",
    "minReplicas": "min_replicas",
    "maxReplicas": "max_replicas",
    "idleScaling": "idle_scaling",
    "idleTimeoutMinutes": "idle_timeout_minutes",
}
"""Cloud's field name -> the field of a request."""


def rejection_of(change: Change) -> Problem | None:
    """Cloud's refusal of a change, beside the field it names; None if it was not refused."""
    if change.state is not ChangeState.REJECTED:
        return None
    named = NAMED_FIELD.search(change.settled_note)
    field = REQUEST_FIELDS.get(named[1], "") if named else ""
    words = f"ClickHouse Cloud rejected this: {change.settled_note}"
    if change.cloud_request_id:
        words += f" (its request id: {change.cloud_request_id})"
    return Problem(field, "rejected_by_cloud", words)
