"""The comparisons of a key figure in words, for mails: with before, and with its goal."""

from reportgen.views import Figure, Status, Words

_SHOWN = 3
_URGENCY = {Status.ACT_NOW: 0, Status.WATCH: 1, Status.ON_TRACK: 2, Status.NONE: 3}


def most_telling(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Three of the cards: the first one, and those that ask most for attention; in their order."""
    rest = sorted(figures[1:], key=lambda figure: _URGENCY[figure.status])
    chosen = {figure.metric for figure in (*figures[:1], *rest[: _SHOWN - 1])}
    return tuple(figure for figure in figures if figure.metric in chosen)


def against_before(figure: Figure, words: Words) -> str:
    """Such as `down 6 pts, better than in October 2026`."""
    if figure.delta is None or figure.previous_day is None:
        return figure.withheld or words.text("nothing to compare it with yet")
    change = words.change(figure.delta.amount, figure.unit)
    month = words.month(figure.previous_day)
    up = figure.delta.amount > 0
    match figure.delta.judgement:
        case "better" if up:
            return words.text("up {change}, better than in {month}", change=change, month=month)
        case "better":
            return words.text("down {change}, better than in {month}", change=change, month=month)
        case "worse" if up:
            return words.text("up {change}, worse than in {month}", change=change, month=month)
        case "worse":
            return words.text("down {change}, worse than in {month}", change=change, month=month)
        case _:
            return words.text("unchanged from {month}", month=month)


def against_goal(figure: Figure, words: Words) -> str:
    """Such as `5 pts over the ceiling of 5%`."""
    aim = figure.goal
    if aim is None:
        return words.text("no target set")
    goal, gap = words.amount(aim.value, figure.unit), words.change(aim.gap, figure.unit)
    met = aim.gap <= 0
    if aim.kind == "ceiling":
        if met:
            return words.text("within the ceiling of {goal}", goal=goal)
        return words.text("{gap} over the ceiling of {goal}", gap=gap, goal=goal)
    if aim.kind == "target":
        if met:
            return words.text("meets the target of {goal}", goal=goal)
        return words.text("{gap} short of the target of {goal}", gap=gap, goal=goal)
    if abs(aim.gap) < figure.smallest:
        return words.text("level with the average of {goal}", goal=goal)
    if met:
        return words.text("{gap} better than the average of {goal}", gap=gap, goal=goal)
    return words.text("{gap} worse than the average of {goal}", gap=gap, goal=goal)
