"""What the three formats of ClinicalTrials.gov share: its categories, its numbers, dates, citations and links.

The API v2 writes categories as ``ACTIVE_NOT_RECRUITING``, the classic site and its XML as ``Active, not recruiting``:
https://clinicaltrials.gov/data-api/about-api/study-data-structure and its page on migration list both.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import CitedPublication, Coded, Dated, OtherNumber, Title
from msevidence.loaders.exports.values import numbers_in, other_number, plain, unmarked
from msevidence.loaders.registries.several_numbers import has_value
from msevidence.ontology.identifiers import FoundNumber, find_numbers, normalise_doi, number_in_url

ORIGIN = "ClinicalTrials.gov"
RIGHTS = (
    "ClinicalTrials.gov Terms and Conditions (https://clinicaltrials.gov/about-site/terms-conditions): free of charge; "
    "name the source and the day on which its data were processed, and say what was changed."
)

_STATUSES = (
    ("ACTIVE_NOT_RECRUITING", "Active, not recruiting", "active-not-recruiting"),
    ("COMPLETED", "Completed", "completed"),
    ("ENROLLING_BY_INVITATION", "Enrolling by invitation", "enrolling-by-invitation"),
    ("NOT_YET_RECRUITING", "Not yet recruiting", "not-yet-recruiting"),
    ("RECRUITING", "Recruiting", "recruiting"),
    ("SUSPENDED", "Suspended", "suspended"),
    ("TERMINATED", "Terminated", "terminated"),
    ("WITHDRAWN", "Withdrawn", "withdrawn"),
    ("UNKNOWN", "Unknown status", "unknown-status"),
    ("AVAILABLE", "Available", "available"),
    ("NO_LONGER_AVAILABLE", "No longer available", "no-longer-available"),
    ("TEMPORARILY_NOT_AVAILABLE", "Temporarily not available", "temporarily-not-available"),
    ("APPROVED_FOR_MARKETING", "Approved for marketing", "approved-for-marketing"),
    ("WITHHELD", "Withheld", "withheld"),
)
STATUS = {printed: concept for *both, concept in _STATUSES for printed in both}
"""Status as any format prints it → local name of the concept in the scheme ``status-as-registered``."""

KINDS = {
    "ACTUAL": "actual",
    "Actual": "actual",
    "ESTIMATED": "estimated",
    "Estimate": "estimated",
    "Anticipated": "estimated",
}
"""Type of a date or an enrolment → ``kind``."""

GRANTS = frozenset({"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT"})
"""Types of secondary ids that are numbers of grants: many studies share one, and it is nobody's registration."""
ID_TYPES = GRANTS | {"EUDRACT_NUMBER", "CTIS", "REGISTRY", "OTHER"}
REFERENCE_KINDS = {"RESULT": "result", "DERIVED": "derived", "BACKGROUND": "background"}

_DOI = re.compile(r"(?:\bdoi:\s*|doi\.org/)(10\.\d{4,9}/\S+)", re.IGNORECASE)
_PMID = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_PUBMED = re.compile(r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d+)", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,|]")

LONGEST_DATE = 40
"""Characters; what is longer is no date, and is not remembered."""
cached_date = lru_cache(maxsize=2**16)(read_date)
"""Dates repeat from record to record; reading one costs more than finding it again."""


