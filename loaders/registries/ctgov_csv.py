"""Studies of ClinicalTrials.gov as CSV: the site's download, the classic site's, and fields of the API made flat.

The site's columns are described in https://clinicaltrials.gov/data-api/about-api/csv-download; the user chooses which
of them to have, so an absent one says nothing. Traps: lists are joined by ``|``, which a name may hold too; ``Other
IDs`` are the organisation's own number and then the secondary ones, without their types; dates and enrolment have no
type; a primary outcome is printed with its description and time frame; the country ends the location and may have a
comma (``Korea, Republic of``). In the flattened file a study has the country of its first location only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

from msevidence.loaders.exports.csv_rows import DELIMITERS, CsvRows
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit, fitting
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Raw, RegistryRecord
from msevidence.loaders.exports.values import counted, own_number, plain
from msevidence.loaders.registries import ctgov

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("NCT Number", "NCTId"),
    "title": ("Study Title", "Title", "BriefTitle"),
    "scientific": ("OfficialTitle",),
    "acronym": ("Acronym",),
    "address": ("Study URL", "URL"),
    "status": ("Study Status", "Status", "OverallStatus"),
    "results": ("Study Results", "HasResults"),
    "conditions": ("Conditions",),
    "interventions": ("Interventions", "InterventionNames"),
    "outcomes": ("Primary Outcome Measures", "PrimaryOutcomeMeasures"),
    "sponsor": ("Sponsor", "LeadSponsorName"),
    "collaborators": ("Collaborators",),
    "sponsors": ("Sponsor/Collaborators",),
    "phase": ("Phases", "Phase"),
    "enrolment": ("Enrollment", "EnrollmentCount"),
    "enrolment-kind": ("EnrollmentType",),
    "type": ("Study Type", "StudyType"),
    "design": ("Study Design", "Study Designs"),
    "numbers": ("Other IDs",),
    "start": ("Start Date", "StartDate"),
    "primary-completion": ("Primary Completion Date", "PrimaryCompletionDate"),
    "completion": ("Completion Date", "CompletionDate"),
    "registered": ("First Posted", "StudyFirstPostDate"),
    "results-posted": ("Results First Posted", "ResultsFirstPostDate"),
    "updated": ("Last Update Posted", "LastUpdatePostDate"),
    "places": ("Locations",),
    "country": ("LocationCountry",),
}
"""What a column holds → its name in the site's download, the classic site's, and the flattened file."""
DATES = ("start", "primary-completion", "completion", "registered", "results-posted", "updated")

_FREE, _CLASS = "free text that is not modelled", "classes of sponsors are not modelled"
IGNORED: Mapping[str, str] = {
    "Rank": "the place in a list of hits",
    "Brief Summary": _FREE,
    "Secondary Outcome Measures": "only primary outcomes are loaded",
    "Other Outcome Measures": "only primary outcomes are loaded",
    "Outcome Measures": "primary and other outcomes are not told apart here",
    "Sex": "eligibility is not modelled",
    "Gender": "eligibility is not modelled",
    "Age": "eligibility is not modelled",
    "Funder Type": _CLASS,
    "Funded Bys": _CLASS,
    "Study Documents": "documents are not loaded",
    "LeadSponsorClass": _CLASS,
    "CollaboratorClasses": _CLASS,
    "Keywords": "words for searching, not what is studied",
    "LocationCity": "places are not modelled, only countries",
    "LocationState": "places are not modelled, only countries",
    "TotalLocations": "places are not modelled, only countries",
    "InterventionTypes": "kinds of interventions are not modelled",
    "SecondaryOutcomeMeasures": "only primary outcomes are loaded",
}
RESULTS = {
    "YES": True,
    "NO": False,
    "True": True,
    "False": False,
    "TRUE": True,
    "FALSE": False,
    "Has Results": True,
    "No Results Available": False,
}
INTERVENTION_TYPES = frozenset(
    """BEHAVIORAL BIOLOGICAL COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST DIETARY_SUPPLEMENT DRUG GENETIC OTHER PROCEDURE
    RADIATION""".split()  # noqa: SIM905
)
REQUIRED = ("number", "title")

_KNOWN = IGNORED.keys() | {name for names in COLUMNS.values() for name in names}
_NUMBER = re.compile(r"\s*NCT\d{8}\s*(?:$|[,;\t])", re.IGNORECASE | re.ASCII)  # its quotation mark may be open
_MORE_OF_COUNTRY = re.compile(r"(?:the )?(?:.+ )?(?:republic|states) of(?: the)?|occupied", re.IGNORECASE)
_QUOTED = re.compile(r'^"|"$')


def recognise(head: bytes) -> bool:
    """Say whether the first line names the columns: that of the number, or at least four others that are known."""
    line = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0].decode(errors="replace").rstrip("\r")
    names = {_QUOTED.sub("", name.strip()) for name in line.split(max(DELIMITERS, key=line.count))}
    return bool(names & set(COLUMNS["number"])) or len(names & _KNOWN) >= 4


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the rows of a file.

    Raises ExportError where a needed column is missing, or a column stands twice.
    """
    rows = CsvRows(stream, name, _begins)
    header = [text or f"(column {i} without a name)" for i, text in enumerate(rows.header, 1)]
    for what in REQUIRED:
        if not any(column in header for column in COLUMNS[what]):
            raise ExportError(
                f"has no column {' or '.join(map(repr, COLUMNS[what]))}; found are {', '.join(map(repr, header))}. "
                "Export it again with that column, or give the column its name back",
                name,
                1,
            )
    number = _number_column(header)
    for row in rows:
        if isinstance(row, RecordError):
            yield row
        else:
            yield Raw(dict(zip(header, row.texts, strict=True)), row.line, row.texts[number].strip() or None)


