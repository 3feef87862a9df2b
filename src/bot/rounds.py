"""What else the doctor looks at: who gets the alerts, whether the work is done, what got stuck."""

import stat
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from booking import venues
from bot import stuck
from bot.channels import SMS, TELEGRAM
from bot.channels.telegram import TelegramSender
from bot.house import House
from bot.models import WorkerLife
from bot.settings import env_file
from bot.staff import contacts
from bot.staff.contacts import Contact
from bot.stuck import Trouble

#: How far the clocks of this machine and of the database may be apart.
SKEW = timedelta(seconds=5)
#: The scheduler ticks every second; who is not seen for so long does not run.
UNSEEN = timedelta(minutes=1)
#: How far back messages are looked at.
LATELY = timedelta(days=7)
#: What a channel is called, and what turns it on.
_CHANNELS = {TELEGRAM: ("Telegram", "TABLETALK_TELEGRAM_TOKEN"), SMS: ("SMS", "TABLETALK_TWILIO_*")}
Clock = Callable[[], datetime]


def file(_: House, **__: object) -> Iterator[str]:
    """The file with the secrets, if it is used."""
    found = env_file()
    if found and found.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield f"{found} has secrets, and others may read it: chmod 600 {found}"


def clock(house: House, *, clock: Clock, **_: object) -> Iterator[str]:
    """The clock of the database server, for what is compared with it later by hand."""
    if house.database.is_sqlite:
        return
    try:
        with house.database.reading() as db:
            theirs: datetime = db.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    except SQLAlchemyError:
        return  # said already
    apart = abs(clock() - theirs)
    if apart > SKEW:
        seconds = round(apart.total_seconds())
        yield f"this machine and the database are {seconds} s apart: let both ask a time server"


def staff(house: House, **_: object) -> Iterator[str]:
    """Whether somebody gets the alerts of each venue."""
    try:
        with house.database.reading() as db:
            people = {each: contacts.of_venue(db, each.id) for each in venues.every(db)}
    except SQLAlchemyError:
        return
    for venue, members in people.items():
        if not members:
            yield f"nobody gets the alerts of {venue.slug}: add [[staff]] to its file and load it"
        for member in members:
            yield from (f"{venue.slug}: {fault}" for fault in _reach(house, member))


def _reach(house: House, member: Contact) -> Iterator[str]:
    if member.channel not in house.senders:
        name, variable = _CHANNELS.get(member.channel, (member.channel, "that"))
        yield f"{member.name} is on {name}, which is off: set {variable}"
        return
    sender = house.senders[member.channel]
    if not isinstance(sender, TelegramSender) or house.settings.simulator:
        return
    try:  # harmless, and tells whether the bot may write there
        sender.run(sender.bot.send_chat_action(int(member.address), ChatAction.TYPING))
    except (Forbidden, BadRequest, ChatMigrated) as error:
        where = f"{member.name} ({member.address})"
        yield f"{where} cannot be written to: {error.message}: add the bot to that chat"
    except TelegramError:
        return  # nobody answers at all, which is said already


def workers(house: House, *, clock: Clock, **_: object) -> Iterator[str]:
    """Whether workers run, where they have processes of their own."""
    if house.settings.redis_url is None:
        return
    try:
        with house.database.reading() as db:
            seen = db.execute(sa.select(sa.func.max(WorkerLife.seen_at))).scalar()
    except SQLAlchemyError:
        return
    if seen is None:
        yield "none was ever seen: start `tabletalk worker`"
    elif clock() - seen > UNSEEN:
        yield f"none was seen since {seen:%Y-%m-%d %H:%M} UTC: start `tabletalk worker`"


def messages(house: House, *, clock: Clock, **_: object) -> Iterator[str]:
    """What is dead, of unknown outcome or overdue."""
    now = clock()
    for trouble in Trouble:
        try:
            with house.database.reading() as db:
                found = stuck.listed(db, [trouble], since=now - LATELY, now=now)
        except SQLAlchemyError:
            return
        kinds = Counter(entry["kind"] for entry in found)
        if found:
            what = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            yield f"{len(found)} {trouble} ({what}): see `tabletalk outbox --{trouble}`"
