"""Lines of a search that are formal expressions, in the syntax of the databases' query languages.

PRISMA-S item 8 asks for search strings exactly as run. Such a line is in no language: it names fields, subject
headings, other lines, and truncated words, joined by operators.
"""

import re

_FORMAL = (
    r"^(?:AND|OR|NOT)$",
    r"^(?:#|S)?\d+\s+(?:and|or|not|AND|OR|NOT)\s+(?:#|S)?\d+",  # lines by their numbers
    r"#\d+\s+(?:and|or|not|AND|OR|NOT)\b|\b(?:and|or|not|AND|OR|NOT)\s+#\d+",
    r"^MeSH\s+[Dd]escriptors?\b",  # Cochrane Library
    r"^exp\s+\S.*/|^\S[^.]*/(?:\s*\(\d[\d ,]*\))?$",  # Ovid's subject headings, with their hits
    r"^(?:and|or)/\d+(?:[-,]\d+)*",  # Ovid's lines by their numbers: or/1-4
    r"\.[a-z]{2}(?:,[a-z]{2})+\.?$|\.[a-z]{2}\.$",  # Ovid's fields: .ti,ab.
    r":(?:[a-z]{2}(?:,|\b))+(?=[\s)]|$)",  # Cochrane's and Embase's fields: :ti,ab,kw
    r"(?<=[\w\"”')*])\[[A-Za-z][A-Za-z /:]{1,30}\]",  # fields of PubMed and INAHTA: [tiab]
    r"^\(*(?:TITLE|ABS|KEY|TI|AB|TS|MH|SU)\b[-A-Z]*\s*[=(\"]",  # Scopus, Web of Science, EBSCO
    r"'/(?:exp|de|mj)\b",  # Embase's subject headings
    r"\b(?:near|next|adj|n|w)/?\d+\b|\)\s+next\s+\(",  # distances
    r"\w\*",  # truncation
    r"[\"”)]\s+(?:AND|OR|NOT)\s+[\"“(]",
)
_PATTERN = re.compile("|".join(f"(?:{p})" for p in _FORMAL))


def is_search_string(text: str) -> bool:
    """Say whether a line of a search is a formal expression, not words on the search or in a form's fields.

    >>> [is_search_string(t) for t in ("#3 and #14", "(MSC or MSCT):ti,ab,kw", "Study type: clinical trials")]
    [True, True, False]
    """
    return _PATTERN.search(text) is not None