def by_parent(ignored: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the last names of paths by what stands before them: the fields to be passed over at each place."""
    found: dict[str, set[str]] = {}
    for path in ignored:
        parent, _, key = path.rpartition(".")
        found.setdefault(parent, set()).add(key)
    return {parent: frozenset(keys) for parent, keys in found.items()}


def coded_status(printed: str | None, audit: Audit, label: str) -> Coded | None:
    """Return a status; one that is not known stays as printed, and is told."""
    if printed is None:
        return None
    concept = STATUS.get(printed)
    if concept is None:
        audit.tell(f"status={printed}", label)
    return Coded(printed, concept)


def kind_of(printed: str | None, audit: Audit, label: str) -> str | None:
    """Return whether a date or number is ``actual`` or ``estimated``; another word is told."""
    if printed is None:
        return None
    kind = KINDS.get(printed)
    if kind is None:
        audit.tell(f"type={printed}", label)
    return kind


def put_date(
    dates: dict[str, Dated], key: str, printed: str | None, field: str, kind: str | None = None
) -> dict[str, Dated]:
    """Add a date under ``key`` unless the source does not give it, or a better one stands there already."""
    if printed is not None and key not in dates:
        read = cached_date if len(printed) < LONGEST_DATE else read_date
        dates[key] = read(printed, field, kind=kind)
    return dates


def titles(public: str | None, scientific: str | None) -> list[Title]:
    """Return the titles of a record; the registry is in English."""
    given = (("public", public), ("scientific", scientific))
    return [Title(kind, text, "en") for kind, printed in given if printed and (text := unmarked(printed))]


def numbers_in_titles(found: Iterable[Title], own: FoundNumber) -> list[OtherNumber]:
    """Return the registry numbers that stand in titles, each once."""
    numbers = {n.number: n for title in found for n in numbers_in(title.text, "title", own.normalised)}
    return list({n.normalised: other for n, other in numbers.items() if n is not None}.values())


def other_numbers(
    empty: list[str], field: str, printed: str | None, role: str, label: str | None, link: str | None = None
) -> list[OtherNumber]:
    """Return the numbers in one field: several registry numbers in it are taken apart, and ``None`` is none.

    A field in which people wrote that there is no number is named in ``empty``.
    """
    if printed is None:
        return []
    if not has_value(printed):
        empty.append(field)
        return []
    if label is not None and label.partition(":")[0] in GRANTS:
        return [OtherNumber(plain(printed), role, label, None, link)]
    numbers = find_numbers(printed)
    if len(numbers) == 1 and len(numbers[0].printed) == len(printed):
        return [OtherNumber(printed, role, label, numbers[0], link)]  # as other_number would say, after more searches
    if len({n.normalised for n in numbers}) < 2:
        return [other_number(printed, role, label, link)]
    parts = [part.strip() for part in _SEVERAL.split(printed)]
    found: list[OtherNumber] = []
    for part in parts:
        inside = {n.normalised: n for n in find_numbers(part)}
        if len(inside) > 1:
            found += [OtherNumber(n.printed, role, label, n, link) for n in inside.values()]
        elif has_value(part):
            found.append(other_number(part, role, label, link))
    return found


def web_address(printed: str | None) -> str | None:
    """Return an address of the web; anything else (``javascript:``) is no link."""
    return printed if printed is not None and _ADDRESS.fullmatch(printed) else None


def cited(citation: str | None, kind: str | None, pmid: str | None, audit: Audit, label: str) -> CitedPublication:
    """Return a publication that a record cites; its DOI is taken from the citation."""
    if pmid is not None and not _PMID.fullmatch(pmid):
        audit.tell(f"pmid={pmid}", label)
        pmid = None
    text = plain(citation) if citation else None
    match = _DOI.search(text) if text else None
    return CitedPublication(text, kind, pmid, normalise_doi(match[1]) if match else None)


def see_also(text: str | None, url: str | None, own: FoundNumber) -> tuple[list[CitedPublication], list[OtherNumber]]:
    """Return what a link of a record leads to: a publication, a record of another registry, or neither."""
    address = web_address(url)
    if address is None:
        return [], []
    label = plain(text) if text else None
    pubmed = _PUBMED.match(address)
    doi = _DOI.search(address)
    if pubmed or doi:
        doi_name = normalise_doi(doi[1]) if doi else None
        return [CitedPublication(label, None, pubmed[1] if pubmed else None, doi_name)], []
    number = number_in_url(address)
    if number is None or number.normalised == own.normalised:
        return [], []
    return [], [OtherNumber(number.printed, "associated", label, number, address)]


def once(texts: Iterable[str]) -> list[str]:
    """Return texts in their order, each once."""
    return list(dict.fromkeys(texts))


_DESIGN = (
    ("allocation", "Allocation"),
    ("intervention_model", "Intervention Model"),
    ("observational_model", "Observational Model"),
    ("time_perspective", "Time Perspective"),
    ("masking", "Masking"),
    ("primary_purpose", "Primary Purpose"),
)


def design(**parts: str | None) -> str | None:
    """Return the design in the words of the registry's own CSV, so that it reads alike from all formats.

    >>> design(allocation="RANDOMIZED", masking="NONE")
    'Allocation: RANDOMIZED|Masking: NONE'
    """
    return "|".join(f"{name}: {text}" for key, name in _DESIGN if (text := parts.get(key))) or None
