"""The releases that are kept, for people and programs, and their files as they were written, with hash and date."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from flask import Response, render_template, request, send_from_directory
from werkzeug.http import http_date

from msevidence.loaders.release_manifest import NAME as MANIFEST
from msevidence.loaders.release_manifest import OUTSIDE, SIGNATURE, SUMS
from msevidence.server import answers, description, errors, errors_http, negotiation, releases
from msevidence.server.admission import network_of
from msevidence.server.formats import Format, file_type
from msevidence.server.releases import NoReleaseError, Release
from msevidence.server.store import lanes
from msevidence.server.streamed import Places, packed
from msevidence.server.whole import require_whole

LOG = logging.getLogger(__name__)
OFFERED: dict[str, Format[Any]] = {
    "json": Format("json", "application/json", cast(Any, None), "json"),
    "html": Format("html", "text/html", cast(Any, None), "html", negotiation.HTML[1:]),
}
VARY = "Accept, Accept-Language"
FOR_EVER = "public, max-age=31536000, immutable"
PLAIN = "text/plain"
LONGEST_ID = 70
"""Characters of an address that an error repeats; an id has 64."""
SHORTEST_ID = 4
"""Characters by which a release may be named: four have 65,536 forms, far more than there are releases."""
CHUNK = 1 << 18
PACKED = Places(
    errors.Words("other files are being compressed", "andre filer blir komprimert"), 4, steps=4, give_up=False
)
"""Files in gzip's coding that are on their way: each takes a processor while its reader is fast enough."""
_RANGE = re.compile(r"bytes=[ \t]*(?!-[ \t]*$)([0-9]{1,18})?-([0-9]{1,18})?[ \t]*", re.IGNORECASE)


def whole_id(beginning: str) -> str:
    """Return the id of the release that begins so, empty where none does or one has this id.

    Raises:
        errors.NotFound: the beginning is too short to be one, or several releases have it.
    """
    there = releases.begun(lanes().home, beginning)
    if not there or (lanes().home / "releases" / beginning).exists():
        return ""
    if len(there) > 1 or len(beginning) < SHORTEST_ID:
        said = f"{beginning} is too little of the id of a release; write more of the id."
        raise errors.NotFound(
            errors.Words(said, f"{beginning} er for lite av id-en til en utgivelse; skriv mer av id-en.")
        )
    return there[0]


def listing(release_id: str = "") -> Response:
    """List the releases that are kept, the latest first, with their files; or one of them.

    Raises:
        errors.NotFound: there is no such release.
        errors.NotAcceptable: the list is not to be had in the format that is asked for.
        errors.DamagedStore: the manifest of the release that is named is not as it was written.
    """
    format = negotiation.asked(OFFERED)
    current = lanes().sparql.release()
    kept = [_named(release_id)] if release_id else releases.all_releases(lanes().home)
    language = negotiation.language()
    outside = [(release.id, _outside(release)) for release in kept]  # a signature may come later
    parts = (format.name, language, description.site(), release_id, outside, negotiation.gzip_wanted())
    tag = answers.entity_tag(current, "releases", *parts)
    content_type = answers.PAGE_TYPE if format.name == "html" else format.media_type
    if (known := answers.known(tag, content_type, vary=VARY)) is not None:
        return known
    listed = [_summary(release, current) for release in kept]
    if format.name == "html":
        text = answers.allowed_in_html(
            render_template("releases.html", release=current, releases=listed, one=release_id)
        )
    else:
        text = json.dumps({"current": current.id, "releases": listed}, indent=1) + "\n"
    return answers.compressed(text.encode(), content_type, tag, vary=VARY)


def _named(release_id: str) -> Release:
    try:
        return releases.named(lanes().home, release_id)
    except NoReleaseError as error:
        may_be_one = release_id.isalnum() and len(release_id) <= LONGEST_ID
        if may_be_one and (lanes().home / "releases" / release_id / MANIFEST).exists():
            LOG.error("%s", error)
            raise errors.DamagedStore from error
        named = release_id[:LONGEST_ID]
        said = f"There is no release {named}; /releases/ lists those that are kept."
        nb = f"Det finnes ingen utgivelse {named}; /releases/ lister dem som er bevart."
        raise errors.NotFound(errors.Words(said, nb)) from error


def _summary(release: Release, current: Release) -> dict[str, Any]:
    root = f"{description.site()}releases/{release.id}/"
    files = [
        {
            "name": name,
            "url": root + name,
            "mediaType": file_type(name),
            "bytes": int(facts["bytes"]),
            "sha256": facts["sha256"],
        }
        for name, facts in sorted(release.files.items(), key=lambda file: ("/" in file[0], file[0]))
    ]
    return {
        "id": release.id,
        "version": release.version,
        "built": release.built,
        "quads": release.quads,
        "current": release.id == current.id,
        "manifest": root + MANIFEST,
        "sums": root + SUMS if SUMS in _outside(release) else None,
        "signature": root + SIGNATURE if SIGNATURE in _outside(release) else None,
        "files": files,
    }


