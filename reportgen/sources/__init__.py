"""Where widgets come from: each kind is its own configuration; `open` gives the live thing."""

from typing import Annotated

from pydantic import Field

from reportgen.sources.kinds import Demo, Keepnet, Recorded

AnySource = Annotated[Keepnet | Demo | Recorded, Field(discriminator="kind")]

__all__ = ["AnySource", "Demo", "Keepnet", "Recorded"]
