"""Schedules of a portal that many tests share."""

from tests.support.portal import PortalProcess

TABLES = (
    "schedules",
    "schedule_versions",
    "schedule_skips",
    "schedule_edges",
    "schedule_command_edges",
    "schedule_handovers",
)


def forget_schedules(portal: PortalProcess) -> None:
    """As if no group ever had one: versions of a schedule outlive its removal."""
    for table in TABLES:
        portal.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
