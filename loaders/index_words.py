"""How texts and identifiers are compared: as letters and digits, as words without accents, as numbers in any spelling.

The build writes what these functions return into the index, and the server applies them to what a reader typed.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

from msevidence.loaders.text import fold_dashes
from msevidence.ontology.identifiers import OTHER, InvalidNumberError, find_numbers, normalise_doi, parse_number

_NUMBERS = r"\d{1,3}(?:\s*[,;-]\s*\d{1,3})*"
_MARKER = re.compile(
    rf"\[?\\?\(\s*{_NUMBERS}(?:,\s*(?:s|p|pp)\.\s*[\d\s-]+)?\s*\\?\)(?:\]\(#?\))?|\[\s*{_NUMBERS}\s*\]"
)
WORD = re.compile(r"[^\W_]+")
# Letters that are no letter with an accent to Unicode, and that people who lack the key write so.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i"})
_OTHER_DASHES = str.maketrans(dict.fromkeys("\u00ac\u2043\ufe58\ufe63\uff0d", "-"))
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Soft hyphens, and signs without width or that only set the direction, which come along when text is copied."""

_PUBMED_ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed"
    r"|europepmc\.org/(?:article|abstract)/MED|identifiers\.org/pubmed[:/]|bioregistry\.io/pubmed:)/?(?P<n>\d{1,9})\b",
    re.IGNORECASE,
)
_PUBMED = re.compile(r"^(?:PMID|PubMed)(?:\s*ID)?\s*[:#.=]?\s*(?P<n>\d{1,9})\W*$", re.IGNORECASE)
_FIGURES = re.compile(r"^\d{1,9}$", re.ASCII)
_PMC = re.compile(r"(?:^|/|\bPMCID\s*[:#.=]?\s*|articles/)PMC\s*(?P<n>\d{1,9})(?:\.\d{1,2})?/?\W*$", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_LEAD = re.compile(r"^(?:<|\(|\[)?(?:https?://\S*?|doi(?:\.org)?\s*[:/=]?\s*|urn:doi:|info:doi/)?$", re.IGNORECASE)
_TAIL = ".,;:)]}>\"'”’»"
_LEADS = re.compile(
    r"^(?:(?:clinicaltrials\.gov|eudract|eu[ -]?ct(?:r)?|ctis|isrctn|nct|who|utn|trial|registration|registry|register"
    r"|identifier|id|number|nr|no|nummer|registernummer|studie|study)\b[\s.:#()-]*)+",
    re.IGNORECASE,
)


def letters(text: str) -> str:
    """Return what of a text is compared: its letters and digits, small, without citation markers.

    >>> letters("long-\\nterm ‘effect’ [\\\\(6\\\\)](#) of 10.0 % (6, 9–12).")
    'longtermeffectof100'
    """
    return "".join(WORD.findall(_without_markers(text)))


def words(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about: those of more than two letters."""
    return frozenset(word for word in WORD.findall(_without_markers(text)) if len(word) > 2)


def _without_markers(text: str) -> str:
    return _MARKER.sub(" ", fold_dashes(unicodedata.normalize("NFKC", text)).replace("\u00ad", "")).casefold()


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return a text as it is searched: small letters without accents, so that spellings without them meet.

    >>> fold("Holmøy ÆRLIG Håkon naïve Straße"), fold("Holmoy")
    ('holmoy aerlig hakon naive strasse', 'holmoy')
    """
    if text.isascii():
        return text.lower()
    small = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().translate(_PLAIN)
    if small.isascii():
        return small
    return _BEYOND_ASCII.sub(_base, unicodedata.normalize("NFD", small))


def _base(sign: re.Match[str]) -> str:
    return "" if unicodedata.combining(sign[0]) else sign[0]


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded, in order.

    >>> tokens('RAM-MS: "ærlig" NEAR(x* OR')
    ['ram', 'ms', 'aerlig', 'near', 'x', 'or']
    """
    return WORD.findall(fold(text))


def identity(value: str) -> str:
    """Return an identifier so that two spellings of one compare equal."""
    if doi := normalise_doi(value):
        return doi
    try:
        number = parse_number(value)
    except InvalidNumberError:
        return value.casefold()
    return value.casefold() if number.scheme == OTHER else f"{number.scheme} {number.normalised}"


def stored_key(scheme: str, value: str) -> str | None:
    """Return the key of an identifier in the index; None where the value is none of its scheme.

    >>> stored_key("registry", "NCT00273364"), stored_key("pmc", "PMC6942905"), stored_key("doi", "10.1000/X.")
    ('NCT NCT00273364', 'pmc 6942905', 'doi 10.1000/x')
    """
    if scheme == "registry":
        return identity(value)
    if scheme == "doi":
        doi = normalise_doi(value)
        return f"doi {doi}" if doi else None
    figures = value.strip().upper().removeprefix("PMC") if scheme == "pmc" else value.strip()
    if scheme in ("pubmed", "pmc"):
        return f"{scheme} {int(figures)}" if _FIGURES.match(figures) else None
    return _name(value)


def _name(value: str) -> str | None:
    """Return the key of a name: its letters and digits, so that a dash or a gap more or less does not hide it."""
    spelled = "".join(tokens(value))
    return f"name {spelled}" if spelled else None


def called(key: str) -> str:
    """Return the number of a key as it is written; empty where the key is that of a name, or any text.

    >>> called("doi 10.1000/x"), called("pubmed 123"), called("NCT NCT00273364"), called("name ramms"), called("a b")
    ('10.1000/x', 'PMID 123', 'NCT00273364', '', '')
    """
    scheme, _, value = key.partition(" ")
    if scheme not in ("doi", "pubmed", "pmc") and scheme.islower():  # registries have capitals
        return ""
    return {"pubmed": f"PMID {value}", "pmc": f"PMC{value}"}.get(scheme, value)


_SPACED = re.compile(r"(?<=\b20\d\d) (?=\d{6} \d\d\b)|(?<=\b20\d\d \d{6}) (?=\d\d\b)")
"""The gaps in a number of the European registers that is typed with spaces for its dashes."""


def asked_keys(text: str) -> list[str]:
    """Return the keys that a typed or pasted text may be the identifier of, the likeliest first.

    >>> asked_keys("nct 0027 3364"), asked_keys("EudraCT: 2007–000064–24")
    (['NCT NCT00273364'], ['EudraCT 2007-000064-24'])
    >>> asked_keys("https://doi.org/10.1000/First.2019."), asked_keys("PMID: 123")
    (['doi 10.1000/first.2019'], ['pubmed 123'])
    """
    clean = " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", fold_dashes(text).translate(_OTHER_DASHES))).split())
    if not clean or len(clean) > 400:
        return []
    clean = _SPACED.sub("-", clean)
    for scheme, pattern in (("pubmed", _PUBMED_ADDRESS), ("pubmed", _PUBMED), ("pmc", _PMC)):
        if match := pattern.search(clean):
            return [f"{scheme} {int(match['n'])}"]
    keys = [*_dois(clean), *_registry(clean)]
    bare = clean.rstrip(_TAIL)
    if _FIGURES.match(bare):
        keys.append(f"pubmed {int(bare)}")
    return list(dict.fromkeys(keys)) or [*filter(None, [_name(clean)]), clean.casefold()]


def _dois(text: str) -> list[str]:
    """Return the DOI that a text is: with what ends a sentence left out, and a bracket that closes what it opened."""
    decoded = unquote(text)
    match = _DOI.search(decoded)
    if match is None or not _DOI_LEAD.match(decoded[: match.start()]) or decoded[match.end() :].strip(_TAIL + " "):
        return []
    doi = match[0]
    while doi and doi[-1] in _TAIL and not (doi[-1] == ")" and doi.count("(") >= doi.count(")")):
        doi = doi[:-1]
    doi = doi.lower()
    return [f"doi {doi}", *([f"doi {doi.split(mark)[0]}" for mark in "?#" if mark in doi])]


_LETTERED = re.compile(r"(?i)\W*(?:nct|isrctn|actrn|drks)[\d\s-]+\W*")
"""A number of letters and figures alone, whose figures have gaps or dashes in them."""


def _registry(text: str) -> list[str]:
    """Return the registry numbers that a text is, with white space and dashes in it as they come."""
    address = "://" in text or text.lower().startswith("www.")
    tight = re.sub(r"(?i)\b(nct|isrctn)-(?=\d)", r"\1", re.sub(r"\s*-\s*", "-", text))
    bare = _LEADS.sub("", tight)
    joined = [re.sub(r"\s+", "", one) for one in (tight, bare)]
    if _LETTERED.fullmatch(bare):
        joined.append(re.sub(r"[\s-]+", "", bare))
    # Without white space a figure that stands beside the number would run into it: the text as it is goes first.
    spelled = (unquote(text), tight, bare, *joined) if len(text) < 60 or address else (unquote(text),)
    for candidate in (*spelled, *(one.upper() for one in spelled)):
        found = find_numbers(candidate)
        if found and (address or _little_else(candidate, found[0].begin, found[-1].end)):
            return [f"{number.scheme} {number.normalised}" for number in found]
    return []


def _little_else(text: str, begin: int, end: int) -> bool:
    """Say whether a text is a number with at most a few words that say what it is."""
    rest = _LEADS.sub("", text[:begin]) + " " + text[end:]
    return len(WORD.findall(rest)) <= 2
