"""Addresses and bodies that several tests use."""

from tests.support.sandbox import RunningSandbox

PRIMARY = "Analytics primary"
REPORTING = "Analytics reporting"
AD_HOC = "Analytics ad hoc"
ARCHIVE = "Analytics archive"
MONTH_END = "Analytics month end"
CAMPAIGNS = "Marketing campaigns"
ANALYTICS = (PRIMARY, REPORTING, AD_HOC, ARCHIVE, MONTH_END)
NOWHERE_ID = "0c000000-0000-4000-8000-000000000099"

LARGER = {"min_memory_gb": 16, "max_memory_gb": 32}
"""Another size for Analytics reporting, which has 8 to 16 GB."""
LARGER_PATCH = {"minReplicaMemoryGb": 16, "maxReplicaMemoryGb": 32}
AS_IT_IS = {"min_memory_gb": 8, "max_memory_gb": 16, "num_replicas": 1}


def group_path(sandbox: RunningSandbox, group: str = REPORTING, part: str = "") -> str:
    """The address of a group, or of a part of it ("changes", "state")."""
    path = f"/api/v1/groups/{sandbox.service_id(group)}"
    return f"{path}/{part}" if part else path
