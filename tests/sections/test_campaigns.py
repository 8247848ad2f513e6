"""Campaign by campaign: scores and reaction times."""

from datetime import date
from typing import Any

import pytest

from reportgen import checks
from reportgen.model import Entry, Value
from reportgen.views import Campaigns, Reactions, SectionState, SectionView
from tests.sections.making import ENGLISH, figure, held, named, texts, view

HOSTILE = "<script>alert(1)</script>{{ 7*7 }} {value} %(x)s\u202egnp.exe\x00"


def run(score: float | None, industry: float | None = 19, **facts: Any) -> Entry:
    values = {"RiskScore": score, "TotalMetrics": 30, "TotalReportedCount": 5}
    if industry is not None:
        values["IndustryAverage"] = industry
    return named({"name": "Payroll", **facts}, **values)


def rows(made: SectionView) -> Campaigns:
    assert isinstance(made.data, Campaigns)
    return made.data


@pytest.mark.parametrize(
    ("scores", "industry", "title"),
    [
        ((24,), None, "The only campaign, Payroll, scored 24%."),
        ((24,), 19, "The only campaign, Payroll, scored 24% against an industry average of 19%."),
        ((24, 10), None, "The highest campaign score is 24%, for Payroll."),
        ((18, 19), 19, "No campaign scored above the industry average of 19%."),
        ((24, 20), 19, "Every campaign scored above the industry average of 19%."),
        ((24, 10), 19, "1 of 2 campaigns scored above the industry average of 19%."),
        ((24, 10), -19, "The highest campaign score is 24%, for Payroll."),
    ],
)
def test_the_title_counts_the_campaigns_above_the_industry(
    scores: tuple[float, ...], industry: float | None, title: str
) -> None:
    assert view("campaign_scores", *(run(score, industry) for score in scores)).title.text == title


