"""Pages for people."""

from webhooks.pages.lines import Scene
from webhooks.pages.simulator import mount
from webhooks.pages.stage import Stage

__all__ = ["Scene", "Stage", "mount"]
