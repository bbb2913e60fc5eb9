"""Codes of the EU Clinical Trials Information System, and its fields that are not loaded.

The European Medicines Agency publishes no code list of the public API. The statuses are those that the portal's filter
offers (https://euclinicaltrials.eu/ctis-public/search); codes from 13 on have been seen by nobody who wrote of it.
"""

from collections.abc import Mapping

STATUS: Mapping[str, str] = {
    "under evaluation": "under-evaluation",
    "authorised": "authorised",
    "authorised, not started": "not-yet-recruiting",
    "authorised, recruitment pending": "not-yet-recruiting",
    "authorised, recruiting": "recruiting",
    "ongoing, not yet recruiting": "not-yet-recruiting",
    "ongoing, recruiting": "recruiting",
    "ongoing, recruitment ended": "active-not-recruiting",
    "halted": "temporarily-halted",
    "temporarily halted": "temporarily-halted",
    "suspended": "suspended",
    "ended": "ended",
    "expired": "expired",
    "revoked": "revoked",
    "not authorised": "not-authorised",
    "cancelled": "cancelled",
}
"""Words of the status, in small letters."""
_CODES = (
    "under evaluation",
    "authorised, recruitment pending",
    "authorised, recruiting",
    "ongoing, recruiting",
    "ongoing, recruitment ended",
    "temporarily halted",
    "suspended",
    "ended",
    "expired",
    "revoked",
    "not authorised",
    "cancelled",
)
STATUS_OF_CODE: Mapping[str, str] = {str(code): STATUS[words] for code, words in enumerate(_CODES, 1)}
"""``ctPublicStatusCode``, and ``ctStatus`` of a search."""

PHASE_OF_CODE: Mapping[str, str] = {
    "1": "Human pharmacology (Phase I): first administration to humans",
    "2": "Human pharmacology (Phase I): bioequivalence study",
    "3": "Human pharmacology (Phase I): other",
    "4": "Therapeutic exploratory (Phase II)",
    "5": "Therapeutic confirmatory (Phase III)",
    "6": "Therapeutic use (Phase IV)",
    "7": "Phase I and Phase II (integrated): first administration to humans",
    "8": "Phase I and Phase II (integrated): bioequivalence study",
    "9": "Phase I and Phase II (integrated): other",
    "10": "Phase II and Phase III (integrated)",
    "11": "Phase III and Phase IV (integrated)",
}
"""``trialCategory.trialPhase``, where the record does not give the words."""

LANGUAGES: Mapping[str, str] = {
    "Bulgarian": "bg",
    "Croatian": "hr",
    "Czech": "cs",
    "Danish": "da",
    "Dutch": "nl",
    "English": "en",
    "Estonian": "et",
    "Finnish": "fi",
    "French": "fr",
    "German": "de",
    "Greek": "el",
    "Hungarian": "hu",
    "Icelandic": "is",
    "Irish": "ga",
    "Italian": "it",
    "Latvian": "lv",
    "Lithuanian": "lt",
    "Maltese": "mt",
    "Norwegian": "no",
    "Polish": "pl",
    "Portuguese": "pt",
    "Romanian": "ro",
    "Slovak": "sk",
    "Slovenian": "sl",
    "Spanish": "es",
    "Swedish": "sv",
}
"""``languageDescription`` of a translation."""

_NOT_LOADED: tuple[tuple[str, str, str], ...] = (
    ("", "id", "id inside the system"),
    ("", "documents", "files, not publications"),
    ("", "correctiveMeasures", "measures of member states, not modelled"),
    ("", "publicEvaluation applications initialApplicationId", "course of the application, not modelled"),
    ("", "mscTrialNotificationsInfoList", "events a country, not modelled"),
    ("", "recruitmentStatus", "status a country, not modelled"),
    ("", "sponsorType sponsorTypeCode", "kind of sponsor, not modelled"),
    ("", "therapeuticAreas", "classes of the condition, not modelled"),
    ("", "ageGroup ageRangeSecondary gender", "eligibility, not modelled"),
    ("", "endPoint", "primary and secondary end points in one text"),
    ("", "hasDeferrallApplied hasAmendmentApplied isRmsTacitAssignment", "course of the application, not modelled"),
    ("", "totalPartIISubjectCount", "sum of recruitmentSubjectCount, 0 where it was not made"),
    ("", "_id ctrname record_last_import", "added by ctrdata, not of the source"),
    ("events", "temporaryHaltList unexpectedEvents seriousBreaches urgentSafetyMeasures", "events, not modelled"),
    ("events", "trialEvents", "events a country; the dates of the trial stand above"),
    ("results", "clinicalStudyReports", "files, not publications"),
    ("authorizedPartI", "id versionNumber isEditable submissionDate applicationType", "course of the application"),
    ("authorizedPartI", "assessmentOutcome assessmentOutcomeDate conclusionDate", "course of the application"),
    ("authorizedPartI", "productRoleGroupInfos", "the products again, by role"),
    ("authorizedPartI", "therapeuticAreas partOneTherapeuticAreas", "classes of the condition, not modelled"),
    ("authorizedPartI", "trialCategoryCode trialCategoryJustificationComment isLowIntervention", "not modelled"),
    ("authorizedPartI", "includesPaediatricSubjects contentLabeling rowCountries", "not modelled"),
    ("trialDetails", "protocolInformation", "design by codes whose list is not published"),
    ("trialDetails", "scientificAdviceAndPip isClockStopRemovalRequested", "course of the application"),
    ("trialDetails", "references pubmedUrl", "words and addresses beside pubmedCode"),
    ("trialInformation", "eligibilityCriteria populationOfTrialSubjects", "eligibility, not modelled"),
    ("trialInformation", "trialObjective", "objectives, free text not modelled"),
    ("trialInformation", "sourceOfMonetarySupport", "sources of money, not modelled"),
    ("trialInformation", "individualParticipantData individualParticipantDataSharingStatement", "sharing of data"),
    ("medicalCondition", "meddraConditionTerms", "classes of the condition, not modelled"),
    ("endPoint", "secondaryEndPoints", "secondary outcomes, not modelled"),
)
IGNORED: Mapping[str, str] = {
    (f"{part}.{name}" if part else name): why for part, names, why in _NOT_LOADED for name in names.split()
}
"""Fields (after the object they stand in) that are not loaded, and why; below the lists that are read, only the fields
used are looked at: sponsors, countries, products and translations hold ids, addresses and persons."""
