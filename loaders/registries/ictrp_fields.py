"""What the ICTRP calls its fields and statuses, what each is for us, and why a field is not loaded."""

import re
from collections.abc import Mapping

_FOLDED = re.compile(r"[^a-z0-9]")


def canonical(name: str) -> str:
    """Return the name of a field as exports with other letters and underscores also have it.

    >>> canonical("SecondaryIDs"), canonical("Date_registration3")
    ('secondaryids', 'dateregistration3')
    """
    return _FOLDED.sub("", name.lower())


def _words(text: str) -> list[str]:
    return text.split()


NAMES = {
    "number": ("TrialID",),
    "updated": ("Last_Refreshed_on", "last_updated"),
    "public": ("Public_title",),
    "scientific": ("Scientific_title",),
    "acronym": ("Acronym", "scientific_acronym"),
    "registered": ("Date_registration",),
    "registered-packed": ("Date_registration3",),
    "start": ("Date_enrollement", "date_enrolment", "date_enrollment"),
    "start-kind": ("type_enrolment", "type_enrollment"),
    "size": ("Target_size",),
    "status": ("Recruitment_Status",),
    "sponsor": ("Primary_sponsor",),
    "collaborators": ("Secondary_Sponsor", "Secondary_sponsors", "sponsor_name"),
    "type": ("Study_type",),
    "design": ("Study_design",),
    "phase": ("Phase",),
    "countries": ("Countries", "country2"),
    "conditions": ("Condition", "Conditions", "hc_freetext"),
    "interventions": ("Intervention", "Interventions", "i_freetext"),
    "outcomes": ("Primary_outcome", "prim_outcome"),
    "secondary": ("Secondary_ID", "SecondaryIDs", "sec_id"),
    "universal": ("utrn", "utn"),
    "bridge": ("Bridging_flag",),
    "children": ("Childs",),
    "has-results": ("results_yes_no",),
    "results-posted": ("results_date_posted",),
    "results-link": ("results_url_link",),
    "address": ("web_address", "url"),
}
"""What we call a field, and what the exports call it."""

_CONTACT, _ELIGIBILITY = "names, addresses and telephone numbers are personal", "eligibility is free text not modelled"
_ETHICS, _RESULTS = "ethics review is not modelled", "texts of results are not modelled; that there are any is loaded"
_CODES = "codes of conditions and interventions are not modelled; their words are loaded"
IGNORED: Mapping[str, str] = {
    "Export_date": "the day on which the file was made, month first: it dates the file, and no record in it",
    "Internal_Number": "a running number of the platform's database, which changes when a record is copied again",
    "Source_Register": "the number itself tells its registry",
    "reg_name": "the number itself tells its registry",
    "Prospective_registration": "whether a study was registered before it began follows from its dates",
    "Retrospective_flag": "whether a study was registered before it began follows from its dates",
    "other_records": "says only that there are other records of the study, not which",
    "Bridging_flag_truefalse": "says only that there are other records of the study, not which",
    "Bridged_type": "which of several records the platform shows first says nothing on the study",
    "Source_Support": "who pays is not modelled",
    "source_name": "who pays is not modelled",
    "Secondary_outcome": "primary outcomes are loaded only",
    "Secondary_outcomes": "primary outcomes are loaded only",
    "sec_outcome": "primary outcomes are loaded only",
    "issuing_authority": "the number itself tells its registry",
    "results_actual_enrollment": "some registries write a date here",
    "results_actual_enrolment": "some registries write a date here",
    "results_date_completed": "some registries mean the study with it, and some its report",
    "results_date_first_publication": "the publications of results have records of their own",
    "results_url_protocol": "protocols are not modelled; many registries repeat the address of the record",
    **dict.fromkeys(
        _words(
            "results_summary results_baseline_char results_participant_flow results_adverse_events"
            " results_outcome_measures results_IPD_plan results_IPD_description"
        ),
        _RESULTS,
    ),
    **dict.fromkeys(
        _words(
            "Contact_Firstname Contact_Lastname Contact_Address Contact_Email Contact_Tel Contact_Affiliation"
            " Public_Contact_Firstname Public_Contact_Lastname Public_Contact_Address Public_Contact_Email"
            " Public_Contact_Tel Public_Contact_Affiliation Scientific_Contact_Firstname Scientific_Contact_Lastname"
            " Scientific_Contact_Address Scientific_Contact_Email Scientific_Contact_Tel"
            " Scientific_Contact_Affiliation firstname middlename lastname name address city country1 zip telephone"
            " email affiliation"
        ),
        _CONTACT,
    ),
    "type": "says of a contact whether it is for the public or for scientists",
    **dict.fromkeys(
        _words(
            "Inclusion_agemin Inclusion_agemax Inclusion_gender Inclusion_Criteria Exclusion_Criteria Agemin Agemax"
            " Gender"
        ),
        _ELIGIBILITY,
    ),
    **dict.fromkeys(
        _words(
            "Ethics_review_status Ethics_review_approval_date Ethics_review_contact_name Ethics_review_contact_address"
            " Ethics_review_contact_phone Ethics_review_contact_email Ethics_Status Ethics_Approval_Date"
            " Ethics_Contact_Name Ethics_Contact_Address Ethics_Contact_Phone Ethics_Contact_Email approval_date"
            " contact_name contact_address contact_phone contact_email"
        ),
        _ETHICS,
    ),
    "status": "of the ethics review, " + _ETHICS,
    **dict.fromkeys(("hc_code", "hc_keyword", "i_code", "i_keyword"), _CODES),
}

