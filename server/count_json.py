"""A count as an object for JSON.

Things are named by their keys (``study/mist``), which are their addresses without the base of the data.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from msevidence.server.count_model import Count, Decision, Finding, Number, Part, Reference, Registration, Study, Way
from msevidence.server.count_numbers import NotRecognised

_WHY = {
    "placeholder": "a placeholder: its digits are all the same, or count up",
    "pattern": "begins as a registry number and does not follow the pattern",
    "none": "no registry number in it",
}
Name = Callable[[str], str]


def as_json(count: Count, base: str) -> str:
    """Write a count as JSON."""
    return json.dumps(as_object(count, base), ensure_ascii=False, indent=2) + "\n"


def as_object(count: Count, base: str) -> dict[str, Any]:
    """Return a count as an object whose five counts are integers, with lists and decisions beside them."""

    def key(iri: str) -> str:
        return iri.removeprefix(base)

    written: dict[str, Any] = {"document": key(count.where), "title": count.title} if count.where else {}
    written |= count.figures()
    # The lists of these two take their names, as "numbers" is taken by the count; their counts stand beside.
    for name in ("parts", "kept_apart", "not_recognised", "publications"):
        written[f"{name}_count"] = written.pop(name)
    written |= {
        "printed_list": [
            {"printed": p.printed, "number": p.label, "country": p.suffix or None}
            | {"document": key(p.where) or None, "place": key(p.place) or None}
            for p in count.printed
        ],
        "number_list": [_number(n, key) for n in count.numbers.values()],
        "registration_list": [_registration(r, key) for r in count.registrations.values()],
        "study_list": [_study(s, key) for s in count.studies.values()],
        "reference_list": [_reference(r, key) for r in count.references.values()],
        "publication_list": [key(p) for p in count.publications],
        "parts": [_part(p, s, key) for s in count.studies.values() for p in s.parts.values()],
        "decisions": [_decision(d, key) for d in count.decisions.values()],
        "kept_apart": [_kept(d, key) for d in count.kept_apart.values()]
        + [_finding(f, key) for f in count.findings.values()],
        "not_recognised": [{"text": n.text, "why": why(n), "kind": n.why} for n in count.not_recognised],
    }
    if not count.where and (count.documents or count.sources):
        written["documents"] = [as_object(one, base) for one in count.documents]
        written["sources"] = [
            {"source": key(one.where), "title": one.title}
            | {k: v for k, v in one.figures().items() if k not in ("kept_apart", "not_recognised", "unknown")}
            for one in count.sources
        ]
    return written


def why(missed: NotRecognised) -> str:
    """Return in English why something is not recognised as a number."""
    return f"{_WHY[missed.why]} {missed.detail}".strip()


def _number(number: Number, key: Name) -> dict[str, Any]:
    rule = "obsolete-number" if number.record != number.iri else "own-record"
    return {
        "number": number.label,
        "normalised": number.normalised,
        "spellings": number.spellings,
        "printed": len(number.printed),
        "registration": key(number.record),
        "rule": rule if number.known else "not-known",
        "known": number.known,
    }


def _registration(registration: Registration, key: Name) -> dict[str, Any]:
    return {
        "registration": key(registration.iri),
        "number": registration.label,
        "known": registration.known,
        "numbers": [key(iri).rpartition("/")[2] for iri in registration.numbers],
        "denotes": [key(iri) for iri in registration.studies],
        "studies": [key(iri) for iri in registration.wholes],
        "rules": rules(registration),
        "decisions": [key(decision.iri) for decision in registration.decisions],
    }


def rules(registration: Registration) -> list[str]:
    """Return the rules that lead from a registration to its study; ``own-record`` where nothing joins it to another."""
    found = dict.fromkeys(d.rule or d.relation for d in registration.decisions)
    return list(found) or ["own-record" if registration.known else "not-known"]


def _study(study: Study, key: Name) -> dict[str, Any]:
    return {
        "study": key(study.iri),
        "label": study.label,
        "known": study.known,
        "listed": study.is_listed(),
        "registrations": [key(iri) for iri in study.registrations],
        "parts": [key(iri) for iri in study.parts],
        "ways": [_way(way, key) for way in study.ways],
        "references": [key(iri) for iri in study.references],
    }


def _way(way: Way, key: Name) -> dict[str, Any]:
    written = {"way": way.kind, "document": key(way.where) or None, "thing": key(way.thing) or None}
    return written | ({"table": way.table, "row": way.row} if way.kind == "table-row" else {})


def _part(part: Part, study: Study, key: Name) -> dict[str, Any]:
    return {
        "part": key(part.iri),
        "label": part.label,
        "of": key(study.iri),
        "registrations": [key(iri) for iri in part.registrations],
        "rules": part_rules(part),
        "because": [d.because for d in part.decisions if d.relation == "part-of"],
        "ways": [_way(way, key) for way in part.ways],
    }


def part_rules(part: Part) -> list[str]:
    """Return the rules by which something is a part; ``stated`` where the catalogue says so without a decision."""
    return list(dict.fromkeys(d.rule for d in part.decisions if d.relation == "part-of")) or ["stated"]


def _reference(reference: Reference, key: Name) -> dict[str, Any]:
    return {
        "reference": key(reference.iri),
        "kind": reference.kind,
        "document": key(reference.where),
        "number": reference.number,
        "title": reference.title or None,
        "names": key(reference.target) or None,
        "studies": {key(iri): list(found) for iri, found in reference.studies.items()},
        "registers_another_study": [key(iri) for iri in reference.others],
    }


def _decision(decision: Decision, key: Name) -> dict[str, Any]:
    return {
        "decision": key(decision.iri),
        "subject": key(decision.subject),
        "relation": decision.relation,
        "object": key(decision.object),
        "rule": decision.rule or None,
        "because": decision.because or None,
        "document": key(decision.document) or None,
        "sources": list(decision.sources),
        "date": decision.date or None,
    }


def _kept(decision: Decision, key: Name) -> dict[str, Any]:
    written = {"kind": "stopped" if decision.stopped else "not-same", **_decision(decision, key)}
    return written | ({"finding": key(decision.finding)} if decision.finding else {})


def _finding(finding: Finding, key: Name) -> dict[str, Any]:
    words = dict(finding.labels)
    return {
        "kind": "finding",
        "finding": key(finding.iri),
        "about": key(finding.about),
        "rule": finding.kind,
        "because": words.get("en") or next(iter(words.values()), None),
        "document": key(finding.document) or None,
    }
