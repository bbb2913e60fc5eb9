"""What changed in each release as an Atom feed (RFC 4287) that an agency subscribes to: an entry a release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from lxml import etree

from msevidence.server import diff_words, i18n
from msevidence.server.diff_model import Diff, Told
from msevidence.server.diff_patch import MEDIA_TYPE, SUFFIX
from msevidence.server.diff_read import compare
from msevidence.server.diff_releases import DATA, Kept
from msevidence.server.errors import DamagedStore

ATOM, XHTML, XML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml", "http://www.w3.org/XML/1998/namespace"
FEED_TYPE = "application/atom+xml"
ENTRIES = 20
"""Releases of a feed, the latest first; all that are kept are listed at ``/releases/``."""
SENTENCES = 100
"""Sentences of an entry; how many more there are is said."""
AUTHOR = "msevidence"

Pair = tuple[Kept, Kept | None]
"""A release, and the one before it; None for the first."""


def pairs(newest_first: Sequence[Kept]) -> list[Pair]:
    """Return the releases of a feed, each with the one before it."""
    before: list[Kept | None] = [*newest_first[1:], None]
    return list(zip(newest_first, before, strict=True))[:ENTRIES]


class Compared(NamedTuple):
    """A release of a feed, and what it changed; None for the first, and where one of the two is damaged."""

    release: Kept
    before: Kept | None
    diff: Diff | None
    damaged: bool = False


def compared(entries: Iterable[Pair]) -> list[Compared]:
    """Compare each release with the one before it; a damaged one costs the feed what it would tell of it alone."""
    found = []
    for release, before in entries:
        try:
            found.append(Compared(release, before, compare(before, release) if before else None))
        except DamagedStore:  # the log has said which file
            found.append(Compared(release, before, None, damaged=True))
    return found


def feed(told: Sequence[Compared], site: str, language: str, study: str = "") -> bytes:
    """Return a feed.

    Args:
        told: the releases, the latest first; at least one.
        site: where the server is, with a slash at its end.
        language: of the words.
        study: IRI of a study; then the feed tells of it only, and has the releases in which it changed.
    """
    latest = told[0].release
    key = study.rpartition("/")[2]
    own = f"{site}changes.atom?" + (f"study={key}&" if study else "") + f"lang={language}"
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=cast(Any, {None: ATOM}), attrib={f"{{{XML}}}lang": language})
    _add(root, "id", study or f"{latest.base}dataset/msevidence")
    title = i18n.text("diff-feed-title", language)
    if study:
        told = [one for one in told if one.damaged or (one.diff is not None and one.diff.about(study))]
        name = next((one.diff.name(study, language).text for one in told if one.diff is not None), key)
        title = i18n.text("diff-feed-study", language, study=name)
    _add(root, "title", title)
    _add(root, "updated", (told[0].release if told else latest).built)
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", AUTHOR)
    _link(root, "self", own, FEED_TYPE)
    _link(root, "alternate", f"{site}changes?lang={language}", "text/html")
    for one in told:
        _entry(root, one, site, language, study)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _entry(root: etree._Element, one: Compared, site: str, language: str, study: str) -> None:
    release, before, diff = one.release, one.before, one.diff
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _add(entry, "id", release.iri + (f"?study={study.rpartition('/')[2]}" if study else ""))
    _add(entry, "title", i18n.text("diff-entry", language, release=release.id[:12]))
    _add(entry, "published", release.built)
    _add(entry, "updated", release.built)
    if before is None:
        _link(entry, "alternate", f"{site}releases/?format=html&lang={language}", "text/html")
    else:
        address = f"{site}changes/{before.id}/{release.id}"
        _link(entry, "alternate", f"{address}?lang={language}", "text/html")
        _link(entry, "related", f"{address}.{SUFFIX}", MEDIA_TYPE)
    size = release.data.stat().st_size
    _link(entry, "enclosure", f"{site}releases/{release.id}/{DATA}", "application/n-quads", length=str(size))
    content = etree.SubElement(entry, f"{{{ATOM}}}content", type="xhtml")
    body = etree.SubElement(content, f"{{{XHTML}}}div", nsmap=cast(Any, {None: XHTML}))
    if one.damaged:
        _paragraph(body, i18n.text("diff-damaged", language))
    elif diff is None:
        _paragraph(body, i18n.text("diff-first", language))
    else:
        _tell(body, diff, diff.about(study) if study else diff.told, language, whole=not study)


def _tell(body: etree._Element, diff: Diff, told: Sequence[Told], language: str, *, whole: bool) -> None:
    if diff.same:
        _paragraph(body, i18n.text("diff-same", language))
        return
    if whole:
        figures = {"removed": i18n.number(diff.removed, language), "added": i18n.number(diff.added, language)}
        _paragraph(body, i18n.text("diff-statements", language, **figures))
        if not diff.complete:
            _paragraph(body, i18n.text("diff-untold", language))
        elif not told:
            _paragraph(body, i18n.text("diff-nothing-told", language))
        _list(body, diff_words.summary(diff, language))
        if diff.moved:
            _paragraph(body, i18n.text("diff-moved", language))
            _list(body, diff_words.moved(diff, language))
    said = list(diff_words.sentences(diff, told, language))
    _list(body, said[:SENTENCES])
    if len(said) > SENTENCES:
        _paragraph(body, i18n.text("diff-more", language, count=i18n.number(len(said) - SENTENCES, language)))


def _list(body: etree._Element, lines: Iterable[str]) -> None:
    items = list(lines)
    if items:
        there = etree.SubElement(body, f"{{{XHTML}}}ul")
        for line in items:
            etree.SubElement(there, f"{{{XHTML}}}li").text = _allowed(line)


def _paragraph(body: etree._Element, text: str) -> None:
    etree.SubElement(body, f"{{{XHTML}}}p").text = _allowed(text)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = _allowed(text)


def _link(parent: etree._Element, rel: str, href: str, media_type: str, **more: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "type": media_type, "href": href, **more})


def _allowed(text: str) -> str:
    """Replace what a literal may hold and XML may not (XML 1.0, section 2.2)."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
