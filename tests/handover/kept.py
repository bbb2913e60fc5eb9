"""What each format of exports keeps and loses: every format is read back, and what is found again is counted.

    .venv/bin/python -m tests.handover.kept HOME

writes the table into the documentation, from the current release of a home. A format is read by ``read_<format>.py``
beside this module, whose ``read`` returns, of an export's files, what is said of each thing: IRI, or another name that
the graph has for it → the strings that stand with it. Formats without such a module are not in the table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.scope import Selection, found
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.local_lane import LocalLane
from msevidence.server.releases import current

Said = Mapping[str, Collection[str]]
"""Thing, by IRI or another of its names → what stands with it."""
Read = Callable[[Files], Said]
READ_BY: Mapping[str, str] = {
    **{name: "read_rdf" for name in ("nquads", "trig", "turtle", "jsonld", "rdfxml", "nanopub", "dcat", "void")},
    **{name: "read_references" for name in ("ris", "bibtex", "csl")},
    **{name: "read_networks" for name in ("graphml", "gexf")},
}
"""Formats that share a reader, and that; of any other it is ``read_<format>``. Its function is ``read_<format>`` too,
or ``read``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of statements."""

    name: str
    pattern: str
    """SPARQL that binds ``?thing``, and ``?said`` where it is what is said of the thing that is looked for."""


KINDS = (
    Kind("studies", "?thing a mse:Study"),
    Kind("registry records", "?thing a mse:Registration"),
    Kind("publications", "?thing a mse:Publication"),
    Kind("documents", "?thing a mse:Document"),
    Kind("claims", "?thing a mse:Claim"),
    Kind("results", "?thing a mse:Result"),
    Kind("findings", "?thing a mse:Finding"),
    Kind("verdicts", "?claim <http://purl.obolibrary.org/obo/SEPIO_0000006> ?thing"),
    Kind("expectations", "?thing a mse:Expectation"),
    Kind("citation markers", "?claim mse:hasPointer ?thing"),
    Kind("references as printed", "?thing a biro:BibliographicReference"),
    Kind("identity decisions", "?thing a mse:IdentityDecision"),
    Kind("which records a study has", "?thing mse:registeredAs ?said"),
    Kind("which studies a publication reports", "?thing mse:reportsOn ?said . ?said a mse:Study"),
    Kind("which publications a claim cites", "?thing a mse:Claim ; cito:cites ?said"),
    Kind("words of claims", "?thing mse:claimText ?said"),
    Kind("language of claims", "?thing a mse:Claim ; mse:statedIn/dcterms:language ?said"),
    Kind("numbers of results", "?thing a mse:Result ; mse:value ?said"),
    Kind("results as printed", "?thing a mse:Result ; mse:printedValue ?said"),
    Kind("messages of findings", "?thing a mse:Finding ; rdfs:label ?said"),
    Kind("words of passages", "?thing a mse:Passage ; mse:text ?said"),
    Kind("hashes of the sources", "?thing mse:sha256 ?said"),
)
NAMES = """SELECT DISTINCT ?thing ?name WHERE {
  { ?thing mse:registrationNumber ?name }
  UNION { ?thing a mse:Study ; rdfs:label|mse:acronym ?name }
  UNION { ?description mse:describes ?thing ; mse:printedName ?name }
}"""
"""Other names that things have in the graph, which a format may have in place of an IRI."""
ALL, PART, NONE = "all", "part", "–"
DOCUMENTATION = Path(__file__).parents[2] / "server" / "exports" / "KEPT.md"
BEGIN, END = "<!-- kept:begin -->", "<!-- kept:end -->"


class Graph:
    """What a release says, by kind."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._names: dict[str, set[str]] = {}
        for row in self._select(NAMES):
            self._names.setdefault(row["thing"].value, set()).add(row["name"].value)
        self.kinds: dict[str, set[tuple[str, str]]] = {}
        for kind in KINDS:
            said = self._select(f"SELECT DISTINCT ?thing ?said WHERE {{ {kind.pattern} }}")
            self.kinds[kind.name] = {(row["thing"].value, row["said"].value if row["said"] else "") for row in said}

    def _select(self, query: str) -> Any:
        return self._store.query(query, prefixes=dict(PREFIXES))

    def found_again(self, kind: str, said: Said) -> int:
        """Return how many statements of a kind an export says too."""
        return sum(1 for thing, what in self.kinds[kind] if self._says(said, thing, what))

    def word(self, kind: str, said: Said) -> str:
        """Return whether an export says all of a kind, a part or nothing."""
        count, total = self.found_again(kind, said), len(self.kinds[kind])
        return ALL if total and count == total else PART if count else NONE

    def _says(self, said: Said, thing: str, what: str) -> bool:
        wanted = {what, *self._names.get(what, ())}
        here = [said[name] for name in {thing, *self._names.get(thing, ())} if name in said]
        return bool(here) and (not what or any(wanted.intersection(strings) for strings in here))


def reader(format: str) -> Read | None:
    """Return what reads a format back; None where nothing does yet."""
    plain = format.replace("-", "_")
    module = f"{__package__}.{READ_BY.get(format, f'read_{plain}')}"
    if find_spec(module) is None:
        return None
    loaded = import_module(module)
    read: Read = getattr(loaded, f"read_{plain}", None) or loaded.read
    return read


def derived(graph: Graph, handover: Handover) -> dict[str, dict[str, str]]:
    """Return the table: format → kind → ``all``, ``part`` or ``–``."""
    handover = replace(handover, site=handover.release.base)  # a link to a thing is then its IRI
    table: dict[str, dict[str, str]] = {}
    for name, format in EXPORTS.items():
        read = reader(name)
        if read is None:
            continue
        said = read(format.write(handover))
        table[name] = {kind: graph.word(kind, said) for kind in graph.kinds}
    return table


def markdown(table: Mapping[str, Mapping[str, str]]) -> str:
    """Return the table for the documentation; formats that keep the same are one column."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for format, kinds in table.items():
        alike.setdefault(tuple(kinds.values()), []).append(format)
    rows = [["", *(", ".join(formats) for formats in alike.values())], ["---"] * (len(alike) + 1)]
    rows += [[kind.name, *(words[place] for words in alike)] for place, kind in enumerate(KINDS)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def between(text: str) -> str:
    """Return what stands between the marks of a document.

    Raises:
        ValueError: it has not one pair of them.
    """
    if (text.count(BEGIN), text.count(END)) != (1, 1):
        raise ValueError(f"write {BEGIN} and {END} once each, where the table is to stand")
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def main(home: Path) -> None:
    """Write the table of the current release of a home into the documentation."""
    release = current(home)
    store = ox.Store.read_only(str(release.store))
    lane = LocalLane(release, store)
    scope = found(lane, Selection())
    handover = Handover(lane, Labels(lane, "en"), "en", scope, release.base)
    table, text = markdown(derived(Graph(store), handover)), DOCUMENTATION.read_text(encoding="utf-8")
    between(text)  # refuses one without the marks
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    DOCUMENTATION.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
