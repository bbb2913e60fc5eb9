"""``msevidence show``: a pasted sentence with what it rests on, or one thing, printed readably."""

from dataclasses import asdict
from pathlib import Path

import click

from msevidence.loaders.index_words import letters
from msevidence.server.cli_common import (
    EXIT_FAULTS,
    home_option,
    json_option,
    open_current,
    print_json,
    store_option,
    utf8,
)
from msevidence.server.i18n import counted, text
from msevidence.server.remote_place import Place
from msevidence.server.show import Cited, Published, Supported, supported
from msevidence.server.show_find import (
    WHOLE_SENTENCE,
    Found,
    Sentence,
    find_sentences,
    find_things,
    find_titled,
)
from msevidence.server.show_findings import Said
from msevidence.server.show_reader import Reader
from msevidence.server.show_thing import Thing, Value, thing

IN_FULL = 3  # claims; more are listed, for the reader to paste one of them
ENOUGH_TO_LOOK_FOR = 2  # letters: one stands in every sentence
OF_ONE_PROPERTY = 20  # values; how many more there are is said


@click.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--language", type=click.Choice(("en", "nb")), default="en", show_default=True, help="Of labels.")
@home_option
@store_option
@json_option
@click.pass_context
def show(
    context: click.Context,
    what: tuple[str, ...],
    language: str,
    home: Path,
    elsewhere: Place | None,
    as_json: bool,
) -> None:
    """Show what a sentence rests on, or one thing.

    WHAT is a sentence pasted from a document (line breaks, hyphens, quotes and citation markers do not matter, and a
    part of it is enough), or the name of a thing: a key, a registry number, a DOI, an acronym, a title, an IRI, the
    address of its page.

    \b
    Examples:
      msevidence show "Some patients still experience relapses"
      msevidence show mist
      msevidence show NCT00273364 --json
    """
    asked = utf8("WHAT", " ".join(what))
    if not asked.strip():
        raise click.UsageError("WHAT is empty; give a sentence, or the name of a thing")
    reader = Reader(*open_current(home, elsewhere), language)
    named = find_titled(reader, asked)
    found = Found((), exact=False) if named else find_sentences(reader, asked)
    if not named and not (found.exact and len(asked.split()) >= WHOLE_SENTENCE):
        named = find_things(reader, asked)
    if not named and len(letters(asked)) < ENOUGH_TO_LOOK_FOR:
        raise click.UsageError(f"{asked!r} names nothing and is too short to look for; give a word or a sentence")
    if named:
        things = [thing(reader, iri) for iri in named]
        if as_json:
            print_json({"things": [asdict(one) for one in things]})
        elif len(things) > IN_FULL:
            click.echo(_named(reader, things))
        else:
            click.echo("\n\n".join(_thing(reader, one) for one in things))
        return
    claims = [supported(reader, s) for s in found.sentences]
    if as_json:
        suggestions = [{"text": s.said or s.text, "claim": s.claim, "passage": s.passage} for s in found.suggestions]
        print_json({"claims": [asdict(c) for c in claims], "suggestions": suggestions})
    elif not claims:
        click.echo(_nothing(found), err=True)
    elif len(claims) > IN_FULL:
        click.echo(_listed(found.sentences))
    else:
        click.echo("\n\n".join(_claim(reader, claim) for claim in claims))
    if not claims:
        context.exit(EXIT_FAULTS)


def _nothing(found: Found) -> str:
    if not found.suggestions:
        return "nothing found: no sentence and no thing of this release is like that"
    nearest = "\n".join(f"  {s.said or s.text}" for s in found.suggestions)
    return f"nothing found; the nearest sentences are:\n{nearest}"


def _listed(sentences: tuple[Sentence, ...]) -> str:
    lines = [f"{len(sentences)} sentences have these words; paste more of the one that is meant:"]
    return "\n".join([*lines, *(f"  {s.said or s.text}" for s in sentences)])


def _named(reader: Reader, things: list[Thing]) -> str:
    lines = [f"{len(things)} things have this name; show the one that is meant:"]
    return "\n".join([*lines, *(f"  {reader.key(one.iri)}  ({', '.join(one.types)})" for one in things)])


