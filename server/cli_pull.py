"""``msevidence pull``: another agency's graphs come in, in graphs of their own, once the shapes pass."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from msevidence.server.cli_build import print_published
from msevidence.server.cli_common import EXIT_FAULTS, data_option, home_option, json_option, print_json, progress
from msevidence.server.cli_stores import address_given, faults_told

if TYPE_CHECKING:
    from msevidence.loaders.exports.report import SourceReport
    from msevidence.loaders.exports.sources import LoadedSource, Sources
    from msevidence.loaders.stores.pull import Origin, Pulled


@click.command()
@click.option("--query", "query_url", metavar="URL", callback=address_given, help="Their SPARQL query service.")
@click.option(
    "--graph-store", metavar="URL", callback=address_given, help="Their Graph Store service, if they have one."
)
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
    with (
        sources.changing(),
        tempfile.TemporaryDirectory(prefix="msevidence-") as scratch,
        ExitStack() as undone,
    ):
        replaced: list[LoadedSource] = []
        if query_url is None:
            reports = _rechecked(sources)
        else:
            with faults_told(), progress() as tell:
                client = Client(query_url, None, graph_store)
                today = datetime.now(UTC).date().isoformat()
                found = pulled_from(client, graphs, today, partial(_stated, home, data), tell)
            if not as_json:
                for graph in found.origin.already:
                    click.echo(f"stated here already: {graph}")
            if _nothing_new(found):
                click.echo("nothing that is not here already; nothing was changed", err=as_json)
                return
            report, replaced = _taken(sources, found, Path(scratch), undone)
            reports = [report]
        if not as_json:
            for report in reports:
                _print(report)
            for old in replaced:
                click.echo(f"instead of {old.name}, which was pulled from there before")
        built = None if no_build else _build(data, home, as_json)
        undone.pop_all()
        for old in replaced:
            sources.drop(old)
    if as_json:
        print_json({"pulled": [_as_json(report) for report in reports], "release": built})
    if any(report.quarantined for report in reports):
        context.exit(EXIT_FAULTS)


def _stated(home: Path, data: Path) -> set[bytes]:
    """Return the triples of the current release as lines; where there is none yet, those that a build would have.

    What was pulled before is not ours.
    """
    import pyoxigraph as ox

    from msevidence.loaders.assembly import assemble
    from msevidence.loaders.release_home import Home
    from msevidence.loaders.release_nquads import split_line
    from msevidence.loaders.stores.pulled_names import is_passed_on

    if Home(home).current_id() is None:
        quads = assemble(data, home=home).quads()
        ours = (q for q in quads if isinstance(q.graph_name, ox.NamedNode) and not is_passed_on(q.graph_name.value))
        return {f"{quad.triple} .\n".encode() for quad in ours}
    with (Home(home).current / "data.nq").open("rb") as lines:
        split = map(split_line, lines)
        return {t + b" .\n" for t, graph in split if graph and not is_passed_on(graph[1:-1].decode())}


def _nothing_new(found: Pulled) -> bool:
    """Say whether all that is left is what a build makes anew, or what they have from others."""
    from msevidence.loaders.stores.pulled_names import is_made_anew

    return all(is_made_anew(graph) for graph in found.origin.graphs.keys() - set(found.origin.already))


def _taken(
    sources: Sources, found: Pulled, scratch: Path, undone: ExitStack
) -> tuple[SourceReport, list[LoadedSource]]:
    """Keep what was pulled as a source, instead of what was pulled from there before, which is set aside and returned.

    ``undone`` is what is to be done where the build fails: then the sources are as they were. The same statements again
    are the source of before.
    """
    pulled = [(source, origin) for source in sources.all() if (origin := _origin(sources, source)) is not None]
    before = {source: origin.sha256 for source, origin in pulled if origin.endpoint == found.origin.endpoint}
    same = [source for source, sha256 in before.items() if sha256 == found.origin.sha256]
    source = same[0] if same else _kept(sources, found, scratch, undone)
    # After the new one is kept: who is killed in between has both, and not none.
    replaced = [old for old in before if old != source]
    for old in replaced:
        undone.callback(sources.put_back, old)
        sources.set_aside(old)
    return sources.conversion(source)[1], replaced


def _kept(sources: Sources, found: Pulled, scratch: Path, undone: ExitStack) -> LoadedSource:
    release = (found.origin.release or found.origin.sha256)[:12]
    new = scratch / f"{urlsplit(found.origin.endpoint).hostname} {release}.nq"
    found.write(new)
    source, _ = sources.take(new)
    undone.callback(sources.drop, source)
    sources.conversion(source)
    sources.keep(source)
    return source


def _origin(sources: Sources, source: LoadedSource) -> Origin | None:
    """Return where a source was pulled from, ``None`` where it is a file that was loaded."""
    from msevidence.loaders.stores.pull import MARK, Origin

    with sources.path(source).open("rb") as file:
        return Origin.of_line(MARK + file.readline()) if file.read(len(MARK)) == MARK else None


def _rechecked(sources: Sources) -> list[SourceReport]:
    from msevidence.loaders.exports.conversion import PULLED

    reports = []
    for source in sources.all():
        folder, report = sources.conversion(source)
        if PULLED in report.formats:
            shutil.rmtree(folder)
            reports.append(sources.conversion(source)[1])
    return reports


def _build(data: Path, home: Path, as_json: bool) -> dict[str, object] | None:
    from msevidence.loaders.build import build

    with progress() as tell:
        outcome = build(data, home, tell)
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
