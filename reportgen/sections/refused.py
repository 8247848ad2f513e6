"""A widget of a saved report that must not appear in a customer's edition."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from reportgen.model import Spans, Widget, WidgetRequest
from reportgen.sections.framing import WidgetSection
from reportgen.views import Chapter, Reader, SectionState, SectionView

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


class Refused(WidgetSection):
    """Says that a measure is left out because it names other customers."""

    CHAPTER = Chapter.PEOPLE

    section: Literal["refused"] = "refused"

    def request(self, spans: Spans) -> WidgetRequest:
        """Nothing is asked: what is not fetched cannot leak."""
        return WidgetRequest(NOT_ASKED, spans.period)

    def name(self, reader: Reader) -> str:
        return reader.words.text("Companies with the highest risk")

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """The reason, among the measures that are not shown."""
        text = reader.words.text
        return SectionView(
            kind=self.section,
            name=self.title or self.name(reader),
            window=widget.request.window,
            state=SectionState.REFUSED,
            chapter=self.CHAPTER,
            reason=text("This measure names other customers and is left out."),
            cure=text("It never appears in a customer's report."),
        )
