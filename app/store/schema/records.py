"""The records: what the portal must not lose. Times are UTC."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from app.store.schema.types import StorableString, StorableText, UtcDateTime, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", StorableString(64), nullable=False, unique=True),
    Column("is_admin", Boolean, nullable=False),
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableString(256), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("address", StorableString(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("verified_at", UtcDateTime),  # as long as none: the sign-in itself
    Column("refused_verifications", Integer, nullable=False, server_default="0"),
    Column("client", StorableString(64), nullable=False, server_default=""),
    Index(None, "warehouse", "user"),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", StorableString(16), nullable=False, unique=True),
    Column("act", StorableString(8), key="action", nullable=False),
    Column("service_id", StorableString(36), nullable=False),
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableString(256), nullable=False),
    Column("state", StorableString(16), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("target", JSON(none_as_null=True)),
    Column("patch", JSON, nullable=False),
    Column("reason", StorableText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("settled_by", StorableString(16)),
    Column("settled_note", StorableText, nullable=False),
    Column("settled_code", StorableString(32), nullable=False, server_default=""),
    Column("cloud_request_id", StorableString(64)),
    Column("effective_at", UtcDateTime),
    Column("boost_until", UtcDateTime),
    Column("origin", StorableString(16), nullable=False, server_default="person"),
    Column("order_reference", StorableString(16), nullable=False, server_default=""),
    Index(None, "service_id", "created_at"),
    # The newest of a group and those of a day, without looking at all; how many of each kind.
    Index("ix_changes_service_id_id", "service_id", "id"),
    Index("ix_changes_service_id_sent_at", "service_id", "sent_at"),
    Index(None, "state"),
)

boosts = Table(
    "boosts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", StorableString(16), nullable=False, unique=True),  # its first change's
    Column("service_id", StorableString(36), nullable=False),
    Column("before", JSON, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("latest_end", UtcDateTime, nullable=False),
    Column("ended_by", StorableString(256), nullable=False, server_default=""),
    Column("closed_at", UtcDateTime),
    Column("closed_by", StorableString(256), nullable=False, server_default=""),
    Column("outcome", StorableString(16)),
    Column("note", StorableText, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcDateTime),
    Column("alarmed_at", UtcDateTime),
    Index(None, "service_id", "id"),
)

freezes = Table(
    "freezes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reason", StorableText, nullable=False),
    Column("frozen_by", StorableString(256), nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
    Column("lifted_by", StorableString(256)),
    Column("lifted_at", UtcDateTime),
)

partial_freezes = Table(
    "partial_freezes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", StorableString(16), nullable=False),
    Column("target", StorableString(64), nullable=False),
    Column("reason", StorableText, nullable=False),
    Column("frozen_by", StorableString(256), nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
    Column("lifted_by", StorableString(256)),
    Column("lifted_at", UtcDateTime),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableString(256), nullable=False),
    Column("key", StorableString(200), nullable=False),
    Column("request_hash", StorableString(64), nullable=False),
    Column("change_reference", StorableString(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("warehouse", "user", "key"),
    Index(None, "change_reference"),
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("prev_hash", StorableString(64), nullable=False, unique=True),
    Column("hash", StorableString(64), nullable=False),
    Column("text", StorableText, nullable=False),
    Column("time", StorableString(32), nullable=False),
    Column("kind", StorableString(32), nullable=False),
    Column("result", StorableString(16), nullable=False),
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableText, nullable=False),
    Column("service_id", StorableString(36), nullable=False),
    Column("reference", StorableString(16), nullable=False),
    Index(None, "service_id", "seq"),
    Index(None, "time"),
)

known_addresses = Table(
    "known_addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", StorableString(64), nullable=False, unique=True),
    Column("name_mark", StorableString(64), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "name_mark"),
)

favourites = Table(
    "favourites",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableString(256), nullable=False),
    Column("service_id", StorableString(36), nullable=False),
    UniqueConstraint("warehouse", "user", "service_id"),
)

company_people = Table(
    "company_people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", StorableString(64), nullable=False, unique=True),
    Column("user", StorableString(256), nullable=False, unique=True),
    Column("named_at", UtcDateTime, nullable=False),
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

NOT_CLOSED = text("closed_at IS NULL")

# The worker asks every few seconds which boosts have not ended.
Index(
    "ix_boosts_not_closed",
    boosts.c.reference,
    sqlite_where=NOT_CLOSED,
    postgresql_where=NOT_CLOSED,
)

ORDERED = text("order_reference <> ''")

# The changes of a boost or a schedule; most changes belong to none.
Index(
    "ix_changes_order_reference",
    changes.c.order_reference,
    sqlite_where=ORDERED,
    postgresql_where=ORDERED,
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

PARTIALLY_IN_FORCE = partial_freezes.c.lifted_at.is_(None)

# At most one for each warehouse and each group.
Index(
    "uq_partial_freezes_one_in_force",
    partial_freezes.c.scope,
    partial_freezes.c.target,
    unique=True,
    sqlite_where=PARTIALLY_IN_FORCE,
    postgresql_where=PARTIALLY_IN_FORCE,
)