def test_runs_stand_in_the_order_of_their_days_whatever_the_order_sent() -> None:
    made = view(
        "campaign_scores",
        run(10, startDate="10/11/2026 09:00", name="Second"),
        run(24, startDate="22/09/2026 09:30", name="First"),
        run(11, name="Undated"),
    )
    assert [row.name for row in rows(made).rows] == ["Undated", "First", "Second"]
    assert rows(made).rows[1].day == date(2026, 9, 22)


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("11/22/2026 09:30 AM", date(2026, 11, 22)),
        ("2026/11/22", date(2026, 11, 22)),
        ("2026-11-22T09:30:00", date(2026, 11, 22)),
        ("2026-11-22 09:30:10", date(2026, 11, 22)),
        ("22.11.2026", date(2026, 11, 22)),
        ("22/11/2019 09:30", None),
        ("10/11/2026 09:30", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day_is_shown_only_beyond_doubt(sent: str, day: date | None) -> None:
    assert rows(view("campaign_scores", run(24, startDate=sent))).rows[0].day == day


def test_one_clear_day_settles_the_order_of_all() -> None:
    made = view("campaign_scores", run(1, startDate="10/11/2026"), run(2, startDate="22/09/2026"))
    assert [row.day for row in rows(made).rows] == [date(2026, 9, 22), date(2026, 11, 10)]


@pytest.mark.parametrize(
    ("facts", "channel", "sent", "reported"),
    [
        ({"phishingType": "Vishing", "totalCalledCount": 120, "totalDeliveredCount": 7},
         "Phone call", 120, 5),
        ({"phishingType": "Callback", "totalCalledCount": 21, "totalDeliveredCount": 300},
         "Callback", 300, 5),
        ({"phishingType": "quishing", "totalDeliveredCount": "455"}, "QR code", 455, 5),
        ({"phishingType": "Carrier pigeon", "totalDeliveredCount": None},
         "Carrier pigeon", None, 5),
    ],
)  # fmt: skip
def test_what_was_sent_depends_on_the_channel(
    facts: dict[str, Any], channel: str, sent: int | None, reported: int
) -> None:
    row = rows(view("campaign_scores", run(24, **facts))).rows[0]
    assert (row.channel, row.sent, row.reported) == (channel, sent, reported)


def test_a_channel_without_a_button_has_no_reports_instead_of_nought() -> None:
    entry = named({"phishingType": "Smishing"}, RiskScore=24, TotalReportedCount=0)
    email = named({"phishingType": "Phishing"}, RiskScore=24, TotalReportedCount=0)
    assert [row.reported for row in rows(view("campaign_scores", entry, email)).rows] == [None, 0]


def test_the_score_may_stand_among_the_facts_and_pass_100() -> None:
    made = view("campaign_scores", Entry(facts={"riskScore": 125.4, "name": "X"}))
    assert rows(made).rows[0].score == 125
    assert held(made) == ()


def test_two_runs_of_one_name_stay_two() -> None:
    assert len(rows(view("campaign_scores", run(24), run(24))).rows) == 2


def test_of_many_runs_the_newest_are_shown_and_all_are_counted() -> None:
    runs = [run(score, startDate=f"{score:02}/11/2026", name=f"N{score}") for score in range(1, 31)]
    made = view("campaign_scores", *runs)
    assert [row.name for row in rows(made).rows] == [f"N{number}" for number in range(21, 31)]
    assert (rows(made).more, rows(made).more_mean) == (20, 10.5)
    assert made.title.text == "11 of 30 campaigns scored above the industry average of 19%."


def test_a_month_of_one_channel_is_read_with_care() -> None:
    mixed = [run(24, startDate="22/09/2026", phishingType="Phishing")]
    calls = run(10, startDate="23/11/2026", phishingType="Vishing")
    made = view("campaign_scores", *mixed, calls)
    assert list(texts(made)) == [
        "November 2026 used one channel only: Phone call. Its scores do not compare well with "
        "months of other lures."
    ]
    assert made.notes[0].care
    assert view("campaign_scores", *mixed).notes == ()
    unknown = run(10, startDate="23/11/2026", phishingType="")
    assert view("campaign_scores", *mixed, unknown).notes == ()


@pytest.mark.parametrize("item", ["campaign_scores", "reaction_times"])
def test_nothing_is_no_data_and_the_unreadable_holds_the_report(item: str) -> None:
    assert view(item).state is SectionState.NO_DATA
    assert view(item, named({"name": "X"}, Other=1)).state is SectionState.FAILED


def test_a_hostile_name_is_only_a_name() -> None:
    made = view("campaign_scores", run(24, None, name=HOSTILE), run(10, None))
    assert HOSTILE in made.title.text
    assert checks.untrue([made.title, *made.lead], made.figures, ENGLISH) == ()


def test_a_negative_score_holds_the_report() -> None:
    assert "cannot be right" in held(view("campaign_scores", run(-5)))[0]


# ---- reaction times ------------------------------------------------------------------------


def reaction(median: float | None, quickest: float | None = 2, name: str = "Payroll") -> Entry:
    return named({"name": name}, AverageDwellTime=median, QuickestResponse=quickest)


def test_the_slowest_campaign_is_named() -> None:
    made = view("reaction_times", reaction(46), reaction(55, name="Callback"), reaction(29, 1))
    assert made.title.text == "People took longest over Callback: a median of 55 min."
    quickest = figure(made, "quickest_reaction")
    assert quickest is not None
    assert quickest.value == 1


@pytest.mark.parametrize("medians", [(38,), (38, 38)])
def test_no_campaign_is_the_slowest_of_equals(medians: tuple[float, ...]) -> None:
    made = view("reaction_times", *(reaction(median) for median in medians))
    assert made.title.text == "Half of the people who react do so within 38 min."


def test_a_first_reaction_after_the_median_is_left_out() -> None:
    made = view("reaction_times", reaction(10, 20), reaction(10, None), reaction(10, -1))
    assert isinstance(made.data, Reactions)
    assert [row.quickest for row in made.data.rows] == [None, None, None]
    assert figure(made, "quickest_reaction") is None


def test_a_negative_time_holds_the_report_and_a_missing_one_is_left_out() -> None:
    assert view("reaction_times", reaction(-3), reaction(10)).state is SectionState.FAILED
    made = view("reaction_times", reaction(None), reaction(10))
    assert isinstance(made.data, Reactions)
    assert len(made.data.rows) == 1


def test_of_many_campaigns_ten_are_drawn() -> None:
    made = view("reaction_times", *(reaction(place, 0) for place in range(1, 15)))
    assert isinstance(made.data, Reactions)
    assert (len(made.data.rows), made.data.more, made.data.more_mean) == (10, 4, 2.5)


def test_a_name_may_be_a_number_a_list_or_missing() -> None:
    names: list[Any] = [7, ["x"], None, "  "]
    made = view(
        "campaign_scores",
        *(Entry(values=(Value(1, "RiskScore"),), facts={"name": name}) for name in names),
    )
    assert [row.name for row in rows(made).rows] == ["7", *["No name on file"] * 3]
