"""Fields of the text downloads of the EU Clinical Trials Register: which are loaded, which are not and why, and codes.

A field is known by its number (``A.5.2``) or, where it has none, by its label.
"""

from collections.abc import Mapping

STATUS: Mapping[str, str] = {
    "ongoing": "ongoing",
    "completed": "completed",
    "prematurely ended": "prematurely-ended",
    "restarted": "restarted",
    "not authorised": "not-authorised",
    "prohibited by ca": "prohibited",
    "suspended by ca": "suspended",
    "temporarily halted": "temporarily-halted",
    "trial now transitioned": "transitioned",
    "gb - no longer in eu/eea": "no-longer-in-eea",
}
"""What ``P. End of Trial Status`` may say, in small letters."""

IGNORED: Mapping[str, str] = {
    "A.6": "resubmission letter, of the application and not of the trial",
    "A.7": "paediatric investigation plan, not modelled",
    "A.8": "paediatric investigation plan, not modelled",
    "B.1.2": "names of persons and addresses",
    "B.1.3": "address of the sponsor",
    "B.2": "legal representative: names of persons and addresses",
    "B.3": "whether the sponsor is commercial, not modelled",
    "B.4": "sources of money and material, not modelled",
    "B.5": "contact data are personal",
    "D.1": "role of the product, not modelled",
    "D.2": "marketing authorisation of the product, not modelled (but D.2.1.1.1, its trade name)",
    "D.3": "what the product is made of and how it is given, not modelled (but D.3.1, D.3.2 and D.3.8, its names)",
    "D.4": "authorisation of the product, not modelled",
    "D.5": "authorisation of the product, not modelled",
    "D.6": "authorisation of the product, not modelled",
    "D.7": "authorisation of the product, not modelled",
    "D.8": "placebo: form and route, not modelled",
    "E.1": "classifications of the condition (MedDRA, MeSH, rare disease), which E.1.1 names",
    "E.2": "objectives, free text not modelled",
    "E.3": "eligibility, free text not modelled",
    "E.4": "eligibility, free text not modelled",
    "E.5": "time points and secondary end points, not modelled (but E.5.1)",
    "E.6": "scope of the trial, not modelled",
    "E.7": "kind of phase I trial, not modelled (but the phases)",
    "E.8": "sites, boards and durations, not modelled (but the design)",
    "F.1": "age, not modelled",
    "F.2": "sex, not modelled",
    "F.3": "groups of participants, not modelled",
    "F.5": "treatment after the trial, not modelled",
    "G": "networks of investigators: names of persons and addresses",
    "H": "the country in which a trial outside the EEA was first authorised stands in E.8.6.3",
    "Disease": "MedDRA terms of the condition",
    "Population Age": "age, not modelled",
    "Gender": "sex, not modelled",
    "Trial results": "words of a link",
    "N. Competent Authority Decision": "the status says it",
    "N. Ethics Committee Opinion of the trial application": "opinion of a committee, not modelled",
    "N. Ethics Committee Opinion: Reason(s) for unfavourable opinion": "free text not modelled",
    "N. Date of Ethics Committee Opinion": "opinion of a committee, not modelled",
    "Sponsor": "number of a sponsor in the list of sponsors",
}
"""Sections, by number or label, that are not loaded, and why; a number stands for those below it."""

COUNTRIES: Mapping[str, str] = {
    "Austria": "AT",
    "Belgium": "BE",
    "Bulgaria": "BG",
    "Croatia": "HR",
    "Cyprus": "CY",
    "Czech Republic": "CZ",
    "Czechia": "CZ",
    "Denmark": "DK",
    "Estonia": "EE",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hungary": "HU",
    "Iceland": "IS",
    "Ireland": "IE",
    "Italy": "IT",
    "Latvia": "LV",
    "Liechtenstein": "LI",
    "Lithuania": "LT",
    "Luxembourg": "LU",
    "Malta": "MT",
    "Netherlands": "NL",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "Romania": "RO",
    "Slovakia": "SK",
    "Slovenia": "SI",
    "Spain": "ES",
    "Sweden": "SE",
    "UK": "GB",
    "United Kingdom": "GB",
    "Outside EU/EEA": "3rd",
}
"""Countries as the register names them, with the suffix of their records; ``3rd`` is any outside the EEA."""

