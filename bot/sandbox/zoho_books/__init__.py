"""Simulated Zoho Books: sign-in and API v3, refusing what the real one refuses. Knows nothing of the bot."""

from bot.sandbox.zoho_books.books import Books
from bot.sandbox.zoho_books.sample import sample_books
from bot.sandbox.zoho_books.server import ZohoServer, create_app

__all__ = ["Books", "ZohoServer", "create_app", "sample_books"]
