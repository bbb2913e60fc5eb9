"""Loader of articles in JATS XML (ANSI/NISO Z39.96), as PubMed Central and many publishers give them out.

The article becomes the same :class:`ParsedDocument` as one in plain text: every sentence that cites is a claim, and its
pointers lead to the references and their identifiers. Offsets count code points of the file, tags included. What does
not fit (a citation that leads nowhere, a date that does not exist) is told in ``faults`` and stops nothing.

https://jats.nlm.nih.gov/
"""

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from msevidence.loaders.checks import document_faults
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import FrontMatter, ParsedDocument, PassageKind
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.jats_body import Body
from msevidence.loaders.jats_builder import Builder
from msevidence.loaders.jats_front import Front
from msevidence.loaders.jats_metadata import describe
from msevidence.loaders.jats_references import OTHER_TEXTS, read_entries
from msevidence.loaders.jats_tree import Element, read_tree
from msevidence.loaders.linked_numbers import add_numbers
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.schema import Curation
from msevidence.loaders.source import line_at
from msevidence.loaders.text import Span, normalise_characters
from msevidence.ontology.iris import IriCollisionError


@dataclass(frozen=True)
class JatsDocument:
    """An article as read: ``key`` names it on the web, ``faults`` are what is wrong with it, with lines."""

    key: str
    name: str
    """Of the file, for messages and for people."""
    parsed: ParsedDocument
    metadata: Metadata
    sha256: str
    faults: tuple[str, ...] = ()


def read_jats(source: Path | bytes, name: str | None = None) -> JatsDocument:
    """Read the article in a file or in its bytes; ``name`` is what messages call it.

    Raises ExportError, with the line, for a file that :func:`~msevidence.loaders.jats_tree.read_tree` refuses, that
    cannot be read, that holds no article or several, or words that the loader has no place for.
    """
    if isinstance(source, bytes):
        return _read(source, name or "article")
    shown = name or source.name
    try:
        return _read(source.read_bytes(), shown)
    except OSError as e:
        raise ExportError(f"cannot be read ({e.strerror}); check that the file is there", shown) from e


def _read(raw: bytes, name: str) -> JatsDocument:
    source, root = read_tree(raw, name)
    article = _article(root, name)
    described = describe(article, raw)
    document = ParsedDocument(source, described.metadata.language)
    entries, numbering = read_entries(article)
    notes = {i: e for e in article.within("fn", but=OTHER_TEXTS) if (i := e.attributes.get("id"))}
    builder = Builder(document, numbering, notes, described.faults)
    body = Body(builder, {e.citation: e for e in entries})
    front = Front(body)
    for part in article.elements():
        if part.name == "front":
            front.read(part)
        elif part.name in OTHER_TEXTS:
            builder.pass_over(part)
            builder.tell(f"a {part.name} is a text of its own and is not read; load it as a file of its own", part)
        else:
            body.content(part)
    builder.finish()
    document.references.sort(key=lambda r: r.number)
    document.front = FrontMatter(
        title=front.title,
        authors=front.authors(),
        dates=described.dates,
        doi=next((i.value for i in described.metadata.identifiers if i.scheme == "doi"), None),
        summary=tuple(front.summary),
    )
    document.furniture = _furniture(source, article, document)
    builder.section = builder.language = None
    _keep_strays(article, document, builder)
    _check_nothing_lost(document, name)
    add_numbers(document, builder.links)
    return JatsDocument(
        described.key, name, document, described.metadata, hashlib.sha256(raw).hexdigest(), tuple(described.faults)
    )


def jats_context(read: JatsDocument, path: Path) -> DocumentContext:
    """Return the article as :func:`~msevidence.loaders.documents.state_document` takes it; ``path`` is its file.

    Raises ExportError where two different passages would get one IRI.
    """
    try:
        return DocumentContext(
            read.key,
            path.parent,
            read.parsed,
            read.metadata,
            {},
            Curation(),
            {},
            file=path,
            file_name=read.name,
            sha256=read.sha256,
        )
    except IriCollisionError as e:
        raise ExportError(str(e), read.name) from e


def jats_faults(read: JatsDocument, context: DocumentContext) -> list[str]:
    """Return all that is wrong with an article and does not stop it: what its reader and the checks found."""
    return [*read.faults, *document_faults(context)]


def _article(root: Element, name: str) -> Element:
    """Return the one article of a file; it may stand in an envelope, as services send it."""
    found = [root] if root.name == "article" else list(root.within("article"))
    found = [a for a in found if not any(b.name == "article" for b in a.above())]
    if not found:
        raise ExportError(f"holds no article: its outermost element is {root.name!r}", name, root.line)
    if len(found) > 1:
        mend = "save each in a file of its own"
        raise ExportError(f"holds {len(found)} articles, and one file is one document; {mend}", name, found[1].line)
    return found[0]


def _furniture(source: str, article: Element, document: ParsedDocument) -> list[Span]:
    """Return the furniture: tags and all else that is no text of the article, and what was passed over in it."""
    spans = list(document.furniture)
    end = 0
    for run in article.runs():
        if run.start > end:
            spans.append(Span(end, run.start))
        end = run.end
    spans.append(Span(end, len(source)))
    return sorted(set(spans))


def _keep_strays(article: Element, document: ParsedDocument, builder: Builder) -> None:
    """Make passages of words that stand where no words belong, so that they are not lost."""
    runs = list(article.runs())
    starts = [r.start for r in runs]
    for span in document.leftover():
        inside = runs[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        content = normalise_characters([c for run in inside for c in run.characters()])
        if builder.add(PassageKind.SENTENCE, content) is None:
            document.furniture.append(span)
        else:
            line = line_at(document.source, span.start)
            builder.faults.append(f"line {line}: words stand where none belong: {content.text[:60]!r}")


def _check_nothing_lost(document: ParsedDocument, name: str) -> None:
    for span in document.leftover():
        words = document.source[span.start : span.end][:60]
        line = line_at(document.source, span.start)
        raise ExportError(f"the loader has no place for {words!r}; report the format", name, line)
