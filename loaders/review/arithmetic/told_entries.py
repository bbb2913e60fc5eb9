"""Which entries of a table of studies a clause speaks of: by their labels, the values of a column, or their remarks."""

import re
from collections.abc import Sequence

from msevidence.loaders.review.arithmetic.study_rows import Entry, StudyTable, alike, among, words_of

_NO_RESULTS = re.compile(
    r"\b(?:ikke|ingen|inga|uten|no|not|none|without|nor|neither|lack\w*|mangle\w*)\b(?!\s(?:signifi[ck]ant|positiv))"
    r"(?:\s[\w-]+){0,3}?\s(?:resultat\w*|results?|publi[cks]\w+)\b|\b(?:results?|publi[cks]\w+)\s"
    r"(?:(?:are|were|is|was|have|has)\s)?not\s(?:yet\s)?(?:been\s)?(?:found|reported|published|available|posted)\b",
    re.I,
)
_NO = re.compile(r"\b(?:ikke|ingen|inga|uten|no|not|none|without|neither|nor)\b", re.I)
_PUBLISHED = re.compile(
    r"\b(?:publisert?e?|rapportert?e?|published|reported)\s(?:\w+\s)?(?:resultat\w*|results?)\b|"
    r"\b(?:results?|resultat\w*)\s(?:\w+\s){0,3}(?:published|reported|publisert|rapportert)\b",
    re.I,
)
_FORM = re.compile(
    r"arti[ck]|paper|konferanse|conference|abstract|sammendrag|protoko|protocol|poster|preprint|rapport|report|"
    r"publi[ck]a|regist|thesis|avhandling|letter|brev",
    re.I,
)


def told(entries: Sequence[Entry], tables: Sequence[StudyTable], clause: str) -> list[Entry] | None:
    """Return the entries that a clause tells of; ``None`` where nothing of it can be seen in a table."""
    words = words_of(clause)
    if _NO_RESULTS.search(clause):
        return [e for e in entries if _without_results(e)] or None
    if _NO.search(clause):
        return None
    labelled = [label for e in entries for label in e.labels if _is_form(label) and _says(label, words)]
    if labelled:
        return [e for e in entries if any(_is_form(label) and _says(label, words) for label in e.labels)]
    if _PUBLISHED.search(clause):
        none = [e for e in entries if _without_results(e)]
        return [e for e in entries if e not in none] if none else None
    if len(tables) != 1:
        return None
    return _with_value(tables[0], words, clause)


def _is_form(label: Sequence[str]) -> bool:
    return any(_FORM.search(w) for w in label)


def _says(label: Sequence[str], words: Sequence[str]) -> bool:
    """Say whether each word of a label is in a clause: one with ``protocol`` is not what a clause without it means."""
    return all(among(w, words) for w in label)


def _without_results(entry: Entry) -> bool:
    return any(_NO_RESULTS.search(r) for r in entry.remarks)


def _with_value(table: StudyTable, words: Sequence[str], clause: str) -> list[Entry] | None:
    """Return the entries with the one value of a column that a clause names."""
    only = re.search(r"\b(?:only|solely|bare|kun|utelukkende)\b", clause, re.I)
    for column in table.table.columns[1:]:
        cells = table.values(column)
        named = {v for cell in cells for v in cell if _value_named(v, words, clause)}
        if len(named) == 1:
            (value,) = named
            return [
                e
                for e, cell in zip(table.entries, cells, strict=True)
                if value in cell and (not only or len(cell) == 1)
            ]
    return None


def _value_named(value: str, words: Sequence[str], clause: str) -> bool:
    if re.fullmatch(r"[A-Z][A-Z\d-]+", value):
        return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", clause) is not None
    own = words_of(value)
    return 0 < len(own) <= 3 and all(any(alike(w, o) for o in words) for w in own)
