"""A widget of a saved report that must not appear in a customer's edition."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from reportgen.model import Period, Widget, WidgetRequest
from reportgen.views import Reader, SectionState, SectionView

_COMPANIES = "companies"
"""In the widget types that name other customers of the reseller, whatever the spelling."""
NOT_ASKED = ""
"""The widget type of a request that no source is to answer."""


def names_others(widget_type: str) -> bool:
    """True for a widget type that lists other customers of the reseller."""
    return _COMPANIES in widget_type.casefold()


def _own(widget_type: str) -> str:
    if names_others(widget_type):
        raise ValueError(f"{widget_type} names other customers; take it out")
    return widget_type


OwnWidget = Annotated[
    str,
    Field(min_length=1, description="The platform's widget type."),
    AfterValidator(_own),
]
"""A widget type that a customer's report may show."""


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
