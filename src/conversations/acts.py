"""Carrying out what the dialogue asks for: each action on the book, and the book's answer."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import singledispatchmethod

from sqlalchemy.engine import Connection

from booking import (
    errors,
    guest_limits,
    looking,
    lookups,
    models,
    refusals,
    remarks,
    reservations,
    turns,
    waiting,
    waitlist,
)
from booking.availability import Offer, coming_night
from booking.errors import Reason
from booking.events import GUEST
from booking.guests import Guest
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.rules import Wish, refuse_size
from booking.service_periods import DAY_MINUTES
from booking.venue import Venue
from booking.waiting import Entry
from conversations import actions, allergies, moves
from conversations.actions import Action, Alert
from conversations.draft import Choice
from conversations.features import features_of
from conversations.moves import Event, Visit
from conversations.reading import Side
from conversations.waits import Waiting, window


@dataclass
class Acts:
    """The book as the dialogue acts on it, for one guest at one instant.

    Args:
        db: a writing transaction.
        venue: whose book.
        guest: for whom.
        source: where the wish comes from, such as `sms`.
        now: the instant (UTC).
        alerts: what the staff are to be told.
        wants_silence: whether the guest wants to hear nothing more unasked.
        is_refused: whether a wish was refused already; it is written down once an exchange.

    """

    db: Connection
    venue: Venue
    guest: Guest
    source: str
    now: datetime
    alerts: list[Alert] = field(default_factory=list)
    wants_silence: bool = False
    is_refused: bool = False

    def carry_out(self, action: Action) -> Event | None:
        """Do what is asked, and give the book's answer if it has one."""
        try:
            event: Event | None = self._do(action)
        except errors.NoAvailability as refused:
            self._write_down(refused.reason, *self._wished(action))
            return self._refusal(refused, self._kept(action))
        except errors.TooLate as late:
            found = lookups.get(self.db, self.venue.id, late.reservation_id)
            return moves.TooLate(visit_of(self.venue, found))
        except (errors.IllegalStep, errors.UnknownReservation):
            return moves.Gone()
        return event

    @singledispatchmethod
    def _do(self, action: Action) -> Event | None:
        raise TypeError(f"nobody knows how to do {action!r}")

    @_do.register
    def _hold(self, action: actions.Hold) -> Event:
        return self._place(action)

    def _place(self, action: actions.Hold) -> moves.Held:
        wish = coming_night(self.venue, action.wish, now=self.now)
        wish = replace(wish, features=self._features(action.request))
        if action.instead_of is not None:
            old = lookups.get(self.db, self.venue.id, action.instead_of)
            if old.state_at(self.now) is State.HELD:
                amended = reservations.amend(
                    self.db, self.venue, old.id, wish, request=action.request, now=self.now
                )
                return self._held(amended, second=self._second(amended, but=old.id))
        try:
            return self._held(self._place_hold(wish, action.request))
        except errors.NoAvailability as refused:
            if refused.reason is not Reason.SECOND_VISIT:
                raise
            there = lookups.get(self.db, self.venue.id, refused.fields["reservation"])
        held = self._place_hold(wish, action.request, accept_second=True)
        return self._held(held, second=visit_of(self.venue, there))

    def _place_hold(
        self, wish: Wish, request: str | None, *, accept_second: bool = False
    ) -> Reservation:
        return reservations.place_hold(
            self.db,
            self.venue,
            wish,
            self.guest.id,
            request=request,
            source=self.source,
            accept_second=accept_second,
            now=self.now,
        )

    @_do.register
    def _wait(self, action: actions.Wait) -> Event:
        wish = coming_night(self.venue, action.wish, now=self.now)
        wish = replace(wish, features=self._features(action.request))
        found = waitlist.join(
            self.db,
            self.venue,
            wish,
            self.guest.id,
            request=action.request,
            source=self.source,
            now=self.now,
        )
        if isinstance(found, Entry):
            self._keep_allergies(found.request, found.starts_to)
            minutes = self.venue.policy.opening_minutes
            return moves.Joined(waiting_of(self.venue, found), minutes)
        free = _choice(self.venue, found)
        wish = Wish(party_size=wish.party_size, date=free.date, time=free.time)
        held = self._place(actions.Hold(wish, action.request, action.instead_of))
        return replace(held, after_all=True)

    @_do.register
    def _stop_waiting(self, action: actions.StopWaiting) -> None:
        row = models.WaitlistEntry
        mine = (row.id == action.entry_id, row.guest_id == self.guest.id)
        for entry in waiting.fetch(self.db, *mine):
            waitlist.leave(self.db, self.venue, entry, now=self.now)

    def _features(self, request: str | None) -> frozenset[str]:
        return features_of(request, self.venue.floor, self.venue.languages)

    @_do.register
    def _check_size(self, action: actions.CheckSize) -> Event:
        refusal = refuse_size(self.venue, action.party_size)
        if refusal and refusal.reason is Reason.TOO_LARGE:
            day = action.days[0] if action.days else self.venue.local(self.now).date()
            self._write_down(refusal.reason, action.party_size, day)
            return moves.Refused(refusal.reason, refusal.fields)
        return moves.Fits(action.days)

    @_do.register
    def _confirm(self, action: actions.Confirm) -> Event:
        if action.request:
            self._add_request(action.hold_id, action.request)
        booked = reservations.confirm(self.db, self.venue, action.hold_id, now=self.now)
        visit = visit_of(self.venue, booked)
        return moves.Booked(visit) if self.guest.name else moves.BookedUnnamed(visit)

    @_do.register
    def _look_up_hours(self, action: actions.LookUpHours) -> Event:
        is_open = action.date not in self.venue.closures
        spans = tuple(
            (clock(period.first_seating), clock(period.last_seating))
            for period in sorted(
                self.venue.periods_on(action.date), key=lambda period: period.first_seating
            )
            if is_open
        )
        return moves.Opens(action.date, spans, action.beside)

    @_do.register
    def _recall(self, action: actions.Recall) -> Event:
        held = lookups.get(self.db, self.venue.id, action.hold_id)
        stands = held.state_at(self.now) is State.HELD
        return replace(self._held(held), beside=action.beside) if stands else moves.Gone()

    @_do.register
    def _seek_others(self, action: actions.SeekOthers) -> Event:
        wish = coming_night(self.venue, action.wish, now=self.now)
        found = looking.others(
            self.db,
            self.venue,
            wish,
            now=self.now,
            earlier=action.side is not Side.LATER,
            later=action.side is not Side.EARLIER,
            but=action.but,
        )
        options = tuple(_choice(self.venue, offer) for offer in found)
        return moves.FoundOthers(options) if options else moves.FoundNoOthers(action.side, wish)

    @_do.register
    def _release(self, action: actions.Release) -> None:
        reservations.release(self.db, self.venue, action.hold_id, now=self.now)

    @_do.register
    def _propose(self, action: actions.Propose) -> Event:
        wish = coming_night(self.venue, action.wish, now=self.now)
        old = lookups.get(self.db, self.venue.id, action.target_id)
        if wish == reservations.wish_of(self.venue, old):
            return moves.Unchanged(visit_of(self.venue, old))
        offer = reservations.propose(self.db, self.venue, old.id, wish, now=self.now)
        new = _choice(self.venue, offer)
        found = Wish(party_size=wish.party_size, date=new.date, time=new.time)
        second = self._second(offer, but=old.id)
        return moves.Proposed(visit_of(self.venue, old), found, second)

    @_do.register
    def _amend(self, action: actions.Amend) -> Event:
        amended = reservations.amend(
            self.db,
            self.venue,
            action.target_id,
            action.wish,
            request=action.request,
            now=self.now,
        )
        self._keep_allergies(amended.request, amended.ends_at)
        return moves.Changed(visit_of(self.venue, amended))

    @_do.register
    def _cancel(self, action: actions.Cancel) -> Event:
        cancelled = reservations.cancel(self.db, self.venue, action.target_id, now=self.now)
        return moves.Cancelled(visit_of(self.venue, cancelled))

    @_do.register
    def _note(self, action: actions.Note) -> None:
        self._add_request(action.target_id, action.request)

    @_do.register
    def _note_late(self, action: actions.NoteLate) -> None:
        turns.run_late(self.db, self.venue, action.target_id, actor=GUEST, now=self.now)

    @_do.register
    def _rename(self, action: actions.Rename) -> None:
        remarks.name_guest(self.db, self.venue, self.guest.id, action.name, now=self.now)
        self.guest = replace(self.guest, name=action.name)

    @_do.register
    def _silence(self, _: actions.Silence) -> None:
        """Who can be told nothing waits for nothing: somebody of the staff may ring."""
        self.wants_silence = True
        for entry in waiting.of_guest(self.db, self.venue.id, self.guest.id, now=self.now):
            waitlist.leave(self.db, self.venue, entry, now=self.now)
            told = window(waiting_of(self.venue, entry))
            self.alerts.append(Alert("opted_out_waiting", told))

    @_do.register
    def _alert(self, action: Alert) -> None:
        self.alerts.append(action)

    def _second(self, place: Reservation | Offer, *, but: int) -> Visit | None:
        """What else the guest has at the time of a place."""
        ahead = lookups.upcoming(self.db, self.venue.id, self.guest.id, now=self.now)
        there = guest_limits.meanwhile([visit for visit in ahead if visit.id != but], place)
        return visit_of(self.venue, there) if there else None

    def _held(self, held: Reservation, second: Visit | None = None) -> moves.Held:
        self._keep_allergies(held.request, held.ends_at)
        asks_staff = held.party_size >= self.venue.policy.approval_party_size
        return moves.Held(visit_of(self.venue, held), asks_staff, second)

    def _add_request(self, reservation_id: int, request: str) -> None:
        old = lookups.get(self.db, self.venue.id, reservation_id)
        both = f"{old.request}; {request}" if old.request else request
        noted = remarks.note(self.db, self.venue, old.id, both, now=self.now)
        self._keep_allergies(noted.request, noted.ends_at)
        if features := self._features(request):
            reservations.prefer(self.db, self.venue, old.id, features, now=self.now)

    def _keep_allergies(self, told: str | None, ends_at: datetime) -> None:
        allergies.keep(self.db, self.venue, self.guest.id, told, ends_at=ends_at, now=self.now)

    def _wished(self, action: Action) -> tuple[int, date]:
        """The party size and the service date of what could not be had."""
        match action:
            case (
                actions.Hold(wish=asked)
                | actions.Wait(wish=asked)
                | actions.Propose(wish=asked)
                | actions.Amend(wish=asked)
            ):
                wish = coming_night(self.venue, asked, now=self.now)
                return wish.party_size, self.venue.service_date_of(wish.date, wish.time)
            case actions.Confirm(hold_id=number):
                held = lookups.get(self.db, self.venue.id, number)
                return held.party_size, held.service_date
        raise TypeError(f"nobody wishes for anything with {action!r}")

    def _write_down(self, reason: Reason, party_size: int, service_date: date) -> None:
        if self.is_refused:
            return
        self.is_refused = True
        refusals.record(
            self.db,
            self.venue.id,
            reason,
            party_size=party_size,
            service_date=service_date,
            now=self.now,
        )

    def _kept(self, action: Action) -> Visit | None:
        """What goes on being held when nothing came of another wish."""
        if not isinstance(action, actions.Hold | actions.Wait) or action.instead_of is None:
            return None
        old = lookups.get(self.db, self.venue.id, action.instead_of)
        return visit_of(self.venue, old) if old.state_at(self.now) is State.HELD else None

    def _refusal(self, refused: errors.NoAvailability, held: Visit | None) -> Event:
        if refused.reason is Reason.NEEDS_APPROVAL:
            return moves.NeedsApproval()
        if not refused.nearest:
            return moves.Refused(refused.reason, refused.fields, held)
        options = tuple(_choice(self.venue, offer) for offer in refused.nearest)
        return moves.Offered(refused.reason, refused.fields, options, held)


