"""Training: completion, new enrolments, the year of risk beside it, and the culture score."""

from datetime import date
from typing import Any

import pytest

from reportgen import judging
from reportgen.model import Entry
from reportgen.views import Culture, Goal, Parts, Past, SectionState, SectionView, Status, Trend
from tests.sections.making import ENGLISH, figure, held, month, named, texts, view

# ---- completion ----------------------------------------------------------------------------


def completion(*shares: float | None, counts: tuple[float, ...] = ()) -> Entry:
    names = ("Completed", "InProgress", "Incomplete")
    sent = dict(zip(names, shares, strict=False))
    return named(**sent, **{f"{n}Count": c for n, c in zip(names, counts, strict=False)})


def test_training_parts_keep_their_counts_and_older_answers_have_none() -> None:
    full = view(
        "training_completion",
        completion(65, 15, 20, counts=(312, 72, 96)),
        targets={"training_completion": 80},
    )
    bare = view("training_completion", completion(100, 0, 0))
    assert isinstance(full.data, Parts)
    assert [(part.share, part.count) for part in full.data.parts] == [(65, 312), (15, 72), (20, 96)]
    assert full.data.target == 80
    assert full.title.text == "Completion is 15 pts short of the target of 80%."
    assert [one.text for one in full.lead] == [
        "65% of enrolments are completed.",
        "168 enrolments are not completed.",
        "65% is 15 pts short of the target of 80%.",
    ]
    assert isinstance(bare.data, Parts)
    assert bare.data.parts[0].count is None
    assert (bare.title.text, bare.proposals) == ("100% of enrolments are completed.", ())


@pytest.mark.parametrize(
    ("counts", "target", "text", "measure"),
    [
        ((312, 72, 96), 80, "Close out the 168 unfinished enrolments.", "completion at 80%"),
        ((312, 1, 0), None, "Close out the 1 unfinished enrolment.", "completion above 65%"),
        ((312, 72, 96), 60, None, None),
        ((312, 0, 0), 80, None, None),
    ],
)
def test_open_enrolments_are_to_be_closed_out(
    counts: tuple[float, ...], target: float | None, text: str | None, measure: str | None
) -> None:
    targets = {} if target is None else {"training_completion": target}
    made = view("training_completion", completion(65, 15, 20, counts=counts), targets=targets)
    assert [(one.text.text, one.measure.text) for one in made.proposals] == (
        [(text, measure)] if text else []
    )


def test_a_share_rounded_up_to_100_does_not_deny_what_is_open() -> None:
    made = view("training_completion", completion(100, 0, 1, counts=(999, 0, 1)))
    assert made.title.text == "99% of enrolments are completed."
    done = view("training_completion", completion(100, 0, 0, counts=(999, 0, 0)))
    assert done.title.text == "100% of enrolments are completed."


@pytest.mark.parametrize(
    ("shares", "state"),
    [
        ((0, 0, 0), SectionState.NO_DATA),
        ((None, 50, 50), SectionState.FAILED),
        ((0, 0, 100), SectionState.SHOWN),
    ],
)
def test_nothing_begun_is_a_figure_and_nothing_at_all_is_none(
    shares: tuple[float | None, ...], state: SectionState
) -> None:
    assert view("training_completion", completion(*shares)).state is state


@pytest.mark.parametrize("shares", [(65, -5, 40), (150, 0, 0), (30, 30, None)])
def test_parts_that_cannot_be_hold_the_report(shares: tuple[float | None, ...]) -> None:
    assert held(view("training_completion", completion(*shares))) != ()


def test_a_very_different_number_of_people_is_not_compared() -> None:
    past = {"training_completion": Past(40, date(2026, 10, 31), people=100)}
    made = view("training_completion", completion(65, 15, 20, counts=(312, 72, 96)), earlier=past)
    assert made.figure is not None
    assert (made.figure.previous, made.figure.delta) == (None, None)
    assert made.figure.withheld.startswith("Not compared: it is about very different numbers")


# ---- new enrolments ------------------------------------------------------------------------


def begun(number: int, total: float | None, still_open: float | None) -> Entry:
    return month(number, {"Total": total, "Incomplete": still_open})


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        ((170, 55), (150, 65),
         "A larger share of new enrolments is still open: 43%, up from 32%."),
        ((170, 85), (150, 65),
         "A smaller share of new enrolments is still open: 43%, down from 50%."),
        ((100, 42), (100, 43),
         "The open share of new enrolments has hardly changed: 43%, after 42%."),
        ((0, 0), (100, 43), "43% of the enrolments of November 2026 are open."),
        ((170, 55), (0, 0), "The platform supplied no open share for November 2026."),
        ((170, 55), (100, None), "The platform supplied no open share for November 2026."),
        ((170, 55), (100, 101), "The platform supplied no open share for November 2026."),
    ],
)  # fmt: skip
def test_the_open_share_is_worked_out_from_the_counts(
    before: tuple[float, float], now: tuple[float, float | None], title: str
) -> None:
    made = view("training_activity", begun(10, *before), begun(11, *now))
    assert made.title.text == title


