"""Parser of one entry of a reference list, for numbered references in the styles of the Vancouver family.

``Authors. Title. Container Year;Volume(Issue):Pages. Identifiers`` with the variations of journals and reports:
spaces and stops inside, et al. in several languages, group authors, titles in brackets, e-locators, supplements, the
year after the authors, web pages with an access date, newspaper items with a date (ICMJE sample references;
*Citing Medicine*, NLM). What an entry does not print is left empty: nothing is guessed from outside the entry.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from msevidence.loaders.addresses import mend_addresses
from msevidence.loaders.document import PartialDate, Reference
from msevidence.loaders.names import Names, is_group, read_names
from msevidence.loaders.printed_dates import DATE, find_date
from msevidence.loaders.reference_links import IN_PRESS, NOTICE, TRAILER, mend_doi, take_accessed, take_doi, take_url
from msevidence.loaders.text import DASHES, fold_dashes, hyphen_rule, normalise

EDITOR = r"(?:editors?|eds?|red|redaktörer?|redaktører?|redaktör|redaktør|hrsg|hg)\b\.?"
"""What follows the names of editors."""
IN_BOOK = re.compile(
    rf"\b(?:In|I|Im)\s?:\s+(?:[^:]{{3,300}}?[,\s(]+(?i:{EDITOR})\)?[.,:;]*\s+)?(?P<book>(?=[^\W\d_])\S.*)", re.S
)
EDITION = re.compile(
    r"[.,]\s+(?:\d{1,2}(?:st|nd|rd|th|\.)?\s|(?:rev(?:ised|idert)?\.?\s))(?:rev\.?\s)?(?i:edn?|edition|utg|utgave|uppl|upplagan?|aufl|auflage)\b\.?$"
)
NOTED = re.compile(r"\.\s+[^.:;]{2,40}:\s[^.:;]{2,90}[;,]\s(?P<year>(?:1[89]|20)\d\d)\.?\s+[\[(]?[^\W\d_]")
"""A book or report with a note after its year: ``Oslo: Directorate; 2016. Report no. 12.``"""
REPORTED = re.compile(r"rapport|report|bericht", re.I)
PUBLISHED_BY = re.compile(r"^(?=[^\W\d_])[^:;.]{2,40}:\s(?=[^\W\d_]).+$")
"""``Place: Publisher``, as books and reports print before the year."""
EMPHASIS = re.compile(r"(?<![\w*])\*{1,2}(?P<inner>[^*\s](?:[^*]*[^*\s])?)\*{1,2}(?![\w*])")

_PAGE = r"[A-Za-z]{0,3}\d[\w.]*"
_DASH = "[-\u2010-\u2015\u2212]"
_PAGES = rf"{_PAGE}(?:\s?{_DASH}\s?{_PAGE})?(?:,\s?{_PAGE}(?:\s?{_DASH}\s?{_PAGE})?)*"
_VOLUME = rf"(?P<volume>[A-Z]{{0,2}}\d+[A-Za-z]?(?:\s?{_DASH}\s?\d+)?(?:\s(?:Suppl|Pt)\.?\s?\w*)?)\s*"
_REST = (
    rf"(?:\((?P<issue>[^()]{{1,30}})\)\s*)?(?:(?:[:,]\s*(?:pp?\.\s?|s\.\s?)?|[.,]\s*(?:pp?|s)\.\s?)(?P<pages>{_PAGES}))?"
    r"\s*\.?\s*$"
)
AFTER_YEAR = re.compile(rf"\)?\s*(?:[;,]\s*|:\s*(?=\d+\s*[:(])|\.?\s+|(?=[:(.,])|$)(?:{_VOLUME})?{_REST}", re.I)
VOLUME_LAST = re.compile(rf"(?P<container>.*[^\W\d_]\.?),?\s{_VOLUME}{_REST}")
YEAR_SECOND = re.compile(r"\s*\((?P<year>(?:1[89]|20)\d\d)[a-z]?\)[.:,]?\s+")
PRINTED_DASHES = frozenset(map(chr, DASHES))
STOP = re.compile(r"[.?!]['’”\"»)\]]*\s+(?=\S)")
NAME_STOP = re.compile(r"(?<!\bSt)[.:]\s+(?![^\W\d_][.,])(?=\S)|\s(?=\((?:1[89]|20)\d\d[a-z]?\))")
GROUP_YEAR = re.compile(
    r"(?P<group>[^.:()]{3,200}(?:\([A-ZÅÆØÄÖÜ]{2,}\))?)\s*\((?i:hrsg\.?|hg\.?|red\.?|eds?\.?|utg\.?|(?:1[89]|20)\d\d[a-z]?)\)[.:,]?\s+"
)
"""A group with its role or the year in brackets behind it."""
ROW = re.compile(r"\b[A-Z][a-zé]{0,6}\.\s?[A-Z][a-zé]{0,6}\.$")
ABBREVIATED = re.compile(r"(?:(?<=\s)|^)(?![A-Z]{2})[A-Z][a-zé]{0,6}\.\s*$")


@dataclass(frozen=True)
class _Imprint:
    """Where the printed work stands; ``before`` is what the entry prints ahead of it: authors and title."""

    before: str
    container: str | None = None
    year: str | None = None
    published: PartialDate | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    parted: bool = False
    """Whether a semicolon or comma stands between container and date, as behind a publisher."""
    named: str | None = None
    """The container with the date, where no sign parts them: ``Annual report 2019``."""


def parse_reference(
    number: int,
    passage_index: int,
    printed_text: str,
    *,
    keep_hyphen: Callable[[str, str], bool] | None = None,
) -> Reference:
    """Parse one printed entry, with or without its number; line breaks and markdown emphasis may still be in it.

    Pages, volume and issue come back with dashes folded to hyphens; names and titles as printed, save that a title in
    square brackets comes back without them (they say that it is translated; ``printed`` keeps them).
    ``keep_hyphen`` decides about hyphens at line ends; without it the entry's own words do (see ``hyphen_rule``).

    Raises ValueError for a date that the calendar does not have.
    """
    text = re.sub(rf"^\s*[\[(]?{number}[.)\]]\s+", "", mend_addresses(mend_doi(printed_text)), count=1)
    text = _one_line(text, keep_hyphen or hyphen_rule(text))
    while trailer := TRAILER.search(text):
        text = text[: trailer.start()]
    text, accessed = take_accessed(NOTICE.sub("", IN_PRESS.sub("", text)))
    text, doi = take_doi(text)
    text, url = take_url(text)
    text, book = _take_book(text.strip(" ;,"))
    imprint = _imprint(text)
    names, title = _names_and_title(imprint.before)
    if book is None:
        imprint, names, title = _of_publisher(imprint, names, title)
    else:
        imprint = replace(imprint, container=book)
    return Reference(
        number=number,
        passage=passage_index,
        printed=printed_text.strip(),
        authors=names.authors,
        et_al=names.et_al,
        group_author=names.group,
        title=title,
        container=imprint.container,
        year=imprint.year,
        published=imprint.published,
        volume=imprint.volume,
        issue=imprint.issue,
        pages=imprint.pages,
        doi=doi,
        url=url,
        accessed=accessed,
    )


def _one_line(raw: str, keep_hyphen: Callable[[str, str], bool]) -> str:
    """Return ``raw`` on one line, line-end hyphens joined, other dashes as printed."""
    folded = normalise(raw, keep_hyphen=keep_hyphen)
    return "".join(
        raw[start] if c == "-" and raw[start] in PRINTED_DASHES else c
        for c, start in zip(folded.text, folded.starts, strict=True)
    )


def _take_book(text: str) -> tuple[str, str | None]:
    """Take the book out that a chapter stands in: ``Title. In: Names, eds. Book. Place: Publisher; 2018. p. 1-9``."""
    found = IN_BOOK.search(text)
    if found is None or not text[: found.start()].rstrip().endswith((".", "?", "!", ",")):
        return text, None
    place = re.search(r"[.?!]\s+(?=[^.;:]{2,40}(?::|[;,]\s*(?:19|20)\d\d))", found["book"])
    if place is None:
        return text, None
    book = EDITION.sub("", found["book"][: place.start() + 1].rstrip(".")).strip()
    return f"{text[: found.start()].rstrip(' ,')} {found['book'][place.end() :]}", book


def _of_publisher(imprint: _Imprint, names: Names, title: str | None) -> tuple[_Imprint, Names, str | None]:
    """Tell books, reports and web pages from journal articles: these stand in nothing, and a group may write them.

    ``Place: Publisher; 2018`` is no whole that a work stands in, and without volume or pages the sentence after a
    group's name is the title: ``Directorate. Annual report 2019.``
    """
    lone = imprint.container is not None and not (imprint.volume or imprint.issue or imprint.pages)
    bound = imprint.container is not None and not (imprint.volume or imprint.issue)
    if bound and (imprint.parted or not is_group(title or "")) and PUBLISHED_BY.match(str(imprint.container)) and title:
        return replace(imprint, container=None), names, EDITION.sub("", title)
    whole = imprint.container or ""
    if lone and whole.endswith(":"):
        return replace(imprint, container=None), names, title
    several = len(whole.split()) > 1 or REPORTED.search(whole)
    if lone and several and title is not None and is_group(title) and names == Names():
        return replace(imprint, container=None), Names(group=title), imprint.named
    return imprint, names, title


def _imprint(text: str) -> _Imprint:
    """Split off container, year, volume, issue and pages from the end of ``text``."""
    for emphasis in reversed(list(EMPHASIS.finditer(text))):
        lead = re.compile(r"[\s.,(]*").match(text, emphasis.end())
        dated = _dated(text, lead.end() if lead else emphasis.end(), at_once=True)
        if dated:
            _, fields = dated
            return _Imprint(_plain(text[: emphasis.start()]), emphasis["inner"].strip(" ,"), **fields)
    text = _plain(text)
    names, rest = _split_names(text)
    if rest and (second := YEAR_SECOND.match(rest)):
        return _year_second(text[: len(text) - len(rest)], second["year"], rest[second.end() :])
    dated = _dated(text, 0)
    if dated is None and (noted := NOTED.search(text)):
        text = text[: noted.end("year")]
        dated = _dated(text, 0)
    if dated is None:
        year = GROUP_YEAR.match(text)
        printed = year and re.search(r"\d{4}", year.group()[len(year["group"]) :])
        return _Imprint(text, year=printed.group() if printed else None)
    start, fields = dated
    head = text[:start].rstrip(" (,;")
    cut = _container_start(head)
    container = head[cut:].strip() if names or cut else ""
    date = find_date(text, start)
    joined = head == text[:start].rstrip() and not head.endswith(".") and date is not None
    named = text[cut : date[2]] if date and joined else container
    return _Imprint(
        head[: cut if container else len(head)],
        _unstopped(container) or None,
        **fields,
        parted=text[:start].rstrip(" (").endswith((",", ";")),
        named=_unstopped(named.strip()) or None,
    )


def _dated(text: str, begin: int, at_once: bool = False) -> tuple[int, dict[str, Any]] | None:
    """Return the start of the first date from which on ``text`` is nothing but year, volume, issue and pages."""
    for match in DATE.finditer(text, begin):
        if at_once and match.start() != begin:
            return None
        found = find_date(text, match.start(), match.end())
        place = AFTER_YEAR.match(text, match.end())
        if found is None or place is None:
            continue
        start, printed = match.start(), found[0]
        if match["n6"] and not re.search(r"[.,;]\s*$", text[:start]):  # the end of a journal's name, not a month
            start = match.start("y6")
            printed = PartialDate(match["y6"], match["y6"])
        published = printed if len(printed.value) > 4 else None
        return start, {"year": printed.value[:4], "published": published, **_place(place)}
    return None


def _place(match: re.Match[str]) -> dict[str, Any]:
    fields = ((name, match[name]) for name in ("volume", "issue", "pages"))
    return {name: fold_dashes(value).rstrip(". ") if value else None for name, value in fields}


def _year_second(names: str, year: str, rest: str) -> _Imprint:
    """Read ``Authors (Year) Title. Container Volume(Issue):Pages``."""
    match = VOLUME_LAST.match(rest)
    if match is None:
        return _Imprint(f"{names.rstrip()}. {rest}", year=year)
    head = match["container"]
    cut = _container_start(head)
    return _Imprint(f"{names.rstrip()}. {head[:cut]}", _unstopped(head[cut:].strip()), year, **_place(match))


def _container_start(head: str) -> int:
    """Return where the last sentence of ``head`` starts; a row of abbreviations with stops is one (``J. Neurol.``)."""
    stops = [m.end() for m in STOP.finditer(head)]
    if head.endswith("."):
        rest = head
        while abbreviated := ABBREVIATED.search(rest):
            rest = rest[: abbreviated.start()]
        if rest != head:
            stops = [s for s in stops if s <= len(rest)]
    return stops[-1] if stops else 0


def _split_names(text: str) -> tuple[Names | None, str]:
    """Split personal authors, with a group after them, off the front of ``text``."""
    for stop in NAME_STOP.finditer(text):
        if names := read_names(text[: stop.start() + 1]):
            return names, text[stop.end() :]
        if stop.start() > 2000:
            break
    return None, text


def _names_and_title(before: str) -> tuple[Names, str | None]:
    names, rest = _split_names(before)
    if names is None and (dated := GROUP_YEAR.match(rest)) and is_group(dated["group"].strip()):
        names, rest = Names(group=dated["group"].strip()), rest[dated.end() :]
    if names is None:
        first = NAME_STOP.search(rest)
        if first and is_group(rest[: first.start()].strip()):
            names, rest = Names(group=rest[: first.start()].strip()), rest[first.end() :]
    return names or Names(), _title(rest)


def _title(text: str) -> str | None:
    title = re.sub(r"(?<![\s.][A-Z])\.$", "", text.strip(" ,;"))
    if title.startswith("[") and title.endswith("]"):
        title = title[1:-1].strip().removesuffix(".")
    return title or None


def _plain(text: str) -> str:
    return EMPHASIS.sub(lambda m: m["inner"], text)


def _unstopped(text: str) -> str:
    """Drop the stop that ends ``text``, but not the last of a row of abbreviations (``J. Neurol.``, ``U.S.``)."""
    return text[:-1].rstrip() if text.endswith(".") and not ROW.search(text) else text