def visit_of(venue: Venue, reservation: Reservation, now: datetime | None = None) -> Visit:
    """A reservation as its guest thinks of it; at an instant (UTC), whether it is final by then."""
    local = venue.local(reservation.starts_at)
    held_until = reservation.held_until
    return Visit(
        id=reservation.id,
        code=reservation.code,
        party_size=reservation.party_size,
        date=local.date(),
        time=local.time(),
        request=reservation.request,
        until=venue.local(held_until).time() if held_until else None,
        is_requested=reservation.state is State.REQUESTED,
        is_final=now is not None and reservations.is_final(venue, reservation, now=now),
    )


def waiting_of(venue: Venue, entry: Entry) -> Waiting:
    """An entry of the waitlist as its guest thinks of it."""
    first, last = venue.local(entry.starts_from), venue.local(entry.starts_to)
    return Waiting(
        id=entry.id,
        party_size=entry.party_size,
        date=first.date(),
        time=first.time(),
        time_to=last.time(),
        request=entry.request,
    )


def clock(minutes: int) -> time:
    """The wall time so many minutes into a service date."""
    return time(*divmod(minutes % DAY_MINUTES, 60))


def _choice(venue: Venue, offer: Offer) -> Choice:
    local = venue.local(offer.starts_at)
    return Choice(date=local.date(), time=local.time())
