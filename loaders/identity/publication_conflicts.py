"""What keeps two records of publications from being one, whatever identifier they share.

A shared identifier may be a slip of one of the records, and a supplement may print one DOI over all of its abstracts.
Titles and kinds never join; they only stop. What a record does not say stops nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.identity.names import fold
from msevidence.loaders.identity.publication_keys import doi_of_key, normal_pmcid, normal_pmid
from msevidence.ontology.identifiers import normalise_doi

YEARS_APART = 1
"""Years between the dates of one work: ahead of print, and in an issue of the next year."""
LIKE = 0.5
"""Share of the words of the shorter title that the other has, from which on two titles may be of one work: measured on
the labelled publications, whose titles of one work share 0.8 at the least where both are printed whole."""
FEWEST = 3
"""Words that a title must have to be compared word by word."""
GENERAL = frozenset({"journal-article"})
"""Kinds under which bibliographic services also put those of a sharper name: they contradict none of IN_JOURNALS."""
IN_JOURNALS = frozenset(
    {
        *("conference-abstract", "protocol", "systematic-review", "review-article", "guideline", "opinion"),
        *("commentary", "position-statement", "hta-report", "letter", "editorial"),
    }
)
ALIKE = (
    frozenset({"systematic-review", "review-article", "hta-report"}),
    frozenset({"guideline", "position-statement", "review-article"}),
    frozenset({"commentary", "opinion", "letter", "editorial"}),
    frozenset({"newspaper-article", "web-page"}),
    frozenset({"hta-report", "web-page", "guideline"}),
)
"""Kinds that two services may give to one work."""
_NOTICES = {
    "correction": r"corrections?|corrigend(?:um|a)|errat(?:um|a)|author correction|publisher correction|rettelse",
    "retraction": r"retraction(?: note)?|withdrawal|expression of concern",
    "comment": r"comments?(?= on| to|:)|commentary(?= on| to|:)|repl(?:y|ies)|in reply|authors?['’]? (?:reply|response)"
    r"|response(?= to|:)|letter(?= to|:)|re(?=:)",
}
_NOTICE = {name: re.compile(rf"\W*(?:{words})\b", re.IGNORECASE) for name, words in _NOTICES.items()}
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^<>]{1,40}>")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d", re.ASCII)
_TRANSLATED = re.compile(r"\s*\[.*\]\W*", re.DOTALL)


@dataclass(slots=True)
class Said:
    """What all records of one publication say, so far as they are one."""

    dois: set[str] = field(default_factory=set)
    pmids: set[str] = field(default_factory=set)
    pmcids: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)

    def take_in(self, other: "Said") -> None:
        for name in Said.__slots__:
            getattr(self, name).update(getattr(other, name))


def said_by(facts: Iterable[PublicationFact]) -> Said:
    """Return what records say that have one key."""
    said = Said()
    for fact in facts:
        said.dois.update(d for d in (normalise_doi(fact.doi) if fact.doi else None, doi_of_key(fact.key)) if d)
        said.pmids.update(p for p in (normal_pmid(fact.pmid),) if p)
        said.pmcids.update(p for p in (normal_pmcid(fact.pmcid),) if p)
        said.kinds.update(k for k in (fact.kind,) if k)
        said.years.update(y for y in (year_of(fact.year),) if y)
        said.titles.update(t for t in (fact.title,) if t)
    return said


def year_of(printed: str | None) -> int | None:
    """Return the year in a printed one (``2023 (accessed)``).

    >>> year_of("2019"), year_of("in press")
    (2019, None)
    """
    match = _YEAR.search(printed or "")
    return int(match[0]) if match else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """What keeps two publications apart, in words that end a sentence."""

    about: str
    """``titles``, ``years``, ``kinds`` or ``identifiers``."""
    english: str
    norwegian: str


def conflict(one: Said, other: Said, *, by_print: bool = False) -> Conflict | None:
    """Return what keeps two publications apart, ``None`` where nothing does.

    ``by_print`` for two that share no identifier: then a comment is no article of the same page, either.
    """
    # Titles first: of two that differ in the title, too, nobody needs to be told that they are not one.
    if one.titles and other.titles and not any(one_title(a, b) for a in one.titles for b in other.titles):
        return _conflict("titles", "titles", "titler", {min(one.titles)}, {min(other.titles)})
    if one.years and other.years and min(abs(a - b) for a in one.years for b in other.years) > YEARS_APART:
        return _conflict("years", "years", "årstall", set(map(str, one.years)), set(map(str, other.years)))
    if one.kinds and other.kinds and not any(_one_kind(a, b, by_print) for a in one.kinds for b in other.kinds):
        return _conflict("kinds", "kinds", "typer", one.kinds, other.kinds)
    for name, mine, theirs in (
        ("DOI", one.dois, other.dois),
        ("PMID", one.pmids, other.pmids),
        ("PMCID", one.pmcids, other.pmcids),
    ):
        if mine and theirs and not mine & theirs:
            return _conflict("identifiers", f"values of {name}", f"verdier av {name}", mine, theirs)
    return None


def _conflict(about: str, english: str, norwegian: str, mine: set[str], theirs: set[str]) -> Conflict:
    values = "; ".join(sorted(f"“{', '.join(sorted(v))}”" for v in (mine, theirs)))
    return Conflict(about, f"they have different {english} ({values})", f"de har ulike {norwegian} ({values})")


def _one_kind(one: str, other: str, by_print: bool) -> bool:
    if one == other or any(one in kinds and other in kinds for kinds in ALIKE):
        return True
    for general, sharp in ((one, other), (other, one)):
        if general in GENERAL and sharp in IN_JOURNALS:
            return not (by_print and sharp in ALIKE[2])
    return False


def one_title(one: str, other: str) -> bool:
    """Say whether two titles may be of one work.

    >>> one_title("Stem cells in MS: a randomized trial", "Stem cells in MS")
    True
    >>> one_title("Correction: Stem cells in MS", "Stem cells in MS")
    False
    >>> one_title("[Stem cells in multiple sclerosis]", "Stamceller ved multippel sklerose")
    True
    """
    if notice(one) != notice(other):
        return False
    if _TRANSLATED.fullmatch(one) or _TRANSLATED.fullmatch(other):  # as MEDLINE marks titles that it has translated
        return True
    mine, theirs = words(one), words(other)
    if not mine or not theirs:
        return True
    shared, shorter = len(mine & theirs), min(len(mine), len(theirs))
    return shared >= LIKE * shorter if shorter >= FEWEST else shared > 0


def notice(title: str) -> str | None:
    """Return what a title says that a text is, where it is about another: a correction, a retraction, a comment.

    >>> notice("Erratum to: Stem cells"), notice("RETRACTED: Stem cells"), notice("Reply")
    ('correction', None, 'comment')
    """
    return next((name for name, pattern in _NOTICE.items() if pattern.match(title)), None)


@lru_cache(maxsize=2**16)
def words(title: str) -> frozenset[str]:
    """Return the words of a title, without case and accents."""
    return frozenset(_WORD.findall(fold(_TAG.sub("", title))))
