"""``msevidence diff``: what changed between two releases."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from msevidence.server import diff_atom, diff_json
from msevidence.server.cli_common import StoreFailure, home_option
from msevidence.server.diff_patch import patch
from msevidence.server.diff_read import compare
from msevidence.server.diff_releases import CURRENT, PREVIOUS, Kept, UnknownReleaseError, named
from msevidence.server.errors import DamagedStore
from msevidence.server.labels import outside_link


@click.command()
@click.argument("before", metavar="[A]", default=PREVIOUS)
@click.argument("after", metavar="[B]", default=CURRENT)
@click.option("--json", "form", flag_value="json", help="Print JSON, for scripts.")
@click.option("--patch", "form", flag_value="patch", help="Write an RDF Patch that makes B's quads from A's.")
@click.option("--atom", "form", flag_value="atom", help="Write an Atom feed with one entry, B.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file to write, whole or not at all; standard output where none is given.",
)
@click.option("--language", type=click.Choice(("en", "nb")), default="en", show_default=True, help="Of the words.")
@click.option("--site", metavar="URL", help="Where the releases are published, for the links of --atom.")
@home_option
def diff(
    before: str, after: str, form: str | None, output: Path | None, language: str, site: str | None, home: Path
) -> None:
    """Tell what changed from release A to release B: what is new, gone and changed, per study and claim, in words.

    A and B are ids of releases, the beginning of one (at least 4 characters), current, previous, or paths of folders
    that hold data.nq and manifest.json. Without them, the release before the current one is compared with it. No
    store is needed.

    \b
    Examples:
      msevidence diff
      msevidence diff 0a6df32aca16 current --language nb
      msevidence diff previous current --patch --output changes.rdfp
    """
    if site is not None and form != "atom":
        raise click.UsageError("--site is of --atom")
    if site is not None and outside_link(site) is None:
        raise click.UsageError(f"--site: {site!r} is no address; give one such as https://kg.example.org/")
    try:
        one, other = named(home, before), named(home, after)
    except UnknownReleaseError as e:
        raise click.UsageError(str(e)) from e
    try:
        parts = _parts(one, other, form, language, site)
    except DamagedStore as e:
        said = e.said.in_language(language)
        raise StoreFailure(f"{one.data}, {other.data}: {said} Take the release from a copy (msevidence verify)") from e
    _write(output, parts)


def _parts(before: Kept, after: Kept, form: str | None, language: str, site: str | None) -> Iterable[bytes]:
    """Return what is to be written, piece by piece."""
    if form == "patch":
        return patch(before, after)
    if form == "atom":
        told = diff_atom.Compared(after, before, compare(before, after))
        return [diff_atom.feed([told], f"{(site or after.base).rstrip('/')}/", language)]
    found = compare(before, after)
    if form == "json":
        text = json.dumps(diff_json.as_json(found, language), ensure_ascii=False, indent=2)
    else:
        text = diff_json.as_text(found, language)
    return [f"{text}\n".encode()]


def _write(output: Path | None, parts: Iterable[bytes]) -> None:
    """Write a file whole or not at all, or to standard output."""
    if output is None:
        for piece in parts:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(parts)
        part.replace(output)
    except OSError as e:
        with suppress(OSError):
            part.unlink()
        raise StoreFailure(f"{output}: cannot be written ({e.strerror}); nothing was") from e
