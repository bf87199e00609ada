"""What was read of Cloud for all processes, the number of what pages show, and ways to changes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables with the rows that they always have."""
    revisions = op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    moment = sa.DateTime(timezone=True)
    readings = op.create_table(
        "readings",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("taken_at", moment),
        sa.Column("tried_at", moment),
        sa.Column("reserved_until", moment),
    )
    op.bulk_insert(revisions, [{"id": 1, "revision": 0}])
    op.create_index("ix_changes_service_id_id", "changes", ["service_id", "id"])
    op.create_index("ix_changes_service_id_sent_at", "changes", ["service_id", "sent_at"])
    op.create_index("ix_changes_state", "changes", ["state"])
    names = ("services", "activities")
    op.bulk_insert(readings, [{"name": name, "version": 0} for name in names])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_changes_state", "changes")
    op.drop_index("ix_changes_service_id_sent_at", "changes")
    op.drop_index("ix_changes_service_id_id", "changes")
    op.drop_table("readings")
    op.drop_table("revisions")
