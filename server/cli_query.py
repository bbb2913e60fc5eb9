"""``msevidence query``: ask the current release in SPARQL, without a server."""

import csv
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from msevidence.loaders.stores.asked import AskedStore
from msevidence.queries import Question, QuestionError, Term, load_questions, question
from msevidence.server import cli_query_text
from msevidence.server.cli_common import StoreFailure, home_option, open_current, print_json, store_option, utf8
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS
from msevidence.server.index import Index
from msevidence.server.labels import PREFIXES, short
from msevidence.server.question_values import NamesNothing, Things
from msevidence.server.releases import Release
from msevidence.server.remote_place import Place
from msevidence.server.show_reader import Reader

FORMATS = ("table", *RESULT_FORMATS, *RDF_FORMATS)


@click.command()
@click.option("--text", help="The query itself.")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A file with the query, in UTF-8; - is standard input.",
)
@click.option("--name", metavar="QUESTION", help="A stored question (see --list).")
@click.option("--list", "listing", is_flag=True, help="List the stored questions.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Value of a parameter; repeatable.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: table, or turtle for a graph.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--allow-service", multiple=True, metavar="IRI", help="Endpoint that a SERVICE clause may ask; repeatable."
)
@home_option
@store_option
def query(
    text: str | None,
    file: Path | None,
    name: str | None,
    listing: bool,
    params: tuple[str, ...],
    format_: str | None,
    as_json: bool,
    allow_service: tuple[str, ...],
    home: Path,
    elsewhere: Place | None,
) -> None:
    """Ask the current release a question in SPARQL, without a server.

    A value of --param for a stored question is read by the type that the question states; a thing is named as for
    show: by a key, a label, an acronym, a registry number, a DOI, an address. For --text and --file it is an IRI in
    <…>, a number, or else a string. SERVICE is refused, except to endpoints named with --allow-service.
    The usual prefixes (mse:, skos:, prov: …) are known here; the endpoint of a server wants them declared.

    \b
    Examples:
      msevidence query --list
      msevidence query --name claim-to-support --format csv
      msevidence query --file query.rq --format csv
      msevidence query --json --text 'PREFIX mse: <https://w3id.org/msevidence/ontology#> SELECT ?s { ?s a mse:Study }'
    """
    if as_json and format_ not in (None, "json"):
        raise click.UsageError("--json and --format contradict each other; give one")
    chosen = "json" if as_json else format_
    given = [given for given in (text, file, name, listing or None) if given is not None]
    if len(given) != 1:
        raise click.UsageError("give one of --text, --file, --name and --list")
    if listing:
        _list(as_json=chosen == "json")
        return
    values = _values(params)
    if name is not None:
        try:
            asked = question(name)
            things = {p.name for p in asked.params if p.type == "IRI"}
            asked.bind({name: "" if name in things else value for name, value in values.items()})
        except QuestionError as e:
            raise click.UsageError(str(e)) from e
        sparql, bound = asked.sparql, {}
    else:
        asked = None
        sparql = utf8("--text", text) if file is None else cli_query_text.read(file)
        bound = {ox.Variable(variable): _term(value) for variable, value in values.items()}
    guarded = cli_query_text.judge(sparql, allow_service)
    if elsewhere is not None and guarded.federated:
        raise click.UsageError("--allow-service is of the embedded store; with --store, the other store would ask")
    release, store = open_current(home, elsewhere)
    if asked is not None:
        values = _named(asked, values, release, store)
        bound, guarded = asked.bind(values), cli_query_text.judge(asked.written(values), allow_service)
        for parameter, value in asked.examples(values).items():
            click.echo(f"Example: {parameter}={value}; ask your own with --param {parameter}=…", err=True)
    try:
        _print(store.query(guarded.text, prefixes=dict(PREFIXES), substitutions=bound), chosen)
    except (SyntaxError, ValueError, RuntimeError) as e:
        raise cli_query_text.refusal(e, guarded.text) from e
    except BrokenPipeError:
        raise
    except OSError as e:
        if not guarded.federated:
            raise
        raise StoreFailure(f"another endpoint did not answer as it should: {e}") from e