STATUS = {
    "not yet recruiting": "not-yet-recruiting",
    "pending": "not-yet-recruiting",
    "pending (not yet recruiting)": "not-yet-recruiting",
    "preinitiation": "not-yet-recruiting",
    "recruiting planned": "not-yet-recruiting",
    "recruiting": "recruiting",
    "open public recruiting": "recruiting",
    "open to recruitment": "recruiting",
    "recruiting ongoing": "recruiting",
    "enrolling by invitation": "enrolling-by-invitation",
    "not recruiting": "not-recruiting",
    "no longer recruiting": "not-recruiting",
    "closed to recruitment": "not-recruiting",
    "closed to recruitment of participants": "not-recruiting",
    "recruitment completed": "not-recruiting",
    "recruitment stopped": "not-recruiting",
    "enrollment closed": "not-recruiting",
    "active, not recruiting": "active-not-recruiting",
    "complete: follow-up continuing": "active-not-recruiting",
    "complete: follow up continuing": "active-not-recruiting",
    "closed: follow-up continuing": "active-not-recruiting",
    "recruiting complete, follow-up continuing": "active-not-recruiting",
    "completed": "completed",
    "complete: follow-up complete": "completed",
    "complete: follow up complete": "completed",
    "closed: follow-up complete": "completed",
    "recruiting complete, follow-up complete": "completed",
    "data analysis completed": "completed",
    "main results already published": "completed",
    "suspended": "suspended",
    "temporary halt": "suspended",
    "recruiting suspended on temporary hold": "suspended",
    "terminated": "terminated",
    "stopped early": "terminated",
    "recruiting stopped after recruiting started": "terminated",
    "prematurely ended": "prematurely-ended",
    "withdrawn": "withdrawn",
    "recruiting withdrawn before recruiting started": "withdrawn",
    "ongoing": "ongoing",
    "unknown": "unknown-status",
    "unknown status": "unknown-status",
    "authorised-recruitment may be ongoing or finished": "other",
    "available": "other",
    "no longer available": "other",
    "temporarily not available": "other",
    "approved for marketing": "other",
    "withheld": "other",
    "not applicable": "other",
    "other": "other",
}
"""Statuses as the platform and its registries print them, in small letters. ``Complete`` is none of these: it is said
of recruitment by some registries and of the study by others, and stays as printed."""

OURS = {canonical(name): ours for ours, names in NAMES.items() for name in names}
PASSED_OVER = frozenset(canonical(name) for name in IGNORED)
