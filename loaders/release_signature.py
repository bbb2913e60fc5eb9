"""The signature of a release: ``SHA256SUMS.minisig``, in the format of minisign (https://jedisct1.github.io/minisign/).

What is signed is ``SHA256SUMS``, which has the hash of every file. The trusted comment, which the signature covers too,
names the release; it has no time, so that the same key gives the same release the same signature.
"""

from pathlib import Path

from minisign import Error, ParseError, PublicKey, SecretKey, Signature, VerifyError

from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_manifest import SIGNATURE, SUMS


class KeyFileError(ValueError):
    """Raised when a key can not be used: no key, or another password."""


def comment(release: str) -> str:
    """Return the trusted comment of the signature of a release."""
    return f"{_OURS}{release} file:{SUMS}"


_OURS = "msevidence release:"


def sign(folder: Path, release: str, key: Path, password: str | None) -> PublicKey:
    """Sign ``SHA256SUMS`` of the release in ``folder``, and return the key that the signature is checked with.

    Raises:
        KeyFileError: the file holds no secret key, or the password is missing or wrong.
        ReleaseError: the release has no ``SHA256SUMS``.
        OSError: the key can not be read, or the signature not be written; one made before is there still.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise ReleaseError(
            f"{sums}: missing; the release was built by a version before it was written: build again, then sign"
        )
    try:
        secret = SecretKey.from_file(key)
    except ParseError as e:
        raise KeyFileError(f"{key}: no secret key of minisign ({e})") from e
    with secret:
        if secret.is_encrypted():
            if password is None:
                raise KeyFileError(f"{key}: the key has a password; give it in MSEVIDENCE_SIGN_PASSWORD")
            try:
                secret.decrypt(password)
            except Error as e:
                raise KeyFileError(f"{key}: {e}; it is taken from MSEVIDENCE_SIGN_PASSWORD") from e
        signature = secret.sign(
            sums.read_bytes(),
            untrusted_comment="signature of a release of msevidence",
            trusted_comment=comment(release),
        )
        public = secret.get_public_key()
    part = folder / f".{SIGNATURE}.part"
    try:
        part.write_bytes(bytes(signature) + b"\n")
        part.replace(folder / SIGNATURE)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return public


def public_key(given: str) -> PublicKey:
    """Return a public key: of a file that minisign wrote, or the line of such a file that is the key.

    Raises KeyFileError where it is neither.
    """
    path = Path(given)
    try:
        return PublicKey.from_file(path) if path.is_file() else PublicKey.from_base64(given)
    except (ParseError, OSError) as e:
        raise KeyFileError(f"{given}: neither a file with a public key of minisign nor such a key ({e})") from e


def signature_fault(folder: Path, release: str, key: PublicKey) -> str | None:
    """Return what is wrong with the signature of a release; None where that key signed these hashes of this release."""
    try:
        signature = Signature.from_file(folder / SIGNATURE)
        key.verify((folder / SUMS).read_bytes(), signature)
    except FileNotFoundError as e:
        return f"{Path(str(e.filename)).name}: missing, so that the key can not be tried"
    except ParseError as e:
        return f"{SIGNATURE}: no signature of minisign ({e})"
    except VerifyError as e:
        return f"{SIGNATURE}: {SUMS} was not signed as it is with this key ({e})"
    # One that minisign itself made has a comment of its own; the hashes, of the manifest too, are signed all the same.
    told = signature.trusted_comment
    if told.startswith(_OURS) and told != comment(release):
        return f"{SIGNATURE}: it is of another release: {told}"
    return None
