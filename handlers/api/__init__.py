"""The item API: what is sent and answered, and its description."""
