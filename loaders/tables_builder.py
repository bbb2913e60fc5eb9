"""Collects the parts of a report that came as tables: the words of its cells and fields, each with its place.

The readers of the text format work on lines of the source. Here the lines are those of the words that the cells and
fields hold, with quotation marks, doubled signs and indentation undone; the characters keep their places in the file,
so that the offsets of a passage count code points of the file, as everywhere.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from msevidence.loaders.document import PassageKind, Place
from msevidence.loaders.labels import chapter_role
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.quotations import join_quotations
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_lists import ENTRY, reference_entry
from msevidence.loaders.report_pages import Line, Pages
from msevidence.loaders.sentences import split_sentences
from msevidence.loaders.tables_words import Character, Words
from msevidence.loaders.text import INVISIBLE, Normalised, Span, is_blank, normalise_characters
from msevidence.ontology.namespaces import UnknownConceptError, scheme

NEW_PARAGRAPH = 2
"""Line breaks between two paragraphs of a text, one more than inside it."""


class TablesBuilder(Builder):
    """A builder whose lines are those of :class:`Words`; what is between the words of the file is furniture."""

    def __init__(self, path: Path, raw: str, metadata: Metadata) -> None:
        super().__init__(path, Pages(raw, [Line(0, 0, "", 0, 0)]), [], [None], metadata)
        self._characters: list[Character] = []
        self._words = bytearray(len(raw))

    def found(self, words: Words) -> None:
        """Note that the file has these words: the document must have a place for them."""
        self.document.private += words.private
        for c, start, end in words.characters:
            if c not in INVISIBLE and not c.isspace():
                self._words[start:end] = b"\x01" * (end - start)

    def take(self, words: Words) -> list[Line]:
        """Return the lines of words that are to become passages; ``gap`` counts the line breaks before each."""
        begin = len(self._characters)
        self._characters += words.characters
        lines: list[Line] = []
        gap = 0
        for text in words.text.split("\n"):
            if not is_blank(text):
                lead, end = len(text) - len(text.lstrip()), begin + len(text.rstrip())
                lines.append(Line(begin + lead, end, text.strip(), 0, gap, first=not lines))
            gap = gap + 1 if lines and is_blank(text) else 1
            begin += len(text) + 1
        return lines

    def content(self, spans: Sequence[Span]) -> Normalised:
        """Return the normalised text of lines, in order."""
        return normalise_characters(self._characters[spans[0].start : spans[-1].end])

    def one(self, kind: PassageKind, words: Words, place: Place | None = None, *, judged: bool = True) -> int:
        """Add all of some words as one passage."""
        return self.line(kind, spans_of(self.take(words)), place=place, judged=judged)

    def text(self, kind: PassageKind, lines: Sequence[Line], place: Place | None = None) -> list[int]:
        """Add one paragraph: its sentences, where it has several."""
        text = self.content(spans_of(lines)).text
        if place is not None and len(join_quotations(text, split_sentences(text, self.metadata.language))) == 1:
            return [self.line(kind, spans_of(lines), place=place)]
        return self.sentences(kind, spans_of(lines), place=place)

    def paragraphs(self, words: Words) -> list[int]:
        """Add running text, with an empty line between its paragraphs."""
        groups: list[list[Line]] = []
        for line in self.take(words):
            if not groups or line.gap >= NEW_PARAGRAPH:
                groups.append([])
            groups[-1].append(line)
        return [index for group in groups for index in self.text(PassageKind.SENTENCE, group)]

    def title(self, words: Words) -> None:
        """Add the title of the document."""
        index = self.one(PassageKind.FRONT_MATTER, words)
        self.document.front = replace(self.document.front, title=index)

    def section_under(self, words: Words, level: int) -> None:
        """Open a section under a heading, with the role that the words of the heading have."""
        index = self.heading(self.take(words), level)
        section = self.document.sections[-1]
        role = chapter_role(section.title)
        try:
            known = role if role and scheme("section-role", role) else None
        except UnknownConceptError:
            known = None
        self.document.sections[-1] = replace(section, role=known)
        if role == "references":
            self.document.reference_heading = index

    def reference(self, words: Words) -> None:
        """Add an entry of the reference list, under the number that it prints, or the next one.

        Raises SourceError for a number that another entry has, and for a date that does not exist.
        """
        lines = self.take(words)
        label = ENTRY.match(lines[0].text)
        spans = spans_of(lines)
        known = {r.number for r in self.document.references}
        number = max(known, default=0) + 1
        if label is not None:
            number = int(label["square"] or label["plain"])
            self.skip(Span(spans[0].start, spans[0].start + label.end()))
            spans[0] = Span(spans[0].start + label.end(), spans[0].end)
        if number in known:
            message = f"two references have the number {number}; give each its own"
            raise self.wrong(message, words)
        index = self.line(PassageKind.REFERENCE, spans)
        self.document.references.append(reference_entry(self, number, index))

    def wrong(self, message: str, words: Words) -> Exception:
        """Return the error that says what is wrong with a cell or field."""
        error = self.error(message, words.start)
        return type(error)(error.message, error.path, error.line, words.field)

    def skip(self, span: Span) -> None:
        """Leave out a part of a line: a number that a list prints before its entries."""
        for _, start, end in self._characters[span.start : span.end]:
            self.furniture(start, end)

    def close(self) -> None:
        """Record what stands between the words as furniture: delimiters, quotation marks, names of fields."""
        begin: int | None = None
        for i, inside in enumerate([*self._words, 1]):
            if not inside and begin is None:
                begin = i
            elif inside and begin is not None:
                self.furniture(begin, i)
                begin = None
