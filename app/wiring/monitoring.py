"""The use cases of whoever runs the portal over their adapters."""

from app.domain.audit.anchor import AnchorSigner
from app.services.access.control import ChangeFreeze
from app.services.audit.anchors import Anchors
from app.services.monitoring.housekeeping import Housekeeping
from app.services.monitoring.metrics import MetricsReport
from app.services.spend.budgets import Budgets
from app.settings import Settings
from app.store.audit.anchor_file import AnchorFile
from app.store.idempotency import IdempotencyStore
from app.store.sign_in.known_addresses import KnownAddressStore
from app.wiring.core import Core, now


def build_anchors(settings: Settings, core: Core) -> Anchors:
    """What notices that the audit log was cut off."""
    signer = AnchorSigner(settings.secret_key.get_secret_value())
    file = AnchorFile(settings.anchor_file)
    return Anchors(core.audit.store, file, signer, is_key_lasting=settings.is_key_lasting)


def build_housekeeping(core: Core, anchors: Anchors) -> Housekeeping:
    """What forgets what is over."""
    return Housekeeping(
        sessions=core.sessions,
        keys=IdempotencyStore(core.engine),
        known_addresses=KnownAddressStore(core.engine),
        attempts=core.attempts,
        load=core.load,
        spend=core.spend,
        tokens=core.tokens,
        audit=core.audit,
        anchors=anchors,
        now=now,
    )


def build_metrics_report(core: Core, freeze: ChangeFreeze, budgets: Budgets) -> MetricsReport:
    """What tells figures."""
    return MetricsReport(
        metrics=core.metrics,
        budget=core.budget,
        snapshot=core.snapshot,
        changes=core.changes,
        boosts=core.boosts,
        sessions=core.sessions,
        processes=core.processes,
        policy=core.policy,
        freeze=freeze,
        attempts=core.attempts,
        budgets=budgets,
        now=now,
    )