PHASES = ("E.7.1", "E.7.2", "E.7.3", "E.7.4")
DESIGN = ("E.8.1", "E.8.1.1", "E.8.1.2", "E.8.1.3", "E.8.1.4", "E.8.1.5", "E.8.1.6")
COMPARATORS = ("E.8.2.1", "E.8.2.2", "E.8.2.3")
PLANNED = ("F.4.1", "F.4.2.1", "F.4.2.2")
PRODUCT = ("D.3.1", "D.2.1.1.1", "D.3.8", "D.3.2")
"""Names of a product, the best first."""
USED: Mapping[str, str] = {
    "A.1": "Member State Concerned",
    "A.2": "EudraCT number",
    "A.3": "Full title of the trial",
    "A.3.1": "Title of the trial for lay people",
    "A.3.2": "Name or abbreviated title",
    "A.4.1": "Sponsor's protocol code number",
    "A.5.1": "ISRCTN",
    "A.5.2": "US NCT",
    "A.5.3": "WHO",
    "A.5.4": "Other Identifier",
    "B.1.1": "Name of Sponsor",
    "D.2.1.1.1": "Trade name",
    "D.3.1": "Product name",
    "D.3.2": "Product code",
    "D.3.8": "INN",
    "E.1.1": "Medical condition",
    "E.1.1.1": "Medical condition in easily understood",
    "E.5.1": "Primary end point",
    "E.7.1": "Human pharmacology",
    "E.7.2": "Therapeutic exploratory",
    "E.7.3": "Therapeutic confirmatory",
    "E.7.4": "Therapeutic use",
    "E.8.1": "Controlled",
    "E.8.1.1": "Randomised",
    "E.8.1.2": "Open",
    "E.8.1.3": "Single blind",
    "E.8.1.4": "Double blind",
    "E.8.1.5": "Parallel group",
    "E.8.1.6": "Cross over",
    "E.8.2.1": "Other medicinal product",
    "E.8.2.2": "Placebo",
    "E.8.2.3": "Other",
    "E.8.5": "The trial involves multiple Member States",
    "E.8.6.1": "Trial being conducted both",
    "E.8.6.2": "Trial being conducted completely",
    "E.8.6.3": "If E.8.6.1 or E.8.6.2 are Yes",
    "F.4.1": "In the member state",
    "F.4.2.1": "In the EEA",
    "F.4.2.2": "In the whole clinical trial",
}
"""Numbers that are loaded, and how their labels begin: a label that begins otherwise is told, not trusted."""
WITHOUT_VALUE = frozenset({"D.IMP", "F.4", "F.4.2"})
HEADER = frozenset(
    {
        "EudraCT Number",
        "Sponsor's Protocol Code Number",
        "Sponsor Protocol Number",
        "National Competent Authority",
        "Clinical Trial Type",
        "Trial Status",
        "Date on which this record was first entered in the EudraCT database",
        "Link",
        "Sponsor Name",
        "Full Title",
        "Start Date",
        "Medical condition",
        "Trial protocol",
        "N. Date of Competent Authority Decision",
        "P. End of Trial Status",
        "P. Date of the global end of the trial",
    }
)
"""Labels without a number that are loaded."""
YES_OR_NUMBER = frozenset({*PHASES, *DESIGN, *COMPARATORS, *PLANNED, "E.8.5", "E.8.6.1", "E.8.6.2"})
"""Fields whose value is yes, no or a number, so that only blanks are no value."""
BLANK = frozenset({"", "information not present in eudract"})
