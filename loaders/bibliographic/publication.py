"""What every bibliographic format does with a record: titles, identifiers, pages, registry numbers, and a last check.

An identifier is kept twice: normalised, where it follows its pattern, and as printed; one that does not is audited.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import Dated, OtherNumber, PublicationRecord
from msevidence.loaders.exports.values import numbers_in, other_number, plain, unmarked
from msevidence.loaders.printed_dates import MONTH_NUMBER
from msevidence.ontology.identifiers import find_numbers, normalise_doi

PMID = re.compile(r"(?:PMID|PUBMED|MEDLINE)?[\s:]*([1-9]\d{0,8})", re.IGNORECASE | re.ASCII)
PMCID = re.compile(r"(?:PMCID[\s:]*)?(?:PMC)?(\d{4,9})(?:\.\d+)?", re.IGNORECASE | re.ASCII)
YEAR = re.compile(r"(?:1[5-9]|20)\d\d", re.ASCII)
NO_NUMBER = re.compile(r"\W*(?:none|nil(?: known)?|n/?a|not? applicable|unknown|not available)?\W*", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b[^\W\d_]\.(?:\s?[^\W\d_]\.)+$")
_BRACKETED = re.compile(r"\[(.+)\]\.?", re.DOTALL)
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_BLOCK_TAG = re.compile(r"</?(?:jats:[\w-]+|title|sec|div|h\d)\b[^<>]*>", re.IGNORECASE)
LONGEST_ABSTRACT = 20_000
"""Characters kept of an abstract: several times the longest that journals allow, and no more, whatever comes."""


def title_text(printed: str) -> str:
    """Return a title on one line, without tags and without the stop that some services put at its end.

    >>> title_text("Effect of <i>in vivo</i> depletion.")
    'Effect of in vivo depletion'
    """
    text = unmarked(printed)
    ends_in_stop = text.endswith(".") and not text.endswith("..") and not _ABBREVIATED.search(text[-40:])
    return text[:-1].rstrip() if ends_in_stop else text


def unbracketed(printed: str) -> str | None:
    """Return what stands in the square brackets that MEDLINE puts round titles it has translated into English.

    >>> unbracketed("[Stem cells in multiple sclerosis].")
    'Stem cells in multiple sclerosis'
    """
    match = _BRACKETED.fullmatch(printed.strip())
    return title_text(match[1]) if match else None


def take_title(record: PublicationRecord, title: str | None, vernacular: str | None, language: str | None) -> None:
    """Keep a title with its language, and the registry numbers in it.

    ``language`` is that of the work. Where it is not English, a title in brackets is a translation into English; the
    brackets may also say that there is none, and then the vernacular title stands alone.
    """
    translated = unbracketed(title) if title and language != "en" else None
    if translated is not None and translated.lower().startswith("not available"):
        title, translated = None, None
    if translated:
        record.title, record.language = translated, "en"
    elif text := title or vernacular:
        record.title, record.language = title_text(text), language
    for text in filter(None, (title, vernacular)):
        take_numbers(record, text, "title")


def take_doi(record: PublicationRecord, printed: str | None, audit: Audit, where: str) -> None:
    """Keep a DOI, normalised and as printed; the first that follows the pattern counts, another one is audited."""
    if printed is None or not (text := printed.strip()):
        return
    value = normalise_doi(text)
    if value is not None and record.doi is None:
        record.doi, record.printed_identifiers["doi"] = value, text
        return
    if value is None:
        record.printed_identifiers.setdefault("doi", text)
    if value is None or value != record.doi:
        audit.tell("doi that follows no pattern" if value is None else "doi beside another", f"{where}: {text}")


def take_pmid(record: PublicationRecord, printed: str | None, audit: Audit, where: str) -> None:
    """Keep a PubMed number, as :func:`take_doi` keeps a DOI."""
    if printed is None or not (text := printed.strip()):
        return
    match = PMID.fullmatch(text)
    if match and record.pmid is None:
        record.pmid, record.printed_identifiers["pmid"] = match[1], text
        return
    if match is None:
        record.printed_identifiers.setdefault("pmid", text)
    if match is None or match[1] != record.pmid:
        audit.tell("pmid that follows no pattern" if match is None else "pmid beside another", f"{where}: {text}")


def take_pmcid(record: PublicationRecord, printed: str | None, audit: Audit, where: str) -> None:
    """Keep a number of PubMed Central with its letters, as :func:`take_doi` keeps a DOI."""
    if printed is None or not (text := printed.strip()):
        return
    match = PMCID.fullmatch(text)
    value = f"PMC{match[1]}" if match else None
    if value is not None and record.pmcid is None:
        record.pmcid, record.printed_identifiers["pmcid"] = value, text
        return
    if value is None:
        record.printed_identifiers.setdefault("pmcid", text)
    if value is None or value != record.pmcid:
        audit.tell("pmcid that follows no pattern" if value is None else "pmcid beside another", f"{where}: {text}")


def take_numbers(
    record: PublicationRecord, text: str | None, role: str, label: str | None = None, link: str | None = None
) -> None:
    """Keep the registry numbers that stand in a text, each once for each role."""
    known = {(n.role, n.number.normalised) for n in record.registry_numbers if n.number}
    for found in numbers_in(text or "", role, ""):
        if found.number and (role, found.number.normalised) not in known:
            record.registry_numbers.append(replace(found, label=label, link=link))


def take_abstract(record: PublicationRecord, text: str | None) -> None:
    """Keep the abstract, the first that there is, and the registry numbers in it.

    Tags and characters that no text may hold are left out of it: it is no reason to turn a record away.
    """
    words = unmarked(text or "")
    take_numbers(record, words, "abstract")
    if record.abstract is None:
        record.abstract = plain(_BLOCK_TAG.sub(" ", _UNWRITABLE.sub(" ", words)))[:LONGEST_ABSTRACT] or None


def accessions(printed: str, label: str) -> Iterator[OtherNumber]:
    """Yield the numbers of a field that is for registry numbers; what no registry's pattern covers stays as printed."""
    if NO_NUMBER.fullmatch(printed):
        return
    if len(find_numbers(printed)) > 1:
        yield from (replace(n, label=label) for n in numbers_in(printed, "secondary", ""))
    else:
        yield other_number(printed, "secondary", label)


