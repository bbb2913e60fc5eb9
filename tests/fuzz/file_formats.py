"""What is loaded from strangers: each format with its small files, and how one is cut into records.

Files that hold several records are also changed in one record only: what stands beside it must load as if the changed
one were not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.identity.test_sssom_tsv import SMALL as MAPPINGS

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
EXPORTS = FIXTURES / "exports"
SAMPLES = ROOT.parent / "shared" / "samples"
LONGEST_SAMPLE = 400_000


@dataclass(frozen=True)
class Parts:
    """A file as its records, and what stands around them."""

    before: bytes
    records: tuple[bytes, ...]
    after: bytes
    between: bytes = b""

    def joined(self, records: tuple[bytes, ...] | list[bytes]) -> bytes:
        """Return the file with these records."""
        return self.before + self.between.join(records) + self.after


@dataclass(frozen=True)
class Loader:
    """One format."""

    key: str
    family: str
    """``json``, ``xml``, ``csv``, ``lines``, ``yaml``, ``text`` or ``nquads``: how it is changed."""
    fixtures: tuple[str, ...]
    """Files under ``tests/fixtures``."""
    samples: str = ""
    """Folder of ``../shared/samples``."""
    cut: Callable[[bytes], Parts] | None = None
    """Cuts a file into records, where a change of one can be kept to that one."""

    @property
    def is_document(self) -> bool:
        """Whether it is read with its metadata and curation, by its folder."""
        return self.key.startswith(("article", "report", "tables"))

    def seeds(self, samples: bool = False) -> tuple[bytes, ...]:
        """Return the files that are changed."""
        return _seeds(self.key, samples)


def _json_list(data: bytes) -> Parts:
    """Cut a list, or the first list of objects in an object."""
    whole = json.loads(data)
    if isinstance(whole, list):
        return Parts(b"[\n", tuple(_dumped(item) for item in whole), b"\n]\n", b",\n")
    if isinstance(whole.get("message"), dict) and isinstance(whole["message"].get("items"), list):
        items = tuple(_dumped(item) for item in whole["message"]["items"])
        return Parts(b'{"message": {"items": [\n', items, b"\n]}}\n", b",\n")
    for name, value in whole.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            before = b"{" + _dumped(name) + b": [\n"
            return Parts(before, tuple(_dumped(item) for item in value), b"\n]}\n", b",\n")
    return Parts(b"[\n", (_dumped(whole),), b"\n]\n", b",\n")


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _elements(name: str) -> Callable[[bytes], Parts]:
    element = re.compile(rf"<{name}[\s>].*?</{name}>\s*".encode(), re.DOTALL)

    def cut(data: bytes) -> Parts:
        found = list(element.finditer(data))
        first, last = found[0].start(), found[-1].end()
        return Parts(data[:first], tuple(m.group() for m in found), data[last:])

    return cut


def _rows(data: bytes) -> Parts:
    """Cut a header off, and rows; a row has several lines where a quoted field has."""
    header, *lines = data.splitlines(keepends=True)
    rows: list[bytes] = []
    open_quote = False
    for line in lines:
        line = line.rstrip(b"\r\n") + b"\n"
        if open_quote:
            rows[-1] += line
        elif line.strip():
            rows.append(line)
        open_quote ^= line.count(b'"') % 2 == 1  # a doubled mark is two
    return Parts(header, tuple(rows), b"")


def _ris(data: bytes) -> Parts:
    records = re.findall(rb"TY  - .*?\nER  - ?[^\n]*\n", data.replace(b"\r\n", b"\n"), re.DOTALL)
    return Parts(b"", tuple(records), b"", b"\n")


def _nbib(data: bytes) -> Parts:
    records = [r.strip(b"\n") + b"\n" for r in re.split(rb"\n\s*\n", data.replace(b"\r\n", b"\n")) if r.strip()]
    return Parts(b"", tuple(records), b"", b"\n")


def _mappings(data: bytes) -> Parts:
    lines = data.splitlines(keepends=True)
    head = next(n for n, line in enumerate(lines) if not line.startswith(b"#")) + 1
    return Parts(b"".join(lines[:head]), tuple(line.rstrip(b"\n") + b"\n" for line in lines[head:]), b"")


LOADERS = (
    Loader("ctgov-json", "json", ("ctgov_json/page.json", "ctgov_json/study.json"), "ctgov_v2_json", _json_list),
    Loader("ctgov-xml", "xml", ("ctgov_xml/studies.xml",), "ctgov_legacy_xml", _elements("clinical_study")),
    Loader(
        "ctgov-csv", "csv", ("ctgov_csv/site.csv", "ctgov_csv/classic.csv", "ctgov_csv/flat.csv"), "ctgov_csv", _rows
    ),
    Loader("euctr-text", "lines", ("euctr_text/summary.txt", "euctr_text/full.txt"), "euctr_text"),
    Loader(
        "ctis-json",
        "json",
        ("ctis_json/new_layout.json", "ctis_json/old_layout.json", "ctis_json/search.json"),
        "ctis_json",
        _json_list,
    ),
    Loader("isrctn-xml", "xml", ("isrctn_xml/two_trials.xml",), "isrctn_xml", _elements("fullTrial")),
    Loader("ictrp-xml", "xml", ("ictrp/portal.xml", "ictrp/provider.xml"), "who_ictrp_xml"),
    Loader("ictrp-csv", "csv", ("ictrp/named.csv", "ictrp/full.csv"), "", _rows),
    Loader("pubmed-xml", "xml", ("pubmed_xml/three.xml",), "pubmed_xml", _elements("PubmedArticle")),
    Loader("nbib", "lines", ("nbib/three.nbib",), "pubmed_nbib", _nbib),
    Loader("crossref-json", "json", ("crossref_json/list.json",), "crossref_json", _json_list),
    Loader("endnote-xml", "xml", ("endnote_xml/library.xml",), "endnote_xml", _elements("record")),
    Loader("ris", "lines", ("ris/mixed.ris",), "ris", _ris),
    Loader("jats-xml", "xml", ("jats/author-year.xml", "jats/numbered.xml"), "jats_xml"),
    Loader("sssom-tsv", "lines", (), "", _mappings),
    Loader("pulled", "nquads", ()),
    Loader("article", "text", ("articles/prov-2099",)),
    Loader("report", "text", ("reports/sagobad-2023",)),
    Loader("tables-csv", "csv", ("review/report-tables.csv",)),
    Loader("tables-yaml", "yaml", ("review/report-tables.yaml",)),
)
DOCUMENTS = {
    "article": ("articles", "articles/prov-2099"),
    "report": ("reports", "reports/sagobad-2023"),
    "tables-csv": ("reports", ""),
    "tables-yaml": ("reports", ""),
}
"""Kind of folder, and the folder whose other files stand beside the one that is changed."""
FILES = ("source.txt", "metadata.yaml", "curation.yaml")


def loader(key: str) -> Loader:
    """Return a format by its key."""
    return next(one for one in LOADERS if one.key == key)


@cache
def _seeds(key: str, samples: bool) -> tuple[bytes, ...]:
    one = loader(key)
    if key == "sssom-tsv":
        return (MAPPINGS,)
    if key == "pulled":
        return (pulled(),)
    if key in ("article", "report"):
        folder = FIXTURES / one.fixtures[0]
        return tuple((folder / name).read_bytes() for name in FILES)
    base = FIXTURES if one.is_document else EXPORTS
    found = [(base / name).read_bytes() for name in one.fixtures]
    if one.cut is not None and one.family == "json":  # all of a kind in one list, so that there are neighbours
        records = tuple(record for data in found for record in one.cut(data).records)
        found.append(Parts(b"[\n", records, b"\n]\n", b",\n").joined(records))
    if key == "ictrp-csv":  # the files have a row each, and what is held is that a row's neighbours load
        header, row = found[0].splitlines(keepends=True)[:2]
        found.append(header + b"".join(row.replace(b"2499000017", b"24990000%d" % n) for n in (17, 18, 19)))
    if samples and one.samples and (SAMPLES / one.samples).is_dir():
        found += [
            path.read_bytes()
            for path in sorted((SAMPLES / one.samples).iterdir())
            if path.stat().st_size < LONGEST_SAMPLE
        ]
    return tuple(found)


def pulled() -> bytes:
    """Return a small file as ``msevidence pull`` writes it."""
    base = "https://w3id.org/msevidence/"
    graph = f"<{base}graph/document/elsewhere-2031>"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    lines = sorted(
        f"{line} {graph} .\n".encode()
        for line in (
            f'<{base}study/elsewhere> {label} "A study of elsewhere"@en',
            f"<{base}study/elsewhere> {kind} <{base}ontology#Study>",
            f'<{base}registry/nct> {label} "ClinicalTrials.gov"',
            f"<{base}registry/nct> {kind} <{base}ontology#Registry>",
            f'<{base}registry/nct> <{base}ontology#scheme> "NCT"',
        )
    )
    return signed(lines)


def signed(lines: list[bytes]) -> bytes:
    """Return lines of N-Quads under the line that tells where they come from, and their hash."""
    from msevidence.loaders.stores.pull import Origin
    from msevidence.loaders.stores.reading import digest

    origin = Origin("http://127.0.0.1:9/sparql", "2031-01-01", None, sha256=digest(lines))
    return origin.line() + b"".join(lines)
