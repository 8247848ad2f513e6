"""A file system that forgets what was not synced, and the program's path upon it."""
