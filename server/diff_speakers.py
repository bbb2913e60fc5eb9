"""Who says what changed: the export, document or catalogue behind a named graph, with the date of what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from msevidence.server.diff_model import Speaker
from msevidence.server.diff_names import Names
from msevidence.server.diff_owners import MSE
from msevidence.server.diff_quads import Node, Quads
from msevidence.server.labels import PREFIXES

ISSUED, DERIVED, SOURCE = PREFIXES["dcterms"] + "issued", PREFIXES["prov"] + "wasDerivedFrom", MSE + "sourceDate"
_EXPORT, _IN_TEXT = "export-", ("document-", "curation-")


class Speakers:
    """The speakers of one release."""

    def __init__(self, quads: Quads, names: Names) -> None:
        self._quads, self._names = quads, names

    def of(self, node: str, value: Node | None, graphs: Iterable[str]) -> list[Speaker]:
        """Return who says that a node has a value; without one, who says that there is such a node.

        Args:
            node: its IRI.
            value: what is said of it.
            graphs: IRIs of the named graphs that say so.
        """
        return [self._speaker(node, value, graph) for graph in sorted(set(graphs))]

    def _speaker(self, node: str, value: Node | None, graph: str) -> Speaker:
        key = graph.rpartition("/")[2]
        if key.startswith(_EXPORT):
            name = self._names(graph, "en").text
            return Speaker(graph, "export", name, self._record_date(node, graph) or self._file_date(graph))
        if key.startswith(_IN_TEXT):
            document = key.partition("-")[2]
            base = graph.rpartition("/graph/")[0]
            issued = self._quads.values(f"{base}/document/{document}", ISSUED)
            return Speaker(graph, "document", document, issued[0].value if issued else "")
        if (date := self._sourced_date(node, value)) is not None:
            return Speaker(graph, "catalogue", key, date)
        return Speaker(graph, "graph", key)

    def _record_date(self, node: str, graph: str) -> str:
        """Return the date of the record in an export that speaks of a node."""
        versions = [node, *self._quads.links(node, MSE + "hasVersion")]
        dates = [
            q.object.value
            for version in versions
            for q in self._quads.of(version)
            if q.predicate.value == SOURCE
            and isinstance(q.graph_name, ox.NamedNode)
            and q.graph_name.value == graph
            and isinstance(q.object, ox.Literal)
        ]
        return max(dates, default="")

    def _file_date(self, graph: str) -> str:
        dates = [
            value.value
            for file in self._quads.links(graph, DERIVED)
            for value in self._quads.values(file, MSE + "newestRecord", SOURCE)
        ]
        return max(dates, default="")

    def _sourced_date(self, node: str, value: Node | None) -> str | None:
        """Return the date of the source that a value of the catalogue was read from; None where it names none."""
        if value is None:
            return None
        said = folded(value.value)
        for held in [node, *self._quads.links(node, MSE + "hasSourcedValue")]:
            if any(folded(one.value) == said for one in self._quads.values(held, MSE + "value")):
                dates = self._quads.values(held, SOURCE)
                return dates[0].value if dates else ""
        return None


def folded(text: str) -> str:
    """Return a value without what its spellings differ in: ``100.0`` and ``100``, ``COMPLETED`` and a concept's key."""
    last = text.rpartition("/")[2].removesuffix(".0")
    return "".join(c for c in last.lower() if c.isalnum())


def ahead(quads: Quads, node: str, property: str, value: Node | None, speakers: Sequence[Speaker]) -> bool:
    """Say whether a date of a registry record lies ahead: the record says so, or it is after the record's own date."""
    kind = property.removesuffix("Date") + "Kind"
    if value is None or not property.endswith("Date"):
        return False
    for version in quads.links(node, MSE + "hasVersion"):
        if value in quads.values(version, property):
            for said in quads.values(version, kind):
                return said.value != "actual"
    dates = [one.date for one in speakers if one.date]
    return bool(dates) and value.value[: len(max(dates))] > max(dates)[: len(value.value)]
