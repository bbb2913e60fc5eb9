"""``msevidence verify``: check a release against its manifest, its signature, and a second copy."""

import re
from pathlib import Path

import click

from msevidence.server.cli_common import EXIT_FAULTS, home_option, json_option, print_json
from msevidence.server.releases import NoReleaseError

MANIFEST = "manifest.json"


@click.command()
@click.argument("release", required=False)
@click.option(
    "--public-key",
    "key",
    metavar="FILE|KEY",
    help="Whose signature the release must have: a file with a public key of minisign, or the key itself.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A second copy, a release's folder or a home that has it: what differs is named, record by record.",
)
@home_option
@json_option
@click.pass_context
def verify(
    context: click.Context, release: str | None, key: str | None, against: Path | None, home: Path, as_json: bool
) -> None:
    """Check a release: the current one, RELEASE (its id, or the beginning of it), or RELEASE as a downloaded folder.

    Every file's hash is computed again, the quads are counted and hashed in every graph, the id is worked out anew, the
    manifest is compared with what the graphs say, and the store is read through where there is one. Faults are printed,
    one a line, with the file, the graph and the record that was touched; and what could not be checked.

    \b
    Examples:
      msevidence verify --home build
      msevidence verify ./downloaded --public-key minisign.pub
      msevidence verify ./downloaded --against build
    """
    from msevidence.loaders.release_signature import KeyFileError, public_key
    from msevidence.loaders.release_verify import Against, examine

    path = release_folder(home, release)
    try:
        found = examine(home if release is None else path, Against(public_key(key) if key else None, against))
    except KeyFileError as e:
        raise click.BadParameter(str(e), param_hint="--public-key") from e
    faults = found.faults
    if as_json:
        shown = {"release": found.id, "path": str(path), "faults": faults, "not_checked": found.not_checked}
        print_json(shown)
    else:
        count = {0: "nothing wrong", 1: "1 fault"}.get(len(faults), f"{len(faults)} faults")
        click.echo("\n".join([f"release {found.id[:12]} in {path}: {count}", *faults]))
        for one in found.not_checked:
            click.echo(f"not checked: {one}")
    if faults:
        context.exit(EXIT_FAULTS)


def release_folder(home: Path, release: str | None) -> Path:
    """Return the folder of a release: the current one, whole or not, one of a home by its id, or a folder itself.

    Raises:
        NoReleaseError: there is no current release.
        click.BadParameter: no release, or several, are called so.
    """
    if release is None:
        path = home / "current"
        if not path.is_dir():
            raise NoReleaseError(f"{path}: no release is published; run `msevidence build` first")
        return home / "releases" / path.resolve().name
    if (Path(release) / MANIFEST).is_file():
        return Path(release)
    found = [path for path in sorted((home / "releases").glob("*")) if path.name.startswith(release)]
    if len(found) != 1 or not re.fullmatch("[0-9a-z]+", release):
        raise click.BadParameter(
            f"{len(found)} releases of {home} begin with {release!r}, and no folder of that name has a {MANIFEST}",
            param_hint="RELEASE",
        )
    return found[0]
