"""What goes along with statements: shapes, validation report, a README in both languages, and the hash of each file.

The shapes are the bytes of the release: with other blank nodes, or IRIs in their place, they would mean other things.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from msevidence.server import i18n
from msevidence.server.exports.about import about, part_title
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.rdf_rights import Withheld
from msevidence.server.exports.rights import LONGEST_QUOTATION
from msevidence.server.labels import Labels

CONTEXT = "context.jsonld"
REPORT = "validation.ttl"
SUMS = "SHA256SUMS"


def package(
    handover: Handover, main: Mapping[str, bytes], withheld: Mapping[str, Withheld], count: int, what: str
) -> Files:
    """Return the files of an export of statements, the main one first.

    Args:
        handover: what is exported.
        main: the file of statements, and those that belong to its format.
        withheld: what was withheld, by document.
        count: of statements.
        what: name of the text that says how statements stand in the file, ``rdf-quads`` or ``rdf-merge``.
    """
    files = {**main, **_of_the_release(handover)}
    names = [*main, "shapes/*.ttl", REPORT, SUMS]
    for language in i18n.LANGUAGES:
        told = replace(handover, language=language, labels=Labels(handover.lane, language))
        readme = "\n".join(_readme(told, names, withheld, count, what))
        files[f"README.{language}.md"] = f"{readme}\n".encode()
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return {**files, SUMS: "".join(sums).encode()}


def said(handover: Handover, withheld: Mapping[str, Withheld], count: int, what: str) -> list[str]:
    """Return what a file of statements says of itself at its head, a line each."""
    facts = (f"{fact.heading}: {fact.value}" for fact in about(handover))
    return [*_what(handover, count, what), *facts, *_withheld(handover, withheld)]


def _of_the_release(handover: Handover) -> dict[str, bytes]:
    names = [name for name in sorted(handover.release.files) if PurePosixPath(name).match("ontology/shapes/*.ttl")]
    shapes = {f"shapes/{PurePosixPath(name).name}": handover.file(name).read_bytes() for name in names}
    return {**shapes, REPORT: handover.file(REPORT).read_bytes()}


def _what(handover: Handover, count: int, what: str) -> list[str]:
    language, named = handover.language, ", ".join(handover.scope.named)
    whole = i18n.text("rdf-whole", language) if handover.scope.whole else i18n.text("rdf-part", language, named=named)
    counted = i18n.text("rdf-counted", language, count=i18n.number(count, language))
    how = i18n.text("rdf-quads", language) if what == "rdf-quads" else i18n.text("rdf-merge", language)
    title = i18n.text("rdf-title", language)
    if not handover.scope.whole:
        title = i18n.text("rdf-title-part", language, part=part_title(handover))
    return [title, whole, how, counted]


def _withheld(handover: Handover, withheld: Mapping[str, Withheld]) -> Iterator[str]:
    language = handover.language
    if not withheld:
        yield i18n.text("rdf-withheld-none", language)
        return
    for iri, of in sorted(withheld.items()):
        label = handover.labels(iri).text if iri else i18n.text("rdf-withheld-others", language)
        texts, characters = i18n.number(of.texts, language), i18n.number(of.characters, language)
        yield i18n.text("rdf-withheld-of", language, document=label, texts=texts, characters=characters)
    yield i18n.text("rdf-withheld-how", language, longest=LONGEST_QUOTATION)


def _readme(
    handover: Handover, names: list[str], withheld: Mapping[str, Withheld], count: int, what: str
) -> Iterator[str]:
    language = handover.language
    title, *rest = _what(handover, count, what)
    yield f"# {title}"
    for line in rest:
        yield from ("", line)
    yield from ("", f"## {i18n.text('rdf-facts', language)}", "")
    for fact in about(handover):
        link = f" <{fact.link}>" if fact.link and fact.link != fact.value else ""
        yield f"- {fact.heading}: {fact.value}{link}"
    yield from ("", f"## {i18n.text('rdf-withheld', language)}", "")
    *sums, how = _withheld(handover, withheld)
    yield from (f"- {line}" for line in sums)
    yield from (("", how) if sums else (how,))
    yield from ("", f"## {i18n.text('rdf-files', language)}", "")
    yield from (f"- `{name}`: {_told(name, names[0], language)}" for name in names)
    yield from ("", f"## {i18n.text('rdf-check', language)}", "", i18n.text("rdf-check-how", language))


def _told(name: str, main: str, language: str) -> str:
    """Return what a file is."""
    if name == main:
        return i18n.text("rdf-file-data", language)
    if PurePosixPath(name).parent.name == "shapes":
        return i18n.text("rdf-file-shapes", language)
    if name == CONTEXT:
        return i18n.text("rdf-file-context", language)
    return i18n.text("rdf-file-report", language) if name == REPORT else i18n.text("rdf-file-sums", language)
