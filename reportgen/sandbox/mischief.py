"""What the switches do to the values of a widget."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Strikes = Callable[[str], str | None]
"""Asks for a switch; answers its value, or None when it is off."""


def spoil(widget: Json, strikes: Strikes) -> Json:
    """The widget as the switches leave it."""
    form = strikes("empty")
    if form is not None:
        return _emptied(widget, form)
    for name, change in _CHANGES.items():
        if strikes(name) is not None:
            widget = _each_value(widget, change)
    if strikes("sums-102") is not None:
        widget = _heavier(widget)
    return _masked(widget) if strikes("masked") is not None else widget


def _emptied(widget: Json, form: str) -> Json:
    if form == "zeros":
        return _each_value(widget, lambda value: value | {"value": 0})
    return widget | {"widgetDatas": None if form == "nulldatas" else []}


_CHANGES: dict[str, Callable[[Json], Json]] = {
    "floats": lambda value: value | {"value": value["value"] + 0.5},
    "numeric-text": lambda value: value | {"value": str(value["value"])},
    "percent-text": lambda value: value | {"value": f"{value['value']}%"},
    "null-values": lambda value: value | {"value": None},
    "over-100": lambda value: value | {"value": value["value"] + 100},
    "no-names": lambda value: value | {"name": None},
    "no-labels": lambda value: value | {"label": None},
}


def _each_value(widget: Json, change: Callable[[Json], Json]) -> Json:
    entries = [
        entry | {"values": [change(value) for value in entry["values"]]}
        for entry in widget["widgetDatas"]
    ]
    return widget | {"widgetDatas": entries}


def _heavier(widget: Json) -> Json:
    entries = [
        entry | {"values": [*entry["values"][:-1], _plus_two(entry["values"][-1])]}
        if entry["values"]
        else entry
        for entry in widget["widgetDatas"]
    ]
    return widget | {"widgetDatas": entries}


def _plus_two(value: Json) -> Json:
    return value | {"value": value["value"] + 2}


def _masked(widget: Json) -> Json:
    entries = [
        entry | {"dataObject": _mask(entry["dataObject"])} for entry in widget["widgetDatas"]
    ]
    return widget | {"widgetDatas": entries}


def _mask(data: Any) -> Any:
    """First and last letter stay, the rest becomes asterisks."""
    if not isinstance(data, dict):
        return data
    personal = ("fullName", "email")
    return {
        key: f"{text[0]}{'*' * max(len(text) - 2, 1)}{text[-1]}" if key in personal else text
        for key, text in data.items()
    }
