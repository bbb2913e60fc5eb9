"""Tables of studies: what each row (or column) holds, and the words by which a text can mean one table and no other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rdflib import DCTERMS

from msevidence.loaders.review.number_words import FUNCTION_WORDS
from msevidence.loaders.review.view import Document, Passage, Table

_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-–’'][^\W_]+)*|\d+")
_STUDY = re.compile(
    r"\b(?:stud(?:y|ies|ie\w*)|trials?|RCT\w*|forsøk\w*|authors?|forfatter\w*|first author|reviews?|oversikt\w*)\b",
    re.I,
)
_ATTRIBUTE = re.compile(
    r"population|populasjon|participants|deltakere|patients|pasienter|intervention|treatment|tiltak|behandling|design|"
    r"comparat|comparison|sammenlign|outcome|utfall|effe[ck]t|results?\b|resultat|follow.?up|oppfølging|sample size|"
    r"country|land\b|year|år\b|setting|duration|varighet|n\b|number|antall|age\b|alder|methods?\b|metode|funding",
    re.I,
)
_NAMED = re.compile(r"\bet al\b|\((?:19|20)\d\d[a-z]?\)|\[\d+\]|\b[A-Z][\w’'-]+,? (?:19|20)\d\d[a-z]?\b")
"""How studies are named at the head of a row or column: ``Berg 2012``, ``Dahl et al``, ``Lie [7]``."""
_SUM = re.compile(r"^(?:total\w*|sum|i alt|totalt|overall|all|alle|pooled|samlet)\b", re.I)
_QUOTED = re.compile(r"[“”\"«][^“”\"«»]*[“”\"»]")
_LABEL = re.compile(r"^(?P<label>[^\W\d_][^:.“”\"]{2,70}):\s")
_SAME = (
    {"completed", "complete", "finished", "fullført", "fullførte", "ferdigstilt", "ferdigstilte", "avsluttet"},
    {"ongoing", "pågående", "igangværende", "running"},
    {"planned", "planlagt", "planlagte"},
    {"included", "inkluderte", "inkludert"},
    {"excluded", "ekskluderte", "ekskludert"},
)
SHORT_CELL = 6
"""Words of a cell that can be a value and no sentence."""


def words_of(text: str) -> list[str]:
    """Return the words that carry meaning, in small letters.

    >>> words_of("Fullførte randomiserte studier på MSCT (n = 7)")
    ['fullførte', 'randomiserte', 'studier', 'msct']
    """
    found = (w.lower() for w in _WORD.findall(text))
    return [w for w in found if w not in FUNCTION_WORDS and not w.isdigit() and len(w) > 1]


def alike(one: str, other: str) -> bool:
    """Say whether two words are forms of one word, or words for one status in two languages.

    >>> alike("tidsskriftsartikler", "tidsskriftsartikkel"), alike("studie", "studieprotokoll")
    (True, False)
    """
    if one == other or any(one in group and other in group for group in _SAME):
        return True
    short, long_ = sorted((len(one), len(other)))
    if short < 4 or long_ - short > 3:
        return False
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), short)
    return common >= max(4, short - (3 if short >= 8 else 2))


def among(word: str, words: Iterable[str]) -> bool:
    """Say whether a form of a word is among others."""
    return any(alike(word, w) for w in words)


@dataclass(frozen=True, eq=False)
class Entry:
    """One study of a table: a row, or in a table that is turned a column."""

    name: str
    passages: tuple[Passage, ...]
    cells: dict[int, str]
    """Text of each cell by column (of a turned table: by row)."""

    @cached_property
    def labels(self) -> list[list[str]]:
        """Return the words of each label in its cells: ``Journal article: …``."""
        found = (_LABEL.match(p.text) for p in self.passages if p.kind == "table-cell")
        return [words_of(m["label"]) for m in found if m]

    @cached_property
    def remarks(self) -> list[str]:
        """Return what its cells say outside quotations."""
        return [_QUOTED.sub("", p.text) for p in self.passages if p.kind == "table-cell"]


@dataclass(frozen=True, eq=False)
class StudyTable:
    """A table with a study an entry."""

    table: Table
    name: str
    """``Table 3``, or its caption."""
    number: str | None
    entries: tuple[Entry, ...]
    words: frozenset[str]
    """Of its caption and of the headings that it stands under, but the uppermost."""
    section: str | None
    ordinal: int
    rests: tuple[Passage, ...]
    """Its caption, or its first header."""

    def values(self, column: int) -> list[list[str]]:
        """Return the values of a column, those of one cell apart: ``RRMS, SPMS``. Empty where it has sentences."""
        cells = [e.cells.get(column, "") for e in self.entries]
        if not all(len(c.split()) <= SHORT_CELL for c in cells):
            return []
        return [[v for part in re.split(r"[,;/()]", c) if (v := part.strip())] for c in cells]


def study_tables(document: Document) -> list[StudyTable]:
    """Return the tables of a document whose rows or columns are studies, in reading order."""
    found = []
    for table in document.tables:
        head = table.text(0, 0)
        first = min((p for r in table.cells.values() for c in r.values() for p in c), key=lambda p: p.ordinal)
        caption = table.caption.text if table.caption else table.label or ""
        if not (_STUDY.search(head) or (_STUDY.search(caption) and _STUDY.search(head or "study"))):
            continue
        entries = _entries(table)
        if not entries:
            continue
        titles = document.section_titles(first)
        number = re.match(r"(?:table|tabell|tab\.)\s*(\w*\d+)", table.label or caption, re.I)
        name = re.split(r"(?<=\d)[.:]?\s", caption)[0] if number else caption
        found.append(
            StudyTable(
                table,
                name.rstrip(":.") or "the table",
                number[1] if number else None,
                entries,
                frozenset(words_of(" ".join([re.sub(r"^\w+\s\d+", "", caption), *titles]))),
                first.section,
                first.ordinal,
                (table.caption or first,),
            )
        )
    return found


def _entries(table: Table) -> tuple[Entry, ...]:
    rows = [r for r in sorted(table.cells) if r > 0]
    if not rows or len(table.columns) < 2:
        return ()
    names = {r: table.text(r, 0) for r in rows}
    heads = [table.text(0, c) for c in table.columns if c > 0]
    of_studies = sum(bool(_NAMED.search(h)) for h in heads) * 2 > len(heads) > 1
    turned = of_studies and not any(_NAMED.search(n) for n in names.values())
    if len(rows) > 1 and (turned or sum(bool(_ATTRIBUTE.match(n)) for n in names.values()) * 2 > len(rows)):
        return tuple(
            Entry(
                table.text(0, c),
                tuple(p for r in [0, *rows] for p in table.cells.get(r, {}).get(c, ())),
                {r: table.text(r, c) for r in rows},
            )
            for c in table.columns
            if c > 0 and table.text(0, c)
        )
    found: list[Entry] = []
    for r in rows:
        cells = table.cells[r]
        alone = len([c for c in cells if table.text(r, c)]) == 1 and len(table.columns) > 2
        if (alone and names[r]) or _SUM.match(names[r]):
            continue  # a heading among the rows, or a sum below them
        passages = tuple(p for c in sorted(cells) for p in cells[c])
        texts = {c: table.text(r, c) for c in sorted(cells)}
        if not names[r] or (found and names[r] == found[-1].name):
            if found:  # a row that goes on
                found[-1] = Entry(found[-1].name, found[-1].passages + passages, found[-1].cells)
        else:
            found.append(Entry(names[r], passages, texts))
    return tuple(found)


def telling(tables: list[StudyTable]) -> set[str]:
    """Return the words that some of the tables have and others have not: by them a text tells which it means."""
    return {w for t in tables for w in t.words if not all(among(w, other.words) for other in tables)}


def title_words(document: Document) -> set[str]:
    """Return the words of a document's title, which tell nothing apart."""
    return set(words_of(document.thing.value(DCTERMS.title) or ""))