def test_completed_is_all_less_those_open() -> None:
    made = view("training_activity", begun(9, 160, 48), begun(10, 10, 12), begun(11, 150, 65))
    assert isinstance(made.data, Trend)
    assert [series.values for series in made.data.series] == [(112, None, 85), (48, 12, 65)]


def test_the_newest_enrolments_are_excused() -> None:
    made = view("training_activity", begun(10, 170, 55), begun(11, 150, 65))
    assert made.figure is not None
    assert [one.text for one in made.figure.evidence] == [
        "The newest enrolments have had the least time to finish."
    ]


@pytest.mark.parametrize(("left", "share"), [(1, "1%"), (999, "99%"), (0, "0%"), (1000, "100%")])
def test_only_all_and_none_print_as_such(left: int, share: str) -> None:
    title = view("training_activity", begun(11, 1000, left)).title.text
    assert title == f"{share} of the enrolments of November 2026 are open."


def test_enrolments_may_have_another_label_and_another_widget_type() -> None:
    entry = month(11, {"Enrollment": 10, "Incomplete": 1})
    for item in ("training_activity", "TrainingActivityWidget"):
        assert view(item, entry).figure is not None
    assert view("training_activity", month(11, {"Other": 10})).state is SectionState.FAILED
    assert view("training_activity", begun(11, 0, 0)).state is SectionState.NO_DATA
    assert view("training_activity").state is SectionState.NO_DATA


# ---- a year of risk ------------------------------------------------------------------------


def year(*values: float | None, industry: float | None = 19) -> list[Entry]:
    first = 12 - len(values)
    return [
        Entry(
            date(2026, first + place, 1),
            named(Percentage=value, IndustryAverage=industry).values,
        )
        for place, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ((44, 30, 11), "Risk fell from 44% in September 2026 to 11% in November 2026."),
        ((11, 30, 144), "Risk rose from 11% in September 2026 to 144% in November 2026."),
        ((11, 30, 11), "Risk was 11% in November 2026, as it was in September 2026."),
        ((11.4, 30, 10.6), "Risk was 11% in November 2026, as it was in September 2026."),
        ((11,), "The risk score was 11% in November 2026."),
        ((None, 30, 11), "The risk score was 11% in November 2026."),
        ((44, 30, None), "The platform supplied no score for November 2026."),
    ],
)
def test_the_year_is_told_by_its_ends(values: tuple[float | None, ...], title: str) -> None:
    made = view("impact_of_training", *year(*values))
    assert made.title.text == title
    claimed = " ".join(one.text for one in made.lead)
    assert "because" not in claimed
    assert len(made.lead) == ("from" in title or "as it was" in title)


def test_the_lead_says_what_went_on_and_claims_no_cause() -> None:
    assert view("impact_of_training", *year(44, 30, 11)).lead[0].text == (
        "Risk fell from 44% in September 2026 to 11% in November 2026, while the training "
        "programme ran."
    )


def test_an_industry_without_a_score_is_no_data() -> None:
    assert view("impact_of_training", *year(None)).state is SectionState.NO_DATA
    unknown = Entry(date(2026, 11, 1), named(Other=1).values)
    assert view("impact_of_training", unknown).state is SectionState.FAILED


# ---- culture -------------------------------------------------------------------------------


def culture(score: float | str | None, benchmark: float | None = None, **facts: Any) -> SectionView:
    known = {"overallScore": score, "benchmarkScore": benchmark, **facts}
    return view("security_culture", Entry(facts=known))


@pytest.mark.parametrize(
    ("facts", "values", "score"),
    [
        ({"overallScore": 3.43}, {"OverallScoreX100": 343}, 3.43),
        ({"overallScore": "3.43"}, {}, 3.43),
        ({"overallScore": 343}, {}, 3.43),
        ({}, {"OverallScoreX100": 343}, 3.43),
        ({"overallScore": 5}, {}, 5),
        ({"overallScore": 500}, {}, 5),
    ],
)
def test_a_figure_above_5_is_in_hundredths(
    facts: dict[str, Any], values: dict[str, float], score: float
) -> None:
    made = view("security_culture", named(facts, **values))
    assert made.figure is not None
    assert made.figure.value == pytest.approx(score)


