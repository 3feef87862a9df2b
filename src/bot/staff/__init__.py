"""The host stand in a chat: who is staff, what they are told, and what they do there."""
