"""An administrator's order that nothing is changed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Freeze:
    """All changes are off: since when, by whom and why."""

    reason: str
    frozen_by: str
    frozen_at: datetime
