"""Collects the parts of a report as they are read: passages in reading order, sections, paragraphs, footnotes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from msevidence.loaders.addresses import find_addresses
from msevidence.loaders.document import Footnote, ParsedDocument, Passage, PassageKind, Place, Section
from msevidence.loaders.errors import SourceError
from msevidence.loaders.labels import chapter_languages, foreign_language
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.report_notes import Note
from msevidence.loaders.report_pages import Line, Pages
from msevidence.loaders.sentences import split_sentences
from msevidence.loaders.source import line_at
from msevidence.loaders.text import Drop, Normalised, Span, hyphen_rule, normalise

QUOTES = {"«": "»", "“": "”“", "„": "“”", "‹": "›"}
ALIKE = '"”»'
"""Marks that open a quotation as well as close it: the straight one; in Swedish and Finnish the others."""


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
        guess: bool = False,
        page: int | None = None,
    ) -> int:
        """Add a passage and return its index. With ``guess`` its language may be told from its words."""
        index = len(self.document.passages)
        start, end = content.starts[0], content.ends[-1]
        language = self._languages[self.section] if self.section is not None else None
        if guess:
            language = foreign_language(content.text, language or self.metadata.language) or language
        self.document.passages.append(
            Passage(
                kind=kind,
                content=content,
                section=self.section,
                paragraph=paragraph,
                place=place,
                page=self.numbers[self.pages.page_at(start) if page is None else page],
                language=language,
            )
        )
        for n, note in enumerate(self.notes):
            if n not in self._anchors and start <= note.anchor.start <= end:
                offset = sum(1 for s in content.starts if s < note.anchor.start)
                self._anchors[n] = (index, offset)
        return index

    def mark_title(self, index: int, title: str | None) -> None:
        """Set the language of an entry by its title, in which one small word is enough."""
        passage = self.document.passages[index]
        if title and (language := foreign_language(title, passage.language or self.metadata.language, least=1)):
            self.document.passages[index] = replace(passage, language=language)

    def line(
        self,
        kind: PassageKind,
        spans: Sequence[Span],
        *,
        paragraph: int = 0,
        place: Place | None = None,
        guess: bool = False,
        page: int | None = None,
    ) -> int:
        """Add the text of ``spans`` as one passage."""
        return self.add(kind, self.content(spans), paragraph=paragraph, place=place, guess=guess, page=page)

    def sentences(
        self, kind: PassageKind, spans: Sequence[Span], *, place: Place | None = None, guess: bool = False
    ) -> list[int]:
        """Add the sentences of one paragraph; a quotation is not cut. Returns their indexes."""
        content = self.content(spans)
        self.paragraph += 1
        found: list[int] = []
        for begin, end in join_quotations(content.text, split_sentences(content.text, self.metadata.language)):
            piece = content.slice(begin, end)
            found.append(self.add(kind, piece, paragraph=self.paragraph, place=place, guess=guess))
        return found

    def heading(self, lines: Sequence[Line], level: int) -> int:
        """Open a section under the heading that stands on ``lines``; returns the heading's passage."""
        content = self.content(spans_of(lines))
        self.flush_notes(lines[0].start)
        parent = self.section
        sections = self.document.sections
        while parent is not None and sections[parent].level >= level:
            parent = sections[parent].parent
        own = chapter_languages(content.text)
        inherited = self._languages[parent] if parent is not None else None
        spoken = inherited or self.metadata.language
        self._languages.append(next(iter(own)) if len(own) == 1 and spoken not in own else inherited)
        index = len(self.document.passages)
        sections.append(Section(index, content.text, level, parent))
        self.section = len(sections) - 1
        return self.add(PassageKind.HEADING, content)

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


def join_quotations(text: str, sentences: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences, those that lie in one quotation joined with the sentence that introduces it.

    A mark that is never closed in the paragraph is no quotation.

    >>> join_quotations("He says: «It is. It was.» (2) Then.", [(0, 15), (16, 29), (30, 35)])
    [(0, 29), (30, 35)]
    """
    quoted: list[tuple[int, int]] = []
    i = 0
    while i < len(text):
        closing = QUOTES.get(text[i])
        end = i
        if closing:
            end = next((n for n in range(i + 1, len(text)) if text[n] in closing), i)
        elif text[i] in ALIKE and (i == 0 or text[i - 1] in " (") and text[i + 1 : i + 2].strip():
            match = re.compile(rf"{text[i]}(?!\w)").search(text, i + 1)
            end = match.start() if match else i
        if end > i:
            quoted.append((i, end))
        i = end + 1
    joined: list[tuple[int, int]] = []
    for begin, end in sentences:
        if joined and any(a < joined[-1][1] <= b for a, b in quoted):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined
