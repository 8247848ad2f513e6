"""What the chapter on people may say."""

from collections.abc import Callable

from tests.truth.company import DEPARTMENTS, PEOPLE, Company
from tests.truth.numbers import count, percent, whole
from tests.truth.sentences import Rule, Values, is_named, moves, need, quotes, when

OFFENDER_RULES: dict[str, Rule] = {
    **moves(
        "repeat_offenders",
        "Repeat offending fell {change} to {value}.",
        "Repeat offending rose {change} to {value}.",
        "Repeat offending stays at {value}.",
        "At {value}, repeat offending is over its ceiling.",
    ),
    "Repeat offending is {gap} over the ceiling of {goal}.": when(
        "repeat_offenders", lambda one: one.off > 0
    ),
    "Repeat offending is within the ceiling of {goal}.": when(
        "repeat_offenders", lambda one: one.off <= 0
    ),
    "{value} of the people tested failed at least twice.": quotes("repeat_offenders"),
    "{value} of the people tested failed at least twice; the ceiling is {goal}.": quotes(
        "repeat_offenders"
    ),
}


def _failed(fits: Callable[[int, int], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        failed, tested = company.crowd()
        counted = count(failed) if failed else count(tested)
        hours = count(round(failed * 30 / 60) or 1)
        return need(
            said.get("count", counted) == counted,
            said.get("tested", count(tested)) == count(tested),
            said.get("failed", count(failed)) == count(failed),
            said.get("minutes", "30 min") == "30 min",
            said.get("hours", hours) == hours,
            fits(failed, tested),
        )

    return rule


CROWD_RULES: dict[str, Rule] = {
    "The one person tested did not fail twice.": _failed(lambda n, m: (n, m) == (0, 1)),
    "None of the {count} people tested failed twice.": _failed(lambda n, m: not n and m > 1),
    "The one person tested failed at least twice.": _failed(lambda n, m: (n, m) == (1, 1)),
    "{count} of the {tested} people tested failed at least twice.": _failed(
        lambda n, m: 0 < n <= m
    ),
    "With so few people, each of them moves the figures.": _failed(lambda _, m: m < 30),
    "Talk to the one repeat offender face to face.": _failed(lambda n, _: n == 1),
    "Talk to each of the {count} repeat offenders face to face.": _failed(lambda n, _: n > 1),
    "fewer repeat offenders than {failed}": _failed(lambda n, _: n > 0),
    "release {minutes} of working time for a talk with the one person.": _failed(
        lambda n, _: n == 1
    ),
    "release {minutes} of working time for each of {count} talks, about {hours} h in all.": _failed(
        lambda n, _: n > 1
    ),
}


def _department(company: Company, said: Values) -> bool:
    found = company.ranked(DEPARTMENTS, "department", "name")
    highest = found[0][1]
    at_the_top = [row for row in found if row[1] == highest]
    heads = [row[2] for row in found]
    average = ""
    if len(found) > 1 and all(one is not None and one >= 0 for one in heads):
        people = sum(whole(one or 0) for one in heads)
        weighed = sum(row[1] * whole(row[2] or 0) for row in found)
        average = percent(weighed / people) or "" if people else ""
    return need(
        said.get("value", percent(highest)) == percent(highest),
        said.get("goal", average) == average,
        is_named(said.get("department"), [row[0] for row in at_the_top]),
        "count" not in said or said["count"] in {count(row[2]) for row in at_the_top},
    )


def _small(company: Company, _said: Values) -> bool:
    rows = company.ranked(DEPARTMENTS, "department", "name")
    return any(row[2] is not None and whole(row[2]) < 10 for row in rows)


DEPARTMENT_RULES: dict[str, Rule] = {
    "People without a department on file have the highest score: {value}.": _department,
    "{department} is the place to start: {value} against an average of {goal}.": _department,
    "{department} has the highest score: {value}.": _department,
    "Scores of small departments swing widely: a single person moves them.": _small,
    "Train the one person of {department} first.": _department,
    "Train the {count} people of {department} first.": _department,
    "its score below {value}": _department,
}


def _critical(fits: Callable[[int, int], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        found = company.ranked(PEOPLE, "fullName", "name", "email")
        above = sum(row[1] > 60 for row in found)
        return need(
            said.get("line", "60%") == "60%",
            said.get("count", count(above)) == count(above),
            said.get("highest", percent(found[0][1])) == percent(found[0][1]),
            fits(above, len(found)),
        )

    return rule


PEOPLE_RULES: dict[str, Rule] = {
    "Nobody is above the critical line of {line}: the highest score is {highest}.": _critical(
        lambda n, _: n == 0
    ),
    "The one person listed is above the critical line of {line}.": _critical(
        lambda n, m: (n, m) == (1, 1)
    ),
    "Each of the {count} people listed is above the critical line of {line}.": _critical(
        lambda n, m: n == m > 1
    ),
    "{count} person is above the critical line of {line}.": _critical(lambda n, m: n == 1 < m),
    "{count} people are above the critical line of {line}.": _critical(lambda n, m: 1 < n < m),
    "The platform masks the names of this company's people.": lambda company, _: any(
        "*" in row[0] for row in company.ranked(PEOPLE, "fullName", "name", "email")
    ),
}
