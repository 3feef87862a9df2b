"""The demo: providers in a box, and a page with their phones. On only with the simulator."""

from collections.abc import Callable
from functools import partial

from fastapi import FastAPI

from booking import venues
from bot import utc_now
from bot.house import House
from webhooks.embedded import EmbeddedWorkers
from webhooks.emulator import Account, build
from webhooks.pages import Scene, Stage, mount


def mount_demo(app: FastAPI, house: House, workers: EmbeddedWorkers | None) -> Callable[[], None]:
    """Mount the emulators under /emulator and the simulator's page; gives what ends them.

    Args:
        app: of the house.
        house: what the page shows.
        workers: of this process, if they run in it; the page can pause them.
    """
    settings = house.settings
    if settings.telegram_token is None or settings.twilio_auth_token is None:
        raise RuntimeError("the simulator makes up what is not given")
    account = Account(
        telegram_token=settings.telegram_token.get_secret_value(),
        telegram_secret=(
            settings.telegram_webhook_secret or settings.telegram_token
        ).get_secret_value(),
        twilio_account_sid=settings.twilio_account_sid or "",
        twilio_auth_token=settings.twilio_auth_token.get_secret_value(),
        twilio_number=settings.twilio_number or "",
    )
    emulators = build(account, webhooks=settings.public_url, now=utc_now)
    app.mount("/emulator", emulators.app)
    if settings.pages:
        show = partial(scene, house)
        app.state.stage = Stage(emulators, show, database=house.database, workers=workers)
        mount(app, app.state.stage)
    return emulators.close


def scene(house: House) -> Scene:
    """What the page shows: the first venue of the house, and its staff's phones."""
    with house.database.reading() as db:
        every = venues.every(db)
    if not every:
        return Scene()
    venue = every[0]
    chats = [member.telegram_chat_id for member in venue.staff if member.telegram_chat_id]
    numbers = [member.phone for member in venue.staff if member.phone]
    return Scene(
        venue=venue.name,
        timezone=str(venue.zone),
        languages=venue.languages,
        staff_chat=next(iter(chats), None),
        staff_number=next(iter(numbers), None),
    )
