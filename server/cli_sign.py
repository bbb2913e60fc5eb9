"""``msevidence sign``: sign the hashes of a release, so that others can tell who published it."""

import os
from pathlib import Path

import click

from msevidence.server.cli_common import home_option
from msevidence.server.cli_verify import release_folder

PASSWORD = "MSEVIDENCE_SIGN_PASSWORD"


@click.command()
@click.argument("release", required=False)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="A secret key of minisign (`minisign -G` makes one).",
)
@home_option
def sign(release: str | None, key: Path, home: Path) -> None:
    """Sign a release: the current one, RELEASE (its id, or the beginning of it), or RELEASE as a folder.

    SHA256SUMS is signed, which has the hash of every file; the signature is SHA256SUMS.minisig beside it, which
    minisign reads too. The password of the key is taken from MSEVIDENCE_SIGN_PASSWORD, and never from the command line.
    A release with a fault is not signed. The same key gives the same signature.

    \b
    Example:
      msevidence sign --key minisign.key
    """
    from msevidence.loaders import release_signature
    from msevidence.loaders.release_manifest import SIGNATURE
    from msevidence.loaders.release_verify import examine

    folder = release_folder(home, release)
    found = examine(folder)
    if found.faults:
        raise click.ClickException(f"{folder}: not signed: {found.faults[0]}; `msevidence verify` tells more")
    try:
        public = release_signature.sign(folder, found.id, key, os.environ.get(PASSWORD))
    except release_signature.KeyFileError as e:
        raise click.BadParameter(str(e), param_hint="--key") from e
    signature = folder / SIGNATURE
    click.echo(f"{signature}\nchecked by: msevidence verify --public-key {public.to_base64().decode()}")
