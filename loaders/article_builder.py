"""Collects the parts of an article into a :class:`~msevidence.loaders.document.ParsedDocument`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from msevidence.loaders.article_blocks import BULLET, Block
from msevidence.loaders.article_text import Text
from msevidence.loaders.document import ParsedDocument, Passage, PassageKind, Place
from msevidence.loaders.languages import JUDGED, foreign_language
from msevidence.loaders.metadata_schema import SectionHint
from msevidence.loaders.sentences import split_sentences
from msevidence.loaders.text import Normalised, Span


@dataclass
class Builder:
    """The document so far; ``section`` is the one that new passages belong to."""

    text: Text
    document: ParsedDocument
    section: int | None = None
    paragraphs: int = 0
    furniture: list[Span] = field(default_factory=list)
    sections: Mapping[str, SectionHint] = field(default_factory=dict)
    """What the metadata says of sections, by heading."""

    def add(
        self, kind: PassageKind, content: Normalised, *, paragraph: int = 0, place: Place | None = None
    ) -> int | None:
        """Add a passage; returns its index, or ``None`` where nothing visible is in it."""
        if not content.text:
            return None
        index = len(self.document.passages)
        self.document.passages.append(Passage(kind, content, self.section, paragraph, place))
        if kind in JUDGED:
            self.tell_language(index, content.text)
        return index

    def tell_language(self, index: int, words: str | None) -> None:
        """Set the language of a passage to that of ``words`` (a title in it, its text) if that is another."""
        if words and (language := foreign_language(words, self._spoken())):
            self.document.passages[index] = replace(self.document.passages[index], language=language)

    def _spoken(self) -> str:
        """Return the language of the open section: by metadata of it or of one above it, else the document's."""
        section = self.section
        while section is not None:
            hint = self.sections.get(self.document.sections[section].title)
            if hint and hint.language:
                return hint.language
            section = self.document.sections[section].parent
        return self.document.language

    def whole(self, kind: PassageKind, block: Block) -> tuple[int, ...]:
        """Add a block as one passage."""
        index = self.add(kind, self.text.normal(block.start, block.end, block.cuts))
        return () if index is None else (index,)

    def sentences(
        self,
        kind: PassageKind,
        start: int,
        end: int,
        cuts: Sequence[Span] = (),
        *,
        prefix: int = 0,
        paragraph: bool = True,
    ) -> tuple[int, ...]:
        """Add the sentences of a stretch of text as passages of one paragraph.

        The first ``prefix`` characters (a caption's label) belong to the first sentence and are not cut.
        """
        content = self.text.normal(start, end, cuts)
        if paragraph and content.text:
            self.paragraphs += 1
        number = self.paragraphs if paragraph else 0
        parts = split_sentences(content.text[prefix:], self.document.language)
        spans = [(a + prefix if i or not prefix else 0, b + prefix) for i, (a, b) in enumerate(parts)]
        if not spans and content.text:
            spans = [(0, len(content.text))]
        added = (self.add(kind, content.slice(a, b), paragraph=number) for a, b in spans)
        return tuple(i for i in added if i is not None)

    def paragraph(self, kind: PassageKind, block: Block) -> tuple[int, ...]:
        """Add the sentences of a block."""
        return self.sentences(kind, block.start, block.end, block.cuts)

    def list_items(self, block: Block) -> None:
        """Add the items of a list, a sentence a passage; the bullets are furniture."""
        lines = []
        position = block.start
        for line in self.text.source[block.start : block.end].splitlines(keepends=True):
            lines.append(position)
            position += len(line)
        starts = [(p, m) for p in lines if (m := BULLET.match(self.text.source, p, block.end))]
        for (_, bullet), following in zip(starts, [*starts[1:], None], strict=False):
            self.furniture.append(Span(bullet.start(), bullet.end()))
            end = following[0] if following else block.end
            self.sentences(PassageKind.LIST_ITEM, bullet.end(), end, block.cuts)
