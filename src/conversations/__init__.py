"""What was said, and what to say next. Knows language; knows no channel."""
