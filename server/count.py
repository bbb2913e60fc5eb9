"""How many studies, and why: printed numbers, distinct numbers, registrations, studies and references, side by side.

*Printed* is every place where a registry number stands: each occurrence in a text that a user gives; every mention in
a document; in a loaded source, the number of every record and every registry number that a record gives beside it.
*Numbers* are the distinct ones among them, without the country suffix. *Registrations* are the records that those
denote: one each, but a number that a registry gave up denotes the record that has another number today. A number that
the graph does not know is a number, a registration and a study of its own, which nothing here joins or separates.

*Studies* are those that the registrations denote (``mse:denotesStudy``), by the identity decisions that were applied;
in a document also those that it describes, names, or cites a publication on. A study is a whole: a national arm, a site
or a follow-up (``mse:partOf``) is no study more, it stands under its whole, and a part of two studies under both.
*Parts* are counted beside, as far as a number, a document or a source leads to them. *Listed* are the studies that a
document has in the row of a table, or of which a loaded source holds a record: the others are only named.

*References* are, of a document, its entries that stand in the row of a counted study, cite a publication that reports
on it, or cite a registration of it; a number without an entry is none, nor is an entry in a row a reason to count the
study that its registration is really of. For numbers, those of all documents, and the bibliographic records of loaded
sources that report on the studies or give a number of them; the whole and all of its parts are looked for. Distinct
*publications* are counted beside.

*Everything* is all documents and loaded sources together, each thing once. Registrations and studies that only a
catalogue or a decision of ``data/`` names are in none of them, and so are not counted.

*Kept apart* are the identity decisions that say "not the same", those that were stopped, and the findings about the
identity of what is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast

from msevidence.ontology.iris import registration_iri, registration_label
from msevidence.server.count_facts import Facts, Row, number, value
from msevidence.server.count_model import (
    Count,
    Number,
    Part,
    Printed,
    Reference,
    Registration,
    Rule,
    Study,
    Way,
    WayKind,
)
from msevidence.server.count_numbers import Given


class UnknownDocumentError(LookupError):
    """Raised when there is no document of that key."""


def of_numbers(facts: Facts, given: Given, base: str) -> Count:
    """Count what numbers lead to."""
    count = Count(not_recognised=list(given.not_recognised))
    for found in given.numbers:
        iri = str(registration_iri(found, base=base))
        _print(facts, count, Printed(found.printed, iri, registration_label(found), found.suffix or ""))
    for study in list(count.studies.values()):
        if study.known:
            for member in facts.family(study.iri):
                _references(facts, count, facts.rows("study_references", study=member), member)
    _decide(facts, count)
    return count


def of_document(facts: Facts, document: str) -> Count:
    """Count what a document prints, describes and cites.

    Raises UnknownDocumentError when there is none with this IRI.
    """
    if facts.title(document) is None:
        raise UnknownDocumentError(document)
    count = _document(facts, document)
    _decide(facts, count)
    return count


def of_everything(facts: Facts, first: int | None = None, *, at_once: bool = False) -> Count:
    """Count all documents and loaded sources, each for itself and together.

    Args:
        facts: of the release.
        first: registrations that a page shows, whose decisions it needs; None: all, and the names of all studies.
        at_once: whether all names and decisions are asked for at once, also where a page shows some.
    """
    facts.fetch_all(in_full=first is None or at_once)
    total = Count()
    total.documents = [_document(facts, document) for document in facts.documents]
    total.sources = [_source(facts, source) for source in facts.sources]
    for one in total.documents:
        _decide(facts, one, joined=first is None)
    for one in [*total.documents, *total.sources]:
        _add(facts, total, one)
    for registration in list(total.registrations.values())[:first]:
        registration.decisions = [d for d in facts.decisions(registration.iri) if d.holds]
        total.decisions.update((d.iri, d) for d in registration.decisions)
    for study in list(total.studies.values())[:first]:
        total.decisions.update((d.iri, d) for d in facts.decisions(study.iri) if d.holds)
    for part in list(total.parts.values())[:first]:
        part.decisions = [d for d in facts.decisions(part.iri) if d.holds]
        total.decisions.update((d.iri, d) for d in part.decisions)
    total.kept_apart = {d.iri: d for d in facts.kept_apart()}
    total.findings = {f.iri: f for f in facts.findings()}
    return total


def _document(facts: Facts, document: str) -> Count:
    count = Count(where=document, title=facts.title(document) or "")
    for row in sorted(facts.rows("mentions", document=document), key=_place):
        iri = value(row, "registration")
        label = facts.registration(iri).label
        place = value(row, "passage")
        _print(facts, count, Printed(value(row, "printed"), iri, label, value(row, "suffix"), document, place))
    for row in facts.rows("document_studies", document=document):
        way = Way(
            cast(WayKind, value(row, "way")), document, value(row, "thing"), value(row, "table"), number(row, "row")
        )
        _study(facts, count, value(row, "study"), way)
    rows = list(facts.rows("document_references", document=document))
    in_rows = {value(row, "entry") for row in rows if value(row, "rule") == "in-its-row"}
    for row in rows:
        if value(row, "rule") == "reports-on" and (entry := value(row, "entry")) not in in_rows:
            _study(facts, count, value(row, "study"), Way("reference", document, entry))
    _references(facts, count, rows, "")
    return count


def _place(row: Row) -> tuple[int, str, int]:
    """Return the place of a mention in its document: an offset stands at the end of its key."""
    mention = value(row, "mention")
    stem, _, offset = mention.rpartition(".")
    return number(row, "ordinal") or 0, stem, int(offset) if offset.isdigit() else 0


def _source(facts: Facts, source: str) -> Count:
    count = Count(where=source, title=facts.sources[source])
    for name in ("source_records", "source_numbers"):
        for row in facts.rows(name, source=source):
            iri = value(row, "registration")
            own = name == "source_records"
            label = facts.registration(iri).label
            _print(facts, count, Printed(value(row, "printed"), iri, label, "", source, value(row, "version"), own))
    for row in facts.rows("source_publications", source=source):
        entry = value(row, "entry")
        _study(facts, count, value(row, "study"), Way("reference", source, entry))
        _reference(facts, count, row, source, value(row, "study"))
    return count


def _print(facts: Facts, count: Count, printed: Printed) -> None:
    """Count one place where a number stands, and what it leads to."""
    count.printed.append(printed)
    iri = printed.registration
    if iri not in count.numbers:
        known = facts.registration(iri).known
        count.numbers[iri] = Number(iri, printed.label, known, facts.record(iri) if known else iri)
    count.numbers[iri].printed.append(printed)
    record = count.numbers[iri].record
    if record not in count.registrations:
        there = facts.registration(record)
        label = there.label or printed.label
        count.registrations[record] = Registration(record, label, there.known, studies=there.studies or [record])
    registration = count.registrations[record]
    _once(registration.numbers, iri)
    way = Way("record" if printed.own else "number", printed.where, iri)
    for study in registration.studies:
        for whole in _study(facts, count, study, way, record, registration.label):
            _once(registration.wholes, whole.iri)


def _study(facts: Facts, count: Count, iri: str, way: Way, registration: str = "", label: str = "") -> list[Study]:
    """Count a study, by its whole where it is a part; a registration without a known study is one of its own."""
    alone = iri == registration
    found = []
    for whole in [iri] if alone else facts.wholes(iri):
        if whole not in count.studies:
            count.studies[whole] = Study(whole, label if alone else facts.label(whole), not alone)
        study = count.studies[whole]
        counted: Study | Part = study
        if whole != iri:
            counted = study.parts.setdefault(iri, Part(iri, facts.label(iri)))
            _once(counted.registrations, registration)
        if way not in counted.ways:
            counted.ways.append(way)
        _once(study.registrations, registration)
        found.append(study)
    return found


def _references(facts: Facts, count: Count, rows: Iterable[Row], member: str) -> None:
    """Count the entries and records of ``rows`` that lead to counted studies."""
    for row in rows:
        _reference(facts, count, row, value(row, "document") or value(row, "source"), member or value(row, "study"))


def _reference(facts: Facts, count: Count, row: Row, where: str, study: str) -> None:
    rule = cast(Rule, value(row, "rule"))
    wholes = [whole for whole in facts.wholes(study) if whole in count.studies]
    if not wholes:
        return
    iri = value(row, "entry")
    if iri not in count.references:
        kind: Literal["entry", "record"] = "record" if "/record-version/" in iri else "entry"
        target, title = value(row, "target"), value(row, "title")
        count.references[iri] = Reference(iri, where, kind, target, number(row, "number"), title)
        if "/registration/" in target:
            theirs = facts.registration(target).studies
            count.references[iri].others = [s for s in theirs if not set(facts.wholes(s)) & count.studies.keys()]
    for whole in wholes:
        rules = count.references[iri].studies.setdefault(whole, [])
        if rule not in rules:
            rules.append(rule)
        _once(count.studies[whole].references, iri)


def _decide(facts: Facts, count: Count, *, joined: bool = True) -> None:
    """Add the decisions and findings about the studies that are counted, and about all of their registrations.

    Without ``joined`` only what keeps apart: a page of many documents shows no more of each.
    """
    things = [*count.registrations, *count.numbers]
    for iri in [*count.studies, *count.parts]:
        things += [iri, *facts.numbers_of(iri)]
    counted = dict.fromkeys(things)
    for thing in counted:
        for decision in facts.decisions(thing) if joined else facts.apart(thing):
            if not decision.holds:
                count.kept_apart[decision.iri] = decision
            elif decision.relation != "part-of" or decision.subject in counted:  # no part that nothing here leads to
                count.decisions[decision.iri] = decision
        count.findings.update((finding.iri, finding) for finding in facts.findings(thing))
    if not joined:
        return
    for registration in count.registrations.values():
        registration.decisions = [d for d in facts.decisions(registration.iri) if d.holds]
    for part in count.parts.values():
        part.decisions = [d for d in facts.decisions(part.iri) if d.holds]


def _add(facts: Facts, total: Count, one: Count) -> None:
    """Add the count of a document or source to the total, each thing once."""
    for printed in one.printed:
        _print(facts, total, printed)
    for study in one.studies.values():
        for iri, ways in [(study.iri, study.ways), *((part.iri, part.ways) for part in study.parts.values())]:
            for way in ways:
                if way.kind not in ("number", "record"):
                    _study(facts, total, iri, way)
    for reference in one.references.values():
        there = total.references.setdefault(reference.iri, reference)
        for whole in reference.studies:
            if there is not reference:
                there.studies.setdefault(whole, reference.studies[whole])
            _once(total.studies[whole].references, reference.iri)


def _once(into: list[str], item: str) -> None:
    if item and item not in into:
        into.append(item)
