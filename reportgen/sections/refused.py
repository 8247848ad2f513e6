"""A widget of a saved report that must not appear in a customer's edition."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Period, Widget, WidgetRequest
from reportgen.views import Reader, SectionState, SectionView

COMPANIES = "HumanRiskScoreforHighestRiskCompaniesWidget"
"""Names other customers of the reseller."""
NOT_ASKED = ""
"""The widget type of a request that no source is to answer."""


class Refused(BaseModel):
    """Says that a measure is left out because it names other customers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["refused"] = "refused"
    title: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """Nothing is asked: what is not fetched cannot leak."""
        return WidgetRequest(NOT_ASKED, period)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """The reason, in the place where the measure would stand."""
        text = reader.words.text
        return SectionView(
            kind=self.section,
            title=self.title or text("Companies with the highest risk"),
            lead="",
            definition="",
            window=widget.request.window,
            state=SectionState.REFUSED,
            reason=text("This measure names other customers and is left out."),
        )
