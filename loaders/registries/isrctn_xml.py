"""ISRCTN registry, XML of its API: ``allTrials/fullTrial/trial`` with sponsors and funders beside the trial.

Published by Springer Nature (BioMed Central) at https://www.isrctn.com/api/query/format/default; its documentation is
linked from https://www.isrctn.com/page/faqs. Traps: the registry's pages show a status that the XML does not hold,
because the site works it out from the dates of the day; only ``…StatusOverride`` states one. A final enrolment of 0
stands in every trial that has not ended. ``protocolSerialNumber`` and ``secondaryNumbers`` may hold several numbers, or
a sentence.

``start`` is ``overallStartDate`` where older files have it, else the start of recruitment; ``completion`` is
``overallEndDate``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import CitedPublication, Coded, OtherNumber, Raw, RegistryRecord, Title
from msevidence.loaders.exports.values import counted, numbers_in, own_number, plain, unmarked
from msevidence.loaders.exports.xml_records import all_text, xml_records
from msevidence.loaders.registries.several_numbers import has_value, several_numbers
from msevidence.loaders.registries.xml_mapping import mapping_of
from msevidence.ontology.identifiers import FoundNumber, normalise_doi

STATUS: Mapping[str, str] = {
    "completed": "completed",
    "ongoing": "ongoing",
    "stopped": "terminated",
    "suspended": "suspended",
    "recruiting": "recruiting",
    "not yet recruiting": "not-yet-recruiting",
    "no longer recruiting": "not-recruiting",
}
"""What ``overallStatusOverride`` and ``recruitmentStatusOverride`` may say, in small letters."""

_NOT_LOADED: tuple[tuple[str, str, str], ...] = (
    ("fullTrial", "contact", "contact data are personal"),
    ("fullTrial", "funder", "sources of money, not modelled"),
    ("trial", "@version @isPublished @publicIdentifierType", "the date of the last update tells versions apart"),
    ("trial", "@publicIdentifierDateAssigned", "stands at isrctn, too"),
    ("trial", "attachedFiles", "files, not publications"),
    ("trial", "parties", "ids of contacts, sponsors and funders inside the file"),
    ("trial", "miscellaneous", "plan to share data, not modelled"),
    ("trialDescription", "@thirdPartyFilesAcknowledgement acknowledgment", "form of the registry"),
    ("trialDescription", "studyHypothesis plainEnglishSummary trialWebsite", "free text not modelled"),
    ("trialDescription", "secondaryOutcomes secondaryOutcome", "secondary outcomes, not modelled"),
    (
        "trialDescription",
        "ethicsApproval ethicsApprovalRequired ethicsCommittees",
        "opinions of committees, not modelled",
    ),
    ("outcomeMeasure", "@id", "id inside the file"),
    ("externalRefs", "doi", "the record's own DOI is made from its number"),
    ("secondaryNumber", "@id", "id inside the file"),
    ("trialDesign", "trialSetting trialSettings trialType trialTypes reasonAbandoned", "not modelled"),
    ("participants", "trialCentres", "sites, not modelled"),
    ("participants", "participantType participantTypes healthyVolunteersAllowed inclusion exclusion", "eligibility"),
    ("participants", "ageRange lowerAgeLimit upperAgeLimit gender patientInfoSheet", "eligibility, not modelled"),
    ("participants", "totalTarget", "targetEnrolment in words"),
    ("participants", "recruitmentEnd", "end of recruitment, not of the trial"),
    ("condition", "diseaseClass1 diseaseClass2", "classes of the disease, not modelled"),
    ("intervention", "interventionType pharmaceuticalStudyType pharmaceuticalStudyTypes", "kinds, not modelled"),
    ("output", "@id @artefactType @peerReviewed @patientFacing @createdBy", "not modelled"),
    ("output", "localFile productionNotes", "files and notes, not publications"),
    ("results", "publicationPlan publicationStage intentToPublish biomedRelated", "plans, not modelled"),
    ("results", "ipdSharingStatement dataPolicies", "sharing of data, not modelled"),
    ("sponsor", "@id website contactDetails privacy rorId gridId", "address of the sponsor"),
    ("sponsor", "sponsorType commercialStatus", "kind of sponsor, not modelled"),
)
IGNORED: Mapping[str, str] = {f"{part}.{name}": why for part, names, why in _NOT_LOADED for name in names.split()}
"""Fields (after the element they stand in) that are not loaded, and why."""

_ATTRIBUTED = frozenset({"trial", "isrctn", "secondaryNumber", "output", "externalLink"})
_RESULTS = re.compile(r"result|abstract", re.IGNORECASE)
_PMID = re.compile(
    r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(?:\?term=)?|\bPMID:?\s*)(?P<pmid>[1-9]\d{0,7})(?!\d)", re.IGNORECASE
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>,;]+")


def recognise(head: bytes) -> bool:
    """Say whether a file is XML of the registry's API."""
    start = re.sub(rb"<(?:\?|!--).*?>", b"", head.removeprefix(b"\xef\xbb\xbf")).lstrip()
    return bool(re.match(rb"(?:<!DOCTYPE\b.*?)?<(?:\w+:)?(?:allTrials|fullTrial)[\s>/]", start, re.DOTALL))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield each ``fullTrial``."""
    for item in xml_records(stream, ["fullTrial"]):
        if isinstance(item, Raw):
            number = item.fields.find("{*}trial/{*}isrctn")
            item = Raw(item.fields, item.line, None if number is None else all_text(number))
        yield item


def record(fields: Any, audit: Audit) -> RegistryRecord:
    """Take one ``fullTrial`` apart."""
    full = Fields(mapping_of(fields, _ATTRIBUTED), audit, "fullTrial")
    trial = Fields(full.pop("trial") or {}, audit, "trial", full.empty)
    number, assigned = _number(trial)
    where = number.normalised
    found = RegistryRecord(number, empty=full.empty)
    _description(found, _part(trial, "trialDescription"), where)
    _references(found, _part(trial, "externalRefs"), where)
    _design(found, trial, audit, where)
    _studied(found, trial, where)
    _publications(found, trial, where)
    for key, printed in (("registered", assigned), ("updated", trial.text("@lastUpdated"))):
        if printed is not None:
            found.dates[key] = read_date(printed, key)
    _close(trial, where)
    for sponsor in _each(full, "sponsor"):
        if (name := sponsor.text("organisation")) is not None and plain(name) not in found.sponsors:
            found.sponsors.append(plain(name))
        _close(sponsor, where)
    _close(full, where)
    own = found.number.normalised
    found.other_numbers += [n for t in found.titles for n in numbers_in(t.text, "title", own)]
    found.other_numbers = [n for n in found.other_numbers if n.number is None or n.number.normalised != own]
    return found


def _part(parent: Fields, key: str) -> Fields:
    """Return a child by its own name: paths are short, as the file has each name once."""
    return Fields(parent.pop(key) or {}, parent.audit, key, parent.empty)


def _each(parent: Fields, key: str, item: str | None = None) -> Iterator[Fields]:
    """Yield the elements ``key``, or those called ``item`` in the element ``key``."""
    if item is not None:
        parent, key = _part(parent, key), item
    values = parent.pop(key) or []
    for value in values if isinstance(values, list) else [values]:
        yield Fields(value if isinstance(value, Mapping) else {"#": value}, parent.audit, key, parent.empty)
    if item is not None:
        parent.close()


def _close(part: Fields, where: str) -> None:
    part.ignore(*[key for key in part.data if f"{part.path}.{key}" in IGNORED])
    part.close(where)


def _number(trial: Fields) -> tuple[FoundNumber, str | None]:
    """Return the record's own number, which stands in two places that must agree, and when it was assigned."""
    held = trial.pop("isrctn")
    own = Fields(held if isinstance(held, Mapping) else {"#": held}, trial.audit, "isrctn", trial.empty)
    digits, canonical = own.text("#"), trial.text("@publicIdentifierCanonical")
    printed = digits and (digits if digits.upper().startswith("ISRCTN") else f"ISRCTN{digits}")
    number = own_number(printed or canonical, "ISRCTN", "isrctn")
    if (
        canonical is not None
        and own_number(canonical, "ISRCTN", "publicIdentifierCanonical").normalised != number.normalised
    ):
        raise RecordError(f"is {digits}, and publicIdentifierCanonical is {canonical}; get it again", field="isrctn")
    assigned = own.text("@dateAssigned") or trial.text("@publicIdentifierDateAssigned")
    own.close(number.normalised)
    return number, assigned


