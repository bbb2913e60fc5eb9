"""Loader of journal articles with numbered references, as plain text.

The text is read in blocks between blank lines. Headings, captions, tables, pull quotes and author blocks are told by
their layout and by the words of several languages (:mod:`~msevidence.loaders.article_words`); ``layout`` in
``metadata.yaml`` helps where neither is enough. Terms are those of DoCO; nothing visible is left out
(``ParsedDocument.leftover``).
"""

from pathlib import Path

from msevidence.loaders.article_blocks import find_blocks, join_cut
from msevidence.loaders.article_body import Body
from msevidence.loaders.article_builder import Builder
from msevidence.loaders.article_markers import add_markers, check_cited
from msevidence.loaders.article_quotes import tie_quotes
from msevidence.loaders.article_references import add_references, find_reference_list
from msevidence.loaders.article_text import Text
from msevidence.loaders.document import Link, ParsedDocument
from msevidence.loaders.errors import SourceError
from msevidence.loaders.linked_numbers import add_numbers
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.source import read_source
from msevidence.loaders.text import squash


def read(path: Path, metadata: Metadata) -> ParsedDocument:
    """Read the article at ``path``.

    Raises SourceError, with line and mend, for bytes that are not UTF-8 with line feeds, an empty file, reference
    numbers that stand twice or jump, a reference list that nothing cites, a range of citations that runs backwards, a
    label that two tables share, a row with more cells than its header, and a printed date that does not exist.
    """
    source = read_source(path)
    if metadata.citation_style != "numbered":
        message = f"references in the style {metadata.citation_style!r} are not read by this loader, only numbered ones"
        raise SourceError(message, path)
    text = Text(source, path, metadata.layout)
    document = ParsedDocument(source, metadata.language)
    builder = Builder(text, document, sections=metadata.sections)
    hints = [*metadata.layout.headings, *metadata.sections]
    body = Body(builder, frozenset(squash(h).casefold() for h in hints))
    listed = find_reference_list(text)
    main = find_blocks(text, 0, listed.heading.start if listed else len(source))
    body.read_main(join_cut(text, main, body.headings), metadata.title, listed is not None)
    if listed is not None:
        document.reference_heading = body.add_heading(listed.heading)
        add_references(builder, listed)
        body.read_after(join_cut(text, find_blocks(text, listed.end, len(source)), body.headings))
    document.front = body.front.result()
    document.pull_quotes = tie_quotes(document)
    add_markers(builder, path)
    if metadata.expect.markers != 0:
        check_cited(builder)
    document.links = [Link(source[t.start : t.end], t) for t in text.targets]
    add_numbers(document, text.linked)
    document.furniture = sorted([*builder.furniture, *(d.span for d in text.markup)])
    return document
