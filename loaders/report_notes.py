"""Footnotes of a report: notes at the foot of a page, and their marks, which extraction glues to the words."""

import re
from dataclasses import dataclass

from msevidence.loaders.report_pages import Line, Pages
from msevidence.loaders.text import Span

NOTE = re.compile(r"^(?P<mark>\d{1,2}|[*†‡§]{1,3})\s+(?=[^\W\d_]|[«“\"'(])(?P<text>\S.*)$")


@dataclass(frozen=True)
class Note:
    """A footnote: its mark, where the mark stands in the text and at the foot, and the lines of the note itself."""

    mark: str
    anchor: Span
    foot: Span
    spans: tuple[Span, ...]
    page: int


def find_notes(pages: Pages) -> list[Note]:
    """Return the footnotes of all pages, in order.

    A line at the foot of a page is a footnote if it begins with a mark that the same page has glued to a word.
    """
    notes: list[Note] = []
    by_page: dict[int, list[Line]] = {}
    for line in pages.lines:
        by_page.setdefault(line.page, []).append(line)
    for lines in by_page.values():
        end = len(lines)
        while end > 0 and (note := _last_note(pages.raw, lines[:end])):
            notes.append(note)
            end = next(i for i, line in enumerate(lines) if line.start == note.foot.start)
    return sorted(notes, key=lambda n: n.foot.start)


def _last_note(raw: str, lines: list[Line]) -> Note | None:
    """Return the footnote that ends a page: in its last block, or the last before notes already found."""
    begin = len(lines)
    while begin > 0:
        begin -= 1
        found = NOTE.match(lines[begin].text)
        if found and (anchor := _anchor(raw, lines[:begin], found["mark"])):
            first = Span(lines[begin].start + found.start("text"), lines[begin].end)
            foot = Span(lines[begin].start, lines[begin].start + found.end("mark"))
            spans = (first, *(Span(line.start, line.end) for line in lines[begin + 1 :]))
            return Note(found["mark"], anchor, foot, spans, lines[begin].page)
        if lines[begin].gap:
            return None
    return None


def _anchor(raw: str, lines: list[Line], mark: str) -> Span | None:
    """Return where ``mark`` is glued to a word; a word that stands without it elsewhere is preferred."""
    pattern = re.compile(rf"(?P<word>(?<![^\W\d_])[^\W\d_]{{2,}}|%)[.,;:)”»]?(?P<mark>{re.escape(mark)})(?![\w/-])")
    found: list[tuple[bool, Span]] = []
    for line in lines:
        for match in pattern.finditer(raw, line.start, line.end):
            known = match["word"] != "%" and re.search(rf"\b{re.escape(match['word'])}\b", raw) is not None
            found.append((known, Span(match.start("mark"), match.end("mark"))))
    known_first = [span for known, span in found if known] or [span for _, span in found]
    return known_first[0] if known_first else None
