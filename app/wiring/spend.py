"""The use cases of what groups cost over their adapters."""

from app.services.groups.service import Groups
from app.services.spend.estimator import SpendEstimator
from app.services.spend.reader import SpendReader
from app.services.spend.reports import SpendReports
from app.settings import Settings
from app.wiring.core import Core, now


def build_reader(settings: Settings, core: Core) -> SpendReader | None:
    """What reads Cloud's report; None where the settings say that nothing does."""
    return SpendReader(core.client, core.spend, now) if settings.are_costs_read else None


def build_estimator(core: Core) -> SpendEstimator:
    """What makes the portal's own figures."""
    return SpendEstimator(core.policy, core.load, core.changes, core.spend, now)


def build_spend_reports(core: Core, groups: Groups) -> SpendReports:
    """What shows it."""
    return SpendReports(groups, core.spend, now)
