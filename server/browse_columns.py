"""The columns of lists: values of facets from the index, what is counted, and what a query brings.

A query (``queries/list_<kind>.rq``) is asked for the things of a page, or for those of a file in turns, never for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox

from msevidence.server import browse_measures, browse_status, i18n
from msevidence.server.bibliography import citation
from msevidence.server.bibliography_read import records
from msevidence.server.browse_measures import COUNTED, DATE
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, cell, figure
from msevidence.server.facets import Facets
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import MSE, link, name, of
from msevidence.server.store import PageLane
from msevidence.server.study_filters import HAS_RESULTS

KEPT = 20_000
"""Citations kept in memory: some 6 MB."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the list of a class shows."""

    key: str = ""
    """Of its address and its texts, where it has a page of its own beside ``/browse/…``."""
    query: str = ""
    columns: Sequence[str] = ()
    """Facets of the class, COUNTED, ``date``, ``citation``, and what its query brings; empty: all facets."""
    sorts: Sequence[str] = ("label",)


KINDS: Mapping[str, Kind] = {
    MSE + "Study": Kind(
        "studies",
        "list_studies",
        (
            *("transplantation", "ms-type", "study-design", "status_reported", "status_registered", "status_differs"),
            *(
                "participants",
                "enrolment",
                "has-results",
                "results",
                "claims",
                "findings",
                "set_aside",
                "registrations",
                "publications",
            ),
        ),
        ("label", "date", "claims", "findings", "results"),
    ),
    MSE + "Document": Kind(
        "documents",
        "list_documents",
        ("document-kind", "date", "language", "publisher", "passages", "claims", "findings", "set_aside"),
        ("label", "date", "claims", "findings"),
    ),
    MSE + "Publication": Kind(
        "publications",
        "list_publications",
        ("citation", "year", "publication-kind", "cited_in", "studies", "claims", "findings", "set_aside"),
        ("label", "date", "claims", "findings"),
    ),
    MSE + "Registration": Kind(
        "registrations",
        "list_registrations",
        (
            *("in-registry", "registered-status", "start", "completion", "enrolment", "sponsor", "studies"),
            *("printed-in", "findings", "set_aside"),
        ),
        ("label", "date", "findings"),
    ),
    MSE + "Claim": Kind(
        "claims",
        "list_claims",
        (
            "claim-document",
            "section",
            "claim-kind",
            "support",
            "claim-outcome",
            "claim-study",
            "claim-verdict",
            "findings",
            "set_aside",
        ),
        ("text", "label", "findings"),
    ),
}
OF_QUERIES = (
    *("status_reported", "status_registered", "participants", "enrolment", "registrations", "publications", "studies"),
    *("cited_in", "publisher", "start", "completion", "sponsor", "section", "status_differs"),
)
"""Columns that queries bring."""
CONCEPT = (PREFIXES["skos"] + "Concept",)
FACET_OF = {"status_reported": "status-as-reported", "status_registered": "status-as-registered"}
"""Column that a query brings → the facet that has its values."""
_NO_THINGS = frozenset(
    {*COUNTED, *("citation", "date", "year", "language", "participants", "enrolment", "start", "completion", "sponsor")}
    | {"has-results", "has-publication", "reports-on-study", "start-year", "passage-language"}
)
"""Columns whose values are no things with IRIs."""
HEADED = (*COUNTED, *OF_QUERIES, DATE, "citation")
"""Columns with a heading of ours, ``column-<name>``; those of facets have the facet's."""


@lru_cache(maxsize=2)
def _citations(release: str) -> dict[str, str]:
    """Return the citations made in a release so far, which are the same for every reader."""
    return {}


def columns(class_iri: str, facets: Mapping[str, str], language: str) -> list[Column]:
    """Return the columns of a class's list after the first, which is the name of the thing.

    Args:
        class_iri: the class.
        facets: of the class, with what the reader calls them.
        language: of the headings.
    """
    keys = KINDS.get(class_iri, Kind()).columns or tuple(facets)
    headed = {key: i18n.text(f"column-{key.replace('_', '-')}", language) for key in HEADED if key in keys}
    return [Column(_column(key), headed.get(key) or facets.get(key, key), iris=key not in _NO_THINGS) for key in keys]


