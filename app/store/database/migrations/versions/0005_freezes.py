"""At most one freeze in force."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("lifted_at IS NULL")
LIFT_SURPLUS = sa.text(
    "UPDATE freezes SET lifted_at = frozen_at, lifted_by = frozen_by WHERE lifted_at IS NULL"
    " AND id > (SELECT min(id) FROM freezes WHERE lifted_at IS NULL)"
)


def upgrade() -> None:
    """Keep the first of several freezes in force, as it is shown, and make more impossible."""
    op.execute(LIFT_SURPLUS)
    op.create_index(
        "uq_freezes_one_in_force",
        "freezes",
        [sa.text("(lifted_at IS NULL)")],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    """Drop the rule."""
    op.drop_index("uq_freezes_one_in_force", "freezes")
