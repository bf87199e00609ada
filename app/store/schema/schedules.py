"""The records of schedules: versions, what people ordered besides, which edges have acted, and what
was given to Cloud."""

from sqlalchemy import JSON, Column, Integer, Table, UniqueConstraint

from app.store.schema.types import StorableString, StorableText, UtcDateTime, metadata

schedules = Table(  # one row for each group that has or had a schedule
    "schedules",
    metadata,
    Column("service_id", StorableString(36), primary_key=True),
    Column("version", Integer),  # none: it was removed, and its versions are kept
    Column("latest", Integer, nullable=False),
    Column("paused_until", UtcDateTime),
)

schedule_versions = Table(
    "schedule_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("service_id", StorableString(36), nullable=False),
    Column("version", Integer, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableString(256), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("reason", StorableText, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    UniqueConstraint("service_id", "version"),
)

schedule_skips = Table(
    "schedule_skips",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("service_id", StorableString(36), nullable=False),
    Column("window", StorableString(60), nullable=False),
    Column("day", StorableString(10), nullable=False),  # the local date, as in ISO 8601
    UniqueConstraint("service_id", "window", "day"),
)


def _edges(name: str) -> Table:
    """One row for each due instant that was acted on, whatever process did."""
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("service_id", StorableString(36), nullable=False),
        Column("version", Integer, nullable=False),
        Column("due_at", UtcDateTime, nullable=False),
        Column("state", StorableString(8), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("claimed_at", UtcDateTime, nullable=False),
        Column("reference", StorableString(16), nullable=False),
        Column("error", StorableString(64), nullable=False),
        UniqueConstraint("service_id", "version", "due_at"),
    )


schedule_edges = _edges("schedule_edges")  # of sizes
schedule_command_edges = _edges("schedule_command_edges")  # of starts and stops

schedule_handovers = Table(  # one row for each group whose schedule was given to Cloud
    "schedule_handovers",
    metadata,
    Column("service_id", StorableString(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("entries", JSON, nullable=False),  # as they were sent
    Column("warehouse", StorableString(64), nullable=False),
    Column("user", StorableString(256), nullable=False),
    Column("state", StorableString(8), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
)
