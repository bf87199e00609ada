"""What people of a company's sign-in are called in the portal."""

import sqlalchemy as sa
from alembic import op

from app.store.schema import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with one row per person of an issuer."""
    op.create_table(
        "company_people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("user", sa.String(256), nullable=False),
        sa.Column("named_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_company_people"),
        sa.UniqueConstraint("mark", name="uq_company_people_mark"),
        sa.UniqueConstraint("user", name="uq_company_people_user"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("company_people")
