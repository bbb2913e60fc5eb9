"""``msevidence push``: a release into another agency's store, and the proof that it is there unaltered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msevidence.server.cli_common import EXIT_FAULTS, home_option, json_option, print_json, progress
from msevidence.server.cli_stores import address_given, faults_told, store_options

if TYPE_CHECKING:
    from msevidence.loaders.stores.bulk import Writer
    from msevidence.loaders.stores.client import Client
    from msevidence.loaders.stores.engines import Engine
    from msevidence.loaders.stores.push import Push, Tell
    from msevidence.loaders.stores.reading import Compared

ENGINE_NAMES = ("oxigraph", "virtuoso", "generic")


@click.command()
@store_options
@click.option(
    "--update",
    metavar="URL",
    callback=address_given,
    help="Its SPARQL update service: with it, all is switched at once.",
)
@click.option(
    "--default-graph",
    "default",
    metavar="store|none|IRI",
    help="Where the merge of all graphs goes: the store's default graph, nowhere, or a graph of that name."
    "  [default: store where the engine has a default graph of its own, else none]",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINE_NAMES),
    help="What kind of store it is; found out from its answers if left out.",
)
@click.option(
    "--release",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A release's folder, with data.nq and manifest.json; the current one of --home if left out.",
)
@click.option(
    "--shards",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Write the graphs of shards, which msevidence load --shards wrote, instead of a release.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--verify-only", is_flag=True, help="Hold the store against the release, and change nothing.")
@click.option("--resume", is_flag=True, help="Go on where a push that was killed has stopped.")
@click.option("--replace", is_flag=True, help="Replace graphs of these names also where no push has written them.")
@click.option("--bulk", is_flag=True, help="Write large graphs in pieces, or with --isql by Virtuoso's bulk loader.")
@click.option("--isql", metavar="HOST:PORT", help="With --bulk: Virtuoso's SQL port, where its bulk loader is asked.")
@click.option(
    "--folder",
    "load_folder",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    help="With --isql: a folder that Virtuoso reads under the same path (DirsAllowed).",
)
@click.option("--rewrite", is_flag=True, help="Write all graphs, also those that an earlier push has written.")
@home_option
@json_option
@click.pass_context
def push(
    context: click.Context,
    query_url: str,
    graph_store: str | None,
    update: str | None,
    default: str | None,
    engine: str | None,
    folder: Path | None,
    shards: Path | None,
    dry_run: bool,
    verify_only: bool,
    resume: bool,
    replace: bool,
    bulk: bool,
    isql: str | None,
    load_folder: Path | None,
    rewrite: bool,
    home: Path,
    as_json: bool,
) -> None:
    """Write a release into another SPARQL store, graph by graph, and verify that it holds what was sent.

    With --update a push that fails leaves the store as it was; with --graph-store alone the graph "release" is written
    last. A push that was interrupted goes on where it stopped. Graphs of others are never touched. Who we are to the
    store is in the environment: MSEVIDENCE_STORE_USER and MSEVIDENCE_STORE_PASSWORD (MSEVIDENCE_STORE_AUTH is basic or
    digest), or MSEVIDENCE_STORE_TOKEN.

    \b
    Examples:
      msevidence push --query https://kg.example/query --update https://kg.example/update
      msevidence push --verify-only --query https://kg.example/query --release ~/Downloads/0a6df32aca16
    """
    from msevidence.loaders.stores.client import Client
    from msevidence.loaders.stores.engines import ENGINES, engine_of
    from msevidence.loaders.stores.parts import taken_apart
    from msevidence.loaders.stores.push import AlteredError, Push
    from msevidence.server.releases import current

    if update is None and graph_store is None and not verify_only:
        raise click.UsageError("name where to write: --update URL, or --graph-store URL, or both")
    if bulk and graph_store is None:
        raise click.UsageError("--bulk writes by the Graph Store service: name it with --graph-store URL")
    if (isql is None) != (load_folder is None) or (isql is not None and not bulk):
        raise click.UsageError("--isql HOST:PORT and --folder FOLDER go together, with --bulk")
    if shards is not None and (graph_store is None or folder or dry_run or verify_only or resume or rewrite or default):
        raise click.UsageError(
            "--shards goes with --query, --graph-store, --bulk, --isql, --folder and --replace alone"
        )
    with faults_told(), progress() as tell:
        client = Client(query_url, update, graph_store)
        writer = _writer(client, isql, load_folder) if bulk else None
        kind = ENGINES[engine] if engine else engine_of(client.server())
        if shards is not None:
            if not _push_shards(client, kind, shards, writer, replace, tell, as_json):
                context.exit(EXIT_FAULTS)
            return
        where = default or ("store" if kind.own_default_graph else "none")
        with taken_apart(folder or current(home).path) as parts:
            pushed = Push(client, kind, parts, where, tell, writer)
            if dry_run:
                _print_plan(pushed, rewrite, kind, as_json)
                return
            try:
                found = pushed.verify() if verify_only else pushed.run(resume=resume, replace=replace, rewrite=rewrite)
            except AlteredError as e:
                click.echo(str(e), err=True)
                found = e.found
            left_over = pushed.left_over()
    _print(parts.manifest.release, kind, found, left_over, as_json)
    if not all(graph.equal for graph in found):
        context.exit(EXIT_FAULTS)


def _push_shards(
    client: Client, engine: Engine, folder: Path, writer: Writer | None, replace: bool, tell: Tell, as_json: bool
) -> bool:
    """Write the graphs of shards; say whether the store holds them."""
    from msevidence.loaders.stores.bulk import InPieces
    from msevidence.loaders.stores.push import AlteredError
    from msevidence.loaders.stores.shards import graphs_of, push_shards

    with graphs_of(folder) as parts:
        try:
            found = push_shards(client, engine, parts, writer or InPieces(client), replace=replace, tell=tell)
        except AlteredError as e:
            click.echo(str(e), err=True)
            found = e.found
    _print("", engine, found, [], as_json)
    return all(graph.equal for graph in found)


def _writer(client: Client, isql: str | None, folder: Path | None) -> Writer:
    """Return what writes large graphs."""
    from msevidence.loaders.stores.bulk import InPieces, VirtuosoLoader

    if isql is None or folder is None:
        return InPieces(client)
    return VirtuosoLoader(client, isql, folder)


def _print_plan(push: Push, rewrite: bool, engine: Engine, as_json: bool) -> None:
    plan = push.plan(rewrite=rewrite)
    steps = {
        "write": [t.graph or "the default graph" for t in plan.write],
        "written by an interrupted push": [t.graph or "the default graph" for t in plan.staged],
        "there": [t.graph or "the default graph" for t in plan.there],
        "remove": plan.remove,
        "not written by any push, needs --replace": plan.foreign,
    }
    if as_json:
        print_json({"engine": engine.name, "plan": steps})
        return
    click.echo(f"{engine.label}; nothing was changed")
    for step, graphs in steps.items():
        for graph in graphs:
            click.echo(f"  {step}: {graph}")


def _print(release: str, engine: Engine, found: list[Compared], left_over: list[str], as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "graph": g.graph or None,
                "triples": g.count,
                "held": g.held,
                "sha256": g.sha256,
                "outcome": g.words(),
                "missing": g.missing,
                "foreign": g.foreign,
            }
            for g in found
        ]
        print_json(
            {"release": release, "engine": engine.name, "changes": engine.changes, "graphs": rows, "other": left_over}
        )
        return
    for g in found:
        click.echo(f"{g.graph or 'the default graph'}  {g.held:,} of {g.count:,}  {g.sha256[:12]}  {g.words()}")
        for line in g.missing:
            click.echo(f"  sent, and not there: {line}")
        for line in g.foreign:
            click.echo(f"  there, and not sent: {line}")
    if any(g.equal and not g.exact for g in found):
        click.echo(f"{engine.label} changes literals: {'; '.join(engine.changes)}")
    for name in left_over:
        click.echo(f"of the store, and not of this release: {name}")
    equal = sum(g.equal for g in found)
    what = f"release {release[:12]}" if release else "shards"
    click.echo(f"{what}: {equal} of {len(found)} graphs are as they were {'published' if release else 'written'}")
