"""The command ``msevidence``: build the graph, validate it, serve it, ask it, show a part of it, check a release.

Exit codes: 0 done, 1 faults found, 2 usage, 3 store, disk or network.
"""

import os
import sys
from io import TextIOWrapper

import click

from msevidence.server.cli_build import build, validate
from msevidence.server.cli_common import EXIT_FAULTS, EXIT_STORE
from msevidence.server.cli_count import count
from msevidence.server.cli_diff import diff
from msevidence.server.cli_export import export
from msevidence.server.cli_load import forget, load, sources
from msevidence.server.cli_new import new
from msevidence.server.cli_pull import pull
from msevidence.server.cli_push import push
from msevidence.server.cli_query import query
from msevidence.server.cli_review import review
from msevidence.server.cli_serve import serve
from msevidence.server.cli_show import show
from msevidence.server.cli_sign import sign
from msevidence.server.cli_sssom import sssom
from msevidence.server.cli_verify import verify

STANDARD_OUTPUT = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="msevidence", message="%(package)s %(version)s")
def group() -> None:
    """Evidence on stem-cell treatment for multiple sclerosis, as a knowledge graph.

    Every claim of the documents leads to what supports it: marker, reference, publication, study, registration.

    Exit codes: 0 done, 1 faults found, 2 usage, 3 store, disk or network.
    """


for command in (
    *(build, validate, load, forget, sources, count, review, serve, query, show, export, sssom),
    *(sign, verify, push, pull, diff, new),
):
    group.add_command(command)


def main() -> None:
    """Run the command line, with what went wrong as a message and an exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what a terminal has no letter for is no reason to stop
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _reader_gone()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; usage errors have been told on standard error."""
    from msevidence.loaders.errors import LoadError
    from msevidence.loaders.release_errors import ReleaseError, UnpublishableError
    from msevidence.queries import QuestionError
    from msevidence.server.releases import NoReleaseError

    try:
        code = group.main(arguments, prog_name="msevidence", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as e:
        e.show()
        return e.exit_code
    except click.Abort:
        return _fail("interrupted; what was served before is served still", 128 + 2)
    except (LoadError, UnpublishableError, QuestionError) as e:
        return _fail(str(e), EXIT_FAULTS)
    except (BrokenPipeError, SystemExit):  # click ends on a broken pipe so, and on nothing else outside standalone mode
        return _reader_gone()
    except (ReleaseError, NoReleaseError, OSError) as e:
        return _fail(str(e), EXIT_STORE)


def _reader_gone() -> int:
    """Return the exit code for a reader of our output that had enough and went away, as `head` does: all is well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), STANDARD_OUTPUT)  # what is still in the buffer goes nowhere, quietly
    return 0


def _fail(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code
