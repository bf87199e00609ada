"""The one place that puts the use cases together over their adapters."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.clickhouse.login import ClickHouseLogin
from app.cloud.activity_log import ActivityLog
from app.concurrency import KeyedLock
from app.domain.audit.anchor import AnchorSigner
from app.services.access.control import Access, ChangeFreeze
from app.services.admin.key_health import KeyHealth
from app.services.admin.service import Administration
from app.services.audit.anchors import Anchors
from app.services.audit.log import AuditLog
from app.services.audit.recorder import AuditRecorder
from app.services.audit.search import AuditSearch
from app.services.boosts.service import Boosts
from app.services.changes.apply import ChangeApplier
from app.services.changes.boost_rules import BoostRules
from app.services.changes.confirmation import ConfirmationRules
from app.services.changes.events import ChangeEvents
from app.services.changes.idempotency import IdempotentChanges
from app.services.changes.ledger import Ledger
from app.services.changes.preconditions import Preconditions
from app.services.changes.reconcile import Reconciler
from app.services.changes.rules import ScalingRules
from app.services.changes.scaling import ScalingProposals
from app.services.changes.sending import ChangeSender
from app.services.changes.state_commands import StateCommands
from app.services.groups.editions import Editions
from app.services.groups.history import History
from app.services.groups.service import Groups
from app.services.monitoring.housekeeping import Housekeeping
from app.services.monitoring.lifecycle import Lifecycle
from app.services.monitoring.metrics import MetricsReport
from app.services.monitoring.readiness import Readiness
from app.services.pages.actions import GroupActions
from app.services.pages.changes import ChangePages
from app.services.pages.groups import GroupPages
from app.services.portal import Portal
from app.services.sign_in.account import Account
from app.services.sign_in.api import Callers
from app.services.sign_in.reauthentication import Reauthenticator
from app.services.sign_in.service import SignIn
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.services.sign_in.verifiers.clickhouse import ClickHouseVerifier
from app.services.sign_in.verifiers.endpoints import VerificationEndpoints
from app.services.sign_in.verifiers.local_user import LocalUserVerifier
from app.services.sign_in.verifiers.verification import choose_verifier
from app.services.sign_in.verifiers.waking import WakeRules
from app.settings import Settings
from app.store.anchor_file import AnchorFile
from app.store.idempotency import IdempotencyStore
from app.store.known_addresses import KnownAddressStore
from app.wiring.boosts import build_boosts
from app.wiring.core import Core, build_core, now
from app.wiring.load import build_reports, build_sampler


def build_portal(settings: Settings) -> Portal:
    """The use cases over their adapters."""
    core = build_core(settings)
    policy, changes = core.policy, core.changes
    client, snapshot, audit = core.client, core.snapshot, core.audit
    freeze = ChangeFreeze(policy, core.freezes, core.state)
    access = Access(policy, freeze, audit)
    groups, events = Groups(policy, access, freeze, snapshot, now), ChangeEvents(audit, policy)
    reconciler = Reconciler(snapshot, changes, events, now)
    ledger = Ledger(access, changes, reconciler)
    sign_in = _build_sign_in(core, freeze)
    reauthenticator = _build_reauthenticator(settings, core, sign_in)
    confirmations = ConfirmationRules(policy, reauthenticator)
    actions = GroupActions(freeze, now)
    editions = Editions(policy, access, snapshot, core.state, now)
    made = _build_changes(core, access, ledger, events, confirmations)
    keys, history = IdempotencyStore(core.engine), History(ActivityLog(client, core.readings))
    anchors = _build_anchors(settings, audit)
    return Portal(
        lifecycle=Lifecycle(core.engine, audit, anchors, core.processes),
        sign_in=sign_in,
        callers=_build_callers(core, access, sign_in),
        account=Account(policy, reauthenticator, core.sessions, core.credential_cache, audit, now),
        groups=groups,
        editions=editions,
        group_pages=GroupPages(groups, ledger, history, actions, made.boosts, now),
        change_pages=ChangePages(
            groups, ledger, actions, confirmations, core.boosts, editions, now
        ),
        scaling=made.scaling,
        state_commands=made.state_commands,
        applier=made.applier,
        boosts=made.boosts,
        idempotent=_build_idempotent(made, ledger, keys, events),
        ledger=ledger,
        freeze=freeze,
        audit_log=AuditLog(audit, anchors),
        audit_search=AuditSearch(audit, access, ZoneInfo(settings.time_zone)),
        administration=_build_administration(core),
        key_health=KeyHealth(policy, client, snapshot, settings.cloud.key_id, now),
        metrics=_build_metrics_report(core, freeze),
        readiness=Readiness(changes, snapshot, anchors, core.processes, policy, now),
        reconciler=reconciler,
        housekeeping=_build_housekeeping(core, keys, anchors),
        processes=core.processes,
        load=build_reports(core, groups),
        load_sampler=build_sampler(settings, core),
    )


class _Changes(NamedTuple):
    """The use cases that make a change."""

    scaling: ScalingProposals
    state_commands: StateCommands
    applier: ChangeApplier
    boosts: Boosts


def _build_changes(
    core: Core,
    access: Access,
    ledger: Ledger,
    events: ChangeEvents,
    confirmations: ConfirmationRules,
) -> _Changes:
    client, snapshot, changes = core.client, core.snapshot, core.changes
    rules = ScalingRules(core.policy, snapshot, changes, now)
    boost_rules = BoostRules(core.boosts, now)
    preconditions = Preconditions(core.policy, client, snapshot, rules, boost_rules)
    sender = ChangeSender(client, snapshot, changes, events, now)
    applier = ChangeApplier(access, ledger, confirmations, preconditions, sender, events, now)
    return _Changes(
        ScalingProposals(access, ledger, snapshot, rules, boost_rules, changes, events, now),
        StateCommands(access, ledger, confirmations, applier, snapshot, changes, events, now),
        applier,
        build_boosts(core, access, events, preconditions, sender),
    )


def _build_idempotent(
    made: _Changes, ledger: Ledger, keys: IdempotencyStore, events: ChangeEvents
) -> IdempotentChanges:
    scaling, commands, applier = made.scaling, made.state_commands, made.applier
    return IdempotentChanges(scaling, commands, applier, ledger, keys, events, KeyedLock(), now)


def _build_callers(core: Core, access: Access, sign_in: SignIn) -> Callers:
    administrator, cache = core.administrator, core.credential_cache
    return Callers(core.policy, access, administrator, sign_in, cache, core.changes)


def _build_anchors(settings: Settings, audit: AuditRecorder) -> Anchors:
    signer = AnchorSigner(settings.secret_key.get_secret_value())
    file = AnchorFile(settings.anchor_file)
    return Anchors(audit.store, file, signer, is_key_lasting=settings.is_key_lasting)


def _build_housekeeping(core: Core, keys: IdempotencyStore, anchors: Anchors) -> Housekeeping:
    return Housekeeping(
        sessions=core.sessions,
        keys=keys,
        known_addresses=KnownAddressStore(core.engine),
        attempts=core.attempts,
        load=core.load,
        audit=core.audit,
        anchors=anchors,
        now=now,
    )


def _build_metrics_report(core: Core, freeze: ChangeFreeze) -> MetricsReport:
    return MetricsReport(
        metrics=core.metrics,
        budget=core.budget,
        snapshot=core.snapshot,
        changes=core.changes,
        sessions=core.sessions,
        processes=core.processes,
        policy=core.policy,
        freeze=freeze,
        attempts=core.attempts,
        now=now,
    )


def _build_sign_in(core: Core, freeze: ChangeFreeze) -> SignIn:
    waking = WakeRules(core.trust, core.attempts)
    endpoints = VerificationEndpoints(core.snapshot, freeze, waking, now)
    return SignIn(
        policy=core.policy,
        verifier_of=choose_verifier(
            clickhouse=ClickHouseVerifier(endpoints, ClickHouseLogin()),
            local_user=LocalUserVerifier(),
        ),
        throttle=SignInThrottle(core.attempts, core.trust),
        names=core.names,
        sessions=core.sessions,
        verifications=core.verifications,
        audit=core.audit,
        metrics=core.metrics,
        now=now,
    )


def _build_reauthenticator(settings: Settings, core: Core, sign_in: SignIn) -> Reauthenticator:
    counts_for = timedelta(minutes=settings.sessions.reauthenticate_minutes)
    return Reauthenticator(sign_in, core.verifications, counts_for, now)


def _build_administration(core: Core) -> Administration:
    return Administration(
        administrator=core.administrator,
        policy=core.policy,
        # One of its own: people's failures and hanging checks do not keep the administrator out.
        throttle=SignInThrottle(replace(core.attempts, name="administrator"), core.trust),
        names=core.names,
        sessions=core.sessions,
        credential_cache=core.credential_cache,
        freezes=core.freezes,
        audit=core.audit,
        metrics=core.metrics,
        now=now,
    )
