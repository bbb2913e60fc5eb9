"""Names of persons, posts and places of work in the front matter of an article, and statements of interests."""

import re

from msevidence.loaders.article_words import AND, INTEREST_HEADINGS, heading_key
from msevidence.loaders.names import ORGANISATION

NAME = re.compile(r"(?:[^\W\d_][\w'’.-]*\.?)(?:\s+[^\W\d_][\w'’.-]*\.?){1,4}")
DEGREE = re.compile(r",?\s*\b(?:MD|PhD|Ph\.D\.|Dr\. med\.|MSc|BSc|MPH|RN|professor|overlege|dr\.med\.)(?=\W|$)")
TITLE = re.compile(r"^(?:(?:Prof|Dr|PD|Priv\.-Doz|Professor|med|rer|nat)\.?\s+)+(?=[^\W\d_])")
RAISED = re.compile(r"[⁰¹²³⁴-⁹]+(?:\s?[,˒]\s?[⁰¹²³⁴-⁹]+)*")
LETTERED = re.compile(r"(?<=[^\W\d_])\s[a-h](?:,\s?[a-h])*\*?(?=\s*(?:[,;]|$))")
"""Letters behind a name that mark its place of work: ``R Roe PhD b,c``."""
UNIT = re.compile(
    r"\b(?:avdeling|avdelning|faculty|fakultet|abteilung|seksjon|division|unit\b)|klinik|clinic|läkarhuset", re.I
)
POST = re.compile(
    r"\b(?:överläkare|läkare|docent|forskare|overlege|lege|dosent|forsker|stipendiat|professor|konsulent|lektor"
    r"|consultant|physician|researcher|lecturer|fellow|Oberarzt|Oberärztin|Chefarzt|Chefärztin|overlæge|læge)\b",
    re.I,
)
MARK = re.compile(r"^(?:[⁰¹²³⁴-⁹*†‡§]+|\(?\d{1,2}\)?[.)]?|[a-h][.)]?)\s*(?=[^\W\d_])")
"""The mark of an affiliation at the head of its line; the same stands behind the author's name."""
STATEMENT = re.compile(r"(?P<head>[^.:]{2,60}?)\s?[.:]\s")
"""A statement that its first words head, in the line itself: ``Competing interests: none.``"""


def author_names(text: str) -> list[str]:
    """Return the names of a line that holds nothing but names of persons, else nothing.

    >>> author_names("Anna Testsson, Lars Påhittad och Ida af Prov")
    ['Anna Testsson', 'Lars Påhittad', 'Ida af Prov']
    >>> author_names("Original article")
    []
    """
    plain = LETTERED.sub("", RAISED.sub("", re.sub(r"^(?:By|Av|Von)\s+", "", text)))
    plain = re.sub(r"(?<=[^\W\d_])[\d*†‡,]*\d(?=\W|$)", "", DEGREE.sub("", plain))
    pieces = [bare_name(p) for p in AND.split(plain) if bare_name(p)]
    return pieces if pieces and all(is_name(p) for p in pieces) else []


def statement_of(text: str) -> bool:
    """Say whether a paragraph declares interests under words of its own: ``Competing interests: none declared.``"""
    statement = STATEMENT.match(text)
    return statement is not None and heading_key(statement["head"]) in INTEREST_HEADINGS


def bare_name(name: str) -> str:
    """Return a name without title and marks (``Dr. med. Max Mustermann1``)."""
    return TITLE.sub("", RAISED.sub("", name).strip(" *†‡§")).strip(" *†‡§")


def names_person(text: str, name: str) -> bool:
    """Say whether a statement names a person: by surname or by initials."""
    initials = "".join(w[0] for w in re.split(r"[\s-]+", name) if w[0].isupper())
    pattern = rf"\b{re.escape(name.split()[-1])}\b" + (rf"|\b{initials}\b" if len(initials) > 1 else "")
    return re.search(pattern, text) is not None


def is_place(line: str) -> bool:
    """Say whether a line is an address of work: it begins with an institution, with commas between its parts."""
    head = line.partition(",")[0]
    return "," in line and len(head.split()) <= 10 and head[:1].isupper() and is_affiliation(head)


def is_name(text: str) -> bool:
    text = bare_name(text)
    words = text.split()
    if not words:
        return False
    large = [w for w in words if w[0].isupper()]
    capitals = words[0][0].isupper() and words[-1][0].isupper() and len(large) >= 2
    return bool(NAME.fullmatch(text)) and capitals and not ORGANISATION.search(text)


def is_affiliation(text: str) -> bool:
    return ORGANISATION.search(text) is not None or UNIT.search(text) is not None
