"""Registry numbers of studies, and identifiers of publications: how they are found, read, compared and linked.

A registry number is kept in three parts: as printed, normalised, and the country suffix of an EU register.
The registries are the primary ones of the WHO ICTRP; the patterns are written as in bioregistry
(https://bioregistry.io), anchored regular expressions of the whole number. A EudraCT number that goes on with ``-NN``
is a CTIS number (Regulation (EU) No 536/2014), never both.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

OTHER = "other"
"""Scheme of a number that no registry's pattern covers: it is kept as printed."""

_FOLD = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")
# Before and after a number there is no letter or digit of the same word; one code point for one, so offsets stay.
_BEFORE = r"(?<![^\W_])(?<!\d-)"
_AFTER = r"(?![^\W_])"
_GAP = r"[\s#:.]{0,2}"
_COUNTRY = r"(?:[/-](?P<suffix>[A-Z]{2}|3rd|Outside-EU/EEA)(?![^\W_]))?"


class InvalidNumberError(ValueError):
    """Raised when a number names a registry but does not follow its pattern, or is a placeholder."""

    def __init__(self, printed: str, why: str) -> None:
        self.printed = printed
        super().__init__(
            f"registry number {printed!r}: {why}. Copy the number as the registry gives it, or leave it out."
        )


@dataclass(frozen=True)
class FoundNumber:
    """A registry number as it stands from ``begin`` to ``end`` (exclusive); the country suffix is apart."""

    scheme: str
    printed: str
    normalised: str
    suffix: str | None = None
    begin: int = 0
    end: int = 0

    @property
    def key(self) -> str:
        """The part of an IRI that stands for this number: it begins with the scheme where the number does not."""
        flat = re.sub(r"[^A-Za-z0-9-]+", "-", self.normalised).strip("-")
        named = self.scheme == OTHER or any(c.isalpha() for c in flat)
        return flat if named and self.scheme != OTHER else f"{self.scheme}-{flat}"


@dataclass(frozen=True)
class Scheme:
    """A registry's numbers: pattern of the normalised form, of the printed one, and the way from one to the other."""

    name: str
    registry: str
    pattern: str
    """Of the whole normalised number; also the pattern in the SHACL shape."""
    printed: str
    """With group ``n`` (or groups that ``build`` joins), and ``suffix`` where the register has countries."""
    build: Callable[[re.Match[str]], str]
    starts: str
    """Letters that claim the scheme, so that a number that begins with them and fails the pattern is an error."""


def _prefixed(name: str, registry: str, digits: str, *, tail: str = "", letters: str | None = None) -> Scheme:
    """Scheme of numbers that are letters followed by digits: ``NCT01234567``, printed with or without a gap."""
    prefix = letters or name
    return Scheme(
        name,
        registry,
        f"^{prefix}{digits}{tail}$",
        f"(?i:{prefix}){_GAP}(?P<n>{digits}{tail})",
        lambda m: prefix + m["n"].upper(),
        prefix,
    )


def _verbatim(name: str, registry: str, starts: str, rest: str, drop: str = "") -> Scheme:
    """Scheme of numbers taken sign for sign, after an optional prefix that other registers put before them.

    The letters at the start may be printed large or small: ``RBR-4GMG94`` is ``RBR-4gmg94``, as the registry writes it.
    """
    return Scheme(
        name,
        registry,
        f"^{starts}{rest}$",
        f"(?i:{drop})?(?i:{starts}(?P<n>{rest}))",
        lambda m: starts + (m["n"].upper() if name == "PER" else m["n"].lower()),
        starts,
    )


_EU = r"(?P<n>\d{4}-\d{6}-\d{2})"