def _number_column(header: Sequence[str]) -> int:
    return next((header.index(column) for column in COLUMNS["number"] if column in header), 0)


def _begins(header: Sequence[str], texts: Sequence[str]) -> bool:
    column = _number_column(header)
    return len(texts) > column and bool(_NUMBER.match(texts[column]))


def record(fields: Any, audit: Audit) -> RegistryRecord:
    """Take one row apart.

    Raises RecordError for a row without its number, or with an impossible value.
    """
    if not isinstance(fields, Mapping):
        raise RecordError(f"is {type(fields).__name__}, and should be a row; get the file again")
    columns = _columns(tuple(fields))
    empty: list[str] = []
    text: dict[str, str | None] = dict.fromkeys(COLUMNS)
    for what, name in columns.known:
        value = fields[name]
        if not isinstance(value, str):
            raise RecordError("holds more than a text; get the file again", field=name)
        if value := value.strip():
            text[what] = fitting(value, audit, name)
        else:
            empty.append(name)
    column = columns.names
    number = own_number(text["number"], "NCT", column["number"])
    label = number.normalised
    result = RegistryRecord(number, empty=empty)
    result.titles = ctgov.titles(text["title"], text["scientific"])
    if acronym := text["acronym"]:
        result.acronyms = [plain(acronym)]
    result.address = ctgov.web_address(text["address"])
    result.status = ctgov.coded_status(text["status"], audit, label)
    for what in DATES:
        ctgov.put_date(result.dates, what, text[what], column[what])
    if (results := text["results"]) is not None:
        result.has_results = RESULTS.get(results)
        if result.has_results is None:
            audit.tell(f"{column['results']}={results}", label)
    kind = ctgov.kind_of(text["enrolment-kind"], audit, label)
    if (enrolment := text["enrolment"]) is not None:
        result.enrolment = counted(enrolment, column["enrolment"], kind)
    result.phase, result.study_type, result.design = text["phase"], text["type"], text["design"]
    result.conditions = _listed(text["conditions"])
    named = text["interventions"]
    result.interventions = _interventions(named) if column["interventions"] == "Interventions" else _listed(named)
    result.outcomes = _listed(text["outcomes"])
    result.sponsors = [plain(sponsor)] if (sponsor := text["sponsor"]) else []
    result.collaborators = _listed(text["collaborators"])
    if both := _listed(text["sponsors"]):
        result.sponsors, result.collaborators = both[:1], both[1:]
    result.countries = ctgov.once(_listed(text["country"]) + [_country(place) for place in _listed(text["places"])])
    for i, printed in enumerate(ctgov.once(_listed(text["numbers"]))):
        role = "secondary" if i else "protocol-code"
        result.other_numbers += ctgov.other_numbers(empty, column["numbers"], printed, role, column["numbers"])
    result.other_numbers += ctgov.numbers_in_titles(result.titles, number)
    for name in columns.unknown:
        audit.tell(name, label)
    return result


class _Columns:
    """The columns of a header: those known with what they hold, and those that are neither known nor ignored."""

    def __init__(self, header: tuple[str, ...]) -> None:
        found = {what: next((n for n in names if n in header), None) for what, names in COLUMNS.items()}
        self.known = [(what, name) for what, name in found.items() if name is not None]
        self.names = {what: name or COLUMNS[what][0] for what, name in found.items()}
        self.unknown = [n for n in header if n not in IGNORED and n not in found.values()]


_columns = lru_cache(maxsize=64)(_Columns)


def _listed(text: str | None) -> list[str]:
    """Return the texts that ``|`` joins."""
    if text is None:
        return []
    return [found for part in plain(text).split("|") if (found := part.strip())]


def _interventions(text: str | None) -> list[str]:
    """Return names without the types before them; what has no type belongs to the name before it.

    >>> _interventions("DRUG: Placebo|BIOLOGICAL: MSC|NP: low dose")
    ['Placebo', 'MSC|NP: low dose']
    """
    names: list[str] = []
    parts = _listed(text)
    typed = bool(parts) and _type(parts[0]) is not None
    for part in parts:
        kind = _type(part)
        if kind is not None:
            names.append(part[len(kind) + 1 :].strip())
        elif typed:
            names[-1] += "|" + part
        else:
            names.append(part)
    return names


def _type(part: str) -> str | None:
    kind, colon, _ = part.partition(":")
    return kind if colon and kind.upper().replace(" ", "_") in INTERVENTION_TYPES else None


def _country(place: str) -> str:
    """Return the country at the end of a location.

    >>> _country("A Hospital, Seoul, 110-744, Korea, Republic of")
    'Korea, Republic of'
    """
    before, _, last = place.rpartition(", ")
    if before and _MORE_OF_COUNTRY.fullmatch(last):
        return f"{before.rpartition(', ')[2]}, {last}"
    return last


FORMAT = Format(
    key="ctgov-csv",
    label="ClinicalTrials.gov CSV",
    origin=ctgov.ORIGIN,
    rights=ctgov.RIGHTS,
    recognise=recognise,
    read=read,
    record=record,
)
