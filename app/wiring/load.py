"""The use cases of the load of groups over their adapters."""

from app.services.groups.service import Groups
from app.services.load.reports import LoadReports
from app.services.load.sampler import LoadSampler
from app.settings import Settings
from app.store.schedules.records import ScheduleStore
from app.wiring.core import Core, now


def build_sampler(settings: Settings, core: Core) -> LoadSampler | None:
    """What reads the load; None where the settings say that nothing does."""
    if not settings.is_load_read:
        return None
    return LoadSampler(core.policy, core.client, core.snapshot, core.load, now)


def build_reports(core: Core, groups: Groups) -> LoadReports:
    """What shows it."""
    schedules = ScheduleStore(core.engine)
    return LoadReports(groups, core.load, core.changes, core.boosts, schedules, now)