SCHEMES: dict[str, Scheme] = {
    s.name: s
    for s in (
        _prefixed("NCT", "ClinicalTrials.gov", r"\d{8}"),
        Scheme(
            "CTIS",
            "EU Clinical Trials Information System",
            r"^\d{4}-\d{6}-\d{2}-\d{2}$",
            r"(?i:EUCT|CTIS)?(?P<n>\d{4}-\d{6}-\d{2}-\d{2})(?!-?\d)",
            lambda m: m["n"],
            "CTIS",
        ),
        Scheme(
            "EudraCT",
            "EU Clinical Trials Register",
            r"^\d{4}-\d{6}-\d{2}$",
            rf"(?i:EUCTR)?{_EU}(?!-?\d(?!rd)){_COUNTRY}",
            lambda m: m["n"],
            "EUCTR",
        ),
        _prefixed("ISRCTN", "ISRCTN registry", r"\d{8}"),
        _prefixed("IRCT", "Iranian Registry of Clinical Trials", r"\d+", tail=r"N\d+"),
        _prefixed("ACTRN", "Australian New Zealand Clinical Trials Registry", r"\d{14}"),
        Scheme(
            "ChiCTR",
            "Chinese Clinical Trial Registry",
            r"^ChiCTR(-[A-Z]+-)?\d+$",
            rf"(?i:ChiCTR)(?P<type>-[A-Z]+-)?(?(type)|{_GAP})(?P<n>\d+)",
            lambda m: f"ChiCTR{m['type'] or ''}{m['n']}",
            "ChiCTR",
        ),
        _verbatim("CTRI", "Clinical Trials Registry - India", "CTRI", r"/\d{4}/\d{2,3}/\d+"),
        _prefixed("DRKS", "German Clinical Trials Register", r"\d{8}"),
        _prefixed("ITMCTR", "International Traditional Medicine Clinical Trial Registry", r"\d{10}"),
        _verbatim("jRCT", "Japan Registry of Clinical Trials", "jRCT", r"(?:[a-z]\d{9}|\d{10})", "JPRN-"),
        Scheme(
            "UMIN",
            "UMIN Clinical Trials Registry",
            r"^(?:UMIN|C)\d{9}$",
            r"(?:(?i:JPRN-)?(?P<n>(?:(?i:UMIN)|C)\d{9}))",
            lambda m: m["n"].upper(),
            "UMIN",
        ),
        _verbatim("JapicCTI", "JAPIC Clinical Trials Information", "JapicCTI-", r"\d{6}", "JPRN-"),
        _verbatim("JMA", "JMACCT Clinical Trials Registry", "JMA-IIA", r"\d{5}", "JPRN-"),
        _prefixed("KCT", "Clinical Research Information Service, Korea", r"\d{7}"),
        _prefixed("LBCTR", "Lebanese Clinical Trials Registry", r"\d{10}"),
        Scheme(
            "NTR",
            "Netherlands Trial Register",
            r"^(?:NTR\d{1,5}|NL\d{3,4})$",  # NL numbers came in 2019; NL63 is a coronavirus
            rf"(?:(?i:NTR){_GAP}(?P<n>\d{{1,5}})|NL(?P<nl>\d{{3,4}}))",
            lambda m: f"NTR{m['n']}" if m["n"] else f"NL{m['nl']}",
            "NTR",
        ),
        _verbatim("OMON", "Overview of Medical Research in the Netherlands (OMON)", "NL-OMON", r"\d{5}"),
        _prefixed("PACTR", "Pan African Clinical Trials Registry", r"\d{15,16}"),
        _verbatim("PER", "Peruvian Clinical Trials Registry", "PER-", r"\d{3}-\d{2}(?:-[A-Z])?"),
        _verbatim("RBR", "Brazilian Clinical Trials Registry (ReBec)", "RBR-", r"[0-9a-z]{5,10}"),
        _prefixed("RPCEC", "Cuban Public Registry of Clinical Trials", r"\d{8}"),
        _verbatim("SLCTR", "Sri Lanka Clinical Trials Registry", "SLCTR", r"/\d{4}/\d{3,4}"),
        _prefixed("TCTR", "Thai Clinical Trials Registry", r"\d{11}"),
    )
}

