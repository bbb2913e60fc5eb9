"""``msevidence sssom``: the identity decisions of the current release, for other agencies."""

import io
import sys
from contextlib import suppress
from pathlib import Path

import click

from msevidence.loaders.identity.sssom import MappingSet, mapping_set, of_store, write_tsv, write_turtle
from msevidence.server.cli_common import StoreFailure, home_option, open_current, store_option
from msevidence.server.remote_place import Place


@click.command()
@click.option("--format", "format_", type=click.Choice(("tsv", "ttl")), default="tsv", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file to write, whole or not at all; standard output where none is given.",
)
@home_option
@store_option
def sssom(format_: str, output: Path | None, home: Path, elsewhere: Place | None) -> None:
    """Write the identity decisions of the current release as SSSOM.

    Which registrations, studies and publications are the same, which a part of another, and which are not the same:
    one row a decision, with its rule, its reason, and what it rests on. The same release gives the same bytes.

    \b
    Examples:
      msevidence sssom > identity.sssom.tsv
      msevidence sssom --format ttl --output identity.ttl
    """
    release, store = open_current(home, elsewhere)
    document = _document(mapping_set(of_store(store), release.id, release.base), format_)
    if output is None:
        sys.stdout.buffer.write(document)
        return
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_bytes(document)
        part.replace(output)
    except OSError as e:
        with suppress(OSError):
            part.unlink()
        raise StoreFailure(f"{output}: cannot be written ({e.strerror}); nothing was") from e


def _document(found: MappingSet, format_: str) -> bytes:
    if format_ == "ttl":
        graph = io.BytesIO()
        write_turtle(found, graph)
        return graph.getvalue()
    text = io.StringIO()
    write_tsv(found, text)
    return text.getvalue().encode()
