"""The providers in a box: a strict Telegram Bot API and a strict Twilio REST API, in memory.

The house speaks to them by HTTP with the real client libraries, and they speak to the house by
HTTP with signed webhooks; neither knows the other's code.
"""

from webhooks.emulator.box import Account, Emulators, build

__all__ = ["Account", "Emulators", "build"]
