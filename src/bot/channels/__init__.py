"""One module a provider: what it says becomes a Received, what we say becomes its call."""
