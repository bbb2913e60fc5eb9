"""The keys of ``curation.yaml``: what no parser can know about a document.

Everything here is content, to be read and corrected by a librarian. An entry that rests on the text has ``quote``:
words of the document, copied, that the build looks up in it (see :mod:`~msevidence.loaders.anchors`).
A value printed as a decimal is a string. Values of closed lists are local names of the SKOS concept schemes.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from msevidence.loaders.partial_dates import existing

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
PartialDateText = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
    Field(coerce_numbers_to_str=True),
    AfterValidator(existing),
]
Number = Annotated[str, StringConstraints(pattern=r"^-?\d+(\.\d+)?$"), Field(coerce_numbers_to_str=True)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Concept = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


_PRINTED_WITH = {"planned_participants": "participants_printed", "value_high": "value_printed"}
"""Values that share their printed form with another; all others have their own, ``<name>_printed``."""


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Anchored(Entry):
    """An entry that quotes the passage it rests on."""

    quote: Text | list[Text]
    """Words of the document. A list where it rests on several places."""
    where: Text | None = None
    """Heading of the section, or label of the table, that the quotation stands in, where it is found more than once."""
    nth: int | None = Field(None, ge=1)
    """Which of several equal places, counted from 1."""
    note: Text | None = None

    @model_validator(mode="after")
    def _printed_beside_normalised(self) -> "Anchored":
        """Keep no value without the words that print it, where the entry has a place for them."""
        for name in type(self).model_fields:
            printed = _PRINTED_WITH.get(name, f"{name}_printed")
            if printed not in type(self).model_fields or getattr(self, printed) is not None:
                continue
            if getattr(self, name) not in (None, []):
                raise ValueError(f"give {name} and {printed} together: the words of the document, as it prints them")
        return self


class ReferenceLink(Entry):
    """Which publication a printed entry names, and on what ground."""

    publication: Key
    because: Text


class ClaimEntry(Anchored):
    """A claim: what kind, about what, and how it uses what it cites."""

    kind: Concept
    population: Text | None = None
    intervention: Text | None = None
    comparator: Text | None = None
    outcome: Concept | None = None
    ms_type: list[Concept] = []
    about: list[Key] = []
    """Studies that the claim speaks about."""
    cites: dict[int, Concept] | None = None
    """Reference number: how it is cited (scheme ``citation-function``); only numbers printed with the quotation."""


class ArmEntry(Anchored):
    key: Key
    label: Text
    role: Literal["intervention", "comparator"]
    treatment: Text
    size: int | None = Field(None, ge=0)
    size_printed: Text | None = None
    follow_up: Number | None = None
    follow_up_unit: Literal["year", "month", "week", "day"] | None = None
    follow_up_printed: Text | None = None


class DescriptionEntry(Anchored):
    """What this document says of one study. With ``row`` it completes a row of a table of studies."""

    study: Key
    because: Text | None = None
    """Why the words denote this study, where the document does not name it: an identity decision."""
    row: Text | None = None
    """Name printed in the row of the table of studies."""
    design: list[Concept] = []
    phase: Text | None = None
    transplantation: Concept | None = None
    status: Concept | None = None
    """Scheme ``status-as-reported``."""
    status_printed: Text | None = None
    as_of: PartialDateText | None = None
    """Date that the words themselves give for the status, where it is not that of the document."""
    ms_type: list[Concept] = []
    ms_type_printed: Text | None = None
    population: Text | None = None
    participants: int | None = Field(None, ge=0)
    participants_printed: Text | None = None
    planned_participants: int | None = Field(None, ge=0)
    comparator: Text | None = None
    arms: list[ArmEntry] = []
    follow_up_printed: Text | None = None
    places: list[Text] = []
    led_by: list[Key] = []
    """Organisations that lead or started the study, by this document."""
    numbers: list[Text] = []
    """Registry numbers that the document prints with the study outside a table of studies, as printed."""
    publications: list[Key] = []
    """Publications that the document says report on the study."""
    started: PartialDateText | None = None
    started_printed: Text | None = None
    ended: PartialDateText | None = None
    ended_printed: Text | None = None


class ResultEntry(Anchored):
    """A number (or a direction without one) about an arm or group."""

    study: Key | None = None
    arm: Key | None = None
    """Arm of the study's description in this document."""
    compared_with: list[Key] = []
    """Other arms."""
    outcome: Concept | Annotated[list[Concept], Field(min_length=1)]
    """One concept, or several where one figure stands for several outcomes."""
    measure: Text
    treatment: Text | None = None
    """What was given, where the result is not of an arm."""
    """What was measured, in words (``new MR lesions``)."""
    value: Number | None = None
    value_high: Number | None = None
    """Upper end where a range is printed."""
    value_printed: Text | None = None
    qualifier: (
        Literal[
            "approximately",
            "around",
            "up-to",
            "more-than",
            "at-least",
            "just-over",
            "maximum",
            "median",
            "mean",
        ]
        | None
    ) = None
    unit: Concept | None = None
    """Scheme ``unit``: percent, persons, years ..."""
    denominator: int | None = None
    denominator_printed: Text | None = None
    population: Text | None = None
    place: Text | None = None
    time_point: Text | None = None
    direction: Concept | None = None
    """Scheme ``direction``."""
    harm: bool = False

    @property
    def outcomes(self) -> list[str]:
        return [self.outcome] if isinstance(self.outcome, str) else self.outcome


