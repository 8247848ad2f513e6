"""Papers for tests of what is kept and handed over: a document of an invented customer."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from reportgen.model import Brand, Customer, Document, Letter, Period, RunKey

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
KEY = RunKey("monthly", "xC5kQ2", "2026-10")
HALVORN = Brand("Halvorn Security", contact_email="desk@halvorn.example")
CUSTOMER = Customer(
    "xC5kQ2", "Şirket A.Ş.", recipients=("ana@sirket.example", "ben@sirket.example"), brand=HALVORN
)
LETTER = Letter("October report", "Good morning,\n.\nhere it is.\n", "<p>Good morning</p>")
PDF = b"%PDF-1.7 made for a test\n" * 40


def document(pdf: bytes = PDF, **changes: object) -> Document:
    """A finished document; any field may differ."""
    usual = Document(
        key=KEY,
        customer=CUSTOMER,
        report_title="Monthly report",
        period=OCTOBER,
        file_name="Sirket-monthly-2026-10.pdf",
        pdf=pdf,
        sha256=sha256(pdf).hexdigest(),
        letter=LETTER,
        made_at=datetime(2026, 11, 1, 6, tzinfo=UTC),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]
