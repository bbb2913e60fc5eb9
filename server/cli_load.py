"""``msevidence load``, ``forget`` and ``sources``: what librarians export comes in, and goes out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from msevidence.server.cli_build import print_published
from msevidence.server.cli_common import (
    EXIT_FAULTS,
    EXIT_STORE,
    StoreFailure,
    data_option,
    home_option,
    json_option,
    print_json,
    progress,
)

if TYPE_CHECKING:
    from msevidence.loaders.changes import Change
    from msevidence.loaders.errors import LoadError
    from msevidence.loaders.exports.report import SourceReport
    from msevidence.loaders.exports.sources import LoadedSource, Sources
    from msevidence.loaders.exports.workers import Workers

SHOWN = 20
"""Records in quarantine, and changes, that are printed of one file; ``--json`` has them all."""


@dataclass
class _Came:
    """What came of one file of the command line."""

    path: Path
    source: LoadedSource | None = None
    known: bool = False
    report: SourceReport | None = None
    already: int = 0
    """Records that other sources held with the same content."""
    changes: list[Change] = field(default_factory=list)
    fault: LoadError | OSError | None = None


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, readable=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Refuse a file at the first record, or field, that cannot be loaded.")
@click.option("--no-build", is_flag=True, help="Keep the files for the next build, and make no release now.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that convert; as many as there are processors if left out.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Convert on the Dask cluster of this scheduler instead: tcp://host:8786 or tls://host:8786.",
)
@click.option(
    "--shared",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    help="With --dask: a folder that all workers see under this path, through which records go.",
)
@click.option(
    "--shards",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the statements of these files there too: N-Quads in parts, for bulk loading elsewhere (push --shards).",
)
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --shards: load them into a new embedded store there.",
)
@data_option
@home_option
@json_option
@click.pass_context
def load(
    context: click.Context,
    files: tuple[Path, ...],
    strict: bool,
    no_build: bool,
    workers: int | None,
    dask: str | None,
    shared: Path | None,
    shards: Path | None,
    store: Path | None,
    data: Path,
    home: Path,
    as_json: bool,
) -> None:
    """Load exports of registries and bibliographic services, and open-access articles: FILES, folders and archives.

    The format is told from the content. The bytes are kept, so that every later build has them, until they are
    forgotten. Records that cannot be loaded are named with their line; the others load. A new release is made.

    \b
    Formats: ClinicalTrials.gov (API v2 JSON, XML, CSV), EU Clinical Trials Register (text), CTIS (JSON), ISRCTN (XML),
    WHO ICTRP (XML, CSV), PubMed (XML, .nbib), Crossref (JSON), RIS, EndNote (XML), JATS articles (XML), SSSOM (TSV);
    each also in .gz and .zip.

    Large files are converted some hundred records at a time, by several processes or on a Dask cluster, with the same
    outcome. A Dask scheduler asks nobody who they are: use tls://, or a network of your own.

    \b
    Examples:
      msevidence load ctg-studies.csv euctr.txt ICTRP-Results.xml pubmed.nbib
      msevidence load --dask tcp://10.0.0.5:8786 pubmed26n0001.xml.gz
      msevidence load --no-build --shards shards/ ctg-studies.json.zip
    """
    from msevidence.loaders.exports.sources import Sources

    if dask is not None and workers is not None:
        raise click.UsageError("name --workers N, or --dask ADDRESS, not both")
    if dask is not None and not dask.startswith(("tcp://", "tls://")):
        raise click.UsageError(
            f"--dask {dask!r} is no address of a scheduler; write tcp://host:8786 or tls://host:8786"
        )
    if shared is not None and dask is None:
        raise click.UsageError("--shared goes with --dask")
    if store is not None and shards is None:
        raise click.UsageError("--store goes with --shards")
    with Sources(home).changing():
        came: list[_Came] = []
        with _converting(workers, dask, shared) as converters:
            sources = Sources(home, converters)
            with progress() as tell:
                for path in files:
                    came.append(_take(sources, path, strict, tell, came))
            new = [c for c in came if c.source is not None and c.fault is None and not c.known]
            _compare(sources, came, data)
            if shards is not None:
                _write_shards(sources, came, shards, store, as_json)
        for one in new:
            assert one.source is not None
            sources.keep(one.source)
        if not as_json:
            for one in came:
                _print(one)
        built = None if no_build else _build(sources, new, data, home, as_json)
    if as_json:
        print_json({"files": [_as_json(c) for c in came], "release": built})
    if any(isinstance(c.fault, OSError) for c in came):
        context.exit(EXIT_STORE)
    if any(c.fault is not None or (c.report is not None and c.report.quarantined) for c in came):
        context.exit(EXIT_FAULTS)


def _write_shards(sources: Sources, came: list[_Came], target: Path, store: Path | None, as_json: bool) -> None:
    """Write the statements of what came as shards, and load them into an embedded store where one is named."""
    from msevidence.loaders.stores.shards import fill_store, write_shards

    held = dict.fromkeys(c.source for c in came if c.source is not None and c.fault is None)
    files = write_shards(((source.sha256, sources.conversion(source)[0]) for source in held), target)
    size = None if store is None else fill_store(target, store)
    if not as_json:
        click.echo(f"{target}: {len(files):,} shards")
        if size is not None:
            click.echo(f"{store}: {size:,} statements, as in the shards")


@contextmanager
def _converting(number: int | None, dask: str | None, shared: Path | None) -> Iterator[Workers]:
    """Yield who converts: processes here, or a Dask cluster."""
    if dask is None:
        from msevidence.loaders.exports.workers import LocalWorkers

        with closing(LocalWorkers(number)) as local:
            yield local
        return
    from msevidence.loaders.exports.distributed import ClusterError, DaskWorkers

    try:
        with closing(DaskWorkers(dask, shared)) as cluster:
            yield cluster
    except ClusterError as e:
        raise StoreFailure(str(e)) from e


def _take(
    sources: Sources, path: Path, strict: bool, tell: Callable[[str, int, int], None], earlier: list[_Came]
) -> _Came:
    """Copy one file aside and convert it; what is wrong with it is in what comes back.

    ``earlier`` are those before it on the command line: the same bytes again are known.
    """
    from msevidence.loaders.errors import LoadError

    came = _Came(path)
    try:
        came.source, came.known = sources.take(path)
        came.known |= any(_same(c, came) for c in earlier if c.fault is None)
        name = came.source.name

        def told(read: int) -> None:
            tell(name, read, read)

        _, came.report = sources.conversion(came.source, strict=strict, tell=told)
        if not came.report.loaded and not came.report.duplicate:
            first = came.report.quarantined[0]
            came.fault = LoadError(f"no record of it could be loaded; the first: {first}", name)
    except (LoadError, OSError) as e:
        came.fault = e
    if came.fault is not None and came.source is not None and not came.known:
        sources.drop(came.source)
    return came


def _same(one: _Came, other: _Came) -> bool:
    return one.source is not None and other.source is not None and one.source.sha256 == other.source.sha256


def _compare(sources: Sources, came: list[_Came], data: Path) -> None:
    """Find what was there already, and what changed against what is known."""
    from msevidence.loaders.changes import Known

    known = Known.of(sources, data)
    for one in came:
        if one.source is None or one.fault is not None:
            continue
        if one.known:
            one.already = one.report.loaded if one.report else 0
            continue
        folder, _ = sources.conversion(one.source)
        one.already, one.changes = known.compare(folder, one.source)


def _build(sources: Sources, new: list[_Came], data: Path, home: Path, as_json: bool) -> dict[str, object] | None:
    """Make the release; where that fails, what was new is forgotten, as if it had not been loaded."""
    from msevidence.loaders.build import build

    try:
        with progress() as tell:
            outcome = build(data, home, tell)
    except BaseException:
        for one in new:
            if one.source is not None:
                sources.drop(one.source)
        raise
    return print_published(outcome, as_json=as_json)


def _told(came: _Came) -> str:
    """Return what is wrong with a file, where, and how to mend it."""
    from msevidence.loaders.exports.containers import printable

    if not isinstance(came.fault, OSError):
        return str(came.fault)
    why = came.fault.strerror or str(came.fault)
    place = printable(str(came.fault.filename or came.path))
    return f"{printable(str(came.path))}: {why} ({place}); mend the permissions, or make room, and load it again"


def _print(came: _Came) -> None:
    from msevidence.loaders.exports.containers import printable

    if came.fault is not None:
        click.echo(f"not loaded: {_told(came)}", err=True)
        return
    report = came.report
    assert report is not None
    click.echo(f"{printable(str(came.path))}: {', '.join(report.formats)}")
    loaded, duplicate = report.loaded - came.already, report.duplicate + came.already
    click.echo(
        f"  read {report.read:,} = loaded {loaded:,} + quarantined {len(report.quarantined):,}"
        f" + duplicate {duplicate:,}" + (" (the file was loaded before)" if came.known else "")
    )
    for change in came.changes[:SHOWN]:
        click.echo(f"  changed: {change}")
    _more(len(came.changes), "changes")
    for fault in report.quarantined[:SHOWN]:
        click.echo(f"  quarantined: {fault}", err=True)
    _more(len(report.quarantined), "records in quarantine")
    for name, count in list(report.unknown.items())[:SHOWN]:
        click.echo(f"  not known here, and kept only in the bytes: {name} ({count:,} times)")
    _more(len(report.unknown), "unknown names")
    for number in report.kept_versions[:SHOWN]:
        click.echo(f"  stands there in several versions (of different dates, or files), all kept: {number}")


def _more(count: int, what: str) -> None:
    if count > SHOWN:
        click.echo(f"  and {count - SHOWN:,} more {what}: --json has them all")


def _as_json(came: _Came) -> dict[str, object]:
    from msevidence.loaders.exports.containers import printable

    report = came.report
    if came.fault is not None or report is None:
        return {"path": printable(str(came.path)), "fault": _told(came)}
    return {
        "path": printable(str(came.path)),
        "sha256": report.sha256,
        "formats": report.formats,
        "read": report.read,
        "loaded": report.loaded - came.already,
        "quarantined": len(report.quarantined),
        "duplicate": report.duplicate + came.already,
        "loaded_before": came.known,
        "changes": [asdict(c) for c in came.changes],
        "quarantine": [asdict(q) for q in report.quarantined],
        "unknown": report.unknown,
        "versions": report.kept_versions,
    }


@click.command()
@click.argument("names", nargs=-1, required=True)
@data_option
@home_option
@json_option
def forget(names: tuple[str, ...], data: Path, home: Path, as_json: bool) -> None:
    """Forget loaded sources, named by file name or by the beginning of their hash, and make a release without them.

    Older releases keep what they hold.

    \b
    Example:
      msevidence forget ctg-studies.csv
    """
    from msevidence.loaders.build import build
    from msevidence.loaders.exports.sources import Sources

    sources = Sources(home)
    with sources.changing():
        try:
            found = list(dict.fromkeys(sources.find(name) for name in names))
        except LookupError as e:
            raise click.UsageError(str(e.args[0])) from e
        for source in found:
            sources.drop(source)
        with progress() as tell:
            outcome = build(data, home, tell)
    if not as_json:
        for source in found:
            click.echo(f"forgotten: {source.name} ({source.sha256[:12]})")
    built = print_published(outcome, as_json=as_json)
    if as_json:
        print_json({"forgotten": [asdict(s) for s in found], "release": built})


@click.command()
@home_option
@json_option
def sources(home: Path, as_json: bool) -> None:
    """List the sources that were loaded, with what came of their records.

    \b
    Example:
      msevidence sources
    """
    from msevidence.loaders.exports.sources import Sources

    held = Sources(home)
    rows: list[dict[str, Any]] = []
    for source in held.all():
        _, report = held.conversion(source)
        counts = {"read": report.read, "loaded": report.loaded, "quarantined": len(report.quarantined)}
        rows.append({**asdict(source), "formats": sorted(report.formats), **counts, "duplicate": report.duplicate})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        told = ", ".join(f"{name} {row[name]}" for name in ("read", "loaded", "quarantined", "duplicate"))
        click.echo(f"{row['sha256'][:12]}  {row['name']}  {', '.join(row['formats'])}: {told}")
    if not rows:
        click.echo("nothing was loaded; msevidence load FILE… loads exports")
