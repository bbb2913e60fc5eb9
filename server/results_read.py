"""The results of a release, read in few queries and kept: every view of them is a choice among the same.

Of a release with too many, some are read for each view (``results_some``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

import pyoxigraph as ox

from msevidence.server.binding import among
from msevidence.server.facets import Facets
from msevidence.server.labels import query
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import MSE, name, of
from msevidence.server.results_model import AROUND, VERDICTS, Arm, Around, Found, Otherwise, Result, Verdict
from msevidence.server.review_model import SEVERITIES
from msevidence.server.review_model import Words as Both
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

MOST = 1_000
"""Results that are read and kept at once: as many as a page shows, and each takes two milliseconds or more."""
RESULT = MSE + "Result"
Rows = Sequence[Mapping[str, Term]]


@lru_cache(maxsize=2)
def _kept(release: str) -> dict[str, tuple[Result, ...]]:
    """Return what was read of a release; that of a release before the last is dropped."""
    return {}


def too_many(lane: PageLane) -> bool:
    """Tell whether the release has more results than are read at once."""
    return Facets(lane.release, "en").count(RESULT) > MOST


def results(lane: PageLane) -> tuple[Result, ...]:
    """Return all results of the release, by document and in the order of its text.

    It is to be asked of a release that has not too many.
    """
    kept = _kept(lane.release.id)
    if "" not in kept:
        kept[""] = read(lane)
    return kept[""]


def read(lane: PageLane, iris: Sequence[str] | None = None) -> tuple[Result, ...]:
    """Return results, by document and in the order of its text.

    Args:
        lane: a worker of the pages.
        iris: of those that are wanted; None: all.
    """

    def asked(name: str, *variables: str) -> str:
        text = query(name)
        for variable in variables if iris is not None else ():
            text = among(text, iris or (), variable)
        return text

    grouped: dict[str, list[Mapping[str, Term]]] = {}
    for row in lane.select(asked("results", "result")):
        if "result" in row:
            grouped.setdefault(name(row["result"]), []).append(row)
    if not grouped:
        return ()
    on, beside = lane.select(asked("results_findings", "any", "result")), lane.select(asked("results_around", "result"))
    spread = _spread(lane, [*on, *beside])
    findings = _findings(on, spread)
    verdicts = _verdicts(lane.select(asked("results_verdicts", "any")))
    others = _otherwise(lane.select(asked("results_disagreements", "any")))
    around = _around(beside, spread)
    return tuple(_result(iri, rows, findings, verdicts, others, around.get(iri, ())) for iri, rows in grouped.items())


def _result(
    iri: str,
    rows: Rows,
    findings: Mapping[str, Sequence[Found]],
    verdicts: Mapping[str, Sequence[Verdict]],
    others: Mapping[str, Sequence[Otherwise]],
    around: Sequence[Around],
) -> Result:
    row = rows[0]
    words = of(row, "words")
    passages = _each(rows, "passage")
    there = [verdict for passage in passages for verdict in verdicts.get(passage, ())]
    own = [verdict for verdict in there if overlap(verdict.words, words)]
    elsewhere = {verdict.iri for verdict in there} - {verdict.iri for verdict in own}
    found = {one.iri: one for key in (iri, *passages) for one in findings.get(key, ()) if one.verdict not in elsewhere}
    measure = row.get("measure")
    return Result(
        iri=iri,
        document=of(row, "document"),
        language=of(row, "language"),
        outcomes=_each(rows, "outcome"),
        harm=of(row, "harm") == "true",
        counts_works=of(row, "countsWorks") == "true",
        measure=of(row, "measure"),
        measure_language=(measure.language or "") if isinstance(measure, ox.Literal) else "",
        study=of(row, "study"),
        arm=Arm(of(row, "arm"), of(row, "armName"), of(row, "armSize")) if "arm" in row else None,
        compared=list(
            dict.fromkeys(
                Arm(of(r, "comparedWith"), of(r, "comparedName"), of(r, "comparedSize"))
                for r in rows
                if "comparedWith" in r
            )
        ),
        value=_number(row, "value"),
        high=_number(row, "valueHigh"),
        unit=of(row, "unit"),
        qualifier=of(row, "qualifier"),
        printed=of(row, "printedValue"),
        direction=of(row, "direction"),
        time=of(row, "timePoint"),
        population=of(row, "population"),
        place=of(row, "place"),
        denominator=of(row, "printedDenominator") or of(row, "denominator"),
        note=of(row, "note"),
        words=words,
        passages=passages,
        table=of(row, "table"),
        found=sorted(found.values(), key=lambda one: (_rank(SEVERITIES, one.severity), one.kind, one.iri)),
        verdicts=sorted(own, key=lambda one: (_rank(VERDICTS, one.kind), one.iri)),
        otherwise=list(dict.fromkeys(other for passage in passages for other in others.get(passage, ()))),
        around=[one for one in around if one.found.iri not in found],
    )


def overlap(one: str, other: str) -> bool:
    """Return whether one of two quotations of a passage holds the other.

    >>> overlap("68 %  showed none", "68 % showed none of these"), overlap("68 %", "73 %"), overlap("", "x")
    (True, False, False)
    """
    one, other = (re.sub(r"\W+", " ", words).strip().casefold() for words in (one, other))
    return bool(one and other) and (f" {one} " in f" {other} " or f" {other} " in f" {one} ")


def _spread(lane: PageLane, rows: Rows) -> dict[str, int]:
    """Return how many passages each finding rests on; asked of these alone, since a release has very many."""
    findings = sorted({name(row["finding"]) for row in rows if "finding" in row})
    return {name(row["item"]): int(of(row, "passages")) for row in rows_of(lane, "finding_passages", findings)}


def _findings(rows: Rows, spread: Mapping[str, int]) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for row in rows:
        if "finding" not in row:
            continue
        one = _found(row, spread)
        for key in (of(row, "passage"), of(row, "result")):
            if key:
                found.setdefault(key, []).append(one)
    return found


def _found(row: Mapping[str, Term], spread: Mapping[str, int]) -> Found:
    return Found(
        name(row["finding"]),
        of(row, "severity").rpartition("/")[2],
        of(row, "kind"),
        of(row, "document"),
        Both(of(row, "en"), of(row, "nb")),
        of(row, "verdict"),
        spread.get(name(row["finding"]), 1),
    )


def _around(rows: Rows, spread: Mapping[str, int]) -> dict[str, list[Around]]:
    """Return what stands beside each result, each finding once: on its groups, before on its study at large."""
    there = [(name(row["result"]), Around(of(row, "where"), _found(row, spread))) for row in rows if "finding" in row]
    there.sort(key=lambda pair: (_rank(SEVERITIES, pair[1].found.severity), _rank(AROUND, pair[1].where)))
    made: dict[str, dict[str, Around]] = {}
    for result, one in there:
        if one.found.local:
            made.setdefault(result, {}).setdefault(one.found.iri, one)
    return {result: list(own.values()) for result, own in made.items()}


def _verdicts(rows: Rows) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for row in rows:
        if "verdict" in row:
            kind, basis = (of(row, key).rpartition("/")[2] for key in ("kind", "basis"))
            texts = (of(row, key) for key in ("words", "sourceWords", "sourceLanguage", "publication"))
            found.setdefault(name(row["passage"]), []).append(Verdict(name(row["verdict"]), kind, basis, *texts))
    return found


def _otherwise(rows: Rows) -> dict[str, list[Otherwise]]:
    found: dict[str, list[Otherwise]] = {}
    for row in rows:
        if "disagreement" in row:
            other = Otherwise(
                name(row["disagreement"]),
                of(row, "kind"),
                of(row, "first") == "true",
                *(of(row, key) for key in ("other", "otherDocument", "otherSays", "language")),
            )
            found.setdefault(name(row["passage"]), []).append(other)
    return found


def _each(rows: Rows, key: str) -> list[str]:
    return list(dict.fromkeys(of(row, key) for row in rows if key in row))


def _number(row: Mapping[str, Term], key: str) -> float | None:
    if key not in row:
        return None
    try:
        value = float(cast(ox.Literal, row[key]).value)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None  # NaN compares false


def _rank(order: Sequence[str], key: str) -> int:
    return order.index(key) if key in order else len(order)
