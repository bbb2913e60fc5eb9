"""``msevidence verify``: check a release against its manifest."""

from pathlib import Path

import click

from msevidence.server.cli_common import EXIT_FAULTS, home_option, json_option, print_json
from msevidence.server.releases import NoReleaseError


@click.command()
@click.argument("release", required=False)
@home_option
@json_option
@click.pass_context
def verify(context: click.Context, release: str | None, home: Path, as_json: bool) -> None:
    """Check a release against its manifest: the current one, or RELEASE (its id, or the beginning of it).

    Every file's hash is computed again, the quads are counted in every graph, the id is worked out anew, the manifest
    is compared with what the graphs say, and the store is read through. Faults are printed, one a line.

    \b
    Example:
      msevidence verify --home build
    """
    from msevidence.loaders.release_verify import verify as run

    path = _current(home) if release is None else _named(home, release)
    faults = run(home if release is None else path)
    if as_json:
        print_json({"release": path.name, "path": str(path), "faults": faults})
    else:
        count = {0: "nothing wrong", 1: "1 fault"}.get(len(faults), f"{len(faults)} faults")
        click.echo("\n".join([f"release {path.name[:12]} in {path}: {count}", *faults]))
    if faults:
        context.exit(EXIT_FAULTS)


def _current(home: Path) -> Path:
    """Return the folder of the current release, whole or not.

    Raises NoReleaseError when there is none, as the other commands do.
    """
    path = home / "current"
    if not path.is_dir():
        raise NoReleaseError(f"{path}: no release is published; run `msevidence build` first")
    return home / "releases" / path.resolve().name


def _named(home: Path, release: str) -> Path:
    found = [path for path in sorted((home / "releases").glob("*")) if path.name.startswith(release)]
    if len(found) != 1 or not release.isalnum():
        raise click.BadParameter(f"{len(found)} releases of {home} begin with {release!r}", param_hint="RELEASE")
    return found[0]
