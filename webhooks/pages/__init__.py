"""Pages for people."""

from webhooks.pages.lines import Scene
from webhooks.pages.simulator import mount

__all__ = ["Scene", "mount"]
