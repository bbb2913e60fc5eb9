"""The page ``/changes``: what changed between two releases, its RDF Patch, and the feed to subscribe to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Response, request, url_for

from msevidence.loaders.release_errors import ReleaseError
from msevidence.ontology.iris import InvalidKeyError, Kind, mint
from msevidence.server import (
    answers,
    description,
    diff_atom,
    diff_tables,
    diff_words,
    errors_http,
    exhibit_page,
    i18n,
    negotiation,
)
from msevidence.server.admission import network_of
from msevidence.server.diff_model import Diff
from msevidence.server.diff_patch import MEDIA_TYPE, SUFFIX, patch, same
from msevidence.server.diff_read import TURNS, compare
from msevidence.server.diff_releases import Kept, UnknownReleaseError, all_kept, named
from msevidence.server.errors import BadRequest, DamagedStore, NotFound, Words
from msevidence.server.exhibits import Exhibits
from msevidence.server.index import index
from msevidence.server.labels import Labels
from msevidence.server.pages_links import resource_url
from msevidence.server.release_files import FOR_EVER
from msevidence.server.resources import local_path
from msevidence.server.store import PageLane, lanes
from msevidence.server.streamed import Places, gathered, packed

LOG = logging.getLogger(__name__)
blueprint = Blueprint("diff", __name__)

SHOWN = 100
"""Rows of a table on the page; the files have them all."""
STUDY = "study"
LONGEST_KEY = 200
"""Characters of a study's key in an address."""
PATCHES = Places(
    Words("other patches are being made", "andre RDF Patch-filer er under arbeid"), 4, steps=1, give_up=True
)
"""Each reads two releases whole, in Python; a step at a time, so that pages are answered beside."""
_SUFFIXES = "json, csv, svg, ttl, jsonld"


@blueprint.get("/changes")
@blueprint.get(f"/changes.<any({_SUFFIXES}):suffix>")
def latest(suffix: str = "") -> Response:
    """Show what changed from the release before to the current one."""
    there = _newest_first()
    return _page(there[1] if len(there) > 1 else None, there[0], suffix)


@blueprint.get("/changes/<before>/<after>")
@blueprint.get(f"/changes/<before>/<after>.<any({_SUFFIXES}):suffix>")
def between(before: str, after: str, suffix: str = "") -> Response:
    """Show what changed from one release to another."""
    return _page(_kept(before), _kept(after), suffix)


@blueprint.get(f"/changes/<before>/<after>.{SUFFIX}")
def as_patch(before: str, after: str) -> Response:
    """Return the difference as RDF Patch, made as it is sent.

    Raises:
        errors.Unavailable: others are being made.
    """
    one, other = _kept(before), _kept(after)
    in_gzip = negotiation.gzip_wanted()
    response = Response(iter(()), direct_passthrough=True)
    response.set_etag(f"{one.id}-{other.id}{'-gzip' if in_gzip else ''}")
    if in_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{one.id[:12]}-{other.id[:12]}.{SUFFIX}"'
    # The other names, such as `current`, are another release's tomorrow.
    response.headers["Cache-Control"] = FOR_EVER if (before, after) == (one.id, other.id) else answers.KEPT
    response.headers["Vary"] = "Accept-Encoding"
    response.make_conditional(request.environ)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        said = Words("The patch has another entity tag.", "RDF Patch-filen har en annen entitetsmerkelapp.")
        raise errors_http.PreconditionFailed(said)

    def begin() -> Iterator[bytes]:
        pieces = gathered(patch(one, other))
        return packed(pieces) if in_gzip else pieces

    if request.method == "GET" and response.status_code == HTTPStatus.OK:  # nothing is made of what is not sent
        client = network_of(request.remote_addr or "")
        response.response = begin() if same(one, other) else PATCHES.take(client, begin)
    return response


