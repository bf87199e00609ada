"""What the administrator looks at, over the adapters."""

from app.services.admin.access_report import AccessReport
from app.services.admin.key_health import KeyHealth
from app.services.admin.overview import Overviews
from app.services.admin.reports import AdminReports
from app.settings import Settings
from app.wiring.core import Core, now


def build_admin_reports(settings: Settings, core: Core) -> AdminReports:
    """Access, overview and the health of the key."""
    return AdminReports(
        access=AccessReport(core.policy, core.sessions, now),
        overviews=_build_overviews(core),
        key=KeyHealth(core.policy, core.client, core.snapshot, settings.cloud.key_id, now),
    )


def _build_overviews(core: Core) -> Overviews:
    return Overviews(
        policy=core.policy,
        snapshot=core.snapshot,
        budget=core.budget,
        changes=core.changes,
        processes=core.processes,
        sessions=core.sessions,
        now=now,
    )
