"""The words of the pages; they are tools for owners and developers, so English is enough."""

TITLE = "Tabletalk simulator"
LEAD = "Ask for a table as a guest, say yes, and watch the staff's chat and the book."
NAMES = ("Anna", "Ben", "Clara", "Diego", "Emma", "Fabio", "Greta", "Hugo", "Irene", "Jonas")
GUEST = "Guest"
STAFF = "Front of house"
TELEGRAM = "Telegram"
SMS = "SMS"
GROUP = "Telegram group"

# The strip of phones
GUESTS = "Guests"
VIEWS = "Views"
ADD = "Guest"
ADD_LONG = "Add a guest"
TABLES = "Tables"
TROUBLE = "Trouble"
STAFF_SHORT = "Staff"
NEW = "{count} new"

# The dialog for another guest
NAME = "Name"
CHANNEL = "Writes by"
CANCEL = "Cancel"
LANGUAGE = "Language of the app"
NO_LANGUAGE = "Not told"

# A phone
EMPTY = "Write as {name}, or try one of these:"
EMPTY_STAFF = "Alerts for the staff appear here. The staff can also write:"
WRITE = "Message"
WRITE_HINT = "Shift+Enter: several messages in one go"
BURST = "{count} messages, one right after the other"
SEND = "Send"
SAMPLES = "Things to try"
MORE = "More about {name}"
BLOCKED = "{name} has blocked the bot. Nothing comes through any more."
STOPPED = "Stopped. Text START to hear from the house again."
BLOCK = "Block the bot"
UNBLOCK = "Unblock the bot"
STOP = "Text STOP"
REMOVE = "Remove {name}"
TYPING = "is writing…"
CARRIER = "Twilio answers by itself"
EDITED = "edited"
REPLY = "Reply"
REPLYING = "Reply to:"
NO_REPLY = "Do not reply to it"
HELD = "Table for {size} held"
LEFT = "{left} left"
NOBODY = "No guests. Add one to write to the house."
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
#: By what they show; a line is a message, and several come in one go.
MORE_TO_SAY = (
    "Hello\na table for tomorrow please\nat 8pm\nwe are 3",
    "Make it 9pm instead",
    "We are 10, Saturday at 8pm",
    "We are running 15 minutes late",
    "Do you have a high chair?",
    "I want to talk to a person",
    "Cancel my booking",
)
STAFF_SAYS = (
    "/today",
    "/walkin 2",
    "/book 4 tomorrow 19:30 Rossi",
    "/pause 60",
    "/open",
    "/undo",
    "/help",
)

# The book
BOOK = "The book"
BOOK_TONIGHT = "Tonight"
BOOK_TODAY = "Today"
OTHER_DAY = "Another day"
PARTIES = "{parties} parties"
PARTY = "1 party"
COVERS = "{covers} covers"
NO_PARTIES = "Nobody yet. Book as a guest and watch."
DAY_OFF = "Closed on this day."
NO_VENUE = "No venue is loaded. Run: tabletalk load FILE.toml"
NO_BOOK = "The book cannot be read just now. Trying again…"
SHUT = "closed"
NO_NAME = "no name"
WALK_IN = "walk-in"
NO_BOOKINGS = "no new bookings"
LEGEND = {
    "held": "held",
    "requested": "asks the staff",
    "reserved": "reserved",
    "seated": "seated",
    "finished": "left",
    "no_show": "no-show",
    "shut": "closed",
}
VISIT = "{at}: {who}, party of {size}, {tables}, {state}, {code}"
TIP = "{at} to {until} · {tables}"

# Trouble
BREAK = "Break something"
BREAK_LEAD = "Switch on, write as a guest: nothing may get lost or doubled."
NOT_HERE = "The workers run in a process of their own: stop that one instead."
SWITCHES = {
    "slow": ("Slow provider", "Each call takes 3 s"),
    "lost_answer": ("Timeout after success", "Sent, yet no answer comes"),
    "duplicate": ("Duplicate webhooks", "Every message twice"),
    "paused": ("Workers paused", "As if the process had died"),
}
COUNTS = {
    "done": "from phones",
    "webhooks": "webhooks",
    "stored": "stored once",
    "due": "to be sent",
    "shown": "on phones",
}
FINE = "Nothing lost, nothing doubled."
UNDER_WAY = "On its way: {waiting} to be read, {unsent} to be sent. Nothing is lost."
TWICE = (
    "Nothing lost. Repeated: {twice}, as nobody could know whether the first had arrived."
    " Same words, same code."
)
LOST = "{lost} missing on the phones."
IDLE = "Counting. Write something as a guest."
HIDE = "End the count"

# The page
DARK = "Light, dark or as the system"
START_OVER = "Start over"
START_OVER_LONG = "Fresh guests and empty screens; the book keeps what is in it"
STARTED_OVER = "Fresh guests. What is in the book stays."
