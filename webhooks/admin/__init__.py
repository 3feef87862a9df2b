"""What the staff see on the web: closed to all who do not have the password of the house."""

from webhooks.admin.guard import Guard
from webhooks.admin.page import router

__all__ = ["Guard", "router"]
