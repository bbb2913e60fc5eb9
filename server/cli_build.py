"""``msevidence build`` and ``msevidence validate``: from the documents to a release, or only to a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msevidence.server.cli_common import EXIT_FAULTS, data_option, home_option, json_option, print_json, progress

if TYPE_CHECKING:
    from msevidence.loaders.assembly import Graph
    from msevidence.loaders.build import BuildOutcome


@click.command()
@data_option
@home_option
@json_option
def build(data: Path, home: Path, as_json: bool) -> None:
    """Build the graph, validate it, and publish it as the release that is served.

    Any fault stops the build with file, line, what is wrong and how to mend it; the release served before stays.

    \b
    Example:
      msevidence build --data data --home build
    """
    publish(data, home, as_json=as_json)


def publish(data: Path, home: Path, *, as_json: bool = False) -> None:
    """Build and publish, and print what was built."""
    from msevidence.loaders.build import build as run

    with progress() as tell:
        outcome = run(data, home, tell)
    built = print_published(outcome, as_json=as_json)
    if as_json:
        print_json(built)


def print_published(outcome: BuildOutcome, *, as_json: bool) -> dict[str, object]:
    """Print what was published, unless as JSON, and return it as an object for that."""
    release, manifest = outcome.release, outcome.release.manifest
    merged = manifest.default_graph_triples
    named = manifest.quads - merged
    if not as_json:
        state = "already published" if release.already_published else "published"
        click.echo(f"{state}: release {release.id[:12]}, in {release.path}")
        click.echo(_counts(outcome.counts))
        click.echo(
            f"statements: {named:,} quads in {len(manifest.graphs)} named graphs, and {merged:,} triples in the default"
            f" graph, which has the same without repetition; data.nq holds both, {manifest.quads:,} lines"
        )
    return {
        "release": release.id,
        "path": str(release.path),
        "already_published": release.already_published,
        "counts": outcome.counts,
        "quads": {"named_graphs": named, "default_graph": merged, "data.nq": manifest.quads},
    }


@click.command()
@data_option
@home_option
@json_option
@click.option("--referee", is_flag=True, help="Run pyshacl on the same graph, too, and compare the results.")
@click.pass_context
def validate(context: click.Context, data: Path, home: Path, as_json: bool, referee: bool) -> None:
    """Build the graph, with what was loaded, and validate it, without publishing anything.

    \b
    Example:
      msevidence validate --data data --home build
    """
    from msevidence.loaders.build import validate as run

    with progress() as tell:
        graph, outcome = run(data, tell, home)
    if referee and not _agree(graph):
        context.exit(EXIT_FAULTS)
    if as_json:
        print_json({"conforms": outcome.conforms, "counts": graph.counts, "report": outcome.turtle})
    elif outcome.conforms:
        click.echo(f"conforms: {_counts(graph.counts)}")
        if outcome.refused:
            click.echo(outcome.summary(), err=True)
    else:
        click.echo(outcome.summary(), err=True)
    if not outcome.conforms:
        context.exit(EXIT_FAULTS)


def _agree(graph: Graph) -> bool:
    """Say on standard error whether pyshacl finds what the compiled shapes find, and return it."""
    from msevidence.ontology.validation_compared import compared

    found = compared(graph.own_quads(), graph.names_elsewhere())
    if found.equal:
        click.echo(f"referee: pyshacl found the same, {found.results} results", err=True)
    for name in found.refused:
        click.echo(f"referee: nothing to compare, the compiler does not cover {name}", err=True)
    for who, violations in (("the compiled shapes", found.only_compiled), ("pyshacl", found.only_pyshacl)):
        for v in violations:
            click.echo(f"referee: only {who}: <{v.focus}>: {v.message()} [{v.value}] ({v.component})", err=True)
    return found.equal


def _counts(counts: dict[str, int]) -> str:
    """Return counts in words.

    >>> _counts({"documents": 2, "inherited-pointers": 1234})
    'documents: 2, inherited pointers: 1,234'
    """
    return ", ".join(f"{name.replace('-', ' ')}: {count:,}" for name, count in counts.items())
