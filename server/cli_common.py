"""What the commands share: options, exit codes, progress on a terminal, the current release opened read only."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import pyoxigraph as ox

from msevidence.loaders.release_errors import ReleaseError
from msevidence.server.exit_codes import EXIT_DONE as EXIT_DONE
from msevidence.server.exit_codes import EXIT_FAULTS as EXIT_FAULTS
from msevidence.server.exit_codes import EXIT_STORE as EXIT_STORE
from msevidence.server.exit_codes import EXIT_USAGE as EXIT_USAGE
from msevidence.server.releases import Release, current
from msevidence.server.settings import GIB

if TYPE_CHECKING:
    from msevidence.loaders.stores.asked import AskedStore
    from msevidence.server.remote_place import Place

PATIENCE = 300.0
"""Seconds that a store elsewhere may take to begin an answer to a command."""
ANSWER = 4 * GIB
"""Bytes of one answer of it."""


class StoreFailure(click.ClickException):
    """Raised when store, disk or network fail a command."""

    exit_code = EXIT_STORE


Command = TypeVar("Command", bound=Callable[..., Any])


def default_data() -> Path:
    """Return ``data/`` of the checkout, or the data that was installed with the package."""
    return Path(__file__).resolve().parent.parent / "data"


def home_option(command: Command) -> Command:
    """Add ``--home``."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="MSEVIDENCE_HOME",
        default=Path("build"),
        show_default=True,
        show_envvar=True,
        help="Where releases are kept.",
    )(command)


def data_option(command: Command) -> Command:
    """Add ``--data``."""
    return click.option(
        "--data",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=default_data,
        show_default="data/ of the product",
        help="The documents and catalogues to build from.",
    )(command)


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")(command)


def print_json(value: object) -> None:
    """Print ``value`` as JSON on standard output, in ASCII where that is not UTF-8 (RFC 8259 §8.1)."""
    ascii_only = sys.stdout.encoding.lower().replace("-", "") != "utf8"
    click.echo(json.dumps(value, ensure_ascii=ascii_only, indent=2))


def utf8(where: str, text: str | None) -> str:
    """Return a text of the command line.

    Raises UsageError when its bytes are not in UTF-8, which Python keeps as surrogates (PEP 383).
    """
    try:
        (text or "").encode()
    except UnicodeEncodeError as e:
        raise click.UsageError(f"{where}: character {e.start + 1} is not in UTF-8") from e
    return text or ""


def store_option(command: Command) -> Command:
    """Add ``--store``."""
    return click.option(
        "--store",
        "elsewhere",
        metavar="sparql+URL[#GRAPH]",
        envvar="MSEVIDENCE_STORE",
        show_envvar=True,
        callback=_place,
        help="A SPARQL store that holds the release (see push) and answers instead of the embedded one; GRAPH is what"
        " it keeps the default graph in, where it has none of its own.",
    )(command)


def _place(_: click.Context, parameter: click.Parameter, text: str | None) -> "Place | None":
    if not text:
        return None
    from msevidence.loaders.stores.client import StoreError
    from msevidence.server.remote_place import place

    try:
        return place(text)
    except StoreError as e:
        raise click.BadParameter(str(e)) from e


def open_current(home: Path, elsewhere: "Place | None" = None) -> tuple[Release, "AskedStore"]:
    """Return the current release of ``home`` and its store, opened read only, or the store elsewhere that has it.

    Raises NoReleaseError when nothing is published, ReleaseError when its store cannot be read, RemoteError when the
    store elsewhere does not hold it.
    """
    release = current(home)
    if elsewhere is not None:
        from msevidence.server.remote_place import Held
        from msevidence.server.remote_store import RemoteStore

        store = RemoteStore(Held.of(elsewhere, release, ANSWER), timeout=PATIENCE)
        store.check()
        return release, store
    try:
        return release, ox.Store.read_only(str(release.store))
    except (OSError, RuntimeError) as e:
        raise ReleaseError(f"{release.store}: cannot be opened ({e}); run `msevidence build` to mend it") from e


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show the progress of long work on standard error, on a terminal only.

    Yields what to tell: the name of a stage, how many of its steps are done, and how many there are.
    """
    from rich.console import Console  # a server's start does without
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    if not console.is_terminal:  # a bar that is disabled would end with an empty line all the same
        yield lambda stage, done, total: None
        return
    with Progress(*columns, console=console, transient=True) as shown:
        tasks = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = shown.add_task(stage)
            shown.update(tasks[stage], completed=done, total=total)

        yield tell