def _description(found: RegistryRecord, part: Fields, where: str) -> None:
    for kind, key in (("public", "title"), ("scientific", "scientificTitle")):
        if (text := part.text(key)) is not None:
            found.titles.append(Title(kind, unmarked(text), "en"))
    acronym = part.text("acronym")
    if acronym is not None and has_value(acronym):
        found.acronyms.append(plain(acronym))
    for measure in _each(part, "primaryOutcomes", "outcomeMeasure"):
        said = [plain(t) for k in ("variable", "method", "timepoints") if (t := measure.text(k)) is not None]
        if said:
            found.outcomes.append("; ".join(said))
        _close(measure, where)
    if (outcome := part.text("primaryOutcome")) is not None and not found.outcomes:
        found.outcomes.append(plain(outcome))
    _close(part, where)


def _references(found: RegistryRecord, part: Fields, where: str) -> None:
    numbers: list[OtherNumber] = []
    for key in ("eudraCTNumber", "clinicalTrialsGovNumber", "ctisNumber", "irasNumber"):
        if (text := part.text(key)) is not None:
            _add(numbers, several_numbers(text, "secondary", key))
            _note_none(part, key, text)
    for one in _each(part, "secondaryNumbers", "secondaryNumber"):
        label, text = one.text("@numberType") or "secondaryNumber", one.text("#")
        _close(one, where)
        if text is not None:
            other = "protocol-code" if "protocol" in label.lower() else None
            _add(numbers, several_numbers(text, "secondary", label, other_role=other))
    if (text := part.text("protocolSerialNumber")) is not None:  # one is the sponsor's; several are anybody's
        several = several_numbers(text, "secondary", "protocolSerialNumber")
        if len(several) == 1 and several[0].number is None:
            several = [replace(several[0], role="protocol-code")]
        _add(numbers, several)
        _note_none(part, "protocolSerialNumber", text)
    found.other_numbers = numbers
    _close(part, where)


