"""``msevidence count``: how many studies some registry numbers, a document, or everything loaded is, and why."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from msevidence.server.cli_common import (
    EXIT_FAULTS,
    home_option,
    json_option,
    open_current,
    print_json,
    store_option,
    utf8,
)
from msevidence.server.count import UnknownDocumentError, of_document, of_everything, of_numbers
from msevidence.server.count_facts import Facts
from msevidence.server.count_json import as_object, part_rules, rules, why
from msevidence.server.count_model import Count, Decision, Registration, Study
from msevidence.server.count_numbers import read_arguments
from msevidence.server.count_table import as_csv
from msevidence.server.remote_place import Place
from msevidence.server.show_reader import Reader

STEPS = ("printed", "numbers", "registrations", "studies", "references")
IN_FULL = 60
"""Studies, and decisions that keep apart, that are printed; the rest is said, and in --json and --csv."""


@click.command()
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@click.option("--document", metavar="KEY", help="Count what this document prints, describes and cites.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print CSV, one row a number, for a spreadsheet.")
@home_option
@store_option
@json_option
@click.pass_context
def count(
    context: click.Context,
    numbers: tuple[str, ...],
    document: str | None,
    csv_wanted: bool,
    home: Path,
    elsewhere: Place | None,
    as_json: bool,
) -> None:
    """Say how many studies that really is, and why.

    Printed numbers, distinct numbers, registrations, studies and references, side by side: of NUMBERs in any spelling
    (also in an address, or many in one pasted text; - reads standard input), of a document, or of everything loaded.
    A part of a study (national arm, site, follow-up) is no study more. What was kept apart is told with its reason.

    \b
    Examples:
      msevidence count NCT00273364 "EudraCT: 2010-023560-40/SE"
      msevidence count --document fhi-2021
      msevidence count --json
    """
    if numbers and document:
        raise click.UsageError("give numbers, or --document, not both")
    if as_json and csv_wanted:
        raise click.UsageError("give --json or --csv, not both")
    texts = tuple(sys.stdin.read() if text == "-" else utf8("NUMBER", text) for text in numbers)
    if numbers and not any(text.strip() for text in texts):
        raise click.UsageError("NUMBER is empty; give a registry number, or nothing to count everything")
    release, store = open_current(home, elsewhere)
    reader = Reader(release, store)
    facts = Facts(reader)
    if texts:
        counted = of_numbers(facts, read_arguments(texts), reader.base)
    elif document:
        counted = _of_document(facts, utf8("--document", document), reader.base)
    else:
        counted = of_everything(facts)
    if as_json:
        print_json(as_object(counted, reader.base))
    elif csv_wanted:
        click.echo(as_csv(counted, reader.base), nl=False)
    else:
        click.echo(_told(counted, reader))
    if texts and not counted.numbers:
        context.exit(EXIT_FAULTS)


def _of_document(facts: Facts, key: str, base: str) -> Count:
    """Count a document by its key, ``document/key`` or IRI.

    Raises UsageError when there is none; it names those that there are.
    """
    try:
        return of_document(facts, f"{base}document/{key.removeprefix(base).removeprefix('document/')}")
    except UnknownDocumentError as e:
        there = ", ".join(iri.removeprefix(f"{base}document/") for iri in facts.documents) or "none"
        raise click.UsageError(f"there is no document {key!r}; there are: {there}") from e


def _told(counted: Count, reader: Reader) -> str:
    rows = [counted, *counted.documents, *counted.sources]
    names = [_name(one, reader) for one in rows]
    width = max(map(len, names))
    lines = [f"{'':{width}}  " + "  ".join(f"{step:>13}" for step in STEPS)]
    for name, one in zip(names, rows, strict=True):
        figures = one.figures()
        lines.append(f"{name:{width}}  " + "  ".join(f"{figures[step]:>13,}" for step in STEPS))
    figures = counted.figures()
    lines += ["", f"parts of these studies, which are no studies more: {figures['parts']:,}"]
    if counted.where or counted.documents:
        lines.append(f"studies listed in a table, or with a record that was loaded: {figures['listed']:,}")
    lines.append(f"distinct publications among the references: {figures['publications']:,}")
    for study in list(counted.studies.values())[:IN_FULL]:
        lines += ["", *_study(counted, study, reader)]
    if len(counted.studies) > IN_FULL:
        lines += ["", f"… and {len(counted.studies) - IN_FULL:,} studies more (all of them with --json or --csv)"]
    lines += _kept(counted, reader)
    if counted.not_recognised:
        lines += ["", "not recognised as a number:"]
        lines += [f"  {missed.text!r}: {why(missed)}" for missed in counted.not_recognised]
    return "\n".join(lines)


def _name(counted: Count, reader: Reader) -> str:
    if not counted.where:
        return "everything, each once" if counted.documents or counted.sources else "these numbers"
    return counted.title if "/source/" in counted.where else reader.key(counted.where)


def _study(counted: Count, study: Study, reader: Reader) -> list[str]:
    key = f" ({reader.key(study.iri)})" if study.known else " (known to nothing here: a study of its own)"
    rows = [f"{way.table}, row {way.row}" for way in study.ways if way.kind == "table-row"]
    lines = [study.label + key + (f": {'; '.join(dict.fromkeys(rows))}" if rows else "")]
    for iri in study.registrations:
        registration = counted.registrations[iri]
        part = next((p for p in study.parts.values() if iri in p.registrations), None)
        of_part = f"; {part.label} is a part, by: {', '.join(part_rules(part))}" if part else ""
        lines.append(f"  {_numbers(counted, registration)}, by: {', '.join(rules(registration))}{of_part}")
    for part in study.parts.values():
        if not part.registrations:
            lines.append(f"  part: {part.label}, by: {', '.join(part_rules(part))}")
    if not study.registrations:
        lines.append(f"  without a number, known by: {', '.join(dict.fromkeys(way.kind for way in study.ways))}")
    for iri in study.references:
        reference = counted.references[iri]
        number = "" if reference.number is None else f" {reference.number}"
        how = ", ".join(dict.fromkeys(reference.studies[study.iri]))
        other = f"; it registers another study: {', '.join(map(reader.label, reference.others))}"
        lines.append(
            f"  reference{number}: {reference.title or reader.label(reference.target or iri)} "
            f"({reader.key(reference.iri)}; {how}{other if reference.others else ''})"
        )
    return lines


def _numbers(counted: Count, registration: Registration) -> str:
    found = []
    for iri in registration.numbers:
        number = counted.numbers[iri]
        spelt = [spelling for spelling in number.spellings if spelling != number.label]
        former = f", former number of {registration.label}" if iri != registration.iri else ""
        times = f" ({len(number.printed)} times)" if len(number.printed) > 1 else ""
        found.append(number.label + (f" (printed {', '.join(spelt)})" if spelt else "") + times + former)
    return "; ".join(found)


def _kept(counted: Count, reader: Reader) -> list[str]:
    if not counted.kept_apart and not counted.findings:
        return ["", "kept apart: nothing"]
    lines = ["", "kept apart:"]
    lines += [f"  {_decision(decision, reader)}" for decision in list(counted.kept_apart.values())[:IN_FULL]]
    for finding in list(counted.findings.values())[:IN_FULL]:
        words = dict(finding.labels)
        lines.append(f"  finding ({finding.kind}): {words.get('en') or next(iter(words.values()), '')}")
    more = max(0, len(counted.kept_apart) - IN_FULL) + max(0, len(counted.findings) - IN_FULL)
    return [*lines, f"  … and {more:,} more (all of them with --json)"] if more else lines


def _decision(decision: Decision, reader: Reader) -> str:
    subject, other = reader.label(decision.subject), reader.label(decision.object)
    what = f"stopped, would have been {decision.relation}" if decision.stopped else "not the same"
    word = [w for w in (reader.key(decision.document) if decision.document else "", *decision.sources) if w]
    on = f" On the word of: {', '.join(word)}." if word else ""
    return f"{subject} and {other}: {what} ({decision.rule}). {decision.because}{on}"
