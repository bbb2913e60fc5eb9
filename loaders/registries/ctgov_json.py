"""Studies of ClinicalTrials.gov as its API v2 gives them in JSON: one study, a page of many, a list, or one a line.

Published by the U.S. National Library of Medicine: https://clinicaltrials.gov/data-api/api; the fields are listed in
https://clinicaltrials.gov/data-api/about-api/study-data-structure. Traps: fields that a study does not have are absent,
and so is whatever the request left out (``fields=``); a page is one of several where it has ``nextPageToken``;
a date may be a month; numbers of grants stand among the secondary ids, and aliases are numbers that led to the record.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.json_records import json_records
from msevidence.loaders.exports.records import Dated, OtherNumber, Raw, RegistryRecord
from msevidence.loaders.exports.values import counted, own_number, plain
from msevidence.loaders.registries import ctgov
from msevidence.ontology.identifiers import FoundNumber

_FREE, _CONTACT = "free text that is not modelled", "contact data are personal"
IGNORED: Mapping[str, str] = {
    "resultsSection": "results are read from publications",
    "documentSection": "documents are not loaded; their addresses follow from the number",
    "annotationSection": "notes of the registry on violations and on results not yet posted",
    "derivedSection": "computed by the registry; the day of the data differs where the record is the same",
    "protocolSection.oversightModule": "oversight says nothing about identity or evidence",
    "protocolSection.descriptionModule": _FREE,
    "protocolSection.eligibilityModule": _FREE,
    "protocolSection.ipdSharingStatementModule": _FREE,
    "protocolSection.identificationModule.organization": "who entered the record; the sponsor has a field of its own",
    "protocolSection.statusModule.statusVerifiedDate": "the record's date is that of its last update",
    "protocolSection.statusModule.lastKnownStatus": "the status before it became unknown",
    "protocolSection.statusModule.delayedPosting": "says when the record is shown, not what the study is",
    "protocolSection.statusModule.whyStopped": _FREE,
    "protocolSection.statusModule.resultsWaived": "says nothing about whether there are results",
    "protocolSection.statusModule.studyFirstSubmitQcDate": "a step of the registry's own review",
    "protocolSection.statusModule.resultsFirstSubmitDate": "the results count from the day they are posted",
    "protocolSection.statusModule.resultsFirstSubmitQcDate": "a step of the registry's own review",
    "protocolSection.statusModule.dispFirstSubmitDate": "a request to delay results",
    "protocolSection.statusModule.dispFirstSubmitQcDate": "a request to delay results",
    "protocolSection.statusModule.dispFirstPostDateStruct": "a request to delay results",
    "protocolSection.statusModule.expandedAccessInfo.hasExpandedAccess": "the number says it",
    "protocolSection.statusModule.expandedAccessInfo.statusForNctId": "stands in the record of that number",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty": "a person or the sponsor",
    "protocolSection.sponsorCollaboratorsModule.leadSponsor.class": "classes of sponsors are not modelled",
    "protocolSection.sponsorCollaboratorsModule.collaborators.class": "classes of sponsors are not modelled",
    "protocolSection.conditionsModule.keywords": "words for searching, not what is studied",
    "protocolSection.designModule.nPtrsToThisExpAccNctId": "counted by the registry",
    "protocolSection.designModule.expandedAccessTypes": "kinds of expanded access are not modelled",
    "protocolSection.designModule.patientRegistry": "not modelled",
    "protocolSection.designModule.targetDuration": "not modelled",
    "protocolSection.designModule.bioSpec": "samples are not modelled",
    "protocolSection.designModule.designInfo.interventionModelDescription": _FREE,
    "protocolSection.designModule.designInfo.maskingInfo.maskingDescription": _FREE,
    "protocolSection.armsInterventionsModule.armGroups": "arms are not modelled",
    "protocolSection.armsInterventionsModule.interventions.type": "kinds of interventions are not modelled",
    "protocolSection.armsInterventionsModule.interventions.description": _FREE,
    "protocolSection.armsInterventionsModule.interventions.armGroupLabels": "arms are not modelled",
    "protocolSection.armsInterventionsModule.interventions.otherNames": "the name is enough",
    "protocolSection.outcomesModule.primaryOutcomes.description": _FREE,
    "protocolSection.outcomesModule.primaryOutcomes.timeFrame": _FREE,
    "protocolSection.outcomesModule.secondaryOutcomes": "only primary outcomes are loaded",
    "protocolSection.outcomesModule.otherOutcomes": "only primary outcomes are loaded",
    "protocolSection.contactsLocationsModule.centralContacts": _CONTACT,
    "protocolSection.contactsLocationsModule.overallOfficials": _CONTACT,
    "protocolSection.referencesModule.references.retractions": "a retraction is a record of its own",
    "protocolSection.referencesModule.availIpds": "data sets are not loaded",
}
LOCATION = frozenset({"facility", "status", "city", "state", "zip", "country", "contacts", "geoPoint"})
"""Fields of a location, of which only the country is loaded: addresses and contacts are personal."""

_HERE, _NONE = ctgov.by_parent(IGNORED), frozenset[str]()
_SECTION = re.compile(rb'"(?:protocolSection|derivedSection|annotationSection|documentSection)"\s*:')
_EMPTY_PAGE = re.compile(rb'\{\s*(?:"totalCount"\s*:\s*\d+\s*,\s*)?"studies"\s*:\s*\[\s*\]')
_DATES = (
    ("start", "startDateStruct"),
    ("primary-completion", "primaryCompletionDateStruct"),
    ("completion", "completionDateStruct"),
    ("registered", "studyFirstPostDateStruct"),
    ("results-posted", "resultsFirstPostDateStruct"),
    ("updated", "lastUpdatePostDateStruct"),
)


def recognise(head: bytes) -> bool:
    """Say whether a file holds studies of the API v2: its sections have names that no other format uses."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] in (b"{", b"[") and bool(_SECTION.search(start) or _EMPTY_PAGE.match(start))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the studies of a file; pages that were saved in a list are opened."""
    for raw in json_records(stream, name, ("studies",)):
        if isinstance(raw, RecordError):
            yield raw
        elif isinstance(raw.fields, dict) and isinstance(raw.fields.get("studies"), list):
            yield from (Raw(study, raw.line, _label(study)) for study in raw.fields["studies"])
        else:
            yield Raw(raw.fields, raw.line, _label(raw.fields))


def _label(study: Any) -> str | None:
    for key in ("protocolSection", "identificationModule", "nctId"):
        study = study.get(key) if isinstance(study, dict) else None
    return study if isinstance(study, str) else None


def record(fields: Any, audit: Audit) -> RegistryRecord:
    """Take one study apart.

    Raises RecordError for a study without its number, with an impossible value, or with a value of another type.
    """
    return _Study(fields, audit).record()


class _Study:
    """One study while it is taken apart, module by module."""

    def __init__(self, fields: Any, audit: Audit) -> None:
        self.audit = audit
        self.study = Fields(fields, audit)
        self.protocol = self.study.fields("protocolSection")
        self.identification = self.protocol.fields("identificationModule")
        printed = self.identification.text("nctId")
        self.number: FoundNumber = own_number(printed, "NCT", "protocolSection.identificationModule.nctId")
        self.label = self.number.normalised
        self.result = RegistryRecord(self.number, empty=self.study.empty)

    def close(self, *parts: Fields) -> None:
        """Tell of the fields of each part that are neither loaded nor ignored."""
        for part in parts:
            if part.data and (unknown := part.data.keys() - _HERE.get(part.path, _NONE)):
                part.data = {key: None for key in part.data if key in unknown}
                part.close(self.label)

    def record(self) -> RegistryRecord:
        self._identification()
        self._status()
        self._sponsors()
        self._design()
        self._content()
        self._references()
        result = self.result
        if (has_results := self.study.text("hasResults")) is not None:
            result.has_results = {"true": True, "false": False}.get(has_results)
            if result.has_results is None:
                self.audit.tell(f"hasResults={has_results}", self.label)
        result.other_numbers += ctgov.numbers_in_titles(result.titles, self.number)
        self.close(self.protocol, self.study)
        return result

    def _identification(self) -> None:
        fields, numbers = self.identification, self.result.other_numbers
        self.result.titles = ctgov.titles(fields.text("briefTitle"), fields.text("officialTitle"))
        if acronym := fields.text("acronym"):
            self.result.acronyms = [plain(acronym)]
        own = fields.fields("orgStudyIdInfo")
        numbers += self._number(own, "protocol-code", "orgStudyIdInfo")
        for other in fields.each("secondaryIdInfos"):
            numbers += self._number(other, "secondary", None)
        for alias in fields.texts("nctIdAliases"):
            numbers += ctgov.other_numbers(
                fields.empty, f"{fields.path}.nctIdAliases", alias, "obsolete", "nctIdAliases"
            )
        self.close(fields)

    def _number(self, fields: Fields, role: str, name: str | None) -> list[OtherNumber]:
        printed, kind, domain = fields.text("id"), fields.text("type"), fields.text("domain")
        link = ctgov.web_address(fields.text("link"))
        if kind is not None and kind not in ctgov.ID_TYPES:
            self.audit.tell(f"{fields.path}.type={kind}", self.label)
        label = ": ".join(plain(part) for part in (kind, domain) if part) or name
        self.close(fields)
        return ctgov.other_numbers(fields.empty, f"{fields.path}.id", printed, role, label, link)

    def _status(self) -> None:
        fields, dates = self.protocol.fields("statusModule"), self.result.dates
        self.result.status = ctgov.coded_status(fields.text("overallStatus"), self.audit, self.label)
        for key, name in _DATES:
            self._date(key, fields.fields(name), dates)
        ctgov.put_date(dates, "registered", fields.text("studyFirstSubmitDate"), f"{fields.path}.studyFirstSubmitDate")
        ctgov.put_date(dates, "updated", fields.text("lastUpdateSubmitDate"), f"{fields.path}.lastUpdateSubmitDate")
        access = fields.fields("expandedAccessInfo")
        self.result.other_numbers += ctgov.other_numbers(
            access.empty, f"{access.path}.nctId", access.text("nctId"), "associated", "expandedAccessInfo"
        )
        self.close(access, fields)

    def _date(self, key: str, struct: Fields, dates: dict[str, Dated]) -> None:
        kind = ctgov.kind_of(struct.text("type"), self.audit, self.label)
        ctgov.put_date(dates, key, struct.text("date"), f"{struct.path}.date", kind)
        self.close(struct)

    def _sponsors(self) -> None:
        fields = self.protocol.fields("sponsorCollaboratorsModule")
        lead = fields.fields("leadSponsor")
        self.result.sponsors = [plain(name)] if (name := lead.text("name")) else []
        self.result.collaborators = self._each(fields, "collaborators", "name")
        self.close(lead, fields)

    def _each(self, fields: Fields, key: str, name: str) -> list[str]:
        """Return one text of each object in a list."""
        found = []
        for item in fields.each(key):
            text = item.text(name)
            found += [plain(text)] if text else []
            self.close(item)
        return found

    def _design(self) -> None:
        fields = self.protocol.fields("designModule")
        self.result.study_type = fields.text("studyType")
        self.result.phase = "|".join(fields.texts("phases")) or None
        design = fields.fields("designInfo")
        masking = design.fields("maskingInfo")
        who = ", ".join(masking.texts("whoMasked"))
        blind = masking.text("masking")
        self.result.design = ctgov.design(
            allocation=design.text("allocation"),
            intervention_model=design.text("interventionModel"),
            observational_model=design.text("observationalModel"),
            time_perspective=design.text("timePerspective"),
            masking=f"{blind} ({who})" if blind and who else blind,
            primary_purpose=design.text("primaryPurpose"),
        )
        enrolment = fields.fields("enrollmentInfo")
        kind = ctgov.kind_of(enrolment.text("type"), self.audit, self.label)
        if (count := enrolment.text("count")) is not None:
            self.result.enrolment = counted(count, f"{enrolment.path}.count", kind)
        self.close(masking, design, enrolment, fields)

    def _content(self) -> None:
        result = self.result
        conditions = self.protocol.fields("conditionsModule")
        result.conditions = [plain(text) for text in conditions.texts("conditions")]
        arms = self.protocol.fields("armsInterventionsModule")
        result.interventions = self._each(arms, "interventions", "name")
        outcomes = self.protocol.fields("outcomesModule")
        result.outcomes = self._each(outcomes, "primaryOutcomes", "measure")
        places = self.protocol.fields("contactsLocationsModule")
        result.countries = ctgov.once(self._countries(places))
        self.close(conditions, arms, outcomes, places)

    def _countries(self, places: Fields) -> Iterator[str]:
        """Yield the countries of all locations; there may be hundreds, so they are not taken apart further."""
        path = f"{places.path}.locations"
        locations = places.pop("locations") or []
        if not isinstance(locations, list):
            raise RecordError("should be a list; get the file again", field=path)
        for place in locations:
            if not isinstance(place, dict):
                raise RecordError("should hold objects; get the file again", field=path)
            if unknown := place.keys() - LOCATION:
                for key in sorted(unknown):
                    self.audit.tell(f"{path}.{key}", self.label)
            if "country" in place and (country := Fields(place, self.audit, path, places.empty).text("country")):
                yield plain(country)

    def _references(self) -> None:
        fields = self.protocol.fields("referencesModule")
        for item in fields.each("references"):
            printed = item.text("type")
            kind = ctgov.REFERENCE_KINDS.get(printed) if printed else None
            if printed and kind is None:
                self.audit.tell(f"{item.path}.type={printed}", self.label)
            self.result.publications.append(
                ctgov.cited(item.text("citation"), kind, item.text("pmid"), self.audit, self.label)
            )
            self.close(item)
        for link in fields.each("seeAlsoLinks"):
            publications, numbers = ctgov.see_also(link.text("label"), link.text("url"), self.number)
            self.result.publications += publications
            self.result.other_numbers += numbers
            self.close(link)
        self.close(fields)


FORMAT = Format(
    key="ctgov-json",
    label="ClinicalTrials.gov API v2, JSON",
    origin=ctgov.ORIGIN,
    rights=ctgov.RIGHTS,
    recognise=recognise,
    read=read,
    record=record,
)
