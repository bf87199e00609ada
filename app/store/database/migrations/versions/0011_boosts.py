"""Changes of size that end by themselves, and what the portal does for somebody at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NOT_CLOSED = sa.text("closed_at IS NULL")
ORDERED = sa.text("order_reference <> ''")


def upgrade() -> None:
    """Add the table, and to changes what they need for it."""
    moment = sa.DateTime(timezone=True)
    person = sa.Column("origin", sa.String(16), nullable=False, server_default="person")
    order = sa.Column("order_reference", sa.String(16), nullable=False, server_default="")
    for column in (sa.Column("boost_until", moment), person, order):
        op.add_column("changes", column)
    op.create_index(
        "ix_changes_order_reference",
        "changes",
        ["order_reference"],
        sqlite_where=ORDERED,
        postgresql_where=ORDERED,
    )
    op.create_table(
        "boosts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("latest_end", moment, nullable=False),
        sa.Column("ended_by", sa.String(256), nullable=False, server_default=""),
        sa.Column("closed_at", moment),
        sa.Column("closed_by", sa.String(256), nullable=False, server_default=""),
        sa.Column("outcome", sa.String(16)),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_try_at", moment),
        sa.Column("alarmed_at", moment),
        sa.UniqueConstraint("reference", name="uq_boosts_reference"),
    )
    op.create_index("ix_boosts_service_id_id", "boosts", ["service_id", "id"])
    op.create_index(
        "ix_boosts_not_closed",
        "boosts",
        ["reference"],
        sqlite_where=NOT_CLOSED,
        postgresql_where=NOT_CLOSED,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("boosts")
    op.drop_index("ix_changes_order_reference", "changes")
    with op.batch_alter_table("changes") as batch:
        for name in ("order_reference", "origin", "boost_until"):
            batch.drop_column(name)
