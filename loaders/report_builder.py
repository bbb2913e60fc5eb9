"""Collects the parts of a report as they are read: passages in reading order, sections, paragraphs, footnotes."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from msevidence.loaders.addresses import find_addresses
from msevidence.loaders.document import Footnote, ParsedDocument, Passage, PassageKind, Place, Section
from msevidence.loaders.errors import SourceError
from msevidence.loaders.labels import chapter_languages
from msevidence.loaders.languages import FEWEST, JUDGED, foreign_language
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.quotations import join_quotations
from msevidence.loaders.report_notes import Note
from msevidence.loaders.report_pages import Line, Pages
from msevidence.loaders.sentences import split_sentences
from msevidence.loaders.source import line_at
from msevidence.loaders.text import Drop, Normalised, Span, hyphen_rule, normalise


class Builder:
    """Fills a :class:`ParsedDocument`: readers of parts add passages in reading order, by offsets of the source."""

    def __init__(
        self, path: Path, pages: Pages, notes: list[Note], numbers: list[str | None], metadata: Metadata
    ) -> None:
        self.path = path
        self.raw = pages.raw
        self.metadata = metadata
        self.document = ParsedDocument(pages.raw, metadata.language)
        self.pages = pages
        self.numbers = numbers
        self.notes = notes
        self.keep_hyphen = hyphen_rule(pages.raw)
        self.section: int | None = None
        self.paragraph = 0
        self._placed = 0
        self._anchors: dict[int, tuple[int, int]] = {}
        self._languages: list[str | None] = []
        self._marks = [Drop(n.anchor, splits=False) for n in notes]

    def error(self, message: str, offset: int) -> SourceError:
        """Return the error that says what is wrong at an offset of the source."""
        return SourceError(message, self.path, line_at(self.raw, offset))

    def content(self, spans: Sequence[Span]) -> Normalised:
        """Return the normalised text of ``spans``, in order; what stands between them is left out."""
        drops = list(self._marks)
        for one, other in pairwise(spans):
            between = self.raw[one.end : other.start]
            if between.strip():
                lead = len(between) - len(between.lstrip())
                drops.append(Drop(Span(one.end + lead, one.end + len(between.rstrip()))))
        begin, end = spans[0].start, spans[-1].end
        if len(spans) > 1 and not any(d.splits for d in drops) and "http" in self.raw[begin:end]:
            for address in find_addresses(self.raw, begin, end):
                drops += [Drop(s, splits=False) for s in address.markup]
        return normalise(self.raw, begin, end, drop=drops, keep_hyphen=self.keep_hyphen)

    def add(
        self,
        kind: PassageKind,
        content: Normalised,
        *,
        paragraph: int = 0,
        place: Place | None = None,
        judged: bool = True,
        page: int | None = None,
    ) -> int:
        """Add a passage and return its index. Its language is told from its words unless ``judged`` is false."""
        index = len(self.document.passages)
        start, end = content.starts[0], content.ends[-1]
        self.document.passages.append(
            Passage(
                kind=kind,
                content=content,
                section=self.section,
                paragraph=paragraph,
                place=place,
                page=self.numbers[self.pages.page_at(start) if page is None else page],
                language=self._languages[self.section] if self.section is not None else None,
            )
        )
        if judged and kind in JUDGED:
            self.tell_language(index, content.text)
        for n, note in enumerate(self.notes):
            if n not in self._anchors and start <= note.anchor.start <= end:
                offset = sum(1 for s in content.starts if s < note.anchor.start)
                self._anchors[n] = (index, offset)
        return index

    def tell_language(self, index: int, words: str | None, least: int = FEWEST) -> None:
        """Set the language of a passage to that of ``words`` (a title in it, its text) if that is another."""
        passage = self.document.passages[index]
        spoken = passage.language or self.metadata.language
        if words and (language := foreign_language(words, spoken, least)):
            self.document.passages[index] = replace(passage, language=language)

    def line(
        self,
        kind: PassageKind,
        spans: Sequence[Span],
        *,
        paragraph: int = 0,
        place: Place | None = None,
        judged: bool = True,
        page: int | None = None,
    ) -> int:
        """Add the text of ``spans`` as one passage."""
        return self.add(kind, self.content(spans), paragraph=paragraph, place=place, judged=judged, page=page)

    def sentences(
        self, kind: PassageKind, spans: Sequence[Span], *, place: Place | None = None, judged: bool = True
    ) -> list[int]:
        """Add the sentences of one paragraph; a quotation is not cut. Returns their indexes."""
        content = self.content(spans)
        self.paragraph += 1
        found: list[int] = []
        for begin, end in join_quotations(content.text, split_sentences(content.text, self.metadata.language)):
            piece = content.slice(begin, end)
            found.append(self.add(kind, piece, paragraph=self.paragraph, place=place, judged=judged))
        return found

    def heading(self, lines: Sequence[Line], level: int) -> int:
        """Open a section under the heading that stands on ``lines``; returns the heading's passage."""
        content = self.content(spans_of(lines))
        self.flush_notes(lines[0].start)
        parent = self.section
        sections = self.document.sections
        while parent is not None and sections[parent].level >= level:
            parent = sections[parent].parent
        inherited = self._languages[parent] if parent is not None else None
        self._languages.append(self._declared(content.text, inherited))
        index = len(self.document.passages)
        sections.append(Section(index, content.text, level, parent))
        self.section = len(sections) - 1
        return self.add(PassageKind.HEADING, content)

    def _declared(self, title: str, inherited: str | None) -> str | None:
        """Return the language of a section where it is not the document's: by metadata, else by its heading's words."""
        hint = self.metadata.sections.get(title)
        if hint and hint.language:
            return hint.language if hint.language != self.metadata.language else None
        own = chapter_languages(title)
        spoken = inherited or self.metadata.language
        return next(iter(own)) if len(own) == 1 and spoken not in own else inherited

    @property
    def level(self) -> int:
        """Level of the open section; 0 before the first heading."""
        return self.document.sections[self.section].level if self.section is not None else 0

    def furniture(self, start: int, end: int) -> None:
        """Record a span that belongs to no passage on purpose: a bullet, a row number."""
        self.document.furniture.append(Span(start, end))

    def flush_notes(self, before: int) -> None:
        """Add the footnotes that stand before an offset of the source and have not been added."""
        while self._placed < len(self.notes) and self.notes[self._placed].foot.start < before:
            note = self.notes[self._placed]
            index = self.line(PassageKind.FOOTNOTE, note.spans, page=note.page)
            anchor = self._anchors.get(self._placed)
            self.document.footnotes.append(
                Footnote(note.mark, index, anchor[0] if anchor else None, anchor[1] if anchor else None)
            )
            self.furniture(note.foot.start, note.foot.end)
            self.furniture(note.anchor.start, note.anchor.end)
            self._placed += 1


def spans_of(lines: Sequence[Line]) -> list[Span]:
    """Return the spans of whole lines."""
    return [Span(line.start, line.end) for line in lines]
