"""The use cases of the load of groups over their adapters."""

from app.services.load.reports import LoadReports
from app.services.load.sampler import LoadSampler
from app.settings import Settings
from app.store.schedules.records import ScheduleStore
from app.wiring.core import Core, now
from app.wiring.shared import Shared


def build_sampler(settings: Settings, core: Core) -> LoadSampler | None:
    """What reads the load; None where the settings say that nothing does."""
    if not settings.is_load_read:
        return None
    return LoadSampler(core.policy, core.client, core.snapshot, core.load, now)


def build_reports(core: Core, shared: Shared) -> LoadReports:
    """What shows it."""
    schedules = ScheduleStore(core.engine)
    return LoadReports(
        shared.groups, core.load, core.changes, core.boosts, schedules, shared.rules, now
    )
