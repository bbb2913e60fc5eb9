"""What the commands about stores elsewhere share: their addresses, which engine it is, and the faults as messages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from msevidence.server.cli_common import StoreFailure

Command = TypeVar("Command", bound=Callable[..., Any])


def address_given(_: click.Context, parameter: click.Parameter, url: str | None) -> str | None:
    """Return the address of a store; what is none is wrong usage, of which no store need be asked."""
    from msevidence.loaders.stores.client import StoreError, address

    try:
        return None if url is None else address(url)
    except StoreError as e:
        raise click.BadParameter(str(e)) from e


def store_options(command: Command) -> Command:
    """Add ``--query`` and ``--graph-store``."""
    for option in (
        click.option(
            "--graph-store",
            metavar="URL",
            callback=address_given,
            help="Its Graph Store service (SPARQL 1.1 Graph Store HTTP Protocol).",
        ),
        click.option(
            "--query",
            "query_url",
            metavar="URL",
            callback=address_given,
            help="Its SPARQL query service.",
            required=True,
        ),
    ):
        command = option(command)
    return command


@contextmanager
def faults_told() -> Iterator[None]:
    """Tell what is wrong with a store as a message, with the exit code of stores."""
    from msevidence.loaders.stores.client import StoreError

    try:
        yield
    except StoreError as e:
        raise StoreFailure(str(e)) from e