_FIND = {name: re.compile(_BEFORE + s.printed + _AFTER) for name, s in SCHEMES.items()}
# What stands in every printed number of a scheme. Most texts have none of it, and need no search for each scheme.
_LETTERS = [(s.starts.upper(), name) for name, s in SCHEMES.items() if name not in ("CTIS", "EudraCT", "UMIN")]
_LETTERS.append(("NL", "NTR"))
_DIGIT, _EU_DIGITS, _UMIN_DIGITS = re.compile(r"\d"), re.compile(r"\d{4}-\d{6}-"), re.compile(r"\d{9}")
_CLAIMS = {name: re.compile(rf"{re.escape(s.starts)}\W?\d", re.IGNORECASE) for name, s in SCHEMES.items()}
_ANY_CLAIM = re.compile("|".join(claim.pattern for claim in _CLAIMS.values()), re.IGNORECASE)
# It begins before no sign that it takes, and gives none back: else a long run of signs is read as often as it is long.
_LABEL = re.compile(
    r"(?<![\s.:#-])(?:EudraCT|EU[ -]?CT|EUCTR|CTIS)?[\s-]*+(?:no|nr|number|nummer)?[\s.:#]*+(?=\d)", re.IGNORECASE
)
_LIKE_NUMBER = re.compile(
    r"(?:NCT|ISRCTN|IRCT|ACTRN|DRKS|EUCTR)\W?[\d-]+(?:/\w+)?|\d{4}-\d{6}-\d{2}(?:-\d{2})?", re.IGNORECASE
)
_LIKE_EU = re.compile(r"eudract\b.*|\d{4}-\d{5,7}-\d{1,3}(-\d+)?", re.IGNORECASE)


def fold(text: str) -> str:
    """Return ``text`` with every dash (U+2010 to U+2015, U+2212) as a hyphen; its length does not change."""
    return text if text.isascii() else text.translate(_FOLD)


def _possible(folded: str) -> list[str]:
    """Return the schemes of which a number may stand in ``folded``."""
    upper = folded.upper()
    if not _DIGIT.search(folded) and "RBR-" not in upper:  # the only number that may have no digit
        return []
    names = [name for letters, name in _LETTERS if letters in upper]
    if _EU_DIGITS.search(folded):
        names += ["CTIS", "EudraCT"]
    if _UMIN_DIGITS.search(folded):
        names.append("UMIN")
    return list(dict.fromkeys(names)) if len(names) > 1 else names


def _placeholder(normalised: str) -> bool:
    digits = [c for c in normalised if c.isdigit()]
    return len(digits) > 4 and len(set(digits)) == 1


def is_placeholder(printed: str) -> bool:
    """Say whether ``printed`` has the form of a registry number and is none: its digits are all the same, or count up.

    >>> is_placeholder("NCT00000000"), is_placeholder("EudraCT 0000-000000-00"), is_placeholder("NCT12345678")
    (True, True, True)
    >>> is_placeholder("NCT00273364"), is_placeholder("12345")
    (False, False)
    """
    text = _LABEL.sub("", fold(printed.strip()), count=1)
    if not _LIKE_NUMBER.fullmatch(text):
        return False
    digits = "".join(c for c in text if c.isdigit())
    return _placeholder(text) or digits in ("12345678", "01234567")


def find_numbers(text: str) -> list[FoundNumber]:
    """Return the registry numbers in ``text``, in order; placeholders (all digits the same) are left out.

    ``printed`` is the number as it stands, without a word such as ``EudraCT No.`` before it.
    """
    folded = fold(text)
    found: list[FoundNumber] = []
    for name in _possible(folded):
        for match in _FIND[name].finditer(folded):
            normalised = SCHEMES[name].build(match)
            if not _placeholder(normalised):
                begin, end = match.span()
                suffix = match.groupdict().get("suffix")
                found.append(FoundNumber(name, text[begin:end], normalised, suffix, begin, end))
    return sorted(found, key=lambda n: n.begin)


