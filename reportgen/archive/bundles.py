"""Bundles: a folder for each document, which is there whole or not at all."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from reportgen import storing
from reportgen.archive import reading, writing
from reportgen.errors import StorageError
from reportgen.model import Brand, Document, RunKey, Widget
from reportgen.names import file_part
from reportgen.pipeline import Snapshot

_PDF, _MANIFEST, _SNAPSHOT = "document.pdf", "document.json", "snapshot.json"
_PROTECTED = "protected.pdf"
_LOGOS = ("logo", "logo_on_primary")
_DEPTH = 4
"""Folders from the archive down to a bundle."""
_MARK = 8
"""Letters of the digest in the name of a further making."""
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a damaged file raises."""
Read = TypeVar("Read")


class FileArchive:
    """`pipeline.Archive` on a folder or any fsspec URL.

    `<report>/<company id>/<period>/<edition>/` holds the PDF, its copy under the customer's
    password if it has one, a manifest, the snapshot and the brand's logos. Nothing kept is ever
    replaced: another making of the same edition gets a folder beside the first. In stores where a
    folder cannot be put in its place in one step, each name carries the digest of what is in it,
    so that two who store at once never mix.
    """

    def __init__(self, url: str, base: Path = Path()) -> None:
        self._url = storing.absolute(url, base).rstrip("/")

    # ---- keeping ---------------------------------------------------------------------------

    def keep(self, document: Document, snapshot: Mapping[str, Any]) -> str:
        """Store everything, the manifest last; answers where. Raises StorageError."""
        files = _files(document, snapshot)
        storing.sweep(f"{self._url}/{_home(document.key)}")
        for place in self._free(document.key, files[_MANIFEST]):
            if storing.write_folder(place, files) or _holds(place, files):
                return storing.shown(place)  # what the ledger keeps holds no password
        raise StorageError(f"{document.key}: no place is left for it in the archive")

    def _free(self, key: RunKey, manifest: bytes) -> Iterator[str]:
        """Where the bundle may lie; the next one where that place holds another making."""
        place = f"{self._url}/{_folder(key)}"
        marked = f"{place}-{sha256(manifest).hexdigest()[:_MARK]}"
        if storing.places_whole(self._url):
            yield place
        yield marked
        yield f"{marked}-{uuid4().hex[:_MARK]}"

    # ---- looking ---------------------------------------------------------------------------

    def load(self, place: str) -> Document:
        """The document as kept. Raises StorageError when it is damaged or gone."""
        inside = self._inside(place)
        pdf = storing.read(f"{inside}/{_PDF}")
        protected = self._protected(place)
        document = self._read(place, _MANIFEST, lambda kept: writing.document(kept, pdf, protected))
        _prove(place, document.key)
        if sha256(pdf).hexdigest() != document.sha256:
            raise _damaged(place)
        return document

    def _protected(self, place: str) -> bytes | None:
        """The copy under a password, if the bundle has one."""
        digests = self._read(place, _MANIFEST, lambda kept: dict(kept.get("files", {})))
        if _PROTECTED not in digests:
            return None
        content = storing.read(f"{self._inside(place)}/{_PROTECTED}")
        if sha256(content).hexdigest() != digests[_PROTECTED]:
            raise _damaged(place)
        return content

    def widgets(self, place: str) -> tuple[Widget, ...]:
        """What the document at this place was made from. Raises StorageError."""
        _prove(place, self._read(place, _MANIFEST, writing.key))
        return self._read(place, _SNAPSHOT, reading.widgets)

    def snapshot(self, place: str) -> Snapshot:
        """Everything it was made from. Raises StorageError where that was not kept."""
        digests = self._read(place, _MANIFEST, lambda kept: dict(kept.get("files", {})))
        content = storing.read(f"{self._inside(place)}/{_SNAPSHOT}")
        if digests.get(_SNAPSHOT, "") not in ("", sha256(content).hexdigest()):
            raise StorageError(f"{place}: its answers are damaged; restore them from a backup")
        if not self._read(place, _SNAPSHOT, reading.is_whole):
            raise StorageError(
                f"{place}: an earlier program made it, which did not keep all that it takes to "
                "make it again; its PDF is there"
            )
        return self._read(place, _SNAPSHOT, reading.snapshot)

    def brand(self, place: str, folder: Path) -> Brand:
        """The brand with its logos as they were then, laid into `folder`. Raises StorageError."""
        brand = self.load(place).customer.brand
        names = self._read(place, _MANIFEST, lambda kept: tuple(kept.get("files", ())))
        for field in _LOGOS:
            for name in (name for name in names if Path(name).stem == field):
                (folder / name).write_bytes(storing.read(f"{self._inside(place)}/{name}"))
                brand = replace(brand, **{field: str(folder / name)})
        return brand

    def _read(self, place: str, name: str, what: Callable[[Any], Read]) -> Read:
        content = storing.read(f"{self._inside(place)}/{name}")
        try:
            return what(json.loads(content))
        except _UNREADABLE as error:
            raise StorageError(
                f"{place}: its {_WORDS[name]} cannot be read; restore it from a backup"
            ) from error

    def _inside(self, place: str) -> str:
        """A place of the ledger, in the archive as it is reached now, should it have moved."""
        return f"{self._url}/{_tail(place)}"

    # ---- letting go ------------------------------------------------------------------------

    def remove(self, key: RunKey, place: str) -> bool:
        """
        Remove the bundle at this place, and every other making of the same edition.

        False: none of them was there any more. Raises StorageError.
        """
        places = {self._inside(place), *self._makings(key)}
        return sum(storing.remove_folder(each) for each in sorted(places)) > 0

    def _makings(self, key: RunKey) -> Iterator[str]:
        """Where this edition was kept; more than one where it was held and made anew."""
        period, _, edition = f"{self._url}/{_folder(key)}".rpartition("/")
        for name in storing.folders(period):
            if name.partition("-")[0] == edition and self._is_of(key, f"{period}/{name}"):
                yield f"{period}/{name}"

    def _is_of(self, key: RunKey, inside: str) -> bool:
        """True when the manifest there says so; what cannot be read is left alone."""
        try:
            return writing.key(json.loads(storing.read(f"{inside}/{_MANIFEST}"))) == key
        except (StorageError, *_UNREADABLE):
            return False

    def sweep(self) -> int:
        """Remove what ended processes left half done, anywhere in the archive."""
        return storing.sweep(self._url)


