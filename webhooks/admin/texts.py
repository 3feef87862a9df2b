"""The words of the staff's pages; like those of the simulator in English only."""

TITLE = "Tabletalk"
PASSWORD = "Password"  # noqa: S105 (a label)
ENTER = "Enter"
LEAVE = "Log out"
WRONG = "That is not the password."
WAIT = "Too many wrong guesses. Try again in {seconds} seconds."
TODAY = "Today"
EARLIER = "The day before"
LATER = "The day after"
EMPTY = "Nobody is expected."
NO_VENUE = "No venue is loaded: run tabletalk load FILE.toml"
PARTIES = "parties: {parties}, covers: {covers}"
COLUMNS = ("Time", "Size", "Name", "Tables", "Code", "State", "Wishes and notes", "Contact")
CHANNELS = {"telegram": "Telegram"}
STATES = {
    "held": "held",
    "requested": "asks",
    "reserved": "reserved",
    "seated": "seated",
    "finished": "left",
    "no_show": "no-show",
}
NEVER = "never"
AGO = "{seconds:.0f} s ago"
HEALTH = {
    "worker": "Workers seen",
    "in": "To handle",
    "out": "To send",
    "overdue": "Overdue",
    "unknown": "Outcome unknown",
}
