"""The HTTP edge: verify, store, answer; pages."""
