"""What the staff do from their chat: closings, notes, invites, talks taken over."""

import sqlalchemy as sa
from alembic import op

from booking.database import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["table_id"], ["dining_table.id"], name="fk_closing_table_id"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_closing_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closing"),
    )
    op.create_index("ix_closing_venue_id_ends_at", "closing", ["venue_id", "ends_at"])
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_refusal_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refusal"),
    )
    op.create_index("ix_refusal_venue_id_at", "refusal", ["venue_id", "at"])
    op.create_table(
        "staff_invite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_staff_invite_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_invite"),
        sa.UniqueConstraint("code_hash", name="uq_staff_invite_code_hash"),
    )
    op.create_table(
        "staff_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_staff_act_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_act"),
    )
    op.create_index("ix_staff_act_channel_address_id", "staff_act", ["channel", "address", "id"])
    op.create_index(
        "ix_inbound_message_conversation_id_received_at",
        "inbound_message",
        ["conversation_id", "received_at"],
    )
    no = sa.false()
    op.add_column("reservation", sa.Column("note", sa.String(), nullable=True))
    op.add_column("booking_event", sa.Column("bent", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "staff_contact",
        sa.Column("is_invited", sa.Boolean(), nullable=False, server_default=no),
    )
    op.add_column(
        "conversation",
        sa.Column("is_language_chosen", sa.Boolean(), nullable=False, server_default=no),
    )
    op.add_column("conversation", sa.Column("staffed_until", Instant(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("what the staff noted would be lost: restore a backup instead")
