"""``msevidence export``: a release, or a part of it, in the formats that other agencies' tools read."""

import errno
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import click
import pyoxigraph as ox
from click.core import ParameterSource

from msevidence.loaders.stores.asked import AskedStore
from msevidence.queries import load_questions
from msevidence.server import cli_query_text
from msevidence.server.cli_common import StoreFailure, home_option, open_current, store_option, utf8
from msevidence.server.errors import DamagedStore
from msevidence.server.exports.archive import write_file, write_folder, zipped
from msevidence.server.exports.formats import EXPORTS, ExportFormat
from msevidence.server.exports.handover import Files, Handover, Options
from msevidence.server.exports.refused import RefusedError
from msevidence.server.exports.scope import Selection, found
from msevidence.server.labels import PREFIXES, Labels, outside_link
from msevidence.server.local_lane import LocalLane
from msevidence.server.remote_place import Place


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(tuple(EXPORTS)))
@click.option(
    "--output",
    type=click.Path(allow_dash=True),
    metavar="PATH",
    required=True,
    help="What to write: a file, a folder (or a name that ends in /), or a .zip; - is standard output.",
)
@click.option(
    "--study", "studies", multiple=True, metavar="KEY", help="A study, with all that belongs to it; repeatable."
)
@click.option("--document", "documents", multiple=True, metavar="KEY", help="A document, likewise; repeatable.")
@click.option(
    "--status", "statuses", multiple=True, metavar="NAME", help="Studies with a status, such as ongoing; repeatable."
)
@click.option(
    "--query",
    metavar="QUERY",
    help="A stored question, a file with a query in SPARQL, or the query: the things in its answer.",
)
@click.option(
    "--graph",
    type=click.Choice(("citation", "identity")),
    default="citation",
    show_default=True,
    help="Which network; of graphml and gexf.",
)
@click.option(
    "--language", type=click.Choice(("en", "nb")), default="en", show_default=True, help="Of labels and headings."
)
@click.option(
    "--sign-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A private key (RSA, PEM) to sign with; of nanopub.",
)
@click.option("--signer", metavar="IRI", help="Who signs, such as an ORCID; of nanopub.")
@click.option(
    "--site", metavar="URL", help="Where the release is published, for links; the base of its IRIs if left out."
)
@home_option
@store_option
def export(
    format_: str,
    output: str,
    studies: tuple[str, ...],
    documents: tuple[str, ...],
    statuses: tuple[str, ...],
    query: str | None,
    graph: str,
    language: str,
    sign_key: Path | None,
    signer: str | None,
    site: str | None,
    home: Path,
    elsewhere: Place | None,
) -> None:
    """Write the current release, or a part of it, in a format that others' tools read.

    FORMAT is one of trig, nquads, turtle, jsonld, rdfxml; ris, bibtex, csl; csvw, xlsx; html-tables, docx (a report's
    tables of studies); ro-crate, dcat, void, fhir, nanopub, graphml, gexf, sssom.

    What is chosen brings what belongs to it: a study its registrations, publications, results, claims and findings.
    The same release gives the same bytes. A file or folder is written whole or not at all.

    \b
    Examples:
      msevidence export ris --output ongoing.ris --status ongoing
      msevidence export docx --output tables.docx --document fhi-2021
      msevidence export csvw --output tables.zip
      msevidence export turtle --output mist.ttl --study mist
    """
    format = EXPORTS[format_]
    if (sign_key or signer) and format_ != "nanopub":
        raise click.UsageError("--sign-key and --signer are of nanopub")
    stated = click.get_current_context().get_parameter_source("graph") is not ParameterSource.DEFAULT
    if stated and format_ not in ("graphml", "gexf"):
        raise click.UsageError("--graph is of graphml and gexf")
    if site is not None and (outside_link(site) is None or not _is_iri(site)):
        raise click.UsageError(f"--site: {site!r} is no address; give one such as https://kg.example.org/")
    if signer is not None and not _is_iri(signer):
        raise click.UsageError(
            f"--signer: {signer!r} is no IRI; give one such as https://orcid.org/0000-0002-1825-0097"
        )
    if not output:
        raise click.UsageError("--output: name a file, a folder, or - for standard output")
    release, store = open_current(home, elsewhere)
    lane = LocalLane(release, store)
    things = None if query is None else _things(store, query)
    try:
        scope = found(lane, Selection(studies, documents, statuses, things))
        format.refuse_part(scope)
        options = Options(graph, sign_key, signer)
        where = f"{(site or release.base).rstrip('/')}/"
        files = format.write(Handover(lane, Labels(lane, language), language, scope, where, options))
    except RefusedError as e:
        raise click.UsageError(e.said.in_language(language)) from e
    except DamagedStore as e:
        said = e.said.in_language(language)
        raise StoreFailure(f"{home}: {said} Check the disk, and build again or take a copy (msevidence verify)") from e
    _write(format, output, files)
    if scope.passed_over:
        others = "1 other thing" if scope.passed_over == 1 else f"{scope.passed_over} other things"
        click.echo(f"not exported: {others} in the query's answer, such as concepts", err=True)


