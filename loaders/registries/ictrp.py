"""Fields of the WHO's International Clinical Trials Registry Platform (ICTRP), one mapping for its XML and its CSV.

The platform copies records of its primary registries and of ClinicalTrials.gov (https://www.who.int/clinical-trials-registry-platform);
what it prints is the WHO Trial Registration Data Set. Names of fields differ between exports in letters, underscores
and plural (``Secondary_ID``, ``SecondaryIDs``, ``sec_id``), so they are compared without. Traps:

- ``Date_registration`` is day before month except where the year stands first; ``Date_registration3`` is the same
  date as ``yyyymmdd`` and settles it. ``Last_Refreshed_on`` is the day on which the platform copied the record.
- ``Date_enrollement`` is spelled by each registry in its own way; ``Target_size`` of ChiCTR is a list of groups.
- ``TrialID`` of the EU register is the number of one country's record (``EUCTR2012-000734-19-ES``).
- Texts hold tags of HTML, sometimes escaped once more than XML needs.
"""

import html
import re
from typing import Any
from urllib.parse import unquote

from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.records import CitedPublication, Coded, Counted, Dated, RegistryRecord, Title
from msevidence.loaders.exports.values import counted, numbers_in, other_number, unmarked
from msevidence.loaders.registries.ictrp_fields import OURS, PASSED_OVER, STATUS, canonical
from msevidence.loaders.registries.several_numbers import NO_VALUE, several_numbers
from msevidence.ontology.identifiers import (
    OTHER,
    FoundNumber,
    InvalidNumberError,
    is_placeholder,
    normalise_doi,
    parse_number,
)

ORIGIN = "WHO ICTRP"
RIGHTS = "Terms and conditions of the ICTRP search portal; no licence is recorded."

_BREAK = re.compile(r"<\s*br\b[^<>]*>", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_PMID = re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(?:\?term=)?)([1-9]\d{0,8})(?!\d)", re.IGNORECASE)
_DOI = re.compile(r"doi\.org/(10\.\d{4,9}/[^\s<>\"?#]+)", re.IGNORECASE)
_NO_DATE = re.compile(r"0{4}([-/]?)0{2}\1(?:0{2})?(?:[ T].*)?|00/00/0000")
_NUMBER_LENGTH = 60


def record(fields: Any, audit: Audit) -> RegistryRecord:
    """Take a record apart: its fields by name, each a text or a list of texts.

    Raises RecordError for a record that cannot be loaded.
    """
    trial = _Trial(fields, audit)
    for exported in trial.fields.texts("Export_date"):
        audit.exported_on(exported, month_first=True)
    number = trial.number()
    made = RegistryRecord(number, empty=trial.fields.empty)
    for kind in ("public", "scientific"):
        if title := trial.line(kind):
            made.titles.append(Title(kind, title, "en"))
    made.acronyms = trial.parts("acronym")
    made.status = trial.status()
    _dates(made, trial)
    made.enrolment = trial.size()
    made.phase, made.study_type, made.design = trial.line("phase"), trial.line("type"), trial.line("design")
    made.conditions = trial.parts("conditions")
    made.interventions = trial.parts("interventions")
    made.outcomes = trial.parts("outcomes", breaks=" ")
    made.sponsors = [s for s in [trial.line("sponsor")] if s and s.lower() not in NO_VALUE]
    made.collaborators = trial.parts("collaborators")
    made.countries = trial.parts("countries")
    _numbers(made, trial)
    _results(made, trial)
    made.address = trial.web_address()
    trial.close()
    return made


