"""Every document with all that it was made from, kept under its key."""

from reportgen.archive.bundles import FileArchive

__all__ = ["FileArchive"]
