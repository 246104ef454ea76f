"""The pages of the simulated Zoho Books: what its user sees, and the buttons that make trouble."""

from bot.sandbox.zoho_books.web.pages import Pages

__all__ = ["Pages"]
