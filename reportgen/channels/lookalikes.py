"""Which domains a reader takes for one another, by the confusable letters of Unicode (UTS 39)."""

from unicodedata import normalize

from confusable_homoglyphs.confusables import confusables_data

from reportgen.channels.domains import shown


def skeleton(domain: str) -> str:
    """The same for domains that look alike, such as `acrne` and `acme`, `paypa1` and `paypal`."""
    decomposed = normalize("NFD", shown(domain).lower())
    return "".join(_prototype(letter) for letter in decomposed).lower()


def _prototype(letter: str) -> str:
    """
    The one form that all letters like this one are given.

    The library lists for each letter all that look like it, without saying which of them Unicode
    takes as the form: that is the one with more than one look-alike, else the first by code.
    """
    alike = [each["c"] for each in confusables_data.get(letter, ())]
    if len(alike) != 1:
        return letter
    if len(confusables_data.get(alike[0], ())) > 1:
        return str(alike[0])
    return str(min(letter, alike[0]))