@pytest.mark.parametrize("score", [501, -1, "much", [3], None])
def test_a_score_off_the_scale_holds_the_report(score: Any) -> None:
    assert culture(score).state is SectionState.FAILED


def test_no_survey_is_no_data() -> None:
    assert culture(0).state is SectionState.NO_DATA
    assert view("security_culture").state is SectionState.NO_DATA


@pytest.mark.parametrize(
    ("score", "band"),
    [(0.5, "At risk"), (1, "At risk"), (1.01, "Weak"), (3, "Needs improvement"), (3.43, "Moderate"),
     (5, "Strong")],
)  # fmt: skip
def test_the_first_band_wins_at_a_bound(score: float, band: str) -> None:
    assert culture(score).title.text.startswith(f"Security culture: {band}, at ")


@pytest.mark.parametrize(
    ("benchmark", "target", "title"),
    [
        (3.25, None, "Security culture: Moderate, 0.18 ahead of the industry."),
        (3.6, None, "Security culture: Moderate, 0.17 behind the industry."),
        (3.43, None, "Security culture: Moderate, level with the industry."),
        (3.434, None, "Security culture: Moderate, level with the industry."),
        (None, None, "Security culture: Moderate, at 3.43 of 5."),
        (0, None, "Security culture: Moderate, at 3.43 of 5."),
        (3.25, 3.4, "Security culture: Moderate, which meets the target of 3.40 of 5."),
        (3.25, 4, "Security culture: Moderate, 0.57 short of the target of 4.00 of 5."),
    ],
)
def test_the_title_gives_the_band_and_the_distance(
    benchmark: float | None, target: float | None, title: str
) -> None:
    facts = {"overallScore": 3.43, "benchmarkScore": benchmark}
    targets = {} if target is None else {"culture_score": target}
    assert view("security_culture", Entry(facts=facts), targets=targets).title.text == title


@pytest.mark.parametrize(
    ("before", "said", "status"),
    [
        (3.2, "The culture score rose 0.23 to 3.43 of 5.", Status.ON_TRACK),
        (3.6, "The culture score slipped 0.17 to 3.43 of 5.", Status.WATCH),
        (3.4, "The culture score has hardly changed: 3.43 of 5, after 3.40 of 5.", Status.ON_TRACK),
    ],
)
def test_the_score_is_compared_with_the_earlier_edition(
    before: float, said: str, status: Status
) -> None:
    made = view(
        "security_culture", Entry(facts={"overallScore": 3.43}), earlier={"culture_score": before}
    )
    assert made.lead[0].text == said
    assert made.figure is not None
    assert made.figure.status is status
    assert isinstance(made.data, Culture)
    assert made.data.previous == before


def test_what_is_not_compared_is_not_drawn_either() -> None:
    made = view(
        "security_culture",
        Entry(facts={"overallScore": 3.43, "participantCount": 400}),
        earlier={"culture_score": Past(3.2, date(2026, 10, 31), people=40)},
    )
    assert isinstance(made.data, Culture)
    assert made.data.previous is None


def test_bands_of_the_platform_replace_ours_only_when_they_cover_the_scale() -> None:
    own = [
        {"from": 0, "to": 2.5, "label": "Low (0-2.5)", "description": "d"},
        {"from": "2.5", "to": 5, "label": "High (2.5\u20135)"},
    ]
    assert culture(3, bands=own).title.text == "Security culture: High, at 3.00 of 5."
    for broken in (own[:1], [*own, own[0]], "bands", [None, 3], [{"from": 0, "to": 5}]):
        assert culture(3, bands=broken).title.text.startswith("Security culture: Needs improvement")


def test_surveys_are_ranked_and_all_of_their_answers_are_counted() -> None:
    found = [
        {"enrollmentName": f"S{place}", "overallScore": 300 + place, "participantCount": 10}
        for place in range(12)
    ]
    made = culture(3.43, enrollments=[*found, None, "x", {"enrollmentName": "", "overallScore": 3}])
    assert isinstance(made.data, Culture)
    assert (len(made.data.surveys), made.data.surveys[0].name, made.data.more) == (8, "S11", 4)
    assert made.figure is not None
    assert made.figure.people == 120


def test_the_industry_is_named_with_its_score() -> None:
    made = culture(3.43, 3.25)
    assert made.figure is not None
    assert made.figure.goal == Goal("industry", 3.25, -0.18)
    assert [one.text for one in judging.against_goal(ENGLISH, made.figure)] == [
        "The industry average is 0.18 lower, at 3.25 of 5."
    ]
    assert list(texts(made)) == []
    assert figure(made, "culture_score") is made.figure
