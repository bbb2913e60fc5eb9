"""A count as a table for a spreadsheet: one row a number, then the studies without one, then what is no number."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from msevidence.server.count_json import part_rules, rules, why
from msevidence.server.count_model import Count, Decision, Number, Part

COLUMNS = ("printed", "normalised", "registration", "study", "whole", "rule", "sources", "document")
_FORMULA = re.compile(r"[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_FIGURE = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


def defused(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe before it, unless it is a figure.

    >>> [defused(cell) for cell in ("=1+1", "-1", "-1+1", " @SUM(A1)", "NCT00273364")]
    ["'=1+1", '-1', "'-1+1", "' @SUM(A1)", 'NCT00273364']
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _FIGURE.fullmatch(cell) else cell


def as_csv(count: Count, base: str) -> str:
    """Write a count as CSV (RFC 4180), one row a number, with no cell that a spreadsheet takes for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([defused(cell) for cell in row] for row in table(count, base))
    return text.getvalue()


def table(count: Count, base: str) -> Iterator[Sequence[str]]:
    """Yield the rows of :func:`as_csv`: each number, then each study without one, then what is no number."""
    names = {one.where: one.where.removeprefix(base) for one in [count, *count.documents]}
    names |= {one.where: one.title for one in count.sources}
    parts = count.parts
    labels = {iri: f"{study.label} ({iri.removeprefix(base)})" for iri, study in count.studies.items()}
    labels |= {iri: f"{part.label} ({iri.removeprefix(base)})" for iri, part in parts.items()}
    for number in count.numbers.values():
        registration = count.registrations[number.record]
        known = registration.known
        yield (
            "; ".join(number.spellings),
            number.normalised,
            registration.label,
            "; ".join(labels[iri] if iri in labels and known else registration.label for iri in registration.studies),
            "; ".join(labels[iri] if known else registration.label for iri in registration.wholes),
            "; ".join(_steps(count, parts, number)),
            "; ".join(dict.fromkeys(w for d in registration.decisions for w in _word(d, base))),
            "; ".join(dict.fromkeys(names.get(p.where, "") for p in number.printed if p.where)),
        )
    for study in count.studies.values():
        if not study.registrations:
            ways = "; ".join(dict.fromkeys(way.kind for way in study.ways))
            where = "; ".join(dict.fromkeys(names.get(way.where, "") for way in study.ways if way.where))
            yield "", "", "", labels[study.iri], labels[study.iri], ways, "", where
    for missed in count.not_recognised:
        yield missed.text, "", "", "", "", f"not recognised: {why(missed)}", "", ""


def _steps(count: Count, parts: Mapping[str, Part], number: Number) -> list[str]:
    """Return the rules from a number to its study, and on to the whole."""
    registration = count.registrations[number.record]
    found = ["obsolete-number"] if number.record != number.iri else []
    found += rules(registration)
    found += [rule for iri in registration.studies if iri in parts for rule in part_rules(parts[iri])]
    return list(dict.fromkeys(found))


def _word(decision: Decision, base: str) -> list[str]:
    return [w for w in (decision.document.removeprefix(base), *decision.sources) if w]