class _Trial:
    """The fields of a record under our names for them, however the export spells them."""

    def __init__(self, fields: Any, audit: Audit) -> None:
        self.audit = audit
        self.fields = Fields(fields, audit)
        self.label = ""
        self.spelled: dict[str, list[str]] = {}
        for name in self.fields.data:
            if not isinstance(name, str):
                raise RecordError(f"{name!r} is no name of a field; get the file again")
            if ours := OURS.get(canonical(name)):
                self.spelled.setdefault(ours, []).append(name)

    def each(self, ours: str) -> list[tuple[str, str]]:
        """Return the values of a field, each with what the export calls it; a field without a value is noted."""
        found = []
        for name in self.spelled.get(ours, []):
            value = self.fields.data[name]
            if isinstance(value, list):
                texts = self.fields.texts(name)
                if not texts:
                    self.fields.empty.append(name)
            else:
                text = self.fields.text(name)
                texts = [] if text is None else [text]
            found += [(name, text) for text in texts]
        return found

    def one(self, ours: str) -> tuple[str, str] | None:
        """Return the one value of a field, with its name.

        Raises RecordError where there are several that differ.
        """
        found = self.each(ours)
        if len({text for _, text in found}) > 1:
            values = " and ".join(repr(text[:60]) for _, text in found[:3])
            raise RecordError(f"stands there more than once: {values}; leave the right one", field=found[0][0])
        return found[0] if found else None

    def line(self, ours: str) -> str | None:
        """Return a text without tags on one line, several values joined."""
        text = " ".join(_BREAK.sub(" ", html.unescape(text)) for _, text in self.each(ours))
        return unmarked(text) or None

    def parts(self, ours: str, breaks: str = ";") -> list[str]:
        """Return the parts of a text between semicolons; words for nothing and labels alone are left out.

        ``breaks`` is what stands for the line breaks of HTML: a separator, or white space inside a sentence.
        """
        found: dict[str, None] = {}
        for _, text in self.each(ours):
            for part in _BREAK.sub(breaks, html.unescape(text)).split(";"):
                words = unmarked(part)
                if words.lower() not in NO_VALUE and not words.endswith(":") and any(c.isalnum() for c in words):
                    found[words] = None
        return list(found)

    def number(self) -> FoundNumber:
        """Return the record's own number; one of a registry not known here stays as printed.

        Raises RecordError where it is absent, malformed or a placeholder.
        """
        found = self.one("number")
        name, text = found or ("TrialID", "")
        if text.lower() in NO_VALUE or not text:
            raise RecordError("the record has no number; get it again, or give it its number", field=name)
        try:
            number = parse_number(text)
        except InvalidNumberError as e:
            raise RecordError(str(e), field=name) from e
        if number.scheme == OTHER and (
            len(text) > _NUMBER_LENGTH or re.search(r"\s.*\s", text) or not re.search(r"\d", text, re.ASCII)
        ):
            raise RecordError(f"{text[:80]!r} is no number of a registry; correct it in the source", field=name)
        if is_placeholder(number.normalised):
            raise RecordError(f"{text!r} is a placeholder, all its digits are the same; give its number", field=name)
        self.label = number.normalised
        return number

    def status(self) -> Coded | None:
        """Return the status of recruitment; one that is not known is told."""
        found = self.one("status")
        if found is None:
            return None
        printed = unmarked(found[1])
        concept = STATUS.get(printed.lower())
        if concept is None and printed.lower() not in NO_VALUE:
            self.audit.tell(f"{found[0]}={printed}", self.label)
        return Coded(printed, concept)

    def date(self, ours: str, kind: str | None = None) -> Dated | None:
        """Return a date, day before month; one of zeros and a word for nothing are no value.

        Raises RecordError for one that the calendar does not have.
        """
        found = self.one(ours)
        if found is None:
            return None
        name, text = found
        if _NO_DATE.fullmatch(text) or text.lower() in NO_VALUE:
            self.fields.empty.append(name)
            return None
        return read_date(text, name, kind=kind)

    def size(self) -> Counted | None:
        """Return how many people are to take part; sizes of groups are not added up.

        Raises RecordError for a number that counts no people.
        """
        found = self.one("size")
        if found is None or found[1].lower() in NO_VALUE - {"0"}:
            return None
        return counted(found[1], found[0])

    def web_address(self) -> str | None:
        """Return the address of the record, if it is one of the web."""
        found = self.one("address")
        if found is None:
            return None
        if not _WEB.fullmatch(found[1]):
            self.audit.tell(f"{found[0]} that is no address of the web", self.label)
            return None
        return found[1]

    def close(self) -> None:
        """Pass over what is ignored with a reason, and tell of the rest."""
        self.fields.ignore(*[name for name in self.fields.data if canonical(name) in PASSED_OVER])
        self.fields.close(self.label)


def _dates(made: RegistryRecord, trial: _Trial) -> None:
    kinds = {"anticipated": "estimated", "actual": "actual"}
    kind = trial.one("start-kind")
    start = kinds.get(kind[1].lower()) if kind else None
    if kind and start is None and kind[1].lower() not in NO_VALUE:
        trial.audit.tell(f"{kind[0]}={kind[1]}", trial.label)
    found = {
        "start": trial.date("start", start),
        "registered": _registered(trial),
        "updated": trial.date("updated"),
        "results-posted": trial.date("results-posted"),
    }
    made.dates = {key: dated for key, dated in found.items() if dated is not None}


def _registered(trial: _Trial) -> Dated | None:
    """Return the date of registration: as the registry prints it, and as ``Date_registration3`` settles it."""
    packed = trial.date("registered-packed")
    if packed is None or packed.value is None:
        return trial.date("registered") or packed
    printed = trial.one("registered")
    if printed is None:
        return packed
    try:
        own = read_date(printed[1], printed[0]).value
    except RecordError:
        own = None  # month first, or no date; the packed one says which day is meant
    if own is not None and not packed.value.startswith(own):
        day, month = own[8:], own[5:7]
        if packed.value != f"{own[:4]}-{day}-{month}":
            trial.audit.tell(f"{printed[0]} that differs from Date_registration3", trial.label)
            return packed
    return Dated(printed[1], packed.value)


def _numbers(made: RegistryRecord, trial: _Trial) -> None:
    own = made.number
    for title in made.titles:
        made.other_numbers += numbers_in(title.text, "title", own.normalised)
    for ours in ("secondary", "bridge", "children"):
        for name, text in trial.each(ours):
            folded = re.sub(r",\s*(?=;|$)", "", _BREAK.sub(";", html.unescape(text)))
            made.other_numbers += several_numbers(folded, "secondary", name)
    for name, text in trial.each("universal"):
        if text.lower() not in NO_VALUE:
            made.other_numbers.append(other_number(text, "secondary", name))
    made.other_numbers = [
        n
        for n in made.other_numbers
        if n.printed != own.printed
        and (n.number is None or (n.number.normalised, n.number.suffix) != (own.normalised, own.suffix))
    ]


def _results(made: RegistryRecord, trial: _Trial) -> None:
    links = [link for _, text in trial.each("results-link") for link in _WEB.findall(html.unescape(text))]
    said = trial.one("has-results")
    answer = {"yes": True, "no": False}.get(said[1].lower()) if said else None
    if said and answer is None and said[1].lower() not in NO_VALUE:
        trial.audit.tell(f"{said[0]}={said[1]}", trial.label)
    made.has_results = answer if answer is not None else True if links or "results-posted" in made.dates else None
    for link in dict.fromkeys(links):
        pmid, doi = _PMID.search(link), _DOI.search(unquote(link))
        if pmid or doi:
            made.publications.append(
                CitedPublication(link, "result", pmid[1] if pmid else None, normalise_doi(doi[1]) if doi else None)
            )
