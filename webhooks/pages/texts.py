"""The words of the pages; they are tools for owners and developers, so English is enough."""

TITLE = "Tabletalk simulator"
LEAD = "Guests and staff, each with a phone. All they write goes through the real webhooks."
GUEST_TELEGRAM = "Anna"
GUEST_SMS = "Ben"
STAFF = "Front of house"
TELEGRAM = "Telegram"
SMS = "SMS"
GROUP = "Telegram group"
EMPTY = "Nothing here yet. Write, or try one of these:"
EMPTY_STAFF = "Alerts for the staff appear here."
WRITE = "Message"
SEND = "Send"
BLOCKED = "Blocked. Nothing comes through any more."
STOPPED = "Stopped. Text START to hear from the house again."
BLOCK = "Block"
UNBLOCK = "Unblock"
LANGUAGE = "Language of the app"
NO_LANGUAGE = "not told"
TYPING = "is writing…"
CARRIER = "Twilio answers by itself"
EDITED = "edited"
DARK = "Light, dark or as the system"
TROUBLES = {"failed": "not delivered {code}", "unseen": "not shown to the bot"}
STATES = {
    "sending": "on its way",
    "sent": "with the carrier",
    "delivered": "delivered",
    "failed": "not delivered",
    "unseen": "in a group the bot sees only commands, mentions and replies",
}
OPENERS = {
    "en": ("Table for 4 tomorrow at 7, we have a pram", "Dinner for 2 on Friday at 8pm"),
    "it": ("Un tavolo per 4 domani alle 19, abbiamo un passeggino",),
}
