"""Studies of ClinicalTrials.gov in the classic site's XML: ``clinical_study``, one a file or several in one element.

Published by the U.S. National Library of Medicine until 2024, and by its API as legacy public XML; the schema is
https://cdn.clinicaltrials.gov/documents/xsd/public.xsd. Traps: categories and dates are words (``September 2014``), the
type of a date is an attribute that older dates lack, dates had other names until 2018, and the file says on which day
it was made, which is not when the record changed. A list of hits (``search_results`` of ``study``) is no record.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from lxml import etree

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import CitedPublication, Raw, RegistryRecord
from msevidence.loaders.exports.values import counted, own_number, plain
from msevidence.loaders.exports.xml_records import all_text, entity_inside, local, xml_records
from msevidence.loaders.registries import ctgov

_FREE, _CONTACT = "free text that is not modelled", "contact data are personal"
_REVIEW, _DISPOSITION = "a step of the registry's own review", "a request to delay results"
IGNORED: Mapping[str, str] = {
    "required_header.link_text": "the same in all records",
    "source": "who entered the record; the sponsor has a field of its own",
    "sponsors.lead_sponsor.agency_class": "classes of sponsors are not modelled",
    "sponsors.collaborator.agency_class": "classes of sponsors are not modelled",
    "oversight_info": "oversight says nothing about identity or evidence",
    "brief_summary": _FREE,
    "detailed_description": _FREE,
    "why_stopped": _FREE,
    "last_known_status": "the status before it became unknown",
    "has_expanded_access": "the number says it",
    "expanded_access_info.expanded_access_type_individual": "kinds of expanded access are not modelled",
    "expanded_access_info.expanded_access_type_intermediate": "kinds of expanded access are not modelled",
    "expanded_access_info.expanded_access_type_treatment": "kinds of expanded access are not modelled",
    "expanded_access_info.expanded_access_status_for_nct_id": "stands in the record of that number",
    "study_design_info.intervention_model_description": _FREE,
    "study_design_info.masking_description": _FREE,
    "target_duration": "not modelled",
    "primary_outcome.time_frame": _FREE,
    "primary_outcome.description": _FREE,
    "primary_outcome.safety_issue": "not modelled",
    "secondary_outcome": "only primary outcomes are loaded",
    "other_outcome": "only primary outcomes are loaded",
    "number_of_arms": "arms are not modelled",
    "number_of_groups": "arms are not modelled",
    "arm_group": "arms are not modelled",
    "intervention.intervention_type": "kinds of interventions are not modelled",
    "intervention.description": _FREE,
    "intervention.arm_group_label": "arms are not modelled",
    "intervention.other_name": "the name is enough",
    "biospec_retention": "samples are not modelled",
    "biospec_descr": _FREE,
    "eligibility": _FREE,
    "overall_official": _CONTACT,
    "overall_contact": _CONTACT,
    "overall_contact_backup": _CONTACT,
    "location": "addresses and contacts are personal; the countries have a field of their own",
    "removed_countries": "countries in which the study is not",
    "verification_date": "the record's date is that of its last update",
    "study_first_submitted_qc": _REVIEW,
    "results_first_submitted": "the results count from the day they are posted",
    "results_first_submitted_qc": _REVIEW,
    "firstreceived_results_date": "the results count from the day they are posted",
    "disposition_first_submitted": _DISPOSITION,
    "disposition_first_submitted_qc": _DISPOSITION,
    "disposition_first_posted": _DISPOSITION,
    "firstreceived_results_disposition_date": _DISPOSITION,
    "last_update_submitted_qc": _REVIEW,
    "responsible_party": "a person or the sponsor",
    "keyword": "words for searching, not what is studied",
    "condition_browse": "computed by the registry",
    "intervention_browse": "computed by the registry",
    "patient_data": _FREE,
    "study_docs": "documents are not loaded",
    "provided_document_section": "documents are not loaded",
    "pending_results": "a step of the registry's own review",
    "clinical_results": "results are read from publications",
}
_HERE = ctgov.by_parent(IGNORED)
_DATES = (
    ("start", "start_date"),
    ("primary-completion", "primary_completion_date"),
    ("completion", "completion_date"),
    ("registered", "study_first_posted"),
    ("registered", "study_first_submitted"),
    ("registered", "firstreceived_date"),
    ("results-posted", "results_first_posted"),
    ("updated", "last_update_posted"),
    ("updated", "last_update_submitted"),
    ("updated", "lastchanged_date"),
)
"""The first of a kind that a record has: dates were renamed in 2018."""
_RESULTS = ("clinical_results", "firstreceived_results_date")
_STUDY = re.compile(rb"<clinical_study[\s>]")
_HITS = re.compile(rb"<search_results[\s>].{0,4000}?<study[\s>]", re.DOTALL)


def recognise(head: bytes) -> bool:
    """Say whether a file holds classic records, or a list of hits, which :func:`read` refuses by name."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and bool(_STUDY.search(head) or _HITS.search(head))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the studies of a file; each is emptied when the next is asked for.

    Raises ExportError for a list of hits.
    """
    for raw in xml_records(stream, ("clinical_study", "study")):
        if isinstance(raw, RecordError):
            yield raw
            continue
        element: etree._Element = raw.fields
        if local(element) == "study":
            raise ExportError(
                "is a list of hits and not of records; download the studies themselves, or export the list as CSV",
                name,
                raw.line,
            )
        yield Raw(element, raw.line, element.findtext("{*}id_info/{*}nct_id"))


def record(fields: Any, audit: Audit) -> RegistryRecord:
    """Take one study apart.

    Raises RecordError for a study without its number, with an impossible value, or with a reference to an entity.
    """
    if not isinstance(fields, etree._Element):
        raise RecordError(f"is {type(fields).__name__}, and should be an element; get the file again")
    if entity_inside(fields):
        raise RecordError("holds an entity, which is not resolved (its text is unknown); get the file again")
    return _Study(fields, audit).record()


class _Part:
    """An element whose children are popped by name."""

    def __init__(self, element: "etree._Element | None", audit: Audit, path: str, empty: list[str]) -> None:
        children: dict[str, list[etree._Element]] = {}
        for child in element if element is not None else ():
            children.setdefault(local(child), []).append(child)
        self.fields = Fields(children, audit, path, empty)
        self.path = f"{path}." if path else ""

    def elements(self, name: str) -> list["etree._Element"]:
        found: list[etree._Element] | None = self.fields.pop(name)
        return found or []

    def texts(self, name: str) -> list[str]:
        """Return the texts of all elements of a name; one without text is noted."""
        found = []
        for element in self.elements(name):
            text = all_text(element)
            if text is None:
                self.fields.empty.append(self.path + name)
            else:
                found.append(text)
        return found

    def one(self, name: str) -> "etree._Element | None":
        """Return the only element of a name.

        Raises RecordError where there are more.
        """
        found = self.elements(name)
        if len(found) > 1:
            raise RecordError(f"stands {len(found)} times and should once; get the file again", field=self.path + name)
        return found[0] if found else None

    def text(self, name: str) -> str | None:
        element = self.one(name)
        text = all_text(element)
        if element is not None and text is None:
            self.fields.empty.append(self.path + name)
        return text

    def parts(self, name: str) -> list["_Part"]:
        fields = self.fields
        return [_Part(e, fields.audit, self.path + name, fields.empty) for e in self.elements(name)]

    def part(self, name: str) -> "_Part":
        return _Part(self.one(name), self.fields.audit, self.path + name, self.fields.empty)

    def close(self, label: str) -> None:
        self.fields.ignore(*_HERE.get(self.fields.path, ()))
        self.fields.close(label)


class _Study:
    """One study while it is taken apart."""

    def __init__(self, element: "etree._Element", audit: Audit) -> None:
        self.audit = audit
        self.study = _Part(element, audit, "", [])
        self.ids = self.study.part("id_info")
        self.number = own_number(self.ids.text("nct_id"), "NCT", "id_info.nct_id")
        self.label = self.number.normalised
        self.result = RegistryRecord(self.number, empty=self.study.fields.empty)

    def record(self) -> RegistryRecord:
        study, result = self.study, self.result
        header = study.part("required_header")
        result.address = ctgov.web_address(header.text("url"))
        self.audit.exported_on(header.text("download_date"))
        header.close(self.label)
        result.titles = ctgov.titles(study.text("brief_title"), study.text("official_title"))
        result.acronyms = [plain(text) for text in study.texts("acronym")]
        result.status = ctgov.coded_status(study.text("overall_status"), self.audit, self.label)
        for key, name in _DATES:
            self._date(key, name)
        self._numbers()
        self._sponsors()
        self._design()
        result.conditions = [plain(text) for text in study.texts("condition")]
        result.interventions = self._each("intervention", "intervention_name")
        result.outcomes = self._each("primary_outcome", "measure")
        countries = study.part("location_countries")
        result.countries = ctgov.once(plain(text) for text in countries.texts("country"))
        countries.close(self.label)
        result.has_results = not study.fields.data.keys().isdisjoint(_RESULTS) or "results-posted" in result.dates
        self._references()
        result.other_numbers += ctgov.numbers_in_titles(result.titles, self.number)
        study.close(self.label)
        return result

    def _date(self, key: str, name: str) -> None:
        element = self.study.one(name)
        if element is None:
            return
        kind = ctgov.kind_of(element.get("type"), self.audit, self.label)
        if (text := all_text(element)) is None:
            self.result.empty.append(name)
        ctgov.put_date(self.result.dates, key, text, name, kind)

    def _numbers(self) -> None:
        for name, role in (("org_study_id", "protocol-code"), ("secondary_id", "secondary"), ("nct_alias", "obsolete")):
            for printed in self.ids.texts(name):
                self.result.other_numbers += ctgov.other_numbers(
                    self.result.empty, f"id_info.{name}", printed, role, name
                )
        self.ids.close(self.label)
        access = self.study.part("expanded_access_info")
        for printed in access.texts("expanded_access_nct_id"):
            self.result.other_numbers += ctgov.other_numbers(
                self.result.empty, "expanded_access_nct_id", printed, "associated", "expanded_access_nct_id"
            )
        access.close(self.label)

    def _sponsors(self) -> None:
        sponsors = self.study.part("sponsors")
        for found, name in ((self.result.sponsors, "lead_sponsor"), (self.result.collaborators, "collaborator")):
            for sponsor in sponsors.parts(name):
                found += [plain(text) for text in sponsor.texts("agency")]
                sponsor.close(self.label)
        sponsors.close(self.label)

    def _design(self) -> None:
        study, result = self.study, self.result
        result.phase = study.text("phase")
        result.study_type = study.text("study_type")
        older = study.text("study_design")  # until 2016, in one text
        info = study.part("study_design_info")
        names = ("allocation", "intervention_model", "observational_model", "time_perspective", "masking")
        result.design = (
            ctgov.design(**{name: info.text(name) for name in (*names, "primary_purpose")})
            or (plain(older) if older else None)
        )  # fmt: skip
        info.close(self.label)
        if (element := study.one("enrollment")) is not None:
            kind = ctgov.kind_of(element.get("type"), self.audit, self.label)
            if (text := all_text(element)) is None:
                result.empty.append("enrollment")
            else:
                result.enrolment = counted(text, "enrollment", kind)

    def _each(self, name: str, child: str) -> list[str]:
        """Return one text of each element of a name."""
        found = []
        for part in self.study.parts(name):
            found += [plain(text)] if (text := part.text(child)) else []
            part.close(self.label)
        return found

    def _references(self) -> None:
        # The schema does not say of ``reference`` what it is for: background, or found by the registry itself.
        publications: list[CitedPublication] = self.result.publications
        for name, kind in (("results_reference", "result"), ("reference", None)):
            for part in self.study.parts(name):
                citation, pmid = part.text("citation"), part.text("PMID")
                publications.append(ctgov.cited(citation, kind, pmid, self.audit, self.label))
                part.close(self.label)
        for part in self.study.parts("link"):
            found, numbers = ctgov.see_also(part.text("description"), part.text("url"), self.number)
            publications += found
            self.result.other_numbers += numbers
            part.close(self.label)


FORMAT = Format(
    key="ctgov-xml",
    label="ClinicalTrials.gov classic XML",
    origin=ctgov.ORIGIN,
    rights=ctgov.RIGHTS,
    recognise=recognise,
    read=read,
    record=record,
)
