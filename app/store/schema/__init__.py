"""The tables."""

from app.store.schema.records import (
    EFFECT_NOT_SEEN,
    IN_FLIGHT,
    IN_FORCE,
    changes,
    events,
    freezes,
    idempotency_keys,
    known_addresses,
    sessions,
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
from app.store.schema.types import UtcDateTime, metadata, number

__all__ = [
    "EFFECT_NOT_SEEN",
    "IN_FLIGHT",
    "IN_FORCE",
    "SHARED",
    "UtcDateTime",
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
    "sessions",
    "sign_in_attempts",
    "sign_in_checks",
]
