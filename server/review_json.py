"""A review as an object for JSON, and as rows for CSV. Things are named by their keys, without the base of the data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

from msevidence.server.review_model import Disagreement, Finding, Place, Review, RuleState, Verdict
from msevidence.server.review_words import where

Key = Callable[[str], str]
COLUMNS = (
    *("document", "finding", "group", "kind", "severity", "standing", "message_en", "message_nb", "place", "section"),
    *("page", "start", "end", "text", "values", "about", "decision", "because", "link"),
)


def as_json(reviews: Iterable[Review], base: str, link: Callable[[Finding], str] = lambda finding: "") -> str:
    """Write reviews as JSON, each finding with its address where ``link`` gives one."""
    several = list(reviews)
    written = as_object(several, base)
    for one, finding in zip(written["findings"], (f for r in several for f in r.findings), strict=True):
        one["link"] = link(finding) or finding.iri
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def as_object(reviews: Iterable[Review], base: str) -> dict[str, Any]:
    """Return reviews as an object: documents with their counts, and all findings, rules and verdicts in flat lists."""

    def key(iri: str) -> str:
        return iri.removeprefix(base)

    several = list(reviews)
    return {
        "documents": [
            {
                "document": review.key,
                "title": review.title,
                "language": review.language,
                "issued": review.issued,
                "counts": review.counts(),
                "set_aside": sum(f.set_aside for f in review.findings),
            }
            for review in several
        ],
        "findings": [_finding(f, key) for review in several for f in review.findings],
        "rules": [_rule(state, review.key) for review in several for state in review.states],
        "verdicts": [_verdict(v, key) | {"document": review.key} for review in several for v in review.verdicts],
    }


def _finding(finding: Finding, key: Key) -> dict[str, Any]:
    return {
        "id": finding.key,
        "finding": key(finding.iri),
        "document": key(finding.document).removeprefix("document/"),
        "rule": finding.kind,
        "group": finding.group,
        "severity": finding.severity,
        "message": finding.message.en,
        "message_nb": finding.message.nb,
        "passages": [_place(place, key) for place in finding.places],
        "values": [
            {
                "label": value.label.en,
                "label_nb": value.label.nb,
                "printed": value.printed,
                "passage": key(value.passage) or None,
                "source": key(value.about) or value.source or None,
            }
            for value in finding.values
        ],
        "focus": key(finding.focus) or None,
        "about": [key(iri) for iri in finding.about],
        "found_by": finding.found_by,
        "standing": finding.standing,
        "decisions": [
            {"decision": d.decision, "because": d.because, "by": d.by or None, "date": d.date or None}
            for d in finding.decisions
        ],
        "because": finding.because or None,
        "by": finding.by or None,
        "disagreements": [_disagreement(d, key) for d in finding.disagreements],
        "verdicts": [_verdict(v, key) for v in finding.verdicts],
        "file": finding.file or None,
    }


def _place(place: Place, key: Key) -> dict[str, Any]:
    return {
        "passage": key(place.passage),
        "document": key(place.document).removeprefix("document/"),
        "text": place.text,
        "printed": place.printed,
        "language": place.language or None,
        "section": place.section or None,
        "page": place.page or None,
        "table": place.table or None,
        "row": place.row,
        "column": place.column,
        "start": place.start,
        "end": place.end,
    }


def _disagreement(said: Disagreement, key: Key) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "field": said.field.en,
        "first": {"passage": key(said.first), "document": key(said.first_document), "says": said.first_says},
        "second": {"passage": key(said.second), "document": key(said.second_document), "says": said.second_says},
        "verdict": said.message.en,
        "verdict_nb": said.message.nb,
        "found_by": said.found_by,
    }


def _verdict(said: Verdict, key: Key) -> dict[str, Any]:
    return {
        "verdict": said.kind,
        "basis": said.basis,
        "passage": key(said.passage),
        "words": said.words,
        "source_words": said.source_words or None,
        "source_language": said.source_language or None,
        "source": key(said.publication),
        "address": key(said.address) or None,
        "message": said.message.en,
        "message_nb": said.message.nb,
        "finding": key(said.finding) or None,
    }


def _rule(state: RuleState, document: str) -> dict[str, Any]:
    return {
        "document": document,
        "rule": state.kind,
        "group": state.group,
        "state": state.state,
        "checked": state.checked,
        "found": state.found,
        "why": state.why.en or None,
        "why_nb": state.why.nb or None,
        "language": state.language,
        "file": state.file,
    }


def as_csv(reviews: Iterable[Review], base: str, link: Callable[[Finding], str] = lambda finding: "") -> str:
    """Return the findings as CSV (RFC 4180), a row for each passage of each; ``link`` gives the address of a finding.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(COLUMNS)
    for review in reviews:
        for finding in review.findings:
            places: list[Place | None] = [*finding.places] or [None]
            for place in places:
                write.writerow([_plain(cell) for cell in _row(review, finding, place, base, link)])
    return out.getvalue()


def _row(
    review: Review, finding: Finding, place: Place | None, base: str, link: Callable[[Finding], str]
) -> list[object]:
    last = finding.decisions[-1] if finding.decisions else None
    return [
        review.key,
        finding.key,
        finding.group,
        finding.kind,
        finding.severity,
        finding.standing,
        finding.message.en,
        finding.message.nb,
        where(place) if place else "",
        place.section if place else "",
        place.page if place else "",
        place.start if place else "",
        place.end if place else "",
        place.printed if place else "",
        "; ".join(f"{v.label.en}: {v.printed}" for v in finding.values),
        " ".join(iri.removeprefix(base) for iri in finding.about),
        last.decision if last else "",
        last.because if last else finding.because,
        link(finding) or finding.iri,
    ]


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