@blueprint.get("/changes.atom")
def feed() -> Response:
    """Return the feed of the releases; with ``?study=``, of what they changed about a study."""
    others = [name for name in request.args if name not in ("lang", STUDY)]
    if others:
        said = f"There is no parameter {others[0][:100]!r} here; there are: lang, {STUDY}."
        raise BadRequest(Words(said, f"Det finnes ingen parameter {others[0][:100]!r} her, bare: lang, {STUDY}."))
    there, language = _newest_first(), negotiation.language()
    study = _study(there[0], request.args.get(STUDY, ""))
    current = lanes().sparql.release()
    parts = (description.site(), language, study, [one.id for one in there], negotiation.gzip_wanted())
    tag = answers.entity_tag(current, "feed", *parts)
    content_type = f"{diff_atom.FEED_TYPE}; charset=utf-8"
    if (known := answers.known(tag, content_type, vary="Accept-Language")) is not None:
        return known
    with TURNS.turn():
        told = diff_atom.compared(diff_atom.pairs(there))
        body = diff_atom.feed(told, description.site(), language, study)
    if any(one.damaged for one in told):  # not to be kept: once it is mended, the same releases tell more
        packed = negotiation.gzip_wanted()
        return answers.complete(answers.coded(body), content_type, None, gzipped=packed, vary="Accept-Language")
    return answers.compressed(body, content_type, tag, vary="Accept-Language")


def _page(before: Kept | None, after: Kept, suffix: str) -> Response:
    # Compared before a worker is held: reading two releases may take longer than a worker is to be kept from others.
    diff = compare(before, after) if before is not None else None
    asked = request.args.get(STUDY, "")

    def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
        def link(iri: str) -> str | None:
            path = local_path(iri, lane.release)
            # What is gone has no page; the index knows what the current release speaks of.
            known = path is not None and index(lane.release).label(iri, language) is not None
            return resource_url(path) if path is not None and known else None

        return _exhibits(diff, after, language, link, _study(after, asked))

    return exhibit_page.answer("diff.html", make, suffix, own=(STUDY,))


def _exhibits(diff: Diff | None, after: Kept, language: str, link: diff_tables.Link, study: str) -> Exhibits:
    title = i18n.text("diff-title", language)
    shown: dict[str, object] = {"diff": diff, "summary": [], "tables": [], "patch": ""}
    shown["feed"] = url_for("diff.feed", study=study.rpartition("/")[2] or None)
    if diff is None:
        return Exhibits(title, [diff_tables.empty(language)], subjects=[after.iri], shown=shown)
    ids = {"before": diff.before.id[:12], "after": diff.after.id[:12]}
    tables = diff_tables.tables(diff, language, link, study)
    shown["summary"] = diff_words.summary(diff, language)
    shown["tables"] = [(diff_tables.shortened(one, SHOWN), max(0, len(one.rows) - SHOWN)) for one in tables]
    shown["patch"] = url_for("diff.as_patch", before=diff.before.id, after=diff.after.id, lang=None)
    subjects = [diff.after.iri, *(one.thing for one in (diff.about(study) if study else diff.told))]
    return Exhibits(i18n.text("diff-title-two", language, **ids), tables, subjects=subjects, shown=shown)


def _newest_first() -> list[Kept]:
    """Return the current release and those that were built before it."""
    home = lanes().home
    now = lanes().sparql.release()
    there = [one for one in all_kept(home) if one.built <= now.built]
    return sorted(there, key=lambda one: one.id != now.id)


def _kept(name: str) -> Kept:
    try:
        if not name.isalnum():  # a folder is for the command line
            raise UnknownReleaseError(name)
        return named(lanes().home, name)
    except ReleaseError as error:
        LOG.error("%s", error)
        raise DamagedStore from error
    except UnknownReleaseError as error:
        said = f"There is no release {name[:70]!r} here; /releases/ lists those that are kept."
        raise NotFound(
            Words(said, f"Det finnes ingen utgivelse {name[:70]!r} her; /releases/ lister dem som er bevart.")
        ) from error


def _study(release: Kept, key: str) -> str:
    """Return the IRI of the study that the address names, empty where it names none."""
    if not key:
        return ""
    try:
        if len(key) > LONGEST_KEY:
            raise InvalidKeyError(key)
        return str(mint(Kind.STUDY, key, base=release.base))
    except InvalidKeyError as error:
        said = f"{key[:100]!r} is no key of a study; it is the last part of the study's address."
        raise BadRequest(
            Words(said, f"{key[:100]!r} er ingen nøkkel for en studie; den er siste del av studiens adresse.")
        ) from error