class ExpectationEntry(Anchored):
    """A date that the document expects, or states, for a study or for the field."""

    study: Key | None = None
    event: Concept
    """Scheme ``study-event``: study-end, results, recruitment-end, start, last-follow-up ..."""
    date: PartialDateText
    date_end: PartialDateText | None = None
    printed: Text
    modality: Literal["expected", "not-before", "not-after", "stated"] = "expected"


class DecisionEntry(Anchored):
    key: Key
    label: Text
    body: Key | None = None
    """Absent where the document does not name who decided."""
    date: PartialDateText | None = None
    date_printed: Text | None = None
    outcome: Concept
    """Scheme ``decision-outcome``."""
    grounds: Text | None = None
    """Words of the document that give the ground: a quotation."""
    based_on: list[Key] = []
    """Publications."""


class DefinitionEntry(Anchored):
    term: Text
    language: Text | None = None
    concept: Text | None = None
    """``scheme/concept`` that the term names."""


class MentionEntry(Anchored):
    study: Key
    role: Text
    """In what role the document mentions it, in English."""


class PersonEntry(Anchored):
    person: Key
    name: Text
    role: list[Concept]
    """Scheme ``person-role``."""
    affiliation: list[Key] = []


class InterestEntry(Anchored):
    person: Key
    kind: Concept
    """Scheme ``interest-kind``."""
    organisations: list[Key] = []
    studies: list[Key] = []
    declared: bool = True
    """False where the text tells it outside the declaration (a biography)."""


class CommunicationEntry(Anchored):
    person: Key
    name: Text
    date: PartialDateText


class TranslationEntry(Entry):
    """Two passages that say the same in two languages."""

    quote: Text
    translates: Text
    differs: Text | None = None
    """What one of them says and the other does not."""


class QuotationEntry(Anchored):
    """Words that the document quotes from a publication; ``quote`` is what stands between the marks."""

    study: Key | None = None
    publication: Key | None = None
    number: int | None = None
    """Reference number printed with it."""
    pages: Text | None = None
    kind: Concept = "conclusion"


class CommissionEntry(Anchored):
    body: Key
    to: Key
    date: PartialDateText
    date_printed: Text


class QuestionEntry(Anchored):
    """One element of the review's question (PICO and limits)."""

    element: Literal[
        "design",
        "population",
        "intervention",
        "comparator",
        "outcome",
        "publication-year",
        "setting",
        "language",
    ]
    concepts: list[Text] = []
    """``scheme/concept`` each."""
    excluded: bool = False
    from_year: int | None = None
    to_year: int | None = None


class SearchEntry(Anchored):
    """What one search was for and how it was made. ``quote`` is of that search alone: its hits, a line of it."""

    interfaces: list[Text] = []
    """As printed in the search (``Advanced search``)."""
    limits: list[Text] = []
    """Limits and filters as printed in the search: years, study type, recruitment status."""
    purpose: Concept | None = None
    """Scheme ``search-purpose``."""
    purpose_printed: Text | None = None
    """Words of the search, or of a heading that it stands under, that say so."""

    @model_validator(mode="after")
    def _words_say_a_purpose(self) -> "SearchEntry":
        if self.purpose is None and self.purpose_printed is not None:
            raise ValueError("give purpose and purpose_printed together")
        return self


class PartEntry(Anchored):
    """A national arm or site of a multicentre study, with its own numbers and name."""

    study: Key
    part_of: Key
    place: Text
    numbers: list[Text] = []
    """Registry numbers as printed."""
    acronym: Text | None = None


class InferenceEntry(Anchored):
    """What the document itself lets a reader infer about a number that leads to no entry."""

    number: int
    publication: Key | None = None
    names: Text | None = None
    because: Text

    @model_validator(mode="after")
    def _one_target(self) -> "InferenceEntry":
        if (self.publication is None) == (self.names is None):
            raise ValueError("give either publication or names")
        return self


class Curation(Entry):
    """``curation.yaml`` of one document. Every section may be absent."""

    references: dict[int, ReferenceLink] = {}
    listed: dict[int, ReferenceLink] = {}
    """Numbered works of an appendix."""
    inferences: list[InferenceEntry] = []
    claims: list[ClaimEntry] = []
    not_claims: list[Anchored] = []
    """Sentences without citation that assert nothing of their own, listed so that none is overlooked."""
    studies: list[DescriptionEntry] = []
    parts: list[PartEntry] = []
    mentions: list[MentionEntry] = []
    results: list[ResultEntry] = []
    expectations: list[ExpectationEntry] = []
    decisions: list[DecisionEntry] = []
    definitions: list[DefinitionEntry] = []
    quotations: list[QuotationEntry] = []
    people: list[PersonEntry] = []
    interests: list[InterestEntry] = []
    communications: list[CommunicationEntry] = []
    commission: CommissionEntry | None = None
    question: list[QuestionEntry] = []
    searches: list[SearchEntry] = []
    translations: list[TranslationEntry] = []
