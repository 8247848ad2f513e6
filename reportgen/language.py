"""The reader's language: sentences, numbers and dates.

English sentences are the message ids; every other language is one `languages/<code>.po`, read
when first asked for, without a compile step. Numbers, dates and plural rules come from Babel.
"""

import re
from datetime import date
from functools import cache, cached_property, lru_cache

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from reportgen import bundled
from reportgen.errors import ConfigError
from reportgen.model import Period
from reportgen.views import Unit

_SOURCE = "en"
_ENGLISH = {"MMMd": "d MMM", "yMMMMd": "d MMMM y", "yMMMM": "MMMM y"}
_AFTER_DAY = re.compile(r"^(d\.?)\s.*$")
_YEAR_LAST = re.compile(r"\s+('[^']*'\s+)?y+$")
_MINUS = "\N{MINUS SIGN}"
_REMEMBERED = 4096
"""Numbers as printed: the same small ones come again and again."""


def available() -> tuple[str, ...]:
    """Codes of the languages a report can be written in."""
    return bundled.languages()


@cache
def words(code: str) -> "CatalogueWords":
    """The words of a language. Raises ConfigError for one that is not available."""
    if code not in available():
        raise ConfigError(f"there is no language {code!r}; choose one of {', '.join(available())}")
    return CatalogueWords(code)


@cache
def _catalogue(code: str) -> Catalog | None:
    if code == _SOURCE:
        return None
    with (bundled.LANGUAGES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


@lru_cache(maxsize=_REMEMBERED, typed=True)
def _number(locale: Locale, value: float, decimals: int) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    printed = format_decimal(
        value, pattern, locale=locale, numbering_system="latn", decimal_quantization=True
    )
    nought = not any(digit in printed for digit in "123456789")
    return printed.replace("-", "" if nought else _MINUS)


@lru_cache(maxsize=_REMEMBERED)
def _percent(locale: Locale, value: int) -> str:
    printed = format_percent(value / 100, locale=locale, numbering_system="latn")
    return printed.replace("-", _MINUS)


class CatalogueWords:
    """`views.Words` from a catalogue and Babel's tables."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._locale = Locale.parse(code)
        self._catalogue = _catalogue(code)

    @property
    def language(self) -> str:
        return self._code

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self._locale.text_direction

    # ---- sentences -------------------------------------------------------------------------

    def text(self, message: str, /, **values: object) -> str:
        return self._translated(message).format(**values)

    def capital(self, text: str) -> str:
        """The text with a capital first letter, by the rules of the language."""
        first = "İ" if self._code == "tr" and text[:1] == "i" else text[:1].upper()
        return first + text[1:]

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        form = self._plural_form(one, many, count)
        return form.format(count=self.number(count), **values)

    def _translated(self, message: str) -> str:
        found = self._catalogue.get(message) if self._catalogue is not None else None
        string = found.string if found is not None else ""
        return string if isinstance(string, str) and string else message

    def _plural_form(self, one: str, many: str, count: int) -> str:
        found = self._catalogue.get(one) if self._catalogue is not None else None
        forms = found.string if found is not None else None
        if not isinstance(forms, list | tuple):
            return one if count == 1 else many
        return forms[self._plural_rule(count, len(forms))] or (one if count == 1 else many)

    @cached_property
    def _plural_tags(self) -> tuple[str, ...]:
        """The language's plural categories in the order a .po file lists its forms."""
        order = ("zero", "one", "two", "few", "many", "other")
        return tuple(tag for tag in order if tag in (*self._locale.plural_form.tags, "other"))

    def _plural_rule(self, count: int, forms: int) -> int:
        return min(self._plural_tags.index(self._locale.plural_form(count)), forms - 1)

    # ---- numbers ---------------------------------------------------------------------------

    def number(self, value: float, decimals: int = 0) -> str:
        return _number(self._locale, value, decimals)

    def percent(self, value: float) -> str:
        return _percent(self._locale, round(value))

    def amount(self, value: float, unit: Unit) -> str:
        if unit == "percent":
            return self.percent(value)
        if unit == "minutes":
            return self.text("{number} min", number=self.number(round(value)))
        if unit == "score":
            return self.text("{number} of 5", number=self.number(value, 2))
        return self.number(value)

    def change(self, amount: float, unit: Unit) -> str:
        size = abs(amount)
        if unit == "percent":
            return self.plural("{count} pt", "{count} pts", round(size))
        if unit == "score":
            return self.number(size, 2)
        return self.amount(size, unit)

    # ---- dates -----------------------------------------------------------------------------

    def day(self, day: date, *, short: bool = False) -> str:
        pattern = self._pattern("MMMd") if short else self._long
        return format_date(day, pattern, locale=self._locale)

    def month(self, day: date, *, short: bool = False) -> str:
        pattern = "LLL" if short else self._pattern("yMMMM")
        return format_date(day, pattern, locale=self._locale)

    def _pattern(self, skeleton: str) -> str:
        """English puts the day first: the reports are read outside the United States too."""
        if self._code == _SOURCE:
            return _ENGLISH[skeleton]
        known = self._locale.datetime_skeletons
        return str(known[skeleton]) if skeleton in known else _ENGLISH[skeleton]

    def period(self, period: Period) -> str:
        first, last = self._ends(period)
        return first if first == last else self.text("{first} to {last}", first=first, last=last)

    def _ends(self, period: Period) -> tuple[str, str]:
        """Months for whole months, days otherwise; a year both share is said once."""
        same_year = period.start.year == period.last_day.year
        if period.start.day == period.end.day == 1:
            last = self.month(period.last_day)
            if period.last_day.replace(day=1) == period.start:
                return last, last
            name = format_date(period.start, "LLLL", locale=self._locale)
            return name if same_year else self.month(period.start), last
        return self._first_day(period), self.day(period.last_day)

    def _first_day(self, period: Period) -> str:
        """Without the month and year that the last day says again, where the day stands first."""
        first, last, pattern = period.start, period.last_day, self._long
        if first == last or first.year != last.year or not pattern.startswith("d"):
            return self.day(first)
        if first.month == last.month:
            pattern = _AFTER_DAY.sub(r"\1", pattern)
        return format_date(first, _YEAR_LAST.sub("", pattern), locale=self._locale)

    @cached_property
    def _long(self) -> str:
        """How a whole date is written, in the letters of the locale tables."""
        known = _ENGLISH if self._code == _SOURCE else {}
        return known.get("yMMMMd") or str(self._locale.date_formats["long"].pattern)
