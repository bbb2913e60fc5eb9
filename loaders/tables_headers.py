"""What the columns of a table hold, and with them what the table is: told by general words of their headings.

The words are those of headings, in English and the Scandinavian languages; what a heading does not tell stays a cell.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msevidence.loaders.labels import chapter_role, words


class Column(StrEnum):
    """What a column holds."""

    NAME = "name"
    NUMBERS = "numbers"
    LINKS = "links"
    REFERENCES = "references"
    PARTICIPANTS = "participants"
    """Kind of people or disease, in words."""
    COMMENTS = "comments"
    CONCLUSIONS = "conclusions"
    DESCRIPTIONS = "descriptions"
    SOURCE = "source"
    """Database or other source that was searched."""
    DATE = "date"
    HITS = "hits"
    STRINGS = "strings"
    LINE = "line"
    """Number of a row or of a line of a search."""
    STEP = "step"
    """Box of a flow diagram."""
    COUNT = "count"
    REASON = "reason"
    ELEMENT = "element"
    """Element of a question, such as the population."""
    EXCLUDED = "excluded"


class Sort(StrEnum):
    """What a table is."""

    STUDIES = "studies"
    SEARCHES = "searches"
    FLOW = "flow"
    CRITERIA = "criteria"
    REFERENCES = "references"
    OTHER = "other"


def _any(*some: str) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(some, key=len, reverse=True))


_OTHER_TYPES = r"stud|design|publ|inter|treat|outcome|tiltak|behandl|utfall|data|arti|reg|rec|fors|trial|ref|search|søk"
"""What a type of is none of the disease."""
_HEADINGS: tuple[tuple[Column, str], ...] = (
    (Column.LINE, r"#|no\.?|nr\.?|number|nummer|line(?:\s+(?:no\.?|number))?|linje(?:nr\.?|nummer)?|row|rad"),
    (
        Column.NUMBERS,
        r"(?:study|studie|trial)?[\s-]*id(?:[\s-]*(?:no\.?|nr\.?|number|nummer))?"
        r"|(?:trial|study|clinical\s+trial)?\s*(?:registry|registration)(?:\s+(?:no\.?|numbers?|id))?"
        r"|(?:nct|eudract|isrctn)(?:[\s-]*(?:no\.?|nr\.?|number|nummer|id))?|identifiers?|trial\s+numbers?"
        r"|(?:studie)?registrering(?:s(?:nr\.?|nummer|numre))?|register(?:nr\.?|nummer)|studienummer|prøvningsnummer",
    ),
    (
        Column.NAME,
        r"(?:name|title|acronym|short\s+name)?\s*(?:of\s+)?(?:the\s+)?(?:stud(?:y|ies)|trials?)(?:\s+(?:name|title|acronym))?"
        r"|acronym|studie(?:r|n|ne)?(?:navn|namn|tittel)?|(?:studiens\s+)?(?:navn|namn)|akronym|study\s+\(.*\)|first\s+author.*"
        r"|forfatter\w*.*|authors?(?:,?\s+year)?",
    ),
    (Column.LINKS, r"(?:web\s*)?(?:links?|address(?:es)?|urls?|lenker?|länk(?:ar)?|(?:nett)?adresser?|webbadress)"),
    (
        Column.PARTICIPANTS,
        rf"(?:type|kind|form)\s+(?:of\s+|av\s+)?(?!{_OTHER_TYPES})\S+(?:\s\S+){{0,3}}"
        rf"|(?!{_OTHER_TYPES})\S+[\s-]+(?:type|form)|populations?|populasjon(?:en)?|diagnos(?:is|e|is)"
        r"|(?:type\s+)?disease(?:\s+type)?|sykdom(?:stype)?|sykdomsform|pasientgruppe|patient\s+group|condition",
    ),
    (Column.COMMENTS, rf"{_any(*words('comment'))}|notes?|kommentarer|merknader|remarks?"),
    (Column.CONCLUSIONS, _any(*words("conclusion"), "Konklusjon", "Konklusjoner", "Conclusions")),
    (Column.DESCRIPTIONS, _any(*words("description"))),
    (
        Column.STRINGS,
        r"(?:search\s+)?(?:strateg(?:y|ies)|strings?|terms?|query|queries)|søke?(?:streng(?:er)?|ord|strategi)|sökstr(?:äng|ategi)",
    ),
    (
        Column.SOURCE,
        r"(?:data)?base[rs]?|databases?(?:\s+.*)?|sources?(?:\s+searched)?|kilder?|källa|källor|registers?|registr(?:y|ies)",
    ),
    (
        Column.HITS,
        rf"{_any(*(w for w in words('search-hits') if w != 'References'))}|retrieved|records\s+(?:found|identified)",
    ),
    (Column.DATE, _any(*words("search-date"))),
    (Column.STEP, r"steps?|stage|box|phase|trinn|steg|boks|fase"),
    (Column.REASON, r"reasons?(?:\s+(?:for\s+)?exclu\w+)?|(?:eksklusjons)?(?:grunn|årsak)(?:er)?(?:\s+til\s+\w+)?"),
    (Column.ELEMENT, r"elements?|criteri(?:on|a)|kriteri(?:um|er|ene)|pico\w*"),
    (Column.EXCLUDED, rf"{_any(*words('exclusion'))}\w*(?:\s+criteria)?|eksklusjonskriterier"),
    (Column.REFERENCES, rf"{_any(*words('publications-column'))}s?"),
    (Column.COUNT, r"n|count|number(?:\s+of\s+.*)?|no\.\s+of\s+.*|antall(?:\s+.*)?|antal"),
)
_COMPILED = tuple((column, re.compile(rf"\W*(?:{pattern})\W*", re.IGNORECASE)) for column, pattern in _HEADINGS)
_FLOW = re.compile(
    r"\bprisma\b|\bflow\b|flyt(?:diagram|skjema)|flödes|\b(?:study\s+)?selection\b|utvelg|seleksjon|utvalg\s+av", re.I
)
_CRITERIA = re.compile(rf"\b(?:{_any(*words('criterion'))})\b", re.I)
ELEMENTS = 3
"""Rows that begin with the word of a criterion, for a table to be that of the criteria."""


def columns_of(header: Sequence[str]) -> dict[Column, list[int]]:
    """Return which columns hold what; a column is one thing, the first in the order of the words that fits.

    >>> {str(c): n for c, n in columns_of(["Studienavn", "ID-nummer", "Referanser", "Type MS"]).items()}
    {'name': [0], 'numbers': [1], 'references': [2], 'participants': [3]}
    >>> {str(c): n for c, n in columns_of(["Database", "Date", "Hits", "Search strategy"]).items()}
    {'source': [0], 'date': [1], 'hits': [2], 'strings': [3]}
    """
    found: dict[Column, list[int]] = {}
    for n, heading in enumerate(header):
        column = next((c for c, pattern in _COMPILED if heading and pattern.fullmatch(heading)), None)
        if column is not None:
            found.setdefault(column, []).append(n)
    return found


def sort_of(columns: Mapping[Column, Sequence[int]], caption: str, first: Sequence[str], numbered: bool) -> Sort:
    """Return what a table is, by its columns, its caption and its ``first`` column.

    ``numbered`` says whether rows of it have registry numbers.
    """
    if Column.SOURCE in columns and (Column.HITS in columns or Column.STRINGS in columns):
        return Sort.SEARCHES
    role = chapter_role(caption.strip().rstrip(":.")) if caption else None
    if role == "references" or (Column.REFERENCES in columns and set(columns) == {Column.LINE, Column.REFERENCES}):
        return Sort.REFERENCES
    counted = Column.COUNT in columns or Column.HITS in columns
    if counted and (Column.STEP in columns or Column.REASON in columns or _FLOW.search(caption)):
        return Sort.FLOW
    elements = {text.casefold() for text in first if _CRITERIA.match(text)}
    if len(elements) >= ELEMENTS and not numbered:
        return Sort.CRITERIA
    if numbered and (Column.NAME in columns or Column.NUMBERS in columns):
        return Sort.STUDIES
    return Sort.OTHER
