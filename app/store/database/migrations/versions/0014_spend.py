"""What groups cost: Cloud's report, the portal's own figures, and what was told of budgets."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "spend_days",
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("warehouse_id", sa.String(36), nullable=False),
        *(_amount(name) for name in ("compute", "storage", "backup", "other")),
        sa.Column("is_locked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "day", name="pk_spend_days"),
    )
    op.create_index("ix_spend_days_day", "spend_days", ["day"])
    op.create_table(
        "spend_readings",
        sa.Column("span", sa.String(16), nullable=False),
        sa.Column("tried_at", sa.Double, nullable=False),
        sa.Column("read_at", sa.Double),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("span", name="pk_spend_readings"),
    )
    op.create_table(
        "spend_estimates",
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("gb_seconds", sa.BigInteger),
        *(_amount(name) for name in ("saved_by_boosts", "saved_by_schedules")),
        sa.Column("estimated_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("service_id", "day", name="pk_spend_estimates"),
    )
    op.create_index("ix_spend_estimates_day", "spend_estimates", ["day"])
    op.create_table(
        "budget_notices",
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("told_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("service_id", "period", name="pk_budget_notices"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("budget_notices", "spend_estimates", "spend_readings", "spend_days"):
        op.drop_table(name)


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)
