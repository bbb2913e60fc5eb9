"""What a reference entry prints beside the work itself: DOI, address, date of access, identifiers, notices.

Each function cuts its part out of an entry on one line and returns the rest with it. DOIs follow the DOI Handbook §2.2
(``10.`` and a registrant, a slash, a suffix); addresses :mod:`~msevidence.loaders.addresses`.
"""

import re

from msevidence.loaders.addresses import find_addresses
from msevidence.loaders.document import PartialDate
from msevidence.loaders.printed_dates import find_date

TRAILER = re.compile(
    r"\s*\[\s*(?:PubMed|CrossRef|PMC|DOI|Google Scholar|Medline|Web of Science|Full[ -]?text)[^\[\]]*\]"
    r"(?:\([^)]*\))?\s*$|(?:\s+(?:View\s)?(?:Article|CAS|PubMed(?:\sCentral)?|CrossRef|OpenUrl))*"
    r"\s+(?:Google\sScholar|CrossRef|OpenUrl\w*)\s*$",
    re.I,
)
"""What a journal's page links behind an entry."""
LINK_LINE = re.compile(
    r"(?:[\s|·,]*[\[(]?(?:View|Article|CAS|CrossRef|PubMed(?:\sCentral)?|PMC(?:\sfree\sarticle)?|Google\sScholar|Medline|DOI|ADS"
    r"|OpenUrl|Web\sof\sScience|Scopus|ISI|MathSciNet|(?:Publisher\s|Free\s)?Full[ -]?text|Free|Abstract/?"
    r"|Download\s(?:references|citations?)|Export\scitation|Return\sto\s(?:ref|citation)[^\n]*)[\])]?)+\s*",
    re.I,
)
"""A line of nothing but such links, as copying a page leaves it."""
DOI = re.compile(
    r"(?:\bdoi\s*[:.]?\s*(?:https?://(?:dx\.)?doi\.org/)?|https?://(?:dx\.)?doi\.org/)(?P<doi>10\.\d{4,9}/[^\s<>\]]+)",
    re.I,
)
ACCESSED = re.compile(
    r"[\[(]?\b(?:last\s|sist\s|senast\s|zuletzt\s|date\s)?(?:accessed|retrieved|cited|viewed|lest|hentet|besøkt|sitert"
    r"|hämtad|hämtat|besökt|läst|citerad|tilgået|abgerufen|zugriff|zugegriffen|aufgerufen|consulté|consultado|geraadpleegd|viitattu)\b:?\s*(?:(?:on|den|am|le|el|op)\s)?",
    re.I,
)
AVAILABLE = re.compile(
    r"\s*\b(?:Available\s(?:from|at)|Tilgjengelig\s(?:fra|på)|Tillgänglig\s(?:från|på)|Verfügbar\s(?:unter|auf)|URL)\s*:?\s*$",
    re.I,
)
NOTICE = re.compile(
    r"[\s;,]*(?:\bPMC?ID:?\s*(?:PMC)?\d+|\[?\bEpub\b[^.\]]*\]?)\.?"
    r"|\s*[\[(](?:Internet|Internett|nettside|online|abstr(?:act)?|letter|editorial)\.?[\])]"
    r"|[\s;,]*\bpublished\sonline\b(?:\s[A-Z][a-z]{2,8}\.?\s\d{1,2})?\.?",
    re.I,
)
IN_PRESS = re.compile(
    r"\s*[\[(]?\b(?:in press|forthcoming|(?:epub )?ahead of print|im Druck|i trykken?|i tryck)\b[\])]?[.;:,]?",
    re.I,
)
"""Where a work is not out yet, these words stand before or after its year."""
BARE_ADDRESS = re.compile(r"(?<![\w/.@])www\.[^\s<>]+\.[^\s<>]+")
CUT_DOI = re.compile(r"(?i:(?<=doi)[^\n]{0,30}10\.\d{4,9}/\S*[./_-])(?P<cut>\n[ \t]*)(?=[a-z]*\d)")


def mend_doi(raw: str) -> str:
    """Join a DOI that the layout breaks after a sign that ends no DOI, before a piece with figures."""
    while cut := CUT_DOI.search(raw):
        raw = raw[: cut.start("cut")] + raw[cut.end("cut") :]
    return raw


def take_accessed(text: str) -> tuple[str, PartialDate | None]:
    """Cut the access date out of ``text``. A bare year is none (``data retrieved 2019``)."""
    for match in ACCESSED.finditer(text):
        found = find_date(text, match.end())
        if found and found[1] == match.end() and len(found[0].value) > 4:
            rest = text[found[2] :].lstrip(".)] ")
            return f"{text[: match.start()].rstrip()} {rest}".strip(), found[0]
    return text, None


def take_doi(text: str) -> tuple[str, str | None]:
    """Cut a DOI out of ``text``; one that is printed as an address is read, and left for :func:`take_url`."""
    match = DOI.search(text)
    if match is None:
        return text, None
    doi = match["doi"].rstrip(".,;:")
    if match.group().lower().startswith("http"):
        return text, doi
    return f"{text[: match.start()].rstrip()} {text[match.start('doi') + len(match['doi']) :].strip()}".strip(), doi


def take_url(text: str) -> tuple[str, str | None]:
    found = find_addresses(text)
    if not found and (bare := BARE_ADDRESS.search(text)):
        url = bare.group().rstrip(".,;:)")
        rest = text[bare.start() + len(url) :].lstrip(".) ")
        return f"{AVAILABLE.sub('', text[: bare.start()]).rstrip(' (')} {rest}".strip(), f"http://{url}"
    if not found:
        return text, None
    head, tail = text[: found[0].span.start], text[found[0].span.end :].lstrip(". ")
    head = re.sub(r"\bdoi\s*:?\s*$", "", AVAILABLE.sub("", head), flags=re.I)
    return f"{head.rstrip()} {tail}".strip(), found[0].url
