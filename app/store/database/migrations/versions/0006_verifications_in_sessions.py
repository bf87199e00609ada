"""When the password was last proven in a session, and how often it was refused since."""

import sqlalchemy as sa
from alembic import op

from app.store.schema import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; a sign-in was a verification."""
    op.add_column("sessions", sa.Column("verified_at", UtcDateTime))
    refused = sa.Column("refused_verifications", sa.Integer, nullable=False, server_default="0")
    op.add_column("sessions", refused)


def downgrade() -> None:
    """Drop both columns."""
    with op.batch_alter_table("sessions") as batch:
        batch.drop_column("refused_verifications")
        batch.drop_column("verified_at")