def _add(numbers: list[OtherNumber], more: list[OtherNumber]) -> None:
    """Add numbers that are not there yet."""
    known = {n.number.normalised if n.number else n.printed for n in numbers}
    numbers += [n for n in more if (n.number.normalised if n.number else n.printed) not in known]


def _note_none(part: Fields, key: str, text: str) -> None:
    if not has_value(text):
        part.empty.append(f"{part.path}.{key}")


def _design(found: RegistryRecord, trial: Fields, audit: Audit, where: str) -> None:
    """Read design, status, dates, countries and enrolment."""
    design, people = _part(trial, "trialDesign"), _part(trial, "participants")
    found.study_type = design.text("primaryStudyDesign")
    said = [design.text("studyDesign"), design.text("secondaryStudyDesign")]
    for key in ("interventionalTrialDesign", "observationalTrialDesign"):
        detail = _part(design, key)
        said += [detail.text(k) for k in list(detail.data) if k != "purposes"]
        said += _part(detail, "purposes").texts("purpose")
    found.design = "; ".join(dict.fromkeys(plain(t) for t in said if t)) or None
    override = design.text("overallStatusOverride")
    for key in ("recruitmentStatusOverride", "recruitmentStartStatusOverride"):
        override = override or people.text(key)
        people.ignore(key)
    if override is not None:
        concept = STATUS.get(override.lower())
        if concept is None:
            audit.tell(f"status={override}", where)
        found.status = Coded(override, concept)
    started, recruited = design.text("overallStartDate"), people.text("recruitmentStart")
    for name, printed in (
        ("start", started or recruited),
        ("completion", design.text("overallEndDate")),
    ):
        if printed is not None:
            found.dates[name] = read_date(printed, name)
    target, final = people.text("targetEnrolment"), people.text("totalFinalEnrolment")
    planned = None if target is None else counted(target, "targetEnrolment", "estimated")
    reached = None if final is None else counted(final, "totalFinalEnrolment", "actual")
    found.enrolment = reached if reached is not None and reached.value != 0 else planned
    found.countries = [plain(c) for c in _part(people, "recruitmentCountries").texts("country")]
    _close(design, where)
    _close(people, where)


