"""Twilio in a box: an account with one number, and everybody who texts with it.

State is in memory. Everything here may be called from any thread and returns at once; webhooks
travel on the courier's thread.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from webhooks.emulator.carrier import react
from webhooks.emulator.courier import Courier, Outcome
from webhooks.emulator.faults import Fault, Faults
from webhooks.emulator.phones import Author, Channel, Delivery, Phone, PhoneMessage, Phones
from webhooks.emulator.segments import segments
from webhooks.emulator.traffic import Traffic
from webhooks.emulator.twilio_hook import Post
from webhooks.emulator.twilio_records import API_VERSION, Number, Search, Text, new_sid
from webhooks.emulator.twilio_rules import Order, TwilioRefusal, country_of

#: How a status of Twilio looks on a phone.
SHOWN = {
    "queued": Delivery.SENDING,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
}

#: How many calls of the house are listed.
CALLS_KEPT = 5000

Form: TypeAlias = dict[str, str]
Steps: TypeAlias = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """How texts to a number end: `delivered`, `undelivered` or `failed`, with Twilio's code."""

    status: str = "delivered"
    error: int | None = None

    def steps(self) -> Steps:
        """The statuses after `queued`, with their codes; what fails was never sent."""
        end = (self.status, self.error)
        return (end,) if self.status == "failed" else (("sent", None), end)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the house made: when (UTC), what, HTTP status, its form or query."""

    at: datetime
    method: str
    status: int
    parameters: Mapping[str, str]


class TwilioEmulator:
    """One account, its number, and what each guest sees.

    Args:
        account_sid: of the account.
        auth_token: opens the REST API and signs webhooks.
        number: of the house, E.164.
        sms_url: where texts to it go until the house changes that.
        phones: where texts are shown.
        courier: takes webhooks to the house.
        now: the clock, UTC.
        status_pause: seconds between two states of a message.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        number: str,
        phones: Phones,
        courier: Courier,
        now: Callable[[], datetime],
        sms_url: str = "",
        status_pause: float = 0.2,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.phones = phones
        self.now = now
        self.status_pause = status_pause
        self.faults = Faults()
        self.lock = threading.RLock()
        self.number = Number(sid=new_sid("PN"), number=number, sms_url=sms_url)
        self._courier = courier
        self._post = Post(courier, auth_token)
        self.reset()

    def reset(self) -> None:
        """Forget messages, stops and calls; the number and its webhooks stay."""
        with self.lock:
            self.texts: dict[str, Text] = {}
            self.stopped: set[str] = set()
            self.fates: dict[str, Fate] = {}
            self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
            self.traffic = Traffic()
            self.faults.clear()

    def open_phone(self, number: str, name: str = "") -> Phone:
        """The phone of a guest, by its E.164 number."""
        return self.phones.open(Channel.SMS, number, name)

    def say(self, number: str, body: str, *, media: tuple[str, ...] = ()) -> str:
        """Text the house from a guest's number; the message's sid comes back.

        Args:
            number: of the guest, E.164.
            body: may be empty when there is media.
            media: URLs of pictures.
        """
        with self.lock:
            text = self._store("inbound", number, self.number.number, body, "received")
            text.media, text.sent = len(media), text.created
            phone = self.open_phone(number)
            phone.show(
                PhoneMessage(
                    id=text.sid,
                    author=Author.HOLDER,
                    text=body or "[picture]",
                    at=text.created,
                    state=Delivery.SENDING,
                )
            )
            self._obey(phone, body)
            self._pass_on(text, media, phone)
            return text.sid

    def decide(self, number: str, fate: Fate) -> None:
        """Decide how texts to a number end from now on."""
        with self.lock:
            self.fates[number] = fate

    def take(self, order: Order) -> Text:
        """Take a message of the house and send it on its way.

        Raises:
            TwilioRefusal: the sender is not ours, or the guest has stopped.
        """
        with self.lock:
            if order.sender != self.number.number:
                raise TwilioRefusal(
                    21660,
                    f"Mismatch between the 'From' number {order.sender} and the account"
                    f" {self.account_sid}",
                )
            if order.to in self.stopped:
                raise TwilioRefusal(21610, "Attempt to send to unsubscribed recipient")
            text = self._store("outbound-api", order.sender, order.to, order.body, "queued")
            text.status_callback = order.status_callback or self.number.status_callback
            text.validity = order.validity
            self.open_phone(order.to).show(
                PhoneMessage(
                    id=text.sid,
                    author=Author.HOUSE,
                    text=order.body,
                    at=text.created,
                    state=Delivery.SENDING,
                )
            )
            steps = self.fates.get(order.to, Fate()).steps()
            self._go_on(text, steps, reorder=self.faults.take(Fault.REORDER))
            return text

    def find(self, search: Search) -> list[Text]:
        """Messages that pass the filters, the newest first."""
        with self.lock:
            return [text for text in reversed(self.texts.values()) if search.finds(text)]

    def _store(self, direction: str, sender: str, to: str, body: str, status: str) -> Text:
        now = self.now()
        text = Text(
            sid=new_sid("SM"),
            direction=direction,
            sender=sender,
            to=to,
            body=body,
            status=status,
            created=now,
            updated=now,
        )
        self.texts[text.sid] = text
        return text

    def _obey(self, phone: Phone, body: str) -> None:
        stopped, answer = react(body, blocked=phone.address in self.stopped)
        (self.stopped.add if stopped else self.stopped.discard)(phone.address)
        phone.show_blocked(blocked=stopped)
        if answer:
            phone.show(
                PhoneMessage(
                    id=new_sid("SM"), author=Author.CARRIER, text=answer.value, at=self.now()
                )
            )

    def _pass_on(self, text: Text, media: tuple[str, ...], phone: Phone) -> None:
        form = _inbound_form(text, media, self.account_sid)

        def ended(outcome: Outcome) -> None:
            state = Delivery.DELIVERED if outcome.accepted else Delivery.FAILED
            phone.change(text.sid, state=state)

        def first_ended(outcome: Outcome) -> None:
            if outcome.accepted or not self.number.fallback_url:
                ended(outcome)
            else:
                self._post.send(self.number.fallback_url, form, lane=text.sid, ended=ended)

        if not self.number.sms_url:
            return
        # A lane for each guest keeps a burst in order; the copy overtakes as it likes.
        self._post.send(self.number.sms_url, form, lane=f"from {text.sender}", ended=first_ended)
        twice = self.faults.take(Fault.DUPLICATE)
        self.traffic.note(text.created, copies=2 if twice else 1)
        if twice:
            self._post.send(self.number.sms_url, form, lane=f"copy {text.sid}")

    def _go_on(
        self, text: Text, steps: Steps, *, reorder: bool, held: tuple[Form, ...] = ()
    ) -> None:
        def step() -> None:
            with self.lock:
                if text.sid not in self.texts:
                    return
                self._advance(text, *steps[0])
                forms, later = (_status_form(text, self.account_sid), *held), steps[1:]
                if not (reorder and later):
                    self._call_back(text, forms)
                    forms = ()
                if later:
                    self._go_on(text, later, reorder=reorder, held=forms)

        self._courier.later(self.status_pause, step)

    def _advance(self, text: Text, status: str, error: int | None) -> None:
        text.status, text.error, text.updated = status, error, self.now()
        text.sent = text.sent or text.updated
        self.open_phone(text.to).change(text.sid, state=SHOWN[status], problem=error)

    def _call_back(self, text: Text, forms: tuple[Form, ...]) -> None:
        copies = 2 if self.faults.take(Fault.DUPLICATE) else 1
        for form in forms if text.status_callback else ():
            for _ in range(copies):
                self._post.send(text.status_callback, form, lane=f"status {text.sid}")


def _inbound_form(text: Text, media: tuple[str, ...], account: str) -> Form:
    country = country_of(text.sender)
    form = {
        "ToCountry": country_of(text.to),
        "SmsMessageSid": text.sid,
        "NumMedia": str(len(media)),
        "SmsSid": text.sid,
        "SmsStatus": "received",
        "FromCountry": country,
        "FromCity": "",
        "FromState": "",
        "FromZip": "",
        "Body": text.body,
        "To": text.to,
        "NumSegments": str(segments(text.body)),
        "MessageSid": text.sid,
        "AccountSid": account,
        "From": text.sender,
        "ApiVersion": API_VERSION,
    }
    for index, url in enumerate(media):
        form |= {f"MediaUrl{index}": url, f"MediaContentType{index}": "image/jpeg"}
    return form


def _status_form(text: Text, account: str) -> Form:
    form = {
        "SmsSid": text.sid,
        "SmsStatus": text.status,
        "MessageStatus": text.status,
        "To": text.to,
        "MessageSid": text.sid,
        "AccountSid": account,
        "From": text.sender,
        "ApiVersion": API_VERSION,
    }
    return form | ({"ErrorCode": str(text.error)} if text.error else {})
