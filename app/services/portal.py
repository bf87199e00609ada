"""The use cases together, as pages, JSON API and commands get them, and nothing below them."""

from dataclasses import dataclass

from app.services.access.control import ChangeFreeze
from app.services.activity.service import ActivityReports
from app.services.admin.reports import AdminReports
from app.services.admin.service import Administration
from app.services.audit.log import AuditLog
from app.services.audit.search import AuditSearch
from app.services.boosts.service import Boosts
from app.services.changes.apply import ChangeApplier
from app.services.changes.idempotency import IdempotentChanges
from app.services.changes.ledger import Ledger
from app.services.changes.reconcile import Reconciler
from app.services.changes.scaling import ScalingProposals
from app.services.changes.state_commands import StateCommands
from app.services.groups.editions import Editions
from app.services.groups.service import Groups
from app.services.load.reports import LoadReports
from app.services.load.sampler import LoadSampler
from app.services.monitoring.housekeeping import Housekeeping
from app.services.monitoring.lifecycle import Lifecycle
from app.services.monitoring.metrics import MetricsReport
from app.services.monitoring.processes import Processes
from app.services.monitoring.readiness import Readiness
from app.services.pages.changes import ChangePages
from app.services.pages.groups import GroupPages
from app.services.pages.overview import OverviewPages
from app.services.schedules.editing import ScheduleEditing
from app.services.schedules.engine import ScheduleEngine
from app.services.schedules.handing_over import CloudSchedules
from app.services.schedules.holding import ManualHolds
from app.services.schedules.service import Schedules
from app.services.sign_in.account import Account
from app.services.sign_in.api import Callers
from app.services.sign_in.company import CompanySignIn
from app.services.sign_in.proxy import ProxySignIn
from app.services.sign_in.service import SignIn
from app.services.spend.budgets import Budgets
from app.services.spend.estimator import SpendEstimator
from app.services.spend.reader import SpendReader
from app.services.spend.reports import SpendReports
from app.services.tokens.service import Tokens


@dataclass(frozen=True)
class Portal:
    """Everything that people and programs can ask of the portal.

    `load_sampler` is None where the load is not read, `spend_reader` where costs are not.
    """

    lifecycle: Lifecycle
    sign_in: SignIn
    callers: Callers
    account: Account
    tokens: Tokens
    company: CompanySignIn
    proxy: ProxySignIn
    groups: Groups
    group_pages: GroupPages
    overview_pages: OverviewPages
    activity: ActivityReports
    editions: Editions
    change_pages: ChangePages
    scaling: ScalingProposals
    state_commands: StateCommands
    applier: ChangeApplier
    boosts: Boosts
    idempotent: IdempotentChanges
    ledger: Ledger
    schedules: Schedules
    schedule_editing: ScheduleEditing
    schedule_engine: ScheduleEngine
    cloud_schedules: CloudSchedules
    manual_holds: ManualHolds
    freeze: ChangeFreeze
    audit_log: AuditLog
    audit_search: AuditSearch
    administration: Administration
    admin_reports: AdminReports
    metrics: MetricsReport
    readiness: Readiness
    reconciler: Reconciler
    housekeeping: Housekeeping
    processes: Processes
    load: LoadReports
    load_sampler: LoadSampler | None
    spend: SpendReports
    budgets: Budgets
    spend_reader: SpendReader | None
    spend_estimator: SpendEstimator
