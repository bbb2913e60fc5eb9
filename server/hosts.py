"""The host that a request is for (RFC 9110, section 7.2), as far as names and addresses can be told from other words.

What the framework makes addresses of must be a host to ``urlsplit``, to ``ipaddress`` and to the codec of names with
other letters, each of which refuses words that look like one: a page could not even say what is wrong with them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from werkzeug.urls import uri_to_iri

from msevidence.server.errors import BadRequest, Words

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")


@lru_cache(maxsize=256)
def is_host(written: str) -> bool:
    """Tell whether this is a host name or an address, with or without a port.

    >>> [is_host(said) for said in ("a_b", "example.org.", "127.0.0.1:8000", "[::1]:80", "a:")]
    [True, True, True, True, True]
    >>> [is_host(said) for said in ("", "a..b", "xn--", "[:::::]", "[1.2.3.4]", "a:65536", "a" * 64)]
    [False, False, False, False, False, False, False]
    """
    if _HOST.fullmatch(written) is None:
        return False
    try:
        parts = urlsplit(f"http://{written}/")
        name = parts.hostname or ""
        uri_to_iri(f"http://{written}/")
        if ":" not in name:
            name.encode("idna")
        return bool(name) and (parts.port or 0) >= 0  # reading the port tells whether there can be such a one
    except ValueError:
        return False


def refusal() -> BadRequest:
    """Return what is told to who names another word for a host."""
    return BadRequest(
        Words(
            "The Host header is no host name or address, with or without a port.",
            "Host-hodet er ikke et vertsnavn eller en adresse, med eller uten port.",
        )
    )