def _claim(reader: Reader, claim: Supported) -> str:
    lines = [claim.text, f"  in: {claim.document_title} ({reader.key(claim.document)})"]
    if claim.claim is None:
        lines.append(f"  no claim: a passage only ({reader.key(claim.passage)})")
        return "\n".join([*lines, *_findings(reader, claim.findings)])
    lines.append(f"  claim: {reader.key(claim.claim)}" + (f", {claim.kind}" if claim.kind else ""))
    if claim.about:
        lines.append(f"  about: {', '.join(claim.about)}")
    if claim.support == "personal-communication":
        lines.append("  rests on a personal communication")
    elif not claim.cites:
        lines.append("  cites nothing: an uncited claim")
    lines += [line for cited in claim.cites for line in _cited(cited)]
    return "\n".join([*lines, *_findings(reader, claim.findings)])


def _cited(cited: Cited) -> list[str]:
    number = "?" if cited.number is None else str(cited.number)
    how = f"marker {cited.marker}" + (", inherited from the head of the column" if cited.inherited else "")
    if cited.missing:
        lines = [f"  cites {number} ({how}): no such entry; the reference list of the document is missing or lacks it"]
        return lines + [f"      inferred: {one.what}, because: {one.because}" for one in cited.inferences]
    lines = [f"  cites {number} ({how}): {cited.printed or 'entry not printed'}"]
    if not cited.publications:
        lines.append("      which publication that is has not been resolved")
    return lines + [line for one in cited.publications for line in _published(one)]


def _published(one: Published) -> list[str]:
    ids = [f"doi:{one.doi}" if one.doi else "", f"PMID {one.pmid}" if one.pmid else ""]
    lines = [f"    publication: {one.label}" + "".join(f", {identifier}" for identifier in ids if identifier)]
    if not one.studies:
        lines.append("      reports no study that is recorded")
    for study in one.studies:
        numbers = ", ".join(f"{r.number} ({r.registry})" if r.registry else r.number for r in study.registrations)
        lines.append(
            f"      study: {study.label}; " + (f"registered as {numbers}" if numbers else "no registration known")
        )
    return lines


def _thing(reader: Reader, one: Thing) -> str:
    lines = [one.label, f"  {one.iri}", f"  {text('show-is', reader.language)}: {', '.join(one.types)}"]
    for name, values in one.says.items():
        lines += _property(reader, f"{name}:", values)
    for name, values in one.said_by.items():
        lines += _property(reader, f"← {name}:", values)
    return "\n".join([*lines, *_findings(reader, one.findings)])


def _findings(reader: Reader, findings: list[Said]) -> list[str]:
    """Return what does not add up in it, the gravest first, and how much that is."""
    if not findings:
        return []
    aside = sum(one.set_aside for one in findings)
    told = counted("findings", len(findings) - aside, reader.language)
    lines = [f"  {told}" + (f", {text('findings-aside', reader.language, count=aside)}:" if aside else ":")]
    for one in findings[:OF_ONE_PROPERTY]:
        standing = f" ({text('set-aside', reader.language)})" if one.set_aside else ""
        lines.append(f"  {text(f'severity-{one.severity}', reader.language)}{standing}: {one.message}")
        lines.append(f"      {one.kind}, {', '.join(map(reader.key, (one.finding, *one.twins)))}")
    if len(findings) > OF_ONE_PROPERTY:
        lines.append(f"  … and {len(findings) - OF_ONE_PROPERTY} more findings (all of them with --json)")
    return lines


def _property(reader: Reader, name: str, values: list[Value]) -> list[str]:
    shown = [_shown(reader, value) for value in values[:OF_ONE_PROPERTY]]
    if len(values) > OF_ONE_PROPERTY:
        shown.append(f"… and {len(values) - OF_ONE_PROPERTY} more (all of them with --json)")
    return [f"  {name} {shown[0]}"] if len(shown) == 1 else [f"  {name}", *(f"    {text}" for text in shown)]


def _shown(reader: Reader, value: Value) -> str:
    if value.iri is None:
        return value.text
    key = reader.key(value.iri)
    return value.text if value.text == key else f"{value.text} ({key})"
