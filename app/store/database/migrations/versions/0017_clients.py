"""The browser and the system that a session is of."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which an older version leaves empty."""
    client = sa.Column("client", sa.String(64), nullable=False, server_default="")
    op.add_column("sessions", client)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("sessions", "client")
