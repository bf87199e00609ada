"""What processes share while they run: counters, readings of Cloud, and who leads.

None of it is a record: where it is lost, it comes again by itself.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from app.store.schema.types import UtcDateTime, metadata

revisions = Table(  # one row: the number of the latest write that pages show
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)

readings = Table(  # one row for each reading of Cloud that all processes share
    "readings",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("content", Text),
    Column("error", Text),
    Column("taken_at", UtcDateTime),
    Column("tried_at", UtcDateTime),
    Column("reserved_until", UtcDateTime),
)

# Moments of counters are seconds since 1970: they are only ever compared and added to.

request_budget = Table(
    "request_budget",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reads", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("reads_closed_until", Double, nullable=False),
    Column("all_closed_until", Double, nullable=False),
    Column("samples", JSON, nullable=False, server_default="[]"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("throttle", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("mark", String(64), nullable=False, unique=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", Double, nullable=False),
    Column("blocked_before", Double, nullable=False),
    Column("moments", JSON, nullable=False),
    Column("changed_at", Double, nullable=False),
    Index(None, "throttle", "kind", "changed_at"),
)

sign_in_checks = Table(
    "sign_in_checks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("throttle", String(16), nullable=False),
    Column("name_mark", String(64), nullable=False),
    Column("block_mark", String(64), nullable=False),
    Column("expires_at", Double, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(256), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("round_at", UtcDateTime),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(256), nullable=False),
    Column("ran_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("error", String(64), nullable=False),
)

replicas = Table(
    "replicas",
    metadata,
    Column("process", String(256), primary_key=True),
    Column("began_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("rules_hash", String(64), nullable=False),
    Column("rules_since", UtcDateTime, nullable=False),
)

load_targets = Table(  # one row for each group whose load is read
    "load_targets",
    metadata,
    Column("service_id", String(36), primary_key=True),
    Column("watched_at", Double),
    Column("tried_at", Double),
    Column("counted_at", Double),
    Column("counters", JSON, nullable=False),
    Column("hours", JSON, nullable=False),
    Column("error", Text, nullable=False),
)

load_buckets = Table(
    "load_buckets",
    metadata,
    Column("service_id", String(36), primary_key=True),
    Column("starts_at", BigInteger, primary_key=True, autoincrement=False),
    Column("activity", Integer, nullable=False),
    Column("memory_used_gb", Double),
    Column("memory_total_gb", Double),
    Column("cpu_share", Double),
    Column("cpu_share_least", Double),
    Column("cpu_cores", Double),
    Column("queries", Double),
    Column("memory_failures", Double),
    Column("failed_queries", Double),
    Column("replicas", Integer, nullable=False),
    Column("min_gb", Integer),
    Column("max_gb", Integer),
    # The rows lie in the order of the key, which takes half of the space.
    sqlite_with_rowid=False,
)

SHARED = frozenset(
    {
        revisions,
        readings,
        request_budget,
        sign_in_attempts,
        sign_in_checks,
        leases,
        job_runs,
        replicas,
        load_targets,
        load_buckets,
    }
)
"""All of these tables."""