_WORDS = {_MANIFEST: "manifest", _SNAPSHOT: "answers"}


def _home(key: RunKey) -> str:
    """The folder of one customer's report."""
    return "/".join(file_part(part) for part in (key.report, key.company_id))


def _folder(key: RunKey) -> str:
    return f"{_home(key)}/{file_part(key.period)}/{key.edition}"


def _tail(place: str) -> str:
    """The part of a place that is the same wherever the archive lies."""
    return "/".join(place.split("/")[-_DEPTH:])


def _prove(place: str, key: RunKey) -> None:
    """A bundle that was put elsewhere must not pass for another. Raises StorageError."""
    if not f"{_tail(place)}-".startswith(f"{_folder(key)}-"):
        raise StorageError(f"{place}: holds {key}, which belongs elsewhere; restore a backup")


def _damaged(place: str) -> StorageError:
    return StorageError(
        f"{place}: the PDF is damaged, not the one that was made; restore it from a backup"
    )


def _files(document: Document, snapshot: Mapping[str, Any]) -> dict[str, bytes]:
    """Name → content, the manifest last: it holds the digests of the others."""
    files = {
        _PDF: document.pdf,
        _SNAPSHOT: writing.canonical(snapshot),
        **_logos(document.customer.brand),
    }
    if document.protected is not None:
        files[_PROTECTED] = document.protected
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    return files | {_MANIFEST: writing.canonical(writing.manifest(document, digests))}


def _logos(brand: Brand) -> dict[str, bytes]:
    chosen = {field: getattr(brand, field) for field in _LOGOS}
    return {
        f"{field}{Path(logo).suffix.lower()}": storing.read(logo)
        for field, logo in chosen.items()
        if logo
    }


def _holds(place: str, files: Mapping[str, bytes]) -> bool:
    """True when exactly this was kept there before."""
    try:
        return all(storing.read(f"{place}/{name}") == data for name, data in files.items())
    except StorageError as error:
        if error.retry:
            raise
        return False
