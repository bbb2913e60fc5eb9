"""The key that nanopublications are signed with: RSA, in PEM, which the user gives and nothing keeps.

The signature is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), as https://nanopub.net/guidelines has it.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from msevidence.server.exports.handover import ExportError

PASSWORD = "MSEVIDENCE_SIGN_PASSWORD"
"""Variable of the environment with the password of an encrypted key."""
SHORTEST = 2048
"""Bits of a key; shorter ones have been broken or will be (NIST SP 800-131A)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A private key, ready to sign."""

    private: rsa.RSAPrivateKey

    @property
    def public(self) -> str:
        """The public key: DER of its SubjectPublicKeyInfo (RFC 5280) in base64, on one line."""
        der = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(der).decode()

    def sign(self, text: str) -> str:
        """Return the signature of a text, in base64, on one line."""
        return base64.b64encode(self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def read_key(path: Path) -> Key:
    """Read a private key.

    Raises:
        ExportError: it can not be read or opened, is no RSA key, or is too short; says how to make one.
    """
    password = os.environ.get(PASSWORD)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password.encode() if password else None)
    except TypeError as error:  # a password is missing, or one is given and not needed
        raise ExportError(f"{path}: {error}; set {PASSWORD} for an encrypted key, and only then") from None
    except (OSError, ValueError) as error:
        raise ExportError(
            f"{path}: no private key in PEM that can be opened ({type(error).__name__});"
            f" make one with: openssl genrsa -out key.pem {SHORTEST}"
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ExportError(f"{path}: nanopublications are signed with RSA; make a key with: openssl genrsa -out key.pem")
    if key.key_size < SHORTEST:
        raise ExportError(f"{path}: {key.key_size} bits are too few; make a key with {SHORTEST} or more")
    return Key(key)
