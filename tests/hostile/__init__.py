"""Texts that somebody means harm with, put into every field that holds text from outside."""
