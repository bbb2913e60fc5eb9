"""The rules of the review, measured: what they looked at and found, what of the known they found, how much is right.

Run it with ``python -m tests.bench.review [--home HOME] [FILE ...]``. It times nothing. The known findings are those
of ``tests/expected/review-known.yaml``, the judgements those of ``tests/expected/review-precision.yaml``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from msevidence.loaders.assembly import assemble
from msevidence.loaders.review.judged import read_review
from msevidence.loaders.review.running import RuleRun, run_rules
from msevidence.loaders.review.view import View
from tests.review.known import Known, known
from tests.review.measured import Found, Recall, findings, groups, judgements, precision, recall
from tests.review.reviewing import DATA, reviewed

WIDTH = 160


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", type=click.Path(exists=True, file_okay=False, path_type=Path), help="With what is loaded there."
)
@click.option("--findings", "listed", is_flag=True, help="List the findings that nobody has judged yet.")
@click.option("--rule", "rules", multiple=True, help="Only this rule; may be given several times.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(home: Path | None, listed: bool, rules: Sequence[str], files: Sequence[Path]) -> None:
    """Measure the rules on data/, and on articles to load."""
    if home and files:
        raise click.UsageError("give --home or files, not both")
    as_of = read_review(DATA).as_of
    if home:
        view = View(list(assemble(DATA, home=home).quads()), as_of=as_of)
    else:
        view = reviewed(loaded=files, as_of=as_of).view
    runs = [run for run in run_rules(view) if not rules or run.rule.name in rules]
    found = [f for f in findings(view, runs) if not rules or f.kind in rules]
    console = Console(width=WIDTH)
    console.print(_looked_at(runs, found))
    entries = [e for e in known()[0] if not rules or e.kind in rules]
    for table in _recall_tables(entries, found, groups(view)):
        console.print(table)
    console.print(_precision_table(found))
    if listed:
        _list(console, found)


def _looked_at(runs: Sequence[RuleRun], found: Iterable[Found]) -> Table:
    """Return what each rule looked at and found, by document; ``-`` where it had nothing to look at."""
    documents = sorted({run.document.rsplit("/", 1)[-1] for run in runs})
    table = Table("rule", "language", *documents, "all", title="Found of what was looked at")
    counts: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for run in runs:
        counts[run.rule.name][run.document.rsplit("/", 1)[-1]] = (len(run.broken), run.checked)
    languages = {run.rule.name: run.rule.language for run in runs}
    for name, by_document in counts.items():
        cells = [f"{n} of {of}" if of else "-" for n, of in (by_document.get(d, (0, 0)) for d in documents)]
        table.add_row(
            name, languages[name], *cells, " of ".join(str(sum(c)) for c in zip(*by_document.values(), strict=True))
        )
    others = Counter((f.kind, f.document) for f in found if f.kind not in counts)
    for kind in sorted({k for k, _ in others}):
        cells = [str(others[kind, d]) for d in documents]
        table.add_row(kind, "the build", *cells, str(sum(others[kind, d] for d in documents)))
    return table


def _recall_tables(entries: Sequence[Known], found: Sequence[Found], group: dict[str, str]) -> Iterable[Table]:
    """Yield recall by kind, what was missed, and the traps that were stepped into."""
    columns = ("sure, for a machine", "debatable, for a machine", "for a person", "traps stepped into")
    table = Table("group", "kind", *columns, title="Recall: found (of any kind of the group) of what is known")
    kinds = sorted({e.kind for e in entries}, key=lambda k: (group.get(k, k), k))
    rows = [(group.get(k, k), k, [e for e in entries if e.kind == k]) for k in kinds]
    for name, kind, of_kind in [*rows, ("all", "", list(entries))]:
        table.add_row(
            name, kind, *(_figures(recall(part, found, group)) for part in _parts(of_kind)), end_section=not kind
        )
    yield table
    for title, number in (("Missed: sure, for a machine", 0), ("Missed: debatable, for a machine", 1)):
        yield _entries(title, recall(_parts(entries)[number], found, group).missed)
    yield _entries("Traps stepped into", recall(_parts(entries)[3], found, group).found)


def _parts(entries: Sequence[Known]) -> tuple[list[Known], list[Known], list[Known], list[Known]]:
    machine = [e for e in entries if e.finder == "machine" and not e.trap]
    return (
        [e for e in machine if e.sure == "yes"],
        [e for e in machine if e.sure == "debatable"],
        [e for e in entries if e.finder == "person" and not e.trap],
        [e for e in entries if e.trap],
    )


def _figures(of: Recall) -> str:
    if not of.of:
        return ""
    more = f" ({len(of.by_group)})" if len(of.by_group) > len(of.found) else ""
    return f"{len(of.found)}{more} of {len(of.of)}"


def _entries(title: str, entries: Iterable[Known]) -> Table:
    table = Table("entry", "document", "kind", "what", title=title)
    for entry in entries:
        table.add_row(entry.id, entry.document, entry.kind, entry.what)
    return table


def _precision_table(found: Sequence[Found]) -> Table:
    judged = judgements()
    table = Table("kind", "right", "debatable", "wrong", "not judged", "right of the judged", title="Precision")
    kinds = sorted({f.kind for f in found})
    for kind, of_kind in [*((k, [f for f in found if f.kind == k]) for k in kinds), ("all", list(found))]:
        count = precision(of_kind, judged)
        decided = sum(n for name, n in count.items() if name != "not judged")
        share = f"{count['right'] / decided:.0%}" if decided else ""
        table.add_row(kind, *(str(count[n]) for n in ("right", "debatable", "wrong", "not judged")), share)
    gone = sorted(set(judged) - {f.key for f in found})
    table.caption = f"judged and not found (any more): {', '.join(gone)}" if gone else None
    return table


def _list(console: Console, found: Iterable[Found]) -> None:
    judged = judgements()
    for finding in sorted(found, key=lambda f: (f.kind, f.document)):
        if finding.key in judged:
            continue
        console.print(f"{finding.key}: ", style="bold", end="", markup=False)
        console.print(f"({finding.severity}) {finding.message}", markup=False)
        for text in finding.texts:
            console.print(f"    {text[:300]}", style="dim", markup=False)


if __name__ == "__main__":
    main()
