"""Keys of publications that no catalogue lists: made from an identifier, reversible, so that no two share one.

A key may hold ASCII letters, digits and ``. _ -`` only (``ontology/iris.py``), a DOI nearly anything (DOI Handbook
§2.2). DOIs compare without case, so that capitals are free: what a key may not hold becomes ``_`` and the two capital
hexadecimal digits of each of its bytes in UTF-8.
"""

import hashlib
import re
from collections.abc import Collection
from urllib.parse import unquote

from msevidence.ontology.identifiers import normalise_doi
from msevidence.ontology.iris import InvalidKeyError, slug

LONGEST = 160
"""Letters of a DOI in a key; the longest seen in PubMed, with a SICI in it, has 90."""
_DOI_KEY = re.compile(r"doi-10\.\d{4,9}-\S+|doi-sha256-[0-9a-f]{64}", re.ASCII)
_PMID_KEY = re.compile(r"pmid-[1-9]\d*", re.ASCII)
_PMCID_KEY = re.compile(r"pmcid-[1-9]\d*", re.ASCII)
_WORK_KEY = re.compile(r"work-.+-[0-9a-f]{16}|record-[0-9a-f]{12}", re.ASCII)
"""By what the work says of itself, or by its record, where it has no identifier at all."""
_PMID = re.compile(r"(?:pmid:?\s*)?0*([1-9]\d{0,9})", re.IGNORECASE | re.ASCII)
_PMCID = re.compile(r"(?:pmcid:?\s*)?(?:PMC)?0*([1-9]\d{0,9})(?:\.\d+)?", re.IGNORECASE | re.ASCII)
_PUBMED_ADDRESS = re.compile(
    r"\b(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d+)\b", re.IGNORECASE | re.ASCII
)
_PMC_ADDRESS = re.compile(r"\bPMC\d+\b", re.IGNORECASE | re.ASCII)
_DOI_ADDRESS = re.compile(r"[/=:](10\.\d{4,9}/[^\s?&#]+)$", re.ASCII)


def publication_key(
    doi: str | None = None, pmid: str | None = None, pmcid: str | None = None, fingerprint: str | None = None
) -> str | None:
    """Return the key of a publication by the first of its identifiers that follows its pattern, ``None`` without any.

    ``fingerprint`` is what the rule same-author-year-container-page compares, as one text.

    >>> publication_key("10.1016/S0140-6736(15)00393-0"), publication_key(pmid="30644983")
    ('doi-10.1016-s0140-6736_2815_2900393-0', 'pmid-30644983')
    >>> publication_key(pmcid="PMC6439765"), publication_key()
    ('pmcid-6439765', None)
    """
    if doi and (normal := normalise_doi(doi)) is not None and not normal.endswith("/"):
        return _doi_key(normal)
    if pmid and (match := _PMID.fullmatch(pmid.strip())):
        return f"pmid-{match[1]}"
    if pmcid and (match := _PMCID.fullmatch(pmcid.strip())):
        return f"pmcid-{match[1]}"
    if fingerprint and fingerprint.strip():
        digest = hashlib.sha256(fingerprint.encode()).hexdigest()[:16]
        try:
            return f"work-{slug(fingerprint)[:60].rstrip('-')}-{digest}"
        except InvalidKeyError:  # a name in other letters than Latin ones
            return f"work-x-{digest}"
    return None


def normal_pmid(printed: str | None) -> str | None:
    """Return a PubMed number without what may stand before it, ``None`` where it is none."""
    match = _PMID.fullmatch(printed.strip()) if printed else None
    return match[1] if match else None


def normal_pmcid(printed: str | None) -> str | None:
    """Return a number of PubMed Central (``PMC6439765``), ``None`` where it is none."""
    match = _PMCID.fullmatch(printed.strip()) if printed else None
    return f"PMC{match[1]}" if match else None


def _doi_key(doi: str) -> str:
    prefix, _, suffix = doi.partition("/")
    if len(suffix) > LONGEST or not prefix.isascii():
        return f"doi-sha256-{hashlib.sha256(doi.encode()).hexdigest()}"
    kept = "".join(c if c.isascii() and (c.islower() or c.isdigit() or c in "-.") else _escaped(c) for c in suffix)
    if not kept[-1].isalnum():  # a key ends in a letter or digit
        kept = kept[:-1] + _escaped(kept[-1])
    return f"doi-{prefix}-{kept}"


def _escaped(character: str) -> str:
    return "".join(f"_{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def doi_of_key(key: str) -> str | None:
    """Return the DOI that a key was made from; ``None`` for other keys, and for DOIs too long for one.

    >>> doi_of_key("doi-10.1016-s0140-6736_2815_2900393-0")
    '10.1016/s0140-6736(15)00393-0'
    """
    if not _DOI_KEY.fullmatch(key) or key.startswith("doi-sha256-"):
        return None
    prefix, _, suffix = key.removeprefix("doi-").partition("-")
    return f"{prefix}/{unquote(suffix.replace('_', '%'))}"


def rank(key: str, catalogue: Collection[str]) -> tuple[int, str]:
    """Return how a key stands among those of one publication, the best lowest.

    First the keys of ``catalogue``, and ``document/…``; then those by DOI, PMID, PMCID, and by what the work says of
    itself or one record of it; last those that a document's own reference gives.
    """
    if key in catalogue or key.startswith("document/"):
        return (0, key)
    patterns = (_DOI_KEY, _PMID_KEY, _PMCID_KEY, _WORK_KEY)
    return (next((n for n, pattern in enumerate(patterns, 1) if pattern.fullmatch(key)), len(patterns) + 1), key)


def identifiers_in_address(url: str | None) -> tuple[str | None, str | None, str | None]:
    """Return DOI, PMID and PMCID that an address shows.

    A DOI counts where the address ends with it: behind it may stand what is no part of it (``/full``).

    >>> identifiers_in_address("https://pubmed.ncbi.nlm.nih.gov/33253391/")
    (None, '33253391', None)
    >>> identifiers_in_address("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0195891")[0]
    '10.1371/journal.pone.0195891'
    >>> identifiers_in_address("https://www.cochranelibrary.com/central/doi/10.1002/central/CN-02160820/full")
    (None, None, None)
    """
    address = unquote(url or "").rstrip("/")
    doi, pmid, pmc = (p.search(address) for p in (_DOI_ADDRESS, _PUBMED_ADDRESS, _PMC_ADDRESS))
    # What comes after a DOI in an address of a publisher is its own: /full, /pdf, /abstract.
    whole = doi is not None and not re.search(r"/(?:full|pdf|epdf|abstract|html|meta)$|\.pdf$", doi[1], re.IGNORECASE)
    return (
        normalise_doi(doi[1]) if doi and whole else None,
        normal_pmid(pmid[1]) if pmid else None,
        normal_pmcid(pmc[0]) if pmc else None,
    )
