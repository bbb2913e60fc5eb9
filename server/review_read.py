"""Reading the review of a document from a store: some queries of ``queries/``, each with the document bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import pyoxigraph as ox

from msevidence.server.review_model import (
    CUT,
    Decision,
    Disagreement,
    Finding,
    Place,
    Review,
    RuleState,
    Value,
    Verdict,
    Words,
    order,
)
from msevidence.server.wire import Term

Row = Mapping[str, Term]


class Reader(Protocol):
    """Whatever can be asked the queries of the server: a store read directly, or a worker of the pages lane."""

    def rows(self, name: str, **bound: str) -> Iterable[Row]:
        """Return the solutions of ``queries/<name>.rq`` with variables bound to IRIs."""


def documents(reader: Reader, document: str = "") -> dict[str, dict[str, str]]:
    """Return all documents, or one, with title, language, date, and the number of findings by severity."""
    bound = {"document": document} if document else {}
    return described(reader.rows("review_documents", **bound))


def described(rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Return the documents that rows of ``review_documents.rq`` tell of."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        one = found.setdefault(_of(row, "document"), {name: _of(row, name) for name in ("title", "language", "issued")})
        if _of(row, "severity"):
            one[_local(row, "severity")] = _of(row, "findings")
    return found


def read_review(reader: Reader, document: str) -> Review:
    """Return the review of a document that exists."""
    known = documents(reader, document)[document]
    findings = {_of(row, "finding"): _finding(row) for row in reader.rows("review_findings", document=document)}
    for iri, places in _places(reader, document).items():
        findings[iri].places = places
    for row in reader.rows("review_values", document=document):
        words = Words(_of(row, "en"), _of(row, "nb"))
        findings[_of(row, "finding")].values.append(
            Value(words, _of(row, "printed"), _of(row, "passage"), _of(row, "about"), _of(row, "source"))
        )
    for row in reader.rows("review_about", document=document):
        findings[_of(row, "finding")].about.append(_of(row, "about"))
    for row in reader.rows("review_disagreements", document=document):
        findings[_of(row, "finding")].disagreements.append(_disagreement(row))
    for row in reader.rows("review_decisions", document=document):
        findings[_of(row, "finding")].decisions.append(
            Decision(_local(row, "decision"), _of(row, "because"), _of(row, "by"), _of(row, "date"))
        )
    verdicts: dict[str, Verdict] = {}
    for row in reader.rows("review_verdicts", document=document):
        verdict = _verdict(row)
        verdicts[verdict.iri] = verdict
        if verdict.finding in findings:
            findings[verdict.finding].verdicts.append(verdict)
    return Review(
        document,
        known["title"],
        known["language"],
        known["issued"],
        sorted(findings.values(), key=order),
        [_state(row) for row in reader.rows("review_states", document=document)],
        list(verdicts.values()),
    )


def _finding(row: Row) -> Finding:
    return Finding(
        _of(row, "finding"),
        _of(row, "document"),
        _local(row, "kind"),
        _local(row, "group"),
        _local(row, "severity"),
        _local(row, "foundBy"),
        _of(row, "rule"),
        _of(row, "file"),
        _of(row, "focus"),
        Words(_of(row, "en"), _of(row, "nb")),
        _of(row, "because"),
        _of(row, "by"),
    )


def _places(reader: Reader, document: str) -> dict[str, list[Place]]:
    """Return the places of each finding; a passage that the layout cuts comes in a row for each piece."""
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in reader.rows("review_places", document=document):
        rows.setdefault((_of(row, "finding"), _of(row, "passage")), []).append(row)
    found: dict[str, list[Place]] = {}
    for (finding, passage), same in rows.items():
        row = same[0]
        pieces = sorted({(int(_of(r, "pieceStart") or 0), _of(r, "piece")) for r in same if _of(r, "piece")})
        printed = CUT.join(" ".join(piece.split()) for _, piece in pieces) if pieces else _of(row, "exact")
        place = Place(
            passage,
            _of(row, "source"),
            _of(row, "text"),
            printed,
            _of(row, "language"),
            _of(row, "section"),
            _of(row, "page"),
            _of(row, "table"),
            _number(row, "row"),
            _number(row, "column"),
            int(_of(row, "start")),
            int(_of(row, "end")),
            int(_of(row, "ordinal")),
            _of(row, "within"),
        )
        found.setdefault(finding, []).append(place)
    return found


def _disagreement(row: Row) -> Disagreement:
    return Disagreement(
        _of(row, "disagreement"),
        _local(row, "kind"),
        _local(row, "foundBy"),
        Words(_of(row, "fieldEn"), _of(row, "fieldNb")),
        _of(row, "first"),
        _of(row, "firstDocument"),
        _of(row, "firstSays"),
        _of(row, "second"),
        _of(row, "secondDocument"),
        _of(row, "secondSays"),
        Words(_of(row, "en"), _of(row, "nb")),
    )


def _verdict(row: Row) -> Verdict:
    return Verdict(
        _of(row, "verdict"),
        _local(row, "kind"),
        _local(row, "basis"),
        _of(row, "passage"),
        _of(row, "words"),
        _of(row, "sourceWords"),
        _of(row, "sourceLanguage"),
        _of(row, "publication"),
        _of(row, "address"),
        Words(_of(row, "en"), _of(row, "nb")),
        _of(row, "finding"),
    )


def _state(row: Row) -> RuleState:
    return RuleState(
        _of(row, "rule"),
        _local(row, "kind"),
        _local(row, "group"),
        _local(row, "state"),
        int(_of(row, "checked")),
        int(_of(row, "found")),
        Words(_of(row, "en"), _of(row, "nb")),
        _of(row, "language"),
        _of(row, "file"),
    )


def _of(row: Row, name: str) -> str:
    term = row.get(name)
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _local(row: Row, name: str) -> str:
    return _of(row, name).rpartition("/")[2]


def _number(row: Row, name: str) -> int | None:
    value = _of(row, name)
    return int(value) if value else None