def _outside(release: Release) -> list[str]:
    """Return the files of a release that its manifest does not name, itself among them."""
    return [name for name in OUTSIDE if (release.path / name).is_file()]


def file(release_id: str, name: str) -> Response:
    """Return a file of a release, which never changes, in the coding that the client takes.

    Raises:
        errors.NotFound: there is no such release, or it has no such file.
        errors.DamagedStore: the file, or the manifest that has its hash, is not as it was written.
        errors.Unavailable: the client takes it in gzip's coding only, and too many are being compressed.
    """
    release = _named(release_id)
    outside = _outside(release)
    if name not in release.files and name not in outside:
        there = ", ".join(sorted([*release.files, *outside]))
        said = f"Release {release_id} has no file {name[:LONGEST_ID]}; it has {there}."
        nb = f"Utgivelsen {release_id} har ingen fil {name[:LONGEST_ID]}; den har {there}."
        raise errors.NotFound(errors.Words(said, nb))
    facts = release.files.get(name)
    if sha256 := facts["sha256"] if facts else _summed(release.path).get(name):
        require_whole(release.path / name, sha256)
    _keep_one_range((release.path / name).stat().st_size)
    if facts and "Range" not in request.headers and negotiation.gzip_wanted():
        compressed = _packed(release.path / name, facts["sha256"])
        if compressed is not None:
            return _headed(compressed, name, known=True)
    etag = facts["sha256"] if facts else True
    response = send_from_directory(release.path, name, etag=etag, conditional=True)
    if facts:
        # RFC 9530: the hash of the whole file, also beside a part of it.
        digest = base64.b64encode(bytes.fromhex(facts["sha256"])).decode()
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return _headed(response, name, known=facts is not None or name == SUMS)


def _keep_one_range(size: int) -> None:
    """Leave of a request's `Range` what is answered with a part of a file of so many bytes.

    What is no range of bytes, or of several, is answered with the whole, as RFC 9110 allows (sections 14.1.1 and 14.2),
    and so is a range whose `If-Range` has a weak tag (13.1.5). A suffix longer than the file is all of it.

    Raises:
        errors_http.RangeNotSatisfiable: it begins behind the end.
    """
    asked = request.environ.pop("HTTP_RANGE", "")
    found = _RANGE.fullmatch(asked)
    if found is None or request.method != "GET" or request.headers.get("If-Range", "").startswith("W/"):
        return
    first, last = (int(end) if end else None for end in found.groups())
    if first is not None and last is not None and last < first:
        return
    if (size if first is None else first) >= size and (first is not None or last == 0):
        raise errors_http.RangeNotSatisfiable(size)
    if first is None:
        first, last = max(0, size - (last or 0)), None
    request.environ["HTTP_RANGE"] = f"bytes={first}-{'' if last is None else last}"


def _summed(folder: Path) -> dict[str, str]:
    """Return the hashes that the release's own list has: the manifest's stands nowhere else."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _headed(response: Response, name: str, *, known: bool) -> Response:
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.close()
        said = (
            f"{name} has another entity tag, or was changed since.",
            f"{name} har en annen entitetsmerkelapp, eller er endret.",
        )
        raise errors_http.PreconditionFailed(errors.Words(*said))
    media_type = PLAIN if name in (SUMS, SIGNATURE) else file_type(name)
    text = media_type.startswith("text/")
    response.headers["Content-Type"] = f"{media_type}; charset=utf-8" if text else media_type
    response.headers["Cache-Control"] = FOR_EVER if known else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _packed(path: Path, sha256: str) -> Response | None:
    """Send a file in gzip's coding, made as it is sent: other bytes, so another tag, and no hash beforehand.

    Where too many are being compressed, return None for who takes it as it is (RFC 9110, section 12.5.3).
    """
    response = Response(iter(()), direct_passthrough=True)
    response.set_etag(f"{sha256}-gzip")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Last-Modified"] = http_date(path.stat().st_mtime)
    response.make_conditional(request.environ)
    if request.method == "GET" and response.status_code == HTTPStatus.OK:
        try:
            response.response = PACKED.take(network_of(request.remote_addr or ""), lambda: packed(_chunks(path)))
        except errors.Unavailable:
            if not negotiation.plain_taken():
                raise
            return None
    return response


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as plain:
        while chunk := plain.read(CHUNK):
            yield chunk
