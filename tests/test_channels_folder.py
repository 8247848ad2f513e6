"""The folder: what files are called, and that none takes another's place."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reportgen.channels import Folder
from reportgen.channels.folder import VARIABLES
from reportgen.errors import DeliveryRefused, DeliveryUnavailable
from reportgen.model import RunKey
from tests.papers import CUSTOMER, KEY, document

_PATTERNS = (
    "{customer}/{report}-{period}.pdf",
    "{title} ({customer}) {period}.pdf",
    "{company_id}/{period}-{edition}.pdf",
)


def uncalled() -> None:
    raise AssertionError("a folder has no point of no return")


def folder(place: object, pattern: str = "{customer}-{period}.pdf") -> Folder:
    return Folder(url=str(place), file_name=pattern)


def test_every_variable_can_be_used() -> None:
    pattern = "_".join(f"{{{name}}}" for name in VARIABLES) + ".pdf"
    name = folder("x", pattern).name_of(document())
    assert name == "Şirket-A.Ş_xC5kQ2_monthly_Monthly-report_2026-10_2026_10_1_en.pdf"


def test_a_later_edition_has_a_name_of_its_own() -> None:
    second = document(key=replace(KEY, edition=2))
    assert folder("x").name_of(second) == "Şirket-A.Ş-2026-10-2.pdf"
    assert folder("x", "{customer}/{period}/{edition}.pdf").name_of(second).endswith("/2.pdf")


@given(
    pattern=st.sampled_from(_PATTERNS),
    name=st.text(),
    company_id=st.text(),
    title=st.text(),
    edition=st.integers(1, 99),
)
def test_no_name_leaves_its_folder(
    pattern: str, name: str, company_id: str, title: str, edition: int
) -> None:
    odd = document(
        key=RunKey("monthly", company_id, "2026-10", edition),
        customer=replace(CUSTOMER, name=name, company_id=company_id),
        report_title=title,
    )
    path = folder("x", pattern).name_of(odd)
    parts = PurePosixPath(path).parts
    assert len(parts) == pattern.count("/") + 1
    assert path.endswith(".pdf")
    assert all(part.strip(" .") and len(part.encode()) <= 255 for part in parts)
    assert not set(path) & set('\\:*?"<>|\0\n\r\u202e')


@pytest.mark.parametrize("name", ["Very Long Name Limited " * 20, "株式会社" * 40])
def test_a_long_name_never_pushes_the_period_out(name: str) -> None:
    october = document(customer=replace(CUSTOMER, name=name))
    path = folder("x", "{customer}/{customer}-{report}-{period}.pdf").name_of(october)
    assert path.endswith("-monthly-2026-10.pdf")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{custmer}-{period}.pdf", r"did you mean \{customer\}"),
        ("{wholly_else}.pdf", "known: customer"),
        ("{customer.name}-{period}.pdf", "no variable"),
        ("{customer!r}-{period}.pdf", "plain"),
        ("{customer:a/b}-{period}.pdf", "plain"),
        ("{customer", "pattern"),
        ("{customer}.pdf", "two reports would get one name"),
        ("{customer}-{period}.docx", r"\.pdf"),
        ("../{customer}-{period}.pdf", "below the folder"),
        ("/{customer}-{period}.pdf", "below the folder"),
        ("{customer}//{period}.pdf", "below the folder"),
    ],
)
def test_a_wrong_pattern_is_explained(pattern: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        folder("x", pattern)


def test_handing_over_again_changes_nothing(tmp_path: Path) -> None:
    way = folder(tmp_path)
    (delivery,) = way.deliveries(document())
    assert way.deliver(delivery, uncalled) == way.deliver(delivery, uncalled)
    assert [path.name for path in tmp_path.iterdir()] == ["Şirket-A.Ş-2026-10.pdf"]


def test_another_document_of_the_name_is_never_overwritten(tmp_path: Path) -> None:
    way = folder(tmp_path)
    (first,) = way.deliveries(document(b"%PDF first"))
    way.deliver(first, uncalled)
    namesake = replace(CUSTOMER, company_id="other", name="Şirket A.Ş")
    (second,) = way.deliveries(document(b"%PDF second", customer=namesake))
    with pytest.raises(DeliveryRefused, match=r"another document.*company_id"):
        way.deliver(second, uncalled)
    assert Path(first.target).read_bytes() == b"%PDF first"


def test_a_folder_that_does_not_answer_is_tried_again_and_tells_no_password() -> None:
    way = folder("ftp://ann:s3cret@127.0.0.1:1/reports")
    (delivery,) = way.deliveries(document())
    assert "s3cret" not in repr(delivery)
    with pytest.raises(DeliveryUnavailable) as failed:
        way.deliver(delivery, uncalled)
    assert "s3cret" not in str(failed.value)


def test_a_relative_folder_lies_beside_the_configuration(tmp_path: Path) -> None:
    assert folder("out/reports").at(tmp_path).url == f"{tmp_path}/out/reports"
