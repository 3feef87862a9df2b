"""The book of one venue, on both databases."""

import pytest
from restaurants import Book

from booking.database import Database


@pytest.fixture
def book(database: Database) -> Book:
    """Aurora's book; the test runs once on PostgreSQL and once on SQLite."""
    return Book.opened(database)
