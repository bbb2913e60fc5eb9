"""The content cell of a study's row: its paragraphs as entries, links, comments, conclusions, sites and prose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from msevidence.loaders.document import PassageKind, Place, RowEntry
from msevidence.loaders.labels import one_of, words
from msevidence.loaders.references import parse_reference
from msevidence.loaders.report_breaks import ADDRESS
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_pages import Line
from msevidence.loaders.text import Span
from msevidence.ontology.identifiers import find_numbers

LABEL = re.compile(r"^(?P<label>[^\W\d_][^:.“”\"]{1,79}):\s+")
SITE = re.compile(r"^(?P<place>[^\W\d_][^:]{1,39}):\s+(?P<numbers>.+?)(?:\s+\((?P<name>[^()]+)\))?$")
NUMBER_WORDS = re.compile(r"\b(?:EudraCT|EU[ -]?CT|EUCTR|CTIS|No|nr|number|nummer)\b\.?:?", re.IGNORECASE)
KINDS = ("registration", "publication", "conclusion", "comment", "description")


@dataclass
class Cell:
    """What a content cell holds, as indexes of passages; sites as (place, passage, own name)."""

    passages: list[int] = field(default_factory=list)
    entries: list[RowEntry] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    conclusions: list[int] = field(default_factory=list)
    descriptions: list[int] = field(default_factory=list)
    sites: list[tuple[str, int, str | None]] = field(default_factory=list)


def only_numbers(text: str) -> bool:
    """Say whether a text consists of registry numbers and the words that introduce them.

    >>> only_numbers("(NCT00000001, EudraCT 2001-000001-12/SE)"), only_numbers("Trial NCT00000001")
    (True, False)
    """
    found = find_numbers(text)
    rest = list(text)
    for number in found:
        rest[number.begin : number.end] = " " * (number.end - number.begin)
    return bool(found) and not re.search(r"\w", NUMBER_WORDS.sub("", "".join(rest)))


def label_of(text: str) -> tuple[str, str] | None:
    """Return kind and text of the label that a paragraph begins with, ``None`` where it has none that is known.

    >>> label_of("Conference abstract with results: Doe J. Title.")
    ('publication', 'Conference abstract with results')
    """
    found = LABEL.match(text)
    if found is None:
        return None
    label = found["label"]
    for kind in KINDS:
        if any(re.match(rf"{re.escape(word)}\b", label, re.IGNORECASE) for word in words(kind)):
            return kind, label
    return None


def is_site(text: str) -> re.Match[str] | None:
    """Return the parts of a line ``Place: number, number (NAME)``, ``None`` where it is none."""
    found = SITE.match(text)
    return found if found and only_numbers(found["numbers"]) else None


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of a cell as paragraphs; a sentence may run over an empty line or a page break."""
    found: list[list[Line]] = []
    for line in lines:
        before = found[-1][-1].text if found else ""
        apart = line.gap > 0 or line.first
        alone = bool(ADDRESS.match(line.text) or is_site(line.text) or label_of(line.text))
        closed = not before or bool(ADDRESS.match(before) or is_site(before))
        runs_on = (
            line.text[0].islower() or before.endswith("-") or (line.first and not re.search(r"[.:!?)”»]$", before))
        )
        if alone or closed or (apart and not runs_on):
            found.append([line])
        else:
            found[-1].append(line)
    return found


def read_cell(builder: Builder, lines: Sequence[Line], place: Place) -> Cell:
    """Add the passages of a content cell and return what they are.

    Raises SourceError for an entry with a date that does not exist.
    """
    cell = Cell()
    for paragraph in paragraphs(lines):
        spans = spans_of(paragraph)
        text = " ".join(line.text for line in paragraph)
        if ADDRESS.match(text):
            _link(builder, cell, spans, text, place)
            continue
        labelled = label_of(text)
        kind = labelled[0] if labelled else None
        if labelled and kind in ("registration", "publication"):
            entry = _entry(builder, spans, *labelled, place)
            cell.entries.append(entry)
            cell.passages += entry.passages
        elif kind in ("conclusion", "comment"):
            index = builder.line(PassageKind.TABLE_CELL, spans, place=place)
            (cell.conclusions if kind == "conclusion" else cell.comments).append(index)
            cell.passages.append(index)
        elif site := is_site(text):
            index = builder.line(PassageKind.TABLE_CELL, spans, place=place)
            cell.sites.append((site["place"], index, site["name"]))
            cell.passages.append(index)
        else:
            found = builder.sentences(PassageKind.TABLE_CELL, spans, place=place)
            _sort(builder, cell, found, described=kind == "description")
            cell.passages += found
    return cell


def _sort(builder: Builder, cell: Cell, found: list[int], *, described: bool) -> None:
    """File the sentences of a paragraph: a conclusion may stand in the middle of a description."""
    for index in found:
        text = builder.document.passages[index].text
        if re.match(rf"{one_of('conclusion')}\s*:", text):
            cell.conclusions.append(index)
        else:
            (cell.descriptions if described else cell.comments).append(index)


def _link(builder: Builder, cell: Cell, spans: list[Span], text: str, place: Place) -> None:
    """Add a printed address; it belongs to the entry above it that has none yet."""
    index = builder.line(PassageKind.LINK, spans, place=place)
    cell.passages.append(index)
    if cell.entries:
        last = cell.entries[-1]
        cell.entries[-1] = replace(last, passages=(*last.passages, index), url=last.url or text.strip("<> "))


def _entry(builder: Builder, spans: list[Span], kind: str, label: str, place: Place) -> RowEntry:
    index = builder.line(PassageKind.TABLE_CELL, spans, place=place, judged=False)
    content = builder.document.passages[index].content
    begin = content.text.index(":") + 1
    body = content.slice(begin, len(content.text))
    if kind == "registration":
        builder.tell_language(index, body.text)
        return RowEntry(label, (index,), None, title=body.text.rstrip("."))
    try:
        reference = parse_reference(0, index, body.text)
    except ValueError as e:
        raise builder.error(f"{e}; correct the date in the entry", body.starts[0]) from e
    builder.tell_language(index, reference.title)
    printed = builder.raw[body.starts[0] : body.ends[-1]]
    return RowEntry(label, (index,), replace(reference, printed=printed), title=reference.title)