def parse_number(printed: str) -> FoundNumber:
    """Return the one registry number that ``printed`` is, with or without the word ``EudraCT`` before it.

    A number of a registry that is not known here has the scheme ``other`` and stays as printed.

    Raises:
        InvalidNumberError: when ``printed`` is empty or a placeholder, or begins like a known registry's number but
            does not follow its pattern.
    """
    text = printed.strip()
    if not text:
        raise InvalidNumberError(printed, "it is empty")
    folded = fold(text)
    possible = _possible(folded)
    for candidate in (folded, _LABEL.sub("", folded, count=1)) if possible else ():
        for name in possible:
            match = _FIND[name].fullmatch(candidate)
            if match:
                normalised = SCHEMES[name].build(match)
                if _placeholder(normalised):
                    raise InvalidNumberError(printed, "it is a placeholder, all its digits are the same")
                return FoundNumber(name, printed, normalised, match.groupdict().get("suffix"), 0, len(printed))
    if _ANY_CLAIM.match(folded):
        name = next(name for name, claim in _CLAIMS.items() if claim.match(folded))
        raise InvalidNumberError(printed, f"it does not follow the pattern of {name}, {SCHEMES[name].pattern}")
    if _LIKE_EU.fullmatch(folded):
        raise InvalidNumberError(printed, f"it does not follow the pattern of EudraCT, {SCHEMES['EudraCT'].pattern}")
    return FoundNumber(OTHER, printed, text, None, 0, len(printed))


def number_in_url(url: str) -> FoundNumber | None:
    """Return the registry number that stands in an address, ``None`` where there is none.

    ``printed`` and the offsets are those in the decoded address.
    """
    numbers = find_numbers(unquote(url))
    return numbers[0] if numbers else None


_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_IDENTIFIERS = "https://identifiers.org/"
_BIOREGISTRY = "https://bioregistry.io/"  # where identifiers.org has no such prefix
_PREFIX = {
    "NCT": (_IDENTIFIERS + "clinicaltrials", SCHEMES["NCT"].pattern),
    "ISRCTN": (_BIOREGISTRY + "isrctn", SCHEMES["ISRCTN"].pattern),
    "EudraCT": (_IDENTIFIERS + "euclinicaltrials", SCHEMES["EudraCT"].pattern),
    "DOI": (_IDENTIFIERS + "doi", r"^10\.\d{4,9}/\S+$"),
    "PubMed": (_IDENTIFIERS + "pubmed", r"^[1-9]\d*$"),
    "PMC": (_IDENTIFIERS + "pmc", r"^PMC\d+(\.\d+)?$"),  # .2 is the second version of an article
}


def normalise_doi(printed: str) -> str | None:
    """Return the DOI in ``printed`` (bare, ``doi:…`` or an address of doi.org), ``None`` where it is none.

    Letters are made small: DOI names compare without case (DOI Handbook §2.4, ISO 26324).
    """
    match = _DOI.match(unquote(printed.strip()))
    return match[1].rstrip(".,;").lower() if match else None


def same_doi(one: str, other: str) -> bool:
    """Return whether two printed DOIs name the same object."""
    first = normalise_doi(one)
    return first is not None and first == normalise_doi(other)


def outside_link(scheme: str, value: str) -> str | None:
    """Return the address where others keep the record of a normalised number or identifier.

    ``scheme`` is ``NCT``, ``ISRCTN``, ``EudraCT``, ``DOI``, ``PubMed`` or ``PMC``; for any other, and for a value that
    does not follow the pattern, there is no address: ``None``.
    """
    prefix, pattern = _PREFIX.get(scheme, ("", ""))
    if not prefix or not re.fullmatch(pattern, value):
        return None
    return f"{prefix}:{quote(value, safe='/():;.-_')}"
