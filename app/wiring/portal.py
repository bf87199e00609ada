"""The one place that puts the use cases together over their adapters."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.cloud.activity_log import ActivityLog
from app.services.activity.history import History
from app.services.activity.service import ActivityReports
from app.services.audit.anchors import Anchors
from app.services.audit.log import AuditLog
from app.services.audit.search import AuditSearch
from app.services.changes.confirmation import ConfirmationRules
from app.services.load.reports import LoadReports
from app.services.monitoring.lifecycle import Lifecycle
from app.services.monitoring.readiness import Readiness
from app.services.pages.changes import ChangePages
from app.services.pages.groups import GroupPages
from app.services.pages.overview import OverviewPages
from app.services.portal import Portal
from app.settings import Settings
from app.store.activity import ActivityStore
from app.wiring.admin import build_admin_reports
from app.wiring.changes import ChangeUses, build_changes
from app.wiring.core import Core, build_core, now
from app.wiring.load import build_reports, build_sampler
from app.wiring.monitoring import build_anchors, build_housekeeping, build_metrics_report
from app.wiring.shared import Shared, build_shared
from app.wiring.sign_in import SignInUses, build_administration, build_sign_in
from app.wiring.spend import build_estimator, build_reader, build_spend_reports


def build_portal(settings: Settings) -> Portal:
    """The use cases over their adapters."""
    core = build_core(settings)
    shared = build_shared(core)
    people, anchors = build_sign_in(settings, core, shared), build_anchors(settings, core)
    confirmations = ConfirmationRules(core.policy, core.snapshot, people.reauthenticator)
    made = build_changes(core, shared, confirmations, people.token_verifier.check_again)
    load = build_reports(core, shared)
    return _assemble(settings, Parts(core, shared, people, anchors, confirmations, made, load))


@dataclass(frozen=True)
class Parts:
    """What the use cases are put together from."""

    core: Core
    shared: Shared
    people: SignInUses
    anchors: Anchors
    confirmations: ConfirmationRules
    made: ChangeUses
    load: LoadReports


def _assemble(settings: Settings, parts: Parts) -> Portal:
    core, shared, people, made = parts.core, parts.shared, parts.people, parts.made
    anchors, load, log = parts.anchors, parts.load, ActivityLog(core.client, core.readings)
    return Portal(
        lifecycle=Lifecycle(core.engine, core.audit, anchors, core.processes),
        sign_in=people.sign_in,
        callers=people.callers,
        account=people.account,
        tokens=people.tokens,
        company=people.company,
        proxy=people.proxy,
        groups=shared.groups,
        editions=shared.editions,
        group_pages=_build_group_pages(shared, made, log),
        overview_pages=_build_overview(shared, made, load),
        activity=_build_activity(settings, core, log),
        change_pages=_build_change_pages(core, shared, parts.confirmations, made),
        scaling=made.scaling,
        state_commands=made.state_commands,
        applier=made.applier,
        idempotent=made.idempotent,
        boosts=made.boosts,
        schedules=made.planned.schedules,
        schedule_editing=made.planned.editing,
        schedule_engine=made.planned.engine,
        cloud_schedules=made.planned.in_cloud,
        manual_holds=made.planned.holds,
        ledger=shared.ledger,
        freeze=shared.freeze,
        audit_log=AuditLog(core.audit, anchors),
        audit_search=AuditSearch(core.audit, shared.access, ZoneInfo(settings.time_zone)),
        administration=build_administration(core),
        admin_reports=build_admin_reports(settings, core),
        metrics=build_metrics_report(core, shared.freeze, shared.budgets),
        readiness=Readiness(core.changes, core.snapshot, anchors, core.processes, core.policy, now),
        reconciler=shared.ledger.reconciler,
        housekeeping=build_housekeeping(core, anchors),
        processes=core.processes,
        load=load,
        load_sampler=build_sampler(settings, core),
        spend=build_spend_reports(core, shared.groups),
        budgets=shared.budgets,
        spend_reader=build_reader(settings, core),
        spend_estimator=build_estimator(core),
    )


def _build_activity(settings: Settings, core: Core, log: ActivityLog) -> ActivityReports:
    zone = ZoneInfo(settings.time_zone)
    return ActivityReports(core.policy, ActivityStore(core.engine), log, now, zone)


def _build_group_pages(shared: Shared, made: ChangeUses, log: ActivityLog) -> GroupPages:
    planned = made.planned.schedules
    return GroupPages(
        shared.groups, shared.ledger, History(log), shared.actions, made.boosts, planned, now
    )


def _build_overview(shared: Shared, made: ChangeUses, load: LoadReports) -> OverviewPages:
    return OverviewPages(
        shared.groups, shared.ledger, shared.actions, made.boosts, load, shared.favourites
    )


def _build_change_pages(
    core: Core, shared: Shared, confirmations: ConfirmationRules, made: ChangeUses
) -> ChangePages:
    return ChangePages(
        shared.groups,
        shared.ledger,
        shared.actions,
        confirmations,
        core.boosts,
        made.planned.holds,
        shared.editions,
        now,
    )
