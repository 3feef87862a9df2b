"""The book of a whole restaurant: contacts of guests, the waitlist, special days, pinned parties."""

import sqlalchemy as sa
from alembic import op

from booking.database import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    _guests()
    _reservations()
    _occupancies()
    _waitlist()
    op.add_column("closing", sa.Column("scope", sa.String(), nullable=True))
    op.create_table(
        "special_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("periods", _JSON, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_special_day_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_special_day"),
        sa.UniqueConstraint(
            "venue_id", "service_date", name="uq_special_day_venue_id_service_date"
        ),
    )


def _guests() -> None:
    for column in ("language", "note", "allergies"):
        op.add_column("guest", sa.Column(column, sa.String(), nullable=True))
    op.add_column("guest", sa.Column("allergies_until", Instant(), nullable=True))
    op.add_column(
        "guest", sa.Column("is_vip", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_guest_allergies_until",
        "guest",
        ["allergies_until"],
        postgresql_where=sa.text("allergies_until IS NOT NULL"),
        sqlite_where=sa.text("allergies_until IS NOT NULL"),
    )
    op.create_table(
        "guest_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("verified_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name="fk_guest_contact_guest_id"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_guest_contact_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_guest_contact"),
        sa.UniqueConstraint(
            "venue_id", "channel", "address", name="uq_guest_contact_venue_id_channel_address"
        ),
    )
    op.create_index("ix_guest_contact_guest_id", "guest_contact", ["guest_id"])
    # Whoever has a conversation has written to us; the rest was typed by somebody.
    op.execute(
        """
        INSERT INTO guest_contact (venue_id, guest_id, channel, address, verified_at)
        SELECT guest.venue_id, guest.id, guest.channel, guest.address,
            (SELECT guest.created_at WHERE EXISTS (
                SELECT 1 FROM conversation
                WHERE conversation.channel = guest.channel
                AND conversation.address = guest.address))
        FROM guest
        """
    )


def _reservations() -> None:
    op.add_column("reservation", sa.Column("features", _JSON, nullable=True))
    op.add_column("reservation", sa.Column("unmet", _JSON, nullable=True))
    op.add_column(
        "reservation",
        sa.Column("is_pinned", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("reservation", sa.Column("late_minutes", sa.Integer(), nullable=True))
    op.add_column("reservation", sa.Column("request_key", sa.String(), nullable=True))
    op.create_index(
        "uq_reservation_venue_id_request_key",
        "reservation",
        ["venue_id", "request_key"],
        unique=True,
        postgresql_where=sa.text("request_key IS NOT NULL"),
        sqlite_where=sa.text("request_key IS NOT NULL"),
    )
    op.drop_index("ix_reservation_held", table_name="reservation")
    op.create_index(
        "ix_reservation_held",
        "reservation",
        ["held_until"],
        postgresql_where=sa.text("state IN ('held', 'requested')"),
        sqlite_where=sa.text("state IN ('held', 'requested')"),
    )


def _occupancies() -> None:
    # The constraint of PostgreSQL has an index of its own. The trigger of SQLite looks at who is
    # there or will be: with years of visits in the book it must not pass over them one by one.
    op.drop_index("ix_occupancy_table_id_starts_at", table_name="occupancy")
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(
            "ix_occupancy_live",
            "occupancy",
            ["table_id", "starts_at", "ends_at", "id"],
            sqlite_where=sa.text("live"),
        )


def _waitlist() -> None:
    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("wished_at", Instant(), nullable=False),
        sa.Column("starts_from", Instant(), nullable=False),
        sa.Column("starts_to", Instant(), nullable=False),
        sa.Column("features", _JSON, nullable=True),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("look_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name="fk_waitlist_entry_guest_id"),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name="fk_waitlist_entry_reservation_id"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_waitlist_entry_venue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_waitlist_entry"),
    )
    for name, columns in (
        ("waiting", ["venue_id", "service_date"]),
        ("look_at", ["look_at"]),
    ):
        op.create_index(
            f"ix_waitlist_entry_{name}",
            "waitlist_entry",
            columns,
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )
    op.create_index(
        "ix_waitlist_entry_venue_id_guest_id", "waitlist_entry", ["venue_id", "guest_id"]
    )
    op.create_index("ix_waitlist_entry_reservation_id", "waitlist_entry", ["reservation_id"])


def downgrade() -> None:
    raise NotImplementedError("who waits would be lost: restore a backup instead")