def page_range(first: str | None, last: str | None) -> str | None:
    """Return first and last page as one text; a first page that already is a range stands as printed.

    >>> page_range("165", "74"), page_range("e0195891", None), page_range("165-174", "174")
    ('165-74', 'e0195891', '165-174')
    """
    if not first or not last or first == last or re.search(r"[-‐-―−]", first):
        return first or last
    return f"{first}-{last}"


def parted_date(parts: list[str], field: str) -> Dated:
    """Return the date of year, month and day given apart; the month is a number or an English name.

    A season, or a month that is none, leaves the year alone. Raises RecordError for a date that does not exist.
    """
    printed = " ".join(parts)
    if not parts or not YEAR.fullmatch(parts[0]):
        return Dated(printed, None)
    value = parts[0]
    month = MONTH_NUMBER.get(parts[1].lower().rstrip("."), parts[1]) if len(parts) > 1 else ""
    if str(month).isascii() and str(month).isdecimal():
        value += f"-{int(month):02d}"
        if len(parts) > 2 and parts[2].isascii() and parts[2].isdecimal():
            value += f"-{int(parts[2]):02d}"
    return replace(read_date(value, field), printed=printed)


def counted_references(printed: str | None, field: str) -> int | None:
    """Return a count of references. Raises RecordError for what is no count."""
    if printed is None:
        return None
    if not _WHOLE.fullmatch(printed):
        raise RecordError(f"{printed!r} is no count of references; correct it in the source", field=field)
    return int(printed)


def finished(record: PublicationRecord, place: str) -> PublicationRecord:
    """Return a record that can be written down and found again.

    Raises RecordError where it has neither title nor identifier, or holds characters that no text file may hold.
    """
    if not (record.title or record.doi or record.pmid or record.pmcid):
        raise RecordError(
            "the record has no title, DOI or PubMed number, so nobody can tell which work it is; complete it",
            field=place,
        )
    for text in _texts(record):
        if match := _UNWRITABLE.search(text):
            raise RecordError(
                f"holds the character U+{ord(match.group()):04X}, which no text may hold; export it again", field=place
            )
    return record


def _texts(record: PublicationRecord) -> Iterator[str]:
    for name in record.__slots__:
        value = getattr(record, name)
        for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]:
            if isinstance(item, str):
                yield item
            elif item is not None and not isinstance(item, int):
                yield from (part for n in item.__slots__ if isinstance(part := getattr(item, n), str))
