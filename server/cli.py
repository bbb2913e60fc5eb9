"""The command ``msevidence``: build the graph, validate it, serve it, ask it, show a part of it, check a release.

Exit codes: 0 done, 1 faults found, 2 usage, 3 store, disk or network.
"""

import errno
import os
import sys
import tempfile
from importlib import import_module
from io import TextIOWrapper

import click

from msevidence.server.exit_codes import EXIT_FAULTS, EXIT_STORE

STANDARD_OUTPUT = 1
COMMANDS = {
    "build": "cli_build",
    "validate": "cli_build",
    "load": "cli_load",
    "forget": "cli_load",
    "sources": "cli_load",
    **{name: f"cli_{name}" for name in ("count", "review", "serve", "query", "show", "export", "sssom")},
    **{name: f"cli_{name}" for name in ("sign", "verify", "push", "pull", "diff", "new")},
}
"""Each command, and the module that has it."""


class _Commands(click.Group):
    """Commands that are imported when they are run: all of them take half a second, which each start would pay."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"msevidence.server.{COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="msevidence", message="%(package)s %(version)s")
def group() -> None:
    """Evidence on stem-cell treatment for multiple sclerosis, as a knowledge graph.

    Every claim of the documents leads to what supports it: marker, reference, publication, study, registration.

    Exit codes: 0 done, 1 faults found, 2 usage, 3 store, disk or network.
    """


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
    try:
        code = group.main(arguments, prog_name="msevidence", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as e:
        e.show()
        return e.exit_code
    except click.Abort:
        return _fail("interrupted; what was served before is served still", 128 + 2)
    except _faults() as e:
        return _fail(str(e), EXIT_FAULTS)
    except (BrokenPipeError, SystemExit):  # click ends on a broken pipe so, and on nothing else outside standalone mode
        return _reader_gone()
    except OSError as e:
        return _fail(_of_system(e), EXIT_STORE)
    except _failures() as e:
        return _fail(str(e), EXIT_STORE)


def _faults() -> tuple[type[Exception], ...]:
    """Return the errors of what was given; imported only once there is an error, as Python asks for them only then."""
    from msevidence.loaders.errors import LoadError
    from msevidence.loaders.release_errors import UnpublishableError
    from msevidence.queries import QuestionError

    return LoadError, UnpublishableError, QuestionError


def _failures() -> tuple[type[Exception], ...]:
    """Return the errors of store, disk and network beside the system's; imported as :func:`_faults`."""
    from msevidence.loaders.release_errors import ReleaseError
    from msevidence.server.releases import NoReleaseError

    return ReleaseError, NoReleaseError


def _of_system(error: OSError) -> str:
    """Return what the system says, where, and how to mend it; what it says of an open file has no name."""
    if error.strerror is None:
        return str(error)
    where = error.filename or f"standard output, or a temporary file (they go to {tempfile.gettempdir()})"
    mend = "make room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "mend that"
    return f"{where}: {error.strerror}; {mend}, and try again"


def _reader_gone() -> int:
    """Return the exit code for a reader of our output that had enough and went away, as `head` does: all is well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), STANDARD_OUTPUT)  # what is still in the buffer goes nowhere, quietly
    return 0


def _fail(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code
