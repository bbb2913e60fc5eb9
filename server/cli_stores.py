"""What the commands about stores elsewhere share: their addresses, which engine it is, and the faults as messages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from msevidence.server.cli_common import StoreFailure

Command = TypeVar("Command", bound=Callable[..., Any])


def store_options(command: Command) -> Command:
    """Add ``--query`` and ``--graph-store``."""
    for option in (
        click.option(
            "--graph-store", metavar="URL", help="Its Graph Store service (SPARQL 1.1 Graph Store HTTP Protocol)."
        ),
        click.option("--query", "query_url", metavar="URL", help="Its SPARQL query service.", required=True),
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
