"""Simulated evenings: floors, a stream of requests, and a house that takes or refuses them."""
