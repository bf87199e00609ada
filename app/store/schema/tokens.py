"""The personal tokens: hashes and what they stand for, never a token itself. Times are UTC."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, text

from app.store.schema.types import StorableString, UtcDateTime, metadata

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", StorableString(64), nullable=False, unique=True),
    Column("mark", StorableString(16), nullable=False, unique=True),
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableString(256), nullable=False),
    Column("name", StorableString(64), nullable=False),
    Column("groups", JSON, nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("may_confirm", Boolean, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("proven_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("recorded_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", StorableString(256), nullable=False, server_default=""),
    Index(None, "warehouse", "user"),
)

NOT_REVOKED = text("revoked_at IS NULL")

# No two living tokens of one person have the same name, whatever process makes them.
Index(
    "uq_tokens_living_name",
    tokens.c.warehouse,
    tokens.c.user,
    tokens.c.name,
    unique=True,
    sqlite_where=NOT_REVOKED,
    postgresql_where=NOT_REVOKED,
)
