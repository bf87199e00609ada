"""What the note of a change says, as a code that decisions are made by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier changes nothing is decided by their notes."""
    code = sa.Column("settled_code", sa.String(32), nullable=False, server_default="")
    op.add_column("changes", code)


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("changes") as batch:
        batch.drop_column("settled_code")
