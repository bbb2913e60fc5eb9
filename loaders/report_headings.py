"""Headings of a report: those that its outline lists, with their levels, and those that the layout shows.

The extracted text of an outline (ISO 32000-2 §12.3.3) marks with an empty line where a level ends, not where it begins.
Chapters are known by general words (``Introduction``, ``Metode``, ``Vedlegg 1``) and stand on level 1; the entries
between two of them are laid out from the ends of the levels.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.loaders.labels import chapter_role
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.report_pages import Line, OutlineEntry

HEADING_LINES = 3
"""Lines that a heading is wrapped over, at most."""
HEADING_LENGTH = 90
BULLETED = re.compile(r"[•–-]\s")
NUMBERED = re.compile(r"^(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?=[^\W\d_])[A-ZÀ-ÖØ-Þ]")


@dataclass(frozen=True)
class Block:
    """Lines without an empty line between them; ``level`` where they are a heading that needs no context to know."""

    lines: tuple[Line, ...]
    level: int | None = None
    unlisted: bool = False
    """Whether it is a heading by its words that the document's outline does not list at this place."""

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def width(self) -> int:
        return max(len(line.text) for line in self.lines)

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def end(self) -> int:
        return self.lines[-1].end

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def gap(self) -> int:
        return self.lines[0].gap

    @property
    def first(self) -> bool:
        return self.lines[0].first


def outline_levels(outline: list[OutlineEntry]) -> list[int]:
    """Return the level of each outline entry, chapters being on level 1.

    >>> outline_levels([OutlineEntry("Methods", 0), OutlineEntry("Search", 0), OutlineEntry("Databases", 1),
    ...                 OutlineEntry("Selection", 1), OutlineEntry("Results", 0)])
    [1, 2, 3, 2, 1]
    """
    chapters = [chapter_role(e.title) is not None for e in outline]
    levels: list[int] = []
    for i in range(len(outline)):
        if chapters[i] or not any(chapters[:i]):
            levels.append(1)
        elif chapters[i - 1] or outline[i - 1].closes:
            levels.append(2)
        else:
            last = next((n for n in range(i, len(outline)) if outline[n].closes), len(outline) - 1)
            ends_chapter = last + 1 >= len(outline) or chapters[last + 1]
            levels.append((1 if ends_chapter else 2) + max(outline[last].closes, 1 if ends_chapter else 0))
    return levels


@dataclass(frozen=True)
class Found:
    """A heading at ``lines[first:last]``, and the outline entry it is, if any."""

    first: int
    last: int
    level: int
    entry: int | None = None


def find_headings(lines: list[Line], outline: list[OutlineEntry], metadata: Metadata) -> list[Found]:
    """Return the headings told by their words: titles of the outline or metadata, chapters, numbered titles."""
    levels = outline_levels(outline)
    titles: dict[str, list[int]] = {}
    for n, listed in enumerate(outline):
        titles.setdefault(_fold(listed.title), []).append(n)
    candidates = _title_lines(lines, set(titles) | {_fold(t) for t in metadata.layout.headings})
    matched = _align([titles.get(_fold(t), []) for _, _, t in candidates], len(outline))
    found: dict[int, Found] = {}
    for n, (first, last, title) in enumerate(candidates):
        entry = matched.get(n)
        if entry is not None:
            level = levels[entry]
        else:
            known = [levels[e] for e in titles.get(_fold(title), [])]
            level = max(2, *known) if known else 2
        found[first] = Found(first, last, level, entry)
    if not outline:
        for i, line in enumerate(lines):
            chapter = _chapter_level(line, lines[i + 1] if i + 1 < len(lines) else None)
            if chapter and i not in found:
                found[i] = Found(i, i + 1, chapter)
    return [found[i] for i in sorted(found)]


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _title_lines(lines: list[Line], titles: set[str]) -> list[tuple[int, int, str]]:
    """Return (first, last, text) of each run of lines that reads like one of ``titles``, the longest first."""
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(lines):
        for last in range(min(i + HEADING_LINES, len(lines)), i, -1):
            joined = " ".join(line.text for line in lines[i:last])
            if _fold(joined) in titles and not any(line.gap or line.first for line in lines[i + 1 : last]):
                found.append((i, last, joined))
                i = last - 1
                break
        i += 1
    return found


