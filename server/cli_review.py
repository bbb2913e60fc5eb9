"""``msevidence review``: what does not add up in a document, with the places, and what each rule looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import indent

import click

from msevidence.ontology.namespaces import scheme_label
from msevidence.server import review_open
from msevidence.server.cli_common import EXIT_FAULTS, home_option, json_option, print_json, store_option, utf8
from msevidence.server.i18n import text
from msevidence.server.remote_place import Place
from msevidence.server.review_json import as_csv, as_object
from msevidence.server.review_model import SEVERITIES, Finding, Review, at_least
from msevidence.server.review_words import new_values, quotation, tallied, where

LONGEST = 300
"""Characters of a quotation that are printed; --json has all of it."""


@click.command()
@click.argument("document", required=False, metavar="[DOCUMENT]")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Review the documents of this folder as they stand, published or not.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only findings of this kind or group; repeatable.")
@click.option("--severity", type=click.Choice(SEVERITIES), help="Only findings as grave as this, or graver.")
@click.option("--as-of", metavar="DATE", help="Measure expectations at this date (2026-11-29).")
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES), help="End with exit code 1 where a finding is as grave as this."
)
@click.option("--rules", "with_rules", is_flag=True, help="Say of each rule what it looked at, too.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print CSV, one row a place, for a spreadsheet.")
@click.option("--html", "html_wanted", is_flag=True, help="Print a report of one document as HTML, to attach or print.")
@click.option("--language", type=click.Choice(("en", "nb")), default="en", show_default=True, help="Of the messages.")
@home_option
@store_option
@json_option
@click.pass_context
def review(
    context: click.Context,
    document: str | None,
    data: Path | None,
    kinds: tuple[str, ...],
    severity: str | None,
    as_of: str | None,
    fail_on: str | None,
    with_rules: bool,
    csv_wanted: bool,
    html_wanted: bool,
    language: str,
    home: Path,
    elsewhere: Place | None,
    as_json: bool,
) -> None:
    """Say what does not add up, document by document, with quotation and place.

    DOCUMENT is the key of a document, or a file to review without publishing it: an article (JATS XML, or a text with
    its metadata.yaml beside it), or the tables of a report (CSV or YAML); without it, all documents are reviewed.
    Rules look at numbers, links, citations, dates, other documents and cited sources; what a rule could not look at is
    said with --rules and --json. A finding that a person set aside stays, marked as such, and does not count.

    \b
    Examples:
      msevidence review nygaard-2024
      msevidence review fhi-2021 --severity warning --rules
      msevidence review nygaard-2024 --html > review.html
      msevidence review article.xml --json
      msevidence review --data data --fail-on warning
    """
    if as_json + csv_wanted + html_wanted > 1:
        raise click.UsageError("give one of --json, --csv and --html")
    opened = review_open.opened(home, data, utf8("DOCUMENT", document) or None, as_of, elsewhere)
    if html_wanted and len(opened.reviews) != 1:
        keys = ", ".join(one.key for one in opened.reviews)
        raise click.UsageError(f"--html is a report of one document; name one of {keys}")
    reviews = [_chosen(one, kinds, severity) for one in opened.reviews]
    if as_json:
        print_json({"release": opened.release, "as_of": opened.as_of} | as_object(reviews, opened.base))
    elif csv_wanted:
        click.echo(as_csv(reviews, opened.base), nl=False)
    elif html_wanted:
        from msevidence.server.review_report import as_html  # Jinja takes its time, and only a report needs it

        asked = {name: value for name, value in (("kind", ", ".join(kinds)), ("severity", severity or "")) if value}
        click.echo(as_html(reviews[0], language, opened.release, chosen=asked))
    else:
        click.echo("\n\n".join(_told(one, language, with_rules, bool(kinds or severity)) for one in reviews))
    if fail_on and any(at_least(f.severity, fail_on) and not f.set_aside for one in reviews for f in one.findings):
        context.exit(EXIT_FAULTS)


def _chosen(one: Review, kinds: tuple[str, ...], severity: str | None) -> Review:
    known = {name for f in one.findings for name in (f.kind, f.group)} | {s.kind for s in one.states}
    known |= {s.group for s in one.states}
    for kind in kinds:
        if kind not in known:
            raise click.UsageError(
                f"there is no kind {kind!r} here; there are: {', '.join(sorted(filter(None, known)))}"
            )
    findings = [
        f
        for f in one.findings
        if (not kinds or f.kind in kinds or f.group in kinds) and (severity is None or at_least(f.severity, severity))
    ]
    states = [s for s in one.states if not kinds or s.kind in kinds or s.group in kinds]
    return replace(one, findings=findings, states=states)


def _told(one: Review, language: str, with_rules: bool, chosen: bool) -> str:
    aside = sum(f.set_aside for f in one.findings)
    more = f"; {text('set-aside', language)}: {aside}" if aside else ""
    lines = [f"{one.title} ({one.key})", tallied(one.counts(), language) + more]
    if not one.findings:
        lines.append(text("nothing-chosen" if chosen else "nothing-found", language))
    group = kind = ""
    for finding in one.findings:
        if finding.group != group:
            group = finding.group
            lines += ["", _name(group, language).upper()]
            kind = ""
        if finding.kind != kind:
            kind = finding.kind
            lines += ["", f"{_name(kind, language)} ({kind})"]
        lines += _finding(finding, one, language)
    if with_rules:
        lines += ["", text("rules-and-states", language).upper()]
        for state in one.states:
            told = text(f"state-{state.state}", language, checked=state.checked, found=state.found)
            why = f" {state.why.of(language)}" if state.why.of(language) else ""
            lines.append(f"  {_name(state.kind, language)} ({state.kind}): {told}{why}")
    return "\n".join(lines)


def _finding(finding: Finding, one: Review, language: str) -> list[str]:
    standing = "" if finding.standing == "machine-found" else f" [{text(f'standing-{finding.standing}', language)}]"
    lines = [f"  {text(f'severity-{finding.severity}', language)}{standing}: {finding.message.of(language)}"]
    for place in finding.places:
        elsewhere = "" if place.document == one.document else f"{place.document.rpartition('/')[2]}: "
        words = quotation(place)
        words = words if len(words) <= LONGEST else words[:LONGEST] + " …"
        lines.append(indent(f"«{words}»\n  {elsewhere}{where(place, language)}", "      "))
    for value in new_values(finding, language):
        lines.append(f"      {value.label.of(language)}: {value.printed}")
    for verdict in finding.verdicts:
        if verdict.source_words:
            basis = scheme_label("verdict-basis", verdict.basis)[language]
            where_from = f"{verdict.address or verdict.publication}, {basis}"
            lines.append(f"      {text('source-says', language)}: «{verdict.source_words}» ({where_from})")
    for decision in finding.decisions:
        name = text(f"decision-{decision.decision}", language)
        lines.append(f"      {name}: {decision.because} ({decision.by}, {decision.date})")
    if finding.because:
        lines.append(f"      {finding.because} ({finding.by})")
    lines.append(f"      {finding.key}")
    return lines


def _name(kind: str, language: str) -> str:
    if not kind:
        return text("other", language)
    labels = scheme_label("finding-kind", kind)
    return labels.get(language) or labels["en"]
