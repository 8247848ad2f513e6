"""Ways out: each kind is its own configuration, with the method that hands a document over."""

from typing import Annotated

from pydantic import Field

from reportgen.channels.email import Email
from reportgen.channels.folder import Folder

AnyChannel = Annotated[Folder | Email, Field(discriminator="channel")]

__all__ = ["AnyChannel", "Email", "Folder"]
