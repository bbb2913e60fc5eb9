"""The text of a query on the command line: read from a file, decoded, and judged by the server's own guard.

What is refused is told in the server's words (``errors``), with line, column and a mark under the place. The limits on
size are wider than a stranger's; those on nesting stay, since what lies beyond them ends the process.
"""

import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import click

from msevidence.ontology.iris import BASE
from msevidence.server import diagnosis, guard, syntax_place
from msevidence.server.cli_common import EXIT_USAGE
from msevidence.server.errors import Forbidden, Problem, UnknownFunction
from msevidence.server.pool import UNKNOWN_FUNCTION
from msevidence.server.settings import MIB, Settings

STANDARD_INPUT = Path("-")
LIMITS = replace(Settings(), max_query=16 * MIB, max_tokens=2_000_000)
"""A long VALUES block of one's own is no attack; judging the longest takes some seconds."""
FORBIDDEN = "Queries only read. An endpoint that a SERVICE clause may ask is named with --allow-service IRI."


class QueryRefusedError(click.ClickException):
    """Raised when a query cannot be run as it stands; says what is wrong, where, and what to do."""

    exit_code = EXIT_USAGE

    def __init__(self, problem: Problem) -> None:
        advice = FORBIDDEN if isinstance(problem, Forbidden) else problem.advice and problem.advice.en
        lines = [f"{problem.title.en}.", problem.detail, problem.extra.get("excerpt"), advice]
        super().__init__("\n".join(line for line in lines if line))


def read(file: Path) -> str:
    """Return the query in a file, or in standard input for ``-``; a byte order mark is dropped.

    Raises UsageError when it is not in UTF-8.
    """
    content = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        name = "standard input" if file == STANDARD_INPUT else file
        line = content.count(b"\n", 0, e.start) + 1
        raise click.UsageError(f"{name}:{line}: not in UTF-8 (byte 0x{content[e.start]:02x}); save it as UTF-8") from e


def judge(text: str, services: Collection[str]) -> guard.Guarded:
    """Return the query as it may run.

    Args:
        text: the query.
        services: endpoints that a SERVICE clause may name.

    Raises QueryRefusedError for an update, another endpoint, a syntax error that the guard sees, and what is nested
    so deeply that the engine would not survive it.
    """
    try:
        return guard.check(text, replace(LIMITS, service_allow=tuple(services)))
    except Problem as problem:
        raise QueryRefusedError(problem) from problem


def refusal(error: Exception, text: str) -> click.ClickException:
    """Return what to tell of an error of the engine's about this query."""
    message = str(error)
    if isinstance(error, SyntaxError):
        offset, message = syntax_place.find(text, BASE) or (None, message)
        return QueryRefusedError(diagnosis.of_engine(message, text, offset))
    if message.startswith(UNKNOWN_FUNCTION):
        return QueryRefusedError(UnknownFunction(f"{message}."))
    return click.UsageError(f"the query cannot be evaluated: {message}")
