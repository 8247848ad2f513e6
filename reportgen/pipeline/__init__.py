"""The path of one report; `path.py` is the file to read first."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.pipeline.gathering import gather, replaced
    from reportgen.pipeline.job import Desk, Draft, Gathered, Job, Outcome, Replaced, Snapshot, Step
    from reportgen.pipeline.making import composed, produce
    from reportgen.pipeline.path import draft, run
    from reportgen.pipeline.releasing import release
    from reportgen.pipeline.world import (
        Archive,
        Channel,
        Claim,
        Delivery,
        DeliveryState,
        Ledger,
        PastEdition,
        Press,
        RunState,
        Section,
        Source,
    )
else:
    from reportgen.later import offered

    __getattr__ = offered(
        __name__,
        {
            "gathering": ("gather", "replaced"),
            "job": (
                "Desk",
                "Draft",
                "Gathered",
                "Job",
                "Outcome",
                "Replaced",
                "Snapshot",
                "Step",
            ),
            "making": ("composed", "produce"),
            "path": ("draft", "run"),
            "releasing": ("release",),
            "world": (
                "Archive",
                "Channel",
                "Claim",
                "Delivery",
                "DeliveryState",
                "Ledger",
                "PastEdition",
                "Press",
                "RunState",
                "Section",
                "Source",
            ),
        },
    )

__all__ = [
    "Archive",
    "Channel",
    "Claim",
    "Delivery",
    "DeliveryState",
    "Desk",
    "Draft",
    "Gathered",
    "Job",
    "Ledger",
    "Outcome",
    "PastEdition",
    "Press",
    "Replaced",
    "RunState",
    "Section",
    "Snapshot",
    "Source",
    "Step",
    "composed",
    "draft",
    "gather",
    "produce",
    "release",
    "replaced",
    "run",
]