def _is_iri(text: str) -> bool:
    """Say whether a text is an absolute IRI, as what names a thing in RDF must be."""
    try:
        return ":" in ox.NamedNode(text).value
    except ValueError:
        return False


def _write(format: ExportFormat, output: str, files: Files) -> None:
    """Write what was made: a zip archive, a folder, or one file, which in a folder has its own name."""
    if output == "-":
        sys.stdout.buffer.write(zipped(files) if format.several else next(iter(files.values())))
        sys.stdout.buffer.flush()  # a disk that is full is told here
        return
    path = Path(output)
    packed, folder = path.name.lower().endswith(".zip"), output.endswith("/") or path.is_dir()
    name, content = next(iter(files.items()))
    try:
        if packed:
            write_file(path, zipped(files))
        elif format.several or (format.along and folder):
            write_folder(path, files)
        elif folder and not path.exists():
            write_folder(path, {name: content})
        else:
            write_file(path / name if folder else path, content)
    except OSError as e:
        mend = "; make room, and export again" if e.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise StoreFailure(f"{output}: cannot be written ({e.strerror or e}); nothing was{mend}") from e
    if format.along and not (packed or folder):
        click.echo(
            "the shapes and the validation report go along where PATH is a folder, or ends in / or .zip", err=True
        )


def _things(store: AskedStore, asked: str) -> list[str]:
    """Return the things that a query gives: every IRI of its solutions, or the subjects of its triples."""
    if asked in load_questions():
        question = load_questions()[asked]
        sparql, bound = question.sparql, question.bind({})
    else:
        path = Path(asked) if len(asked) < 255 and "{" not in asked else None
        file = path if path and path.is_file() else None
        if file is None and not any(c.isspace() for c in asked):
            near = " or ".join(get_close_matches(asked, load_questions(), 3))
            said = f"; do you mean {near}?" if near else ""
            raise click.UsageError(f"--query: {asked!r} is neither a stored question nor a file{said}")
        sparql = cli_query_text.read(file) if file else utf8("--query", asked)
        bound = {}
    guarded = cli_query_text.judge(sparql, ())
    try:
        answer = store.query(guarded.text, prefixes=dict(PREFIXES), substitutions=bound)
        return _iris(answer)
    except (SyntaxError, ValueError, RuntimeError) as e:
        raise cli_query_text.refusal(e, guarded.text) from e


def _iris(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> list[str]:
    if isinstance(answer, ox.QueryBoolean):
        raise click.UsageError("--query: an ASK names no things; write a SELECT")
    if isinstance(answer, ox.QueryTriples):
        found: Mapping[str, None] = {t.subject.value: None for t in answer if isinstance(t.subject, ox.NamedNode)}
        return list(found)
    rows = [[term.value for term in solution if isinstance(term, ox.NamedNode)] for solution in answer]
    return list(dict.fromkeys(iri for row in rows for iri in row))
