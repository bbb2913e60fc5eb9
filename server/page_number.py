"""Which page of a longer list a request asks for."""

from __future__ import annotations

from flask import request

from msevidence.server.errors import BadRequest, Words


def page_number() -> int:
    """Return the page that ``?page=`` asks for, from 1.

    Raises:
        BadRequest: it is no such number.
    """
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 0 < len(asked) < 8 and int(asked)):
        said = f"page={asked[:20]!r}"
        raise BadRequest(Words(f"{said}: pages are numbered from 1.", f"{said}: sidene er nummerert fra 1."))
    return int(asked)