class Rows:
    """Makes the rows of a list, for one class and reader."""

    def __init__(
        self,
        lane: PageLane,
        labels: Labels,
        language: str,
        facets: Facets,
        class_iri: str,
        filtered: Callable[[str, str], str | None],
    ) -> None:
        """Begin.

        Args:
            lane: a worker.
            labels: names, in the reader's language.
            language: the reader's.
            facets: of the release.
            class_iri: of the list.
            filtered: given a facet and a value, the address of what of the list has it; None where that is this list.
        """
        self._filtered = filtered
        self._concepts: dict[str, bool] = {}
        self._lane, self._labels, self._language, self._facets = lane, labels, language, facets
        self._class, self._kind = class_iri, KINDS.get(class_iri, Kind())
        self._documents = document_names(lane)

    def rows(self, iris: Sequence[str]) -> list[Row]:
        """Return a row for each thing, the first column ``thing``."""
        found: dict[str, dict[str, list[Cell]]] = {iri: {"thing": [self._thing(iri)]} for iri in iris}
        shown = self._kind.columns or tuple(self._facets.of_class(self._class))
        for (facet, iri), values in self._facets.values(self._class, iris).items():
            if facet not in shown:
                continue
            found[iri][_column(facet)] = [self._filtering(self.value(value), facet, value) for value in values]
        self._from_query(iris, found)
        self._counted(iris, found)
        if "status_differs" in self._kind.columns:
            self._differing(iris, found)
        if "citation" in self._kind.columns:
            for iri, text in self._citations(iris).items():
                found[iri]["citation"] = [Cell(text)] if text else []
        return list(found.values())

    def _citations(self, iris: Sequence[str]) -> Mapping[str, str]:
        known = _citations(self._lane.release.id)
        new = [iri for iri in iris if iri not in known]
        found = {record.iri: citation(record) for record in records(self._lane, self._labels, self._language, new)}
        if len(known) < KEPT:
            known.update(found)
        return {iri: found[iri] if iri in found else known[iri] for iri in iris}

    def value(self, value: str) -> Cell:
        """Return a value of a facet."""
        if value in ("true", "false"):
            yes_or_no = i18n.text("list-yes" if value == "true" else "list-no", self._language)
            return Cell(yes_or_no)
        if value in HAS_RESULTS:
            return Cell(i18n.text(f"map-choose-{value}", self._language))
        if ":" in value and value not in self._documents:
            return cell(link(self._lane, self._labels, value))
        if value in self._documents:
            return self._document(value)
        return Cell(i18n.LANGUAGES.get(value, value))

    def concept(self, value: str) -> bool:
        """Say whether a value is a concept."""
        if value not in self._concepts:
            self._concepts[value] = ":" in value and self._facets.first_class(value, CONCEPT) is not None
        return self._concepts[value]

    def _filtering(self, shown: Cell, facet: str, value: str) -> Cell:
        """Return a concept as a link to what of the list has it: whoever reads a list wants things, not terms."""
        if not self.concept(value):
            return shown
        return replace(shown, href=self._filtered(facet, value), outside=False)

    def _differing(self, iris: Sequence[str], found: Mapping[str, dict[str, list[Cell]]]) -> None:
        """Say at its entry where a registry has another status of a study than the newest document."""
        differences = browse_status.differences(self._lane, iris)
        for iri in iris:
            if (one := differences.get(iri)) is not None:
                text = i18n.text(
                    "list-status-differs",
                    self._language,
                    registered=self._labels(one.registered.value).text,
                    record=self._labels(one.registered.by).text,
                    when=one.registered.at or i18n.text("bib-undated", self._language),
                    reported=self._labels(one.reported.value).text,
                    document=self._documents.get(one.reported.by, self._labels(one.reported.by).text),
                    then=one.reported.at or i18n.text("bib-undated", self._language),
                )
                there = self._thing(one.registered.by)
                found[iri]["status_differs"] = [Cell(text, None, there.href, there.iri, outside=there.outside)]

    def _thing(self, iri: str) -> Cell:
        return cell(link(self._lane, self._labels, iri))

    def _document(self, iri: str, more: str = "") -> Cell:
        shown = self._thing(iri)
        text = self._documents.get(iri, shown.text)
        return Cell(f"{text}: {more}" if more else text, None, shown.href, iri, outside=shown.outside)

    def _counted(self, iris: Sequence[str], found: Mapping[str, dict[str, list[Cell]]]) -> None:
        wanted = [measure for measure in COUNTED if measure in self._kind.columns]
        known = browse_measures.counts(self._lane, iris) if wanted else {}
        for iri in iris:
            for measure in wanted:
                count = known.get(measure, {}).get(iri, 0)
                found[iri][measure] = [figure(count, i18n.number(count, self._language))]

    def _from_query(self, iris: Sequence[str], found: Mapping[str, dict[str, list[Cell]]]) -> None:
        if not self._kind.query:
            return
        for row in rows_of(self._lane, self._kind.query, iris):
            column = of(row, "column")
            shape = self._SHAPES.get(column)
            there = found[name(row["item"])].setdefault(column, [])
            term = row["value"]
            if shape is not None:
                shown = shape(self, of(row, "value"), of(row, "by"), of(row, "note"))
                facet = FACET_OF.get(column)
                there.append(self._filtering(shown, facet, of(row, "value")) if facet else shown)
            elif isinstance(term, ox.NamedNode):
                there.append(self._thing(term.value))
            elif of(row, "value").isdecimal() and column in ("participants", "enrolment"):
                there.append(figure(int(of(row, "value")), i18n.number(int(of(row, "value")), self._language)))
            else:
                there.append(Cell(of(row, "value"), "" if column == "sponsor" else None))

    def _status(self, value: str, by: str, note: str) -> Cell:
        """A status with whose word it is: the document and its date, or the number of the registry record."""
        shown = self._thing(value)
        said = self._documents.get(by, "")
        when = ", ".join(part for part in (said, note) if part)
        return Cell(f"{shown.text} ({when})" if when else shown.text, None, shown.href, value, outside=shown.outside)

    def _cited(self, value: str, by: str, note: str) -> Cell:
        shown = self._document(by, note)
        return Cell(shown.text, None, self._thing(value).href, value)

    _SHAPES: Mapping[str, Callable[[Rows, str, str, str], Cell]] = {
        "status_reported": _status,
        "status_registered": _status,
        "cited_in": _cited,
    }


def _column(key: str) -> str:
    """Return the name of a column in the files, ``snake_case``.

    >>> _column("ms-type")
    'ms_type'
    """
    return key.replace("-", "_")
