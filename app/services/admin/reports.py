"""What the administrator looks at, together."""

from dataclasses import dataclass

from app.services.admin.access_report import AccessReport
from app.services.admin.key_health import KeyHealth
from app.services.admin.overview import Overviews


@dataclass(frozen=True)
class AdminReports:
    """None of them changes anything."""

    access: AccessReport
    overviews: Overviews
    key: KeyHealth
