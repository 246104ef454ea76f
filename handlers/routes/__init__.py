"""Addresses beside Slack's: the connect page, the way back from the sign-in, health."""
