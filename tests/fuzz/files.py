"""Files: the configuration, and what lies beside a document in the archive."""

import json
import random
import tempfile
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path

from reportgen.archive import FileArchive, writing
from reportgen.config import loading
from reportgen.config.reading import Source
from reportgen.errors import ConfigError
from reportgen.pipeline import draft
from reportgen.sources.recorded import RecordedSource
from tests.fuzz.mutating import unmarked, yaml_mutator
from tests.fuzz.reading import Broken, headed, json_mutated, tried
from tests.papers import document
from tests.sample_pages import DATA, SAMPLES, Fixed, job

SEEDS = Path(__file__).parent / "seeds"
_LONGEST = 150_000
"""Bytes; YAML is read at some 200 kB a second, so that what is larger takes its time by right."""
_ENVIRON: Mapping[str, str] = {"API_SECRET": "s", "HOME": "/", "A": "x: y\n- z", "EMPTY": ""}


class _Folder:
    """A folder of one's own, until the process ends."""

    @cached_property
    def _kept(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="reportgen-fuzz-")

    @property
    def folder(self) -> Path:
        return Path(self._kept.name)


class Configs(_Folder):
    """Configuration files: bent in structure as JSON, which is YAML, and torn in their text."""

    def seeds(self) -> tuple[bytes, ...]:
        return tuple(file.read_bytes() for file in sorted(SEEDS.glob("*.yaml")))

    def mutated(self, seed: bytes, rng: random.Random) -> bytes:
        mutator = yaml_mutator(rng)
        how = rng.random()
        if how < 0.6:
            data = mutator.bent(json.loads(_parsed(seed)))
            text = json.dumps(data, indent=1, ensure_ascii=rng.random() < 0.7)
            seed = unmarked(text).encode("utf-8", "surrogatepass")
        return (mutator.torn(seed) if how > 0.5 else seed)[:_LONGEST]

    def read(self, data: bytes) -> None:
        file = self.folder / "config.yaml"
        file.write_bytes(data)
        try:
            loading.load(file, _ENVIRON)
        except ConfigError as error:
            if not all(line.startswith("config.yaml:") for line in str(error).split("\n")):
                raise Broken(f"a problem without its place: {str(error)[:300]!r}") from error


@cache
def _parsed(text: bytes) -> str:
    with tempfile.TemporaryDirectory(prefix="reportgen-fuzz-") as folder:
        file = Path(folder, "config.yaml")
        file.write_bytes(text)
        return json.dumps(Source(file).data, default=str)


class Bundles(_Folder):
    """Manifests and snapshots."""

    def seeds(self) -> tuple[bytes, ...]:
        page = draft(job(SAMPLES), Fixed(RecordedSource(DATA)), ())
        return (
            b"document.json\n" + writing.canonical(writing.manifest(document(), {"a": "b"})),
            b"document.json\n" + (DATA / "old-manifest.json").read_bytes(),
            b"snapshot.json\n" + writing.canonical(page.snapshot),
        )

    def mutated(self, seed: bytes, rng: random.Random) -> bytes:
        head, body = headed(seed)
        return head.encode() + b"\n" + json_mutated(body, rng)

    def read(self, data: bytes) -> None:
        head, body = headed(data)
        place = self._bundle
        files = {name: file.read_bytes() for name, file in self._kept_files.items()}
        (Path(place) / head).write_bytes(body)
        archive = FileArchive(str(self.folder))
        for act in (archive.load, archive.widgets, archive.snapshot):
            tried(lambda act=act: act(place))  # type: ignore[misc]
        for name, content in files.items():
            self._kept_files[name].write_bytes(content)

    @cached_property
    def _bundle(self) -> str:
        return FileArchive(str(self.folder)).keep(document(), {})

    @cached_property
    def _kept_files(self) -> Mapping[str, Path]:
        return {file.name: file for file in Path(self._bundle).iterdir()}
