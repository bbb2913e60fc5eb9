"""The reference list of an article: where it stands, its entries, and each of them parsed."""

import re
from dataclasses import dataclass, replace

from msevidence.loaders.article_blocks import Block, find_blocks, is_short
from msevidence.loaders.article_builder import Builder
from msevidence.loaders.article_text import Text
from msevidence.loaders.article_words import DATE_WORD, REFERENCE_HEADINGS, heading_key, is_imprint
from msevidence.loaders.document import PassageKind
from msevidence.loaders.errors import SourceError
from msevidence.loaders.reference_links import LINK_LINE, TRAILER
from msevidence.loaders.references import parse_reference
from msevidence.loaders.text import Span

NUMBERS = (
    re.compile(r"[ \t]*\[(?P<number>\d{1,3})\]\.?(?:[ \t]+|$)", re.M),
    re.compile(r"[ \t]*(?P<number>\d{1,3})[.)](?:[ \t]+|$)", re.M),
    re.compile(r"[ \t]*\((?P<number>\d{1,3})\)(?:[ \t]+|$)", re.M),
    re.compile(r"[ \t]*(?P<number>\d{1,3})(?:\t+|[ \t]+(?=[^\W\d_]))"),
)
"""How a list prints its numbers; the first entry settles which of them this list uses."""
YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
FEWEST, MOST = 3, 0.8
"""Entries, and share of those with a year, of a list that is one of references though its heading is not known."""
FINISHED = re.compile(r"[.\])>!?]$|https?://\S+$")


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the source: its number with what is printed around it, and its text."""

    number: int
    label: Span
    start: int
    end: int


@dataclass(frozen=True)
class ReferenceList:
    """Heading and entries of a reference list; ``end`` is where the text after it starts."""

    heading: Block
    entries: tuple[Entry, ...]
    end: int
    links: tuple[Span, ...] = ()
    """Lines of links to databases between the entries."""


def find_reference_list(text: Text) -> ReferenceList | None:
    """Return the reference list of a text: the last heading of one that a first entry follows.

    Raises SourceError for a heading declared in the metadata that is not there, a list that does not start at 1, and
    numbers that stand twice or jump.
    """
    own = text.layout.reference_heading
    wanted = REFERENCE_HEADINGS if own is None else {heading_key(own)}
    headings = [b for b in _headings(text) if heading_key(b.text) in wanted]
    for heading in reversed(headings):
        style = next((p for p in NUMBERS if p.match(text.source, _first_line(text.source, heading.end))), None)
        if style is not None:
            entries, end, links = _entries(text, heading.end, style)
            return ReferenceList(heading, entries, end, links)
    if own is not None:
        message = (
            f"no heading {own!r} with numbered entries under it; correct layout.reference_heading in metadata.yaml"
        )
        raise SourceError(message, text.path)
    if headings:
        mend = "number the entries (1. …) as the markers in the text do"
        raise text.error(f"no numbered entries under the heading {headings[-1].text!r}; {mend}", headings[-1].start)
    return _by_look(text)


def _by_look(text: Text) -> ReferenceList | None:
    """Return the list under a heading of other words: numbered entries, most with the year of their publication."""
    for heading in reversed(_headings(text)):
        style = next((p for p in NUMBERS if p.match(text.source, _first_line(text.source, heading.end))), None)
        if style is None:
            continue
        try:
            entries, end, links = _entries(text, heading.end, style)
        except SourceError:
            continue  # another list, which need not count up
        dated = [e for e in entries if YEAR.search(text.source, e.start, e.end)]
        if len(entries) >= FEWEST and len(dated) >= MOST * len(entries):
            return ReferenceList(heading, entries, end, links)
    return None


def _headings(text: Text) -> list[Block]:
    """Return the short lines after a blank line; a list may follow on the next line."""
    lines = re.finditer(r"(?:\A|\n[^\S\n]*\n|\n\f)[^\S\n]*(?P<line>\S[^\n]*)", text.source)
    found = (find_blocks(text, m.start("line"), m.end("line")) for m in lines)
    return [blocks[0] for blocks in found if blocks and is_short(blocks[0].text.rstrip(":"))]


def _first_line(source: str, position: int) -> int:
    match = re.compile(r"\s*\n").match(source, position)
    return match.end() if match else position


def _entries(text: Text, position: int, style: re.Pattern[str]) -> tuple[tuple[Entry, ...], int, tuple[Span, ...]]:
    source = text.source
    entries: list[Entry] = []
    links: list[Span] = []
    blank = False
    start = _first_line(source, position)
    for line in source[start:].splitlines(keepends=True):
        end = start + len(line.rstrip())
        number = style.match(source, start, end)
        current = entries[-1] if entries else None
        if not line.strip() or any(e.start < end and start < e.end for e in text.edges):
            blank = True
        elif current and LINK_LINE.fullmatch(source, start, end):
            links.append(Span(start, end))
            blank = True
        elif number and _starts_entry(text, number, current):
            expected = current.number + 1 if current else 1
            if int(number["number"]) == 1 and current and blank and current.number > 1:
                break  # another list starts
            _check_number(text, int(number["number"]), expected, start)
            entries.append(Entry(expected, Span(start, number.end()), number.end(), end))
            blank = False
        elif (
            current is None
            or (blank and not _goes_on(text, current, start, end, style))
            or _ends_list(text, current, start, end, style)
        ):
            break
        else:
            entries[-1] = replace(current, end=end)
            blank = False
        start += len(line)
    last = max([entries[-1].end, *(s.end for s in links)])
    return tuple(entries), last, tuple(links)


def _ends_list(text: Text, entry: Entry, start: int, end: int, style: re.Pattern[str]) -> bool:
    """Say whether the imprint of the article follows its last entry without a blank line."""
    line = text.normal(start, end).text
    dated = DATE_WORD.match(line) is not None and is_imprint(line)
    finished = FINISHED.search(text.source[entry.start : entry.end].rstrip())
    return dated and finished is not None and not _more(text, entry, end, style)


def _more(text: Text, entry: Entry, position: int, style: re.Pattern[str]) -> bool:
    """Say whether the next entry stands behind ``position``."""
    pattern = re.compile(style.pattern, style.flags | re.M)
    return entry.number + 1 in (int(m["number"]) for m in pattern.finditer(text.source, position))


def _starts_entry(text: Text, number: re.Match[str], current: Entry | None) -> bool:
    """Say whether a line that starts with a number starts an entry, and is not the wrapped line of one.

    It does if it is the next one, or if the entry before it is complete or the number only one off.
    """
    value = int(number["number"])
    if current is None or value == current.number + 1:
        return True
    wrapped = "[" not in number.group() and text.source[number.end() :].lstrip()[:1].islower()
    if wrapped or _inside_address(text, number.start()):
        return False
    complete = FINISHED.search(text.source[current.start : current.end].rstrip())
    return complete is not None or value in (current.number, current.number + 2)


def _check_number(text: Text, number: int, expected: int, offset: int) -> None:
    if number == expected:
        return
    if number < expected:
        raise text.error(f"reference number {number} stands twice; number each entry once, in order", offset)
    what = "the reference list starts at" if expected == 1 else f"after reference {expected - 1} comes"
    raise text.error(f"{what} {number}; {expected} is missing: add that entry, or correct the number", offset)


def _goes_on(text: Text, entry: Entry, start: int, end: int, style: re.Pattern[str]) -> bool:
    """Say whether a line after a blank one belongs to the entry before it, which the page cuts."""
    if _inside_address(text, start):
        return True
    line = text.normal(start, end).text
    if is_imprint(line):
        return False
    if not FINISHED.search(text.source[entry.start : entry.end].rstrip()):
        return True
    if is_short(line):
        return False
    # A complete entry goes on only if more entries follow: then whatever stands between belongs to the list.
    return line[:1].islower() and _more(text, entry, end, style)


def _inside_address(text: Text, offset: int) -> bool:
    return any(a.span.start < offset < a.span.end for a in text.addresses)


def add_references(builder: Builder, listed: ReferenceList) -> None:
    """Add the entries of a reference list as passages, and the references read from them."""
    text = builder.text
    builder.furniture += listed.links
    for entry in listed.entries:
        raw = text.source[entry.start : entry.end]
        end = entry.start + len(raw.rstrip())
        while trailer := TRAILER.search(text.source[entry.start : end]):
            end = entry.start + trailer.start()
        if end < entry.end:
            builder.furniture.append(Span(end, entry.end))
        builder.furniture.append(entry.label)
        index = builder.add(PassageKind.REFERENCE, text.normal(entry.start, end))
        if index is None:
            raise text.error(f"reference {entry.number} is empty; print the entry", entry.label.start)
        try:
            reference = parse_reference(entry.number, index, _mended(text, entry.start, end), keep_hyphen=text.belongs)
        except ValueError as e:
            raise text.error(f"reference {entry.number}: {e}; correct it", entry.start) from e
        builder.tell_language(index, reference.title)
        printed = text.source[entry.start : end].strip()
        builder.document.references.append(replace(reference, printed=printed))


def _mended(text: Text, start: int, end: int) -> str:
    """Return an entry with its addresses in one piece, judged by the whole text, and its emphasis left in."""
    spans = [s for a in text.addresses for s in a.markup if start <= s.start and s.end <= end]
    spans = sorted([*spans, *(e for e in text.edges if start <= e.start and e.end <= end)])
    raw = text.source[start:end]
    for span in reversed(spans):
        raw = raw[: span.start - start] + raw[span.end - start :]
    return raw
