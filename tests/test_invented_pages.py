"""Invented companies with every extreme, all the way to the PDF: nothing looks wrong.

`INVENTED=500 pytest tests/test_invented_pages.py` tries as many as a release should.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.language import available
from reportgen.rendering.press import Press
from tests.inventing import Invented, Told, companies
from tests.pdfua import faults
from tests.sample_pages import SAMPLES, page_of


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as opened:
        yield opened


@settings(
    max_examples=int(os.environ.get("INVENTED", "10")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(companies(), st.sampled_from(available()), st.sampled_from(["A4", "Letter"]))
def test_no_company_makes_an_ugly_report(
    press: Press, raw: Invented, language: str, size: str
) -> None:
    customer = replace(SAMPLES, language=language, page_size=size)
    made = press.pdf(page_of(Told(raw), customer, earlier=()))
    assert made.flaws == ()
    assert faults(made.pdf) == []