def _studied(found: RegistryRecord, trial: Fields, where: str) -> None:
    for condition in _each(trial, "conditions", "condition"):
        if (text := condition.text("description")) is not None:
            found.conditions.append(plain(text))
        _close(condition, where)
    phases = []
    for intervention in _each(trial, "interventions", "intervention"):
        text, drugs = intervention.text("description"), intervention.text("drugNames")
        named = next((plain(t) for t in (drugs, text) if t is not None and has_value(t)), None)
        if named:
            found.interventions.append(named)
        phases += [p for p in [intervention.text("phase")] if p]
        _close(intervention, where)
    found.phase = "; ".join(dict.fromkeys(phases)) or None


def _publications(found: RegistryRecord, trial: Fields, where: str) -> None:
    """Read outputs and the older free text on publications."""
    posted: list[str] = []
    for output in _each(trial, "outputs", "output"):
        kind, link = output.text("@outputType") or "", _part(output, "externalLink").text("@url")
        text = " ".join(t for t in (output.text("description"), link) if t)
        dates = [output.text("@dateUploaded"), output.text("@dateCreated")]
        is_result = bool(_RESULTS.search(kind))
        if is_result:
            found.has_results = True
            posted += [d for d in dates[:1] if d]
        for date in dates:
            if date is not None:
                read_date(date, "output")
        _cite(found, text, "result" if is_result else None)
        _close(output, where)
    results = _part(trial, "results")
    for key in ("publicationDetails", "basicReport", "plainEnglishReport"):
        for line in re.split(r"\n|(?<=\))\s+(?=\d{4} )", results.text(key) or ""):
            _cite(found, line, "result" if key != "publicationDetails" or "results in" in line.lower() else None)
            if has_value(line) and key != "publicationDetails":
                found.has_results = True
    _close(results, where)
    if posted:
        first = min(posted)
        found.dates["results-posted"] = read_date(first, "dateUploaded")


def _cite(found: RegistryRecord, text: str, kind: str | None) -> None:
    """Add the publications that a text names by PMID or DOI; one that names none is no publication we could find."""
    pmids = dict.fromkeys(m["pmid"] for m in _PMID.finditer(text))
    dois = dict.fromkeys(d for m in _DOI.finditer(text) if (d := normalise_doi(m.group().rstrip(".)]"))))
    dois = {d: None for d in dois if not d.startswith("10.1186/isrctn")}
    citation = plain(text) or None
    if len(pmids) == 1 and len(dois) == 1:
        found.publications.append(CitedPublication(citation, kind, next(iter(pmids)), next(iter(dois))))
        return
    found.publications += [CitedPublication(citation, kind, pmid=p) for p in pmids]
    found.publications += [CitedPublication(citation, kind, doi=d) for d in dois]


FORMAT = Format(
    key="isrctn-xml",
    label="ISRCTN registry, XML of its API",
    origin="ISRCTN registry",
    rights="No licence is recorded.",
    recognise=recognise,
    read=read,
    record=record,
)
