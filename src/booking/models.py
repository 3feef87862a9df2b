"""The rows of the book."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from booking.database import Base


class Venue(Base):
    """A restaurant: its venue file as loaded, and what identifies that version of it."""

    __tablename__ = "venue"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    revision: Mapped[str]
    rules: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]


class DiningTable(Base):
    """A table. One that left the venue file stays here, because the past refers to it."""

    __tablename__ = "dining_table"
    __table_args__ = (sa.UniqueConstraint("venue_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    name: Mapped[str]


class ServiceDay(Base):
    """What is locked before anybody looks for a place on a service date."""

    __tablename__ = "service_day"
    __table_args__ = (sa.UniqueConstraint("venue_id", "service_date"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    service_date: Mapped[date]


class Guest(Base):
    """Who writes, and whose name stands in the book.

    `channel` and `address` are where the guest is written to: the one of their contacts that they
    used last. `allergies` are forgotten soon after the visit that they were told for.
    """

    __tablename__ = "guest"
    __table_args__ = (
        sa.UniqueConstraint("venue_id", "channel", "address"),
        sa.Index(
            "ix_guest_allergies_until",
            "allergies_until",
            postgresql_where=sa.text("allergies_until IS NOT NULL"),
            sqlite_where=sa.text("allergies_until IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    channel: Mapped[str]
    address: Mapped[str]
    name: Mapped[str | None]
    language: Mapped[str | None]
    note: Mapped[str | None]
    allergies: Mapped[str | None]
    allergies_until: Mapped[datetime | None]
    is_vip: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]


class GuestContact(Base):
    """An address by which a guest reaches the house; all of them, also the one used last.

    `verified_at` is when a message came from it: until then somebody else may have mistyped it.
    """

    __tablename__ = "guest_contact"
    __table_args__ = (
        sa.UniqueConstraint("venue_id", "channel", "address"),
        sa.Index(None, "guest_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    guest_id: Mapped[int] = mapped_column(sa.ForeignKey("guest.id"))
    channel: Mapped[str]
    address: Mapped[str]
    verified_at: Mapped[datetime | None]


class Reservation(Base):
    """A visit, agreed or on the way to it. `version` rises when date, time or size change.

    `held_until` is when a hold runs out, and when a request that nobody has decided does.
    `request` is what the guest asked for, `note` what the staff wrote for themselves. `features`
    are what the guest was promised of a place, `unmet` what was wished for and not to be had.
    A pinned party keeps its tables. A `request_key` was given by who asked, to find it again.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        sa.UniqueConstraint("venue_id", "code"),
        sa.Index(None, "venue_id", "service_date"),
        sa.Index(None, "venue_id", "guest_id"),
        sa.Index(
            "ix_reservation_held",
            "held_until",
            postgresql_where=sa.text("state IN ('held', 'requested')"),
            sqlite_where=sa.text("state IN ('held', 'requested')"),
        ),
        sa.Index(
            "uq_reservation_venue_id_request_key",
            "venue_id",
            "request_key",
            unique=True,
            postgresql_where=sa.text("request_key IS NOT NULL"),
            sqlite_where=sa.text("request_key IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    code: Mapped[str]
    guest_id: Mapped[int] = mapped_column(sa.ForeignKey("guest.id"))
    state: Mapped[str]
    party_size: Mapped[int]
    service_date: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    request: Mapped[str | None]
    note: Mapped[str | None]
    features: Mapped[list[str] | None]
    unmet: Mapped[list[str] | None]
    is_pinned: Mapped[bool] = mapped_column(server_default=sa.false())
    late_minutes: Mapped[int | None]
    source: Mapped[str]
    request_key: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]


class Occupancy(Base):
    """A table taken from `starts_at` up to, not including, `ends_at`.

    The database refuses two live ones that overlap on one table (see the migrations). A row that
    is no longer live tells where the party would have sat.
    """

    __tablename__ = "occupancy"
    __table_args__ = (sa.Index(None, "reservation_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"))
    table_id: Mapped[int] = mapped_column(sa.ForeignKey("dining_table.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    live: Mapped[bool]


class BookingEvent(Base):
    """One step of one reservation: the history, and what notices are made from.

    `bent` names the rules of the house that the staff set aside for it.
    """

    __tablename__ = "booking_event"
    __table_args__ = (
        sa.Index(None, "reservation_id"),
        sa.Index(
            "ix_booking_event_unnoticed",
            "id",
            postgresql_where=sa.text("noticed_at IS NULL"),
            sqlite_where=sa.text("noticed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"))
    kind: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    party_size: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tables: Mapped[list[str]]
    version: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    bent: Mapped[list[str] | None]
    noticed_at: Mapped[datetime | None]


class Closing(Base):
    """A table that seats nobody for a while, or, without a table, a house that takes no bookings.

    From `starts_at` up to, not including, `ends_at`, unless it was lifted before. Closings of one
    act have its `scope` in common: the section, or the whole house.
    """

    __tablename__ = "closing"
    __table_args__ = (sa.Index(None, "venue_id", "ends_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    table_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dining_table.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    scope: Mapped[str | None]
    actor: Mapped[str]
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]


class Refusal(Base):
    """A wish that could not be had: what the house had to turn away, and why."""

    __tablename__ = "refusal"
    __table_args__ = (sa.Index(None, "venue_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    reason: Mapped[str]
    party_size: Mapped[int]
    service_date: Mapped[date]
    at: Mapped[datetime]


class SpecialDay(Base):
    """A service date with periods of its own, written by the staff; `periods` as in a venue file.

    It stands before what the venue file says of that date.
    """

    __tablename__ = "special_day"
    __table_args__ = (sa.UniqueConstraint("venue_id", "service_date"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    service_date: Mapped[date]
    name: Mapped[str | None]
    periods: Mapped[list[dict[str, Any]]]
    actor: Mapped[str]
    at: Mapped[datetime]


class WaitlistEntry(Base):
    """A party that waits for a table whose start lies from `starts_from` to `starts_to`.

    The nearer to `wished_at` the better: the time that was named, or the first of a window.
    They are served in order of their ids. `reservation_id` is the opening: the hold that was made
    for them, and the visit that it may have become. At `look_at` it is time to look for one.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        sa.Index(
            "ix_waitlist_entry_waiting",
            "venue_id",
            "service_date",
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        ),
        sa.Index(
            "ix_waitlist_entry_look_at",
            "look_at",
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        ),
        sa.Index(None, "venue_id", "guest_id"),
        sa.Index(None, "reservation_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    guest_id: Mapped[int] = mapped_column(sa.ForeignKey("guest.id"))
    state: Mapped[str]
    party_size: Mapped[int]
    service_date: Mapped[date]
    wished_at: Mapped[datetime]
    starts_from: Mapped[datetime]
    starts_to: Mapped[datetime]
    features: Mapped[list[str] | None]
    request: Mapped[str | None]
    source: Mapped[str]
    reservation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reservation.id"))
    created_at: Mapped[datetime]
    look_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
