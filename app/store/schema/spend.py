"""What groups cost: Cloud's report, the portal's own figures, and what was told of budgets.

Amounts are billionths of a credit, so that sums stay exact on every database.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer, String, Table, Text

from app.store.schema.types import metadata

spend_days = Table(  # Cloud's report: one row for each entity and UTC day
    "spend_days",
    metadata,
    Column("entity_id", String(36), primary_key=True),
    Column("day", Date, primary_key=True, index=True),
    Column("kind", String(16), nullable=False),
    Column("service_id", String(36), nullable=False),
    Column("warehouse_id", String(36), nullable=False),
    Column("compute", BigInteger, nullable=False),
    Column("storage", BigInteger, nullable=False),
    Column("backup", BigInteger, nullable=False),
    Column("other", BigInteger, nullable=False),
    Column("is_locked", Boolean, nullable=False),
)

spend_readings = Table(  # how the readings of the report stand
    "spend_readings",
    metadata,
    Column("span", String(16), primary_key=True),
    Column("tried_at", Double, nullable=False),
    Column("read_at", Double),
    Column("error", Text, nullable=False),
)

spend_estimates = Table(  # the portal's own figures: one row for each group and UTC day
    "spend_estimates",
    metadata,
    Column("service_id", String(36), primary_key=True),
    Column("day", Date, primary_key=True, index=True),
    Column("gb_seconds", BigInteger),
    Column("saved_by_boosts", BigInteger, nullable=False),
    Column("saved_by_schedules", BigInteger, nullable=False),
    Column("estimated_at", Double, nullable=False),
)

budget_notices = Table(  # the highest step of a budget that was told of, by group and period
    "budget_notices",
    metadata,
    Column("service_id", String(36), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("step", Integer, nullable=False),
    Column("told_at", Double, nullable=False),
)
