"""``msevidence pull``: another agency's graphs come in, in graphs of their own, once the shapes pass."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from msevidence.server.cli_build import print_published
from msevidence.server.cli_common import EXIT_FAULTS, data_option, home_option, json_option, print_json, progress
from msevidence.server.cli_stores import faults_told

if TYPE_CHECKING:
    from msevidence.loaders.exports.report import SourceReport
    from msevidence.loaders.exports.sources import LoadedSource, Sources
    from msevidence.loaders.stores.pull import Pulled


@click.command()
@click.option("--query", "query_url", metavar="URL", help="Their SPARQL query service.")
@click.option("--graph-store", metavar="URL", help="Their Graph Store service, if they have one.")
@click.option(
    "--graph", "graphs", multiple=True, metavar="IRI", help="A graph to take in; those of their release if left out."
)
@click.option("--recheck", is_flag=True, help="Hold what was pulled before against the shapes again.")
@click.option("--no-build", is_flag=True, help="Keep the graphs for the next build, and make no release now.")
@data_option
@home_option
@json_option
@click.pass_context
def pull(
    context: click.Context,
    query_url: str | None,
    graph_store: str | None,
    graphs: tuple[str, ...],
    recheck: bool,
    no_build: bool,
    data: Path,
    home: Path,
    as_json: bool,
) -> None:
    """Take in another agency's graphs: kept as a source, and part of every build once they conform to the shapes.

    Each comes into a graph of its own with where it came from. A graph that breaks a shape stays in quarantine, with
    the reason. Their studies are counted with ours, their documents are reviewed and compared as ours are. What we
    have already is not taken in again. msevidence sources lists what was pulled, msevidence forget removes it.

    \b
    Examples:
      msevidence pull --query https://kg.example/sparql
      msevidence pull --recheck
    """
    from msevidence.loaders.exports.sources import Sources
    from msevidence.loaders.stores.client import Client
    from msevidence.loaders.stores.pull import pull as pulled_from

    if (query_url is None) != recheck:
        raise click.UsageError("name a store with --query URL, or --recheck what was pulled before")
    sources = Sources(home)
    with sources.changing():
        new: list[LoadedSource] = []
        if query_url is None:
            reports = _rechecked(sources)
        else:
            with faults_told(), progress() as tell:
                found = pulled_from(
                    Client(query_url, None, graph_store),
                    graphs,
                    datetime.now(UTC).date().isoformat(),
                    _stated(home, data),
                    tell,
                )
            taken = None if _nothing_new(found) else _take(sources, found)
            if not as_json:
                for graph in found.already:
                    click.echo(f"stated here already: {graph}")
            if taken is None:
                click.echo("nothing that is not here already; nothing was changed", err=as_json)
                return
            source, known, report = taken
            reports = [report]
            if not known:
                new.append(source)
                sources.keep(source)
        if not as_json:
            for report in reports:
                _print(report)
        built = None if no_build else _build(sources, new, data, home, as_json)
    if as_json:
        print_json({"pulled": [_as_json(report) for report in reports], "release": built})
    if any(report.quarantined for report in reports):
        context.exit(EXIT_FAULTS)


def _stated(home: Path, data: Path) -> set[bytes]:
    """Return the triples of the current release as lines; where there is none yet, those that a build would have."""
    from msevidence.loaders.assembly import assemble
    from msevidence.loaders.release_home import Home
    from msevidence.loaders.release_nquads import split_line

    if Home(home).current_id() is None:
        return {f"{quad.triple} .\n".encode() for quad in assemble(data, home=home).quads()}
    with (Home(home).current / "data.nq").open("rb") as lines:
        return {triple + b" .\n" for triple, graph in map(split_line, lines) if graph}


def _nothing_new(found: Pulled) -> bool:
    """Say whether all that is left is what a build makes anew."""
    from msevidence.loaders.stores.pulled_names import is_made_anew

    return all(is_made_anew(graph) for graph in found.origin.graphs)


def _take(sources: Sources, found: Pulled) -> tuple[LoadedSource, bool, SourceReport]:
    """Lay what was pulled aside as a source, and check it; the same statements again are the source of before."""
    release = f" {found.origin.release[:12]}" if found.origin.release else f" {found.origin.sha256[:12]}"
    name = f"{urlsplit(found.origin.endpoint).hostname}{release}.nq"
    before = next((s for s in sources.all() if _same(sources, s, found)), None)
    if before is not None:
        return before, True, sources.conversion(before)[1]
    with tempfile.TemporaryDirectory(prefix="msevidence-") as scratch:
        found.write(Path(scratch) / name)
        source, known = sources.take(Path(scratch) / name)
    return source, known, sources.conversion(source)[1]


def _same(sources: Sources, source: LoadedSource, found: Pulled) -> bool:
    from msevidence.loaders.stores.pull import MARK, Origin

    with sources.path(source).open("rb") as file:
        if file.read(len(MARK)) != MARK:
            return False
        origin = Origin.of_line(MARK + file.readline())
    return (origin.endpoint, origin.sha256) == (found.origin.endpoint, found.origin.sha256)


def _rechecked(sources: Sources) -> list[SourceReport]:
    from msevidence.loaders.exports.conversion import PULLED

    reports = []
    for source in sources.all():
        folder, report = sources.conversion(source)
        if PULLED in report.formats:
            shutil.rmtree(folder)
            reports.append(sources.conversion(source)[1])
    return reports


def _build(
    sources: Sources, new: list[LoadedSource], data: Path, home: Path, as_json: bool
) -> dict[str, object] | None:
    """Make the release; where that fails, what was new is forgotten, as if it had not been pulled."""
    from msevidence.loaders.build import build

    try:
        with progress() as tell:
            outcome = build(data, home, tell)
    except BaseException:
        for source in new:
            sources.drop(source)
        raise
    return print_published(outcome, as_json=as_json)


def _print(report: SourceReport) -> None:
    click.echo(
        f"{report.name}: {report.read} graphs = {report.loaded} taken in + {len(report.quarantined)} in quarantine"
    )
    for graph in report.quarantined:
        click.echo(f"  quarantined: {graph}", err=True)


def _as_json(report: SourceReport) -> dict[str, object]:
    return {
        "sha256": report.sha256,
        "name": report.name,
        "graphs": report.read,
        "taken_in": report.loaded,
        "statements": report.statements,
        "quarantine": [{"graph": q.place, "reason": q.reason} for q in report.quarantined],
    }
