"""The first schema.

The last line of the book is here: the database refuses two live occupancies of one table. On
PostgreSQL an exclusion constraint (int4range on both sides, so that no extension is needed), on
SQLite two triggers. Nothing relies on it.
"""

import sqlalchemy as sa
from alembic import op

from booking.database import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("silence", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent_change"),
    )
    op.create_index(
        "ix_consent_change_channel_account_address_id",
        "consent_change",
        ["channel", "account", "address", "id"],
        unique=False,
    )

    op.create_table(
        "sender_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sender_pause"),
        sa.UniqueConstraint("channel", "account", name="uq_sender_pause_channel_account"),
    )
    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("loaded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_venue"),
        sa.UniqueConstraint("slug", name="uq_venue_slug"),
    )
    op.create_table(
        "worker_life",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker_life"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("talked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_conversation_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint(
            "channel", "account", "address", name="uq_conversation_channel_account_address"
        ),
    )
    op.create_table(
        "dining_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_dining_table_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dining_table"),
        sa.UniqueConstraint("venue_id", "name", name="uq_dining_table_venue_id_name"),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_guest_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_guest"),
        sa.UniqueConstraint(
            "venue_id", "channel", "address", name="uq_guest_venue_id_channel_address"
        ),
    )
    op.create_table(
        "service_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_service_day_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_service_day"),
        sa.UniqueConstraint(
            "venue_id", "service_date", name="uq_service_day_venue_id_service_date"
        ),
    )
    op.create_table(
        "staff_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_staff_contact_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_contact"),
        sa.UniqueConstraint(
            "venue_id", "channel", "address", name="uq_staff_contact_venue_id_channel_address"
        ),
    )
    op.create_index(
        "ix_staff_contact_channel_address", "staff_contact", ["channel", "address"], unique=False
    )

    op.create_table(
        "inbound_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=False),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_inbound_message_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_message"),
        sa.UniqueConstraint(
            "channel", "external_id", name="uq_inbound_message_channel_external_id"
        ),
    )
    op.create_index(
        "ix_inbound_message_new",
        "inbound_message",
        ["conversation_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )

    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("held_until", Instant(), nullable=True),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name="fk_reservation_guest_id"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_reservation_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reservation"),
        sa.UniqueConstraint("venue_id", "code", name="uq_reservation_venue_id_code"),
    )
    op.create_index(
        "ix_reservation_held",
        "reservation",
        ["held_until"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
        sqlite_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "ix_reservation_venue_id_guest_id", "reservation", ["venue_id", "guest_id"], unique=False
    )
    op.create_index(
        "ix_reservation_venue_id_service_date",
        "reservation",
        ["venue_id", "service_date"],
        unique=False,
    )

    op.create_table(
        "booking_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("noticed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name="fk_booking_event_reservation_id"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_booking_event_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_booking_event"),
    )
    op.create_index(
        "ix_booking_event_reservation_id", "booking_event", ["reservation_id"], unique=False
    )
    op.create_index(
        "ix_booking_event_unnoticed",
        "booking_event",
        ["id"],
        unique=False,
        postgresql_where=sa.text("noticed_at IS NULL"),
        sqlite_where=sa.text("noticed_at IS NULL"),
    )

    op.create_table(
        "occupancy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name="fk_occupancy_reservation_id"
        ),
        sa.ForeignKeyConstraint(["table_id"], ["dining_table.id"], name="fk_occupancy_table_id"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_occupancy_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_occupancy"),
    )
    op.create_index("ix_occupancy_reservation_id", "occupancy", ["reservation_id"], unique=False)
    op.create_index(
        "ix_occupancy_table_id_starts_at", "occupancy", ["table_id", "starts_at"], unique=False
    )

    op.create_table(
        "outbound_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dedup_key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("question", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("not_after", Instant(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=False),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("provider_state", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_outbound_message_conversation_id"
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name="fk_outbound_message_reservation_id"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_outbound_message_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbound_message"),
        sa.UniqueConstraint("dedup_key", name="uq_outbound_message_dedup_key"),
    )
    op.create_index(
        "ix_outbound_message_conversation_id_claimed_at",
        "outbound_message",
        ["conversation_id", "claimed_at"],
        unique=False,
    )
    op.create_index(
        "ix_outbound_message_lane",
        "outbound_message",
        ["channel", "address", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'sending', 'unknown')"),
        sqlite_where=sa.text("state IN ('queued', 'sending', 'unknown')"),
    )
    op.create_index(
        "ix_outbound_message_open",
        "outbound_message",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'sending', 'unknown')"),
        sqlite_where=sa.text("state IN ('queued', 'sending', 'unknown')"),
    )
    op.create_index(
        "ix_outbound_message_provider_id", "outbound_message", ["provider_id"], unique=False
    )

    if op.get_bind().dialect.name == "sqlite":
        for moment in ("INSERT", "UPDATE"):
            op.execute(REFUSE_OVERLAP.format(moment=moment))
    else:
        op.execute(EXCLUDE_OVERLAP)


EXCLUDE_OVERLAP = """
ALTER TABLE occupancy ADD CONSTRAINT ex_occupancy_live EXCLUDE USING gist (
    int4range(table_id, table_id, '[]') WITH &&,
    tstzrange(starts_at, ends_at) WITH &&
) WHERE (live)
"""

REFUSE_OVERLAP = """
CREATE TRIGGER occupancy_overlap_{moment} BEFORE {moment} ON occupancy WHEN NEW.live
BEGIN
    SELECT RAISE(ABORT, 'ex_occupancy_live: two live occupancies of one table') WHERE EXISTS (
        SELECT 1 FROM occupancy WHERE live AND table_id = NEW.table_id AND id IS NOT NEW.id
        AND starts_at < NEW.ends_at AND NEW.starts_at < ends_at
    );
END
"""


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first schema")
