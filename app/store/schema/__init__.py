"""The tables."""

from app.store.schema.records import (
    EFFECT_NOT_SEEN,
    IN_FLIGHT,
    IN_FORCE,
    NOT_CLOSED,
    boosts,
    changes,
    events,
    freezes,
    idempotency_keys,
    known_addresses,
    sessions,
)
from app.store.schema.schedules import (
    schedule_edges,
    schedule_skips,
    schedule_versions,
    schedules,
)
from app.store.schema.shared import (
    SHARED,
    job_runs,
    leases,
    load_buckets,
    load_targets,
    readings,
    replicas,
    request_budget,
    revisions,
    sign_in_attempts,
    sign_in_checks,
)
from app.store.schema.spend import (
    budget_notices,
    spend_days,
    spend_estimates,
    spend_readings,
)
from app.store.schema.tokens import tokens
from app.store.schema.types import UtcDateTime, metadata, number

__all__ = [
    "EFFECT_NOT_SEEN",
    "IN_FLIGHT",
    "IN_FORCE",
    "NOT_CLOSED",
    "SHARED",
    "UtcDateTime",
    "boosts",
    "budget_notices",
    "changes",
    "events",
    "freezes",
    "idempotency_keys",
    "job_runs",
    "known_addresses",
    "leases",
    "load_buckets",
    "load_targets",
    "metadata",
    "number",
    "readings",
    "replicas",
    "request_budget",
    "revisions",
    "schedule_edges",
    "schedule_skips",
    "schedule_versions",
    "schedules",
    "sessions",
    "sign_in_attempts",
    "sign_in_checks",
    "spend_days",
    "spend_estimates",
    "spend_readings",
    "tokens",
]
