"""Scheduled, branded PDF reports of phishing-awareness results."""

__version__ = "0.1.0"