def _align(candidates: list[list[int]], entries: int) -> dict[int, int]:
    """Return which candidate is which outline entry: the longest common subsequence, both being in reading order."""
    n = len(candidates)
    best = [[0] * (entries + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(entries - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + 1 if j in candidates[i] else 0)
    matched: dict[int, int] = {}
    i = j = 0
    while i < n and j < entries:
        if j in candidates[i] and best[i][j] == best[i + 1][j + 1] + 1 and best[i + 1][j] < best[i][j]:
            matched[i] = j
            i, j = i + 1, j + 1
        elif best[i + 1][j] == best[i][j]:
            i += 1
        else:
            j += 1
    return matched


def _chapter_level(line: Line, following: Line | None) -> int | None:
    """Return the level of a line that is a chapter heading or a numbered one, ``None`` where it is neither.

    A chapter's word that its text follows without an empty line heads a paragraph of a summary.
    """
    if line.text.endswith((".", ",", ";", ":")) or len(line.text) > HEADING_LENGTH:
        return None
    set_apart = line.first or line.gap > 0
    if chapter_role(line.text) is not None and set_apart:
        runs_in = following is not None and not following.gap and not following.first and not line.first
        return 2 if runs_in else 1
    numbered = NUMBERED.match(line.text)
    if numbered and set_apart and "." in numbered["number"]:
        return numbered["number"].count(".") + 1
    return None


def lost_chapters(found: list[Found], outline: list[OutlineEntry], lines: list[Line]) -> list[int]:
    """Return the pages before which a chapter of the outline has no text."""
    levels = outline_levels(outline)
    places = {f.entry: lines[f.first].page for f in found if f.entry is not None}
    lost: list[int] = []
    for n, level in enumerate(levels):
        if level == 1 and n not in places and chapter_role(outline[n].title) and any(e < n for e in places):
            after = [places[e] for e in sorted(places) if e > n]
            lost += after[:1]
    return lost


def blocks_of(lines: list[Line], found: list[Found]) -> list[Block]:
    """Return the lines as blocks, each heading apart."""
    starts = {f.first: f for f in found}
    outlined = any(f.entry is not None for f in found)
    blocks: list[Block] = []
    current: list[Line] = []
    i = 0
    while i < len(lines):
        heading = starts.get(i)
        if current and (heading or lines[i].gap or lines[i].first):
            blocks.append(Block(tuple(current)))
            current = []
        if heading:
            unlisted = outlined and heading.entry is None
            blocks.append(Block(tuple(lines[heading.first : heading.last]), heading.level, unlisted))
            i = heading.last
        else:
            current.append(lines[i])
            i += 1
    return [*blocks, Block(tuple(current))] if current else blocks


def looks_like_heading(block: Block, following: Sequence[Block]) -> int:
    """Return how many lines at the head of a block of running text are a heading by their layout: 0 for none.

    A short line without a stop, set apart, over a line of text, over a list, or over another heading.
    ``following`` are the blocks after it.
    """
    line = block.lines[0]
    if not looks_like_title(line.text):
        return 0
    if len(block.lines) > 1:
        below = block.lines[1].text
        if BULLETED.match(below):
            return 1 if chapter_role(line.text) else 0
        return 1 if len(line.text.split()) <= 4 and len(below) > 2 * len(line.text) and not below[0].islower() else 0
    if not following or following[0].first:
        return 0
    below_it = following[0]
    if below_it.width > len(line.text) or chapter_role(line.text):
        return 1
    return 1 if len(below_it.lines) == 1 and looks_like_heading(below_it, following[1:2]) else 0


def looks_like_title(text: str) -> bool:
    """Say whether a line could be a title: short, beginning like one, and without a stop at its end."""
    if len(text) > HEADING_LENGTH or not re.match(r"[^\W_]", text) or text[0].islower():
        return False
    if re.search(r"[a-zæøåäöüß)][.!?]\s[A-ZÀ-ÖØ-Þ]|[.!?]\d{1,2}$", text):
        return False  # a sentence, with the mark of a footnote behind it
    return not re.search(r"[.,;:!?”»\"-]$", text) and len(text.split()) <= HEADING_LENGTH // 8
