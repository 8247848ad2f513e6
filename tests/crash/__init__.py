"""`reportgen run` killed at random moments, again and again, and what it left behind counted."""
