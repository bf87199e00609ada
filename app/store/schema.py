"""The tables. Times are UTC; every constraint has a name, so that migrations can speak of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite drops the zone of what it stores, so it is put back on reading.

    Raises ValueError for a moment without a zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the library passes it
    ) -> datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: Any,  # noqa: ANN401 - the driver's type
        dialect: Dialect,  # noqa: ARG002 - the library passes it
    ) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("is_admin", Boolean, nullable=False),
    Column("warehouse", String(64), nullable=False),
    Column("user", String(256), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("verified_at", UtcDateTime),  # as long as none: the sign-in itself
    Column("refused_verifications", Integer, nullable=False, server_default="0"),
    Index(None, "warehouse", "user"),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("act", String(8), key="action", nullable=False),
    Column("service_id", String(36), nullable=False),
    Column("warehouse", String(64), nullable=False),
    Column("user", String(256), nullable=False),
    Column("state", String(16), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("target", JSON(none_as_null=True)),
    Column("patch", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("settled_by", String(16)),
    Column("settled_note", Text, nullable=False),
    Column("settled_code", String(32), nullable=False, server_default=""),
    Column("cloud_request_id", String(64)),
    Column("effective_at", UtcDateTime),
    Index(None, "service_id", "created_at"),
)

freezes = Table(
    "freezes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("frozen_by", String(256), nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
    Column("lifted_by", String(256)),
    Column("lifted_at", UtcDateTime),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("warehouse", String(64), nullable=False),
    Column("user", String(256), nullable=False),
    Column("key", String(200), nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("change_reference", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("warehouse", "user", "key"),
    Index(None, "change_reference"),
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("prev_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("time", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("result", String(16), nullable=False),
    Column("warehouse", String(64), nullable=False),
    Column("user", Text, nullable=False),
    Column("service_id", String(36), nullable=False),
    Column("reference", String(16), nullable=False),
    Index(None, "service_id", "seq"),
    Index(None, "time"),
)

known_addresses = Table(
    "known_addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", String(64), nullable=False, unique=True),
    Column("name_mark", String(64), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "name_mark"),
)

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
)

# One row for each throttle, to be locked by whoever changes what belongs to it.
sign_in_throttles = Table(
    "sign_in_throttles", metadata, Column("name", String(16), primary_key=True)
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

IN_FLIGHT = text("state IN ('applying', 'unknown') AND settled_at IS NULL")

# One change in flight per group, whatever process asks: the database itself refuses the second.
Index(
    "uq_changes_one_in_flight",
    changes.c.service_id,
    unique=True,
    sqlite_where=IN_FLIGHT,
    postgresql_where=IN_FLIGHT,
)

EFFECT_NOT_SEEN = text("state = 'applied' AND effective_at IS NULL")

# The worker asks every few seconds which accepted changes are not known to be in effect.
Index(
    "ix_changes_effect_not_seen",
    changes.c.settled_at,
    sqlite_where=EFFECT_NOT_SEEN,
    postgresql_where=EFFECT_NOT_SEEN,
)

IN_FORCE = freezes.c.lifted_at.is_(None)

# At most one freeze in force, whatever process asks: the expression is the same in all of them.
Index(
    "uq_freezes_one_in_force",
    text("(lifted_at IS NULL)"),
    unique=True,
    sqlite_where=IN_FORCE,
    postgresql_where=IN_FORCE,
    _table=freezes,
)