def _named(asked: Question, values: Mapping[str, str], release: Release, store: AskedStore) -> dict[str, str]:
    """Return the values of a question, with IRIs for what names a thing; what names nothing is wrong usage."""
    reader = Reader(release, store)

    def studies(record: str) -> list[str]:
        return [row["study"].value for row in reader.rows("studies_registered_as", registration=record)]

    try:
        return Things(Index(release.index), release.base, studies).values(asked, values)
    except NamesNothing as e:
        raise click.UsageError(f"--param {e}") from e
    except (OSError, sqlite3.Error) as e:
        raise StoreFailure(f"{release.index}: cannot be read ({e}); run `msevidence build` to mend it") from e


def _values(params: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        name = name.strip().lstrip("?$")
        if not equals or not name.isidentifier() or name in values:
            raise click.UsageError(f"--param {param!r}: write name=value, each name once")
        values[name] = utf8("--param", value)
    return values


def _term(value: str) -> Term:
    """Return the term that a person means by ``value``.

    >>> [str(_term(value)) for value in ("<http://x/a>", "7", "MIST")]
    ['<http://x/a>', '"7"^^<http://www.w3.org/2001/XMLSchema#integer>', '"MIST"']
    """
    if value.startswith("<") and value.endswith(">"):
        try:
            return ox.NamedNode(value[1:-1])
        except ValueError as e:
            raise click.UsageError(f"--param: {value} is not an IRI") from e
    return ox.Literal(int(value)) if value.isdecimal() else ox.Literal(value)


def _print(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, chosen: str | None) -> None:
    if isinstance(result, ox.QueryTriples):
        rdf = RDF_FORMATS.get(chosen or "turtle")
        if rdf is None:
            raise click.UsageError(
                f"the query gives a graph, which --format {chosen} cannot hold: {', '.join(RDF_FORMATS)}"
            )
        prefixes = dict(PREFIXES) if rdf.name in ("turtle", "trig", "rdfxml") else None
        _write(ox.serialize(result, format=rdf.engine, prefixes=prefixes))
        return
    if chosen in RDF_FORMATS:
        raise click.UsageError(
            f"the query gives a table, which --format {chosen} cannot hold: table, {', '.join(RESULT_FORMATS)}"
        )
    if chosen in RESULT_FORMATS:
        _write(result.serialize(format=RESULT_FORMATS[chosen].engine))
    elif isinstance(result, ox.QueryBoolean):
        click.echo("yes" if result else "no")
    else:
        _table(result)


def _write(document: bytes | None) -> None:
    """Write a file as its format has it, in UTF-8 wherever it goes, with a line end at its end."""
    text = document or b""
    sys.stdout.buffer.write(text if text.endswith(b"\n") else text + b"\n")


def _table(result: ox.QuerySolutions) -> None:
    """Print rows as a table on a terminal, and as tab-separated text elsewhere, so that nothing is cut."""
    names = [variable.value for variable in result.variables]
    rows = [[_shown(row[name]) for name in names] for row in result]
    console = Console()
    if not console.is_terminal:
        writer = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
        writer.writerows([names, *rows])
        return
    table = Table(*names, show_lines=True)
    for row in rows:
        table.add_row(*row)
    console.print(table, markup=False)
    console.print(f"{len(rows):,} rows" if len(rows) != 1 else "1 row", style="dim")


def _shown(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if isinstance(term, ox.NamedNode):
        return short(term.value)
    return "" if term is None else term.value if isinstance(term, ox.Literal) else str(term)


def _list(*, as_json: bool) -> None:
    questions: Mapping[str, Question] = load_questions()
    if as_json:
        print_json(
            [
                {
                    "name": name,
                    "titles": dict(found.titles),
                    "asks": list(found.asks),
                    "form": found.form,
                    "params": [
                        {
                            "name": p.name,
                            "type": p.type,
                            "about": p.abouts["en"],
                            "abouts": dict(p.abouts),
                            "default": p.default,
                            "example": p.example,
                        }
                        for p in found.params
                    ],
                }
                for name, found in questions.items()
            ]
        )
        return
    for name, found in questions.items():
        click.echo(f"{name}\n    {found.titles['en']}")
        for parameter in found.params:
            click.echo(f"    --param {parameter.name}=… ({parameter.type}) {parameter.abouts['en']}")
