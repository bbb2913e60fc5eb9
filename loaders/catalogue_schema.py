"""The keys of the shared catalogues in ``data/``: studies, organisations, publications, registrations, source quotes.

Each file is one mapping that names its content (``studies:``, ``publications:`` ...); its key is the last part of the
IRI. A value that was read from a page or an export outside the documents is a :class:`Sourced`: the value as recorded,
and the address it was read from. A value that was not found is absent; it is never filled from memory.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from msevidence.loaders.schema import Concept, Entry, Key, PartialDateText, Text

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
"""Name of a field as the source file has it (``primary_completion_date``)."""
SourceKey = Annotated[str, StringConstraints(pattern=r"^s[1-9]\d*$")]
RegistrationKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+-?\d[0-9A-Z-]*$")]
"""Normalised number, with its scheme where the number alone does not name it (``EudraCT-2010-024081-21``)."""
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class SourceFile(Entry):
    """The file that a catalogue was written from."""

    file: Text
    sha256: Sha256
    note: Text | None = None


class Sourced(Entry):
    """A value as recorded, and where it was read."""

    value: Text | bool | int | list[Text] | dict[FieldName, Text]
    source: Text
    """Address, or in ``registrations.yaml`` a key of its ``sources:`` table."""
    note: Text | None = None

    def texts(self) -> tuple[str, ...]:
        """Return the value as strings: one for each member of a list, ``name: value`` for each of a mapping."""
        if isinstance(self.value, list):
            return tuple(self.value)
        if isinstance(self.value, dict):
            return tuple(f"{name}: {text}" for name, text in self.value.items())
        return (str(self.value),)


class SourcedFields(Entry):
    """Something with fields that each name their source; a field recorded more than once is a list."""

    fields: dict[FieldName, Sourced | Annotated[list[Sourced], Field(min_length=1)]] = {}

    def values(self) -> Iterator[tuple[str, Sourced]]:
        """Yield each field's name and value, in the order of the file."""
        for name, content in self.fields.items():
            for value in content if isinstance(content, list) else [content]:
                yield name, value


class Name(Entry):
    name: Text
    language: LanguageTag = "en"


class StudyEntry(Entry):
    """A study under the name that a document or a record gives it. Its registry numbers come from the documents."""

    label: Text
    language: LanguageTag = "en"
    acronym: Text | None = None
    alternative_names: list[Name] = []
    design: list[Concept] = []
    """Scheme ``study-design``."""
    where: Text
    """Document and place, or address, that label, names and design come from."""
    note: Text | None = None


class OrganisationEntry(Entry):
    name: Text
    language: LanguageTag
    alternative_names: list[Name] = []
    kind: Concept | None = None
    """Scheme ``organisation-kind``."""
    where: Text
    note: Text | None = None


class StudyLink(Entry):
    """Which study a publication reports on, or a record registers; ``where`` is what says so."""

    study: Key
    because: Text
    where: Text


class PublicationEntry(SourcedFields):
    """A published text that a document cites or lists."""

    refdata_id: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d+$")] | None = None
    """Key of the record in the source file."""
    label: Text
    """Short name in lists: author or group, and year."""
    language: LanguageTag
    """Language of the title."""
    kind: Concept | None = None
    """Scheme ``publication-kind``."""
    work: Concept | None = None
    """Scheme ``work-kind``."""
    because: Text | None = None
    """What says that it is of this kind."""
    document: Key | None = None
    """The document of this data that is this publication."""
    reports_on: list[StudyLink] = []


class RegistrationSource(Entry):
    """A page or export that registry values were read from."""

    address: Text
    """As recorded: an address, often with a word on what stands there."""
    date: PartialDateText | None = None
    """Date of the page or export, where its text states one."""
    date_printed: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _date_is_quoted(self) -> "RegistrationSource":
        if self.date is not None and (self.date_printed is None or self.date_printed not in self.address):
            raise ValueError("date_printed must quote the words of address that state the date")
        return self


class RegistrationEntry(SourcedFields):
    """One record in one registry."""

    scheme: Text
    """NCT, EudraCT, ISRCTN or IRCT."""
    number: Text
    """Normalised, as the registry writes it."""
    registry: Text
    not_found: Text | None = None
    """What was looked for in vain: the number is printed in a document and no page of its record was read."""
    empty: list[FieldName] = []
    """Fields that the source file has without a value."""
    registers: list[StudyLink] = []
    """Only where the documents do not say which study the record is of."""


class Studies(Entry):
    """``studies.yaml``."""

    studies: dict[Key, StudyEntry]


class Organisations(Entry):
    """``organisations.yaml``."""

    organisations: dict[Key, OrganisationEntry]


class Publications(Entry):
    """``publications.yaml``."""

    derived_from: SourceFile
    publications: dict[Key, PublicationEntry]

    @model_validator(mode="after")
    def _one_record_each(self) -> "Publications":
        ids = [p.refdata_id for p in self.publications.values() if p.refdata_id is not None]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"refdata_id {', '.join(twice)} stands at two publications; keep one")
        return self


class Registrations(Entry):
    """``registrations.yaml``."""

    derived_from: SourceFile
    sources: dict[SourceKey, RegistrationSource]
    registrations: dict[RegistrationKey, RegistrationEntry]

    @model_validator(mode="after")
    def _sources_are_listed(self) -> "Registrations":
        for key, entry in self.registrations.items():
            for name, value in entry.values():
                if value.source not in self.sources:
                    raise ValueError(f"{key}, {name}: source {value.source!r} is not in the table sources")
        return self

    def address(self, value: Sourced) -> RegistrationSource:
        """Return the page or export that ``value`` was read from."""
        return self.sources[value.source]


class Quoted(Entry):
    exact: Text
    note: Text | None = None


class SourceQuoteEntry(Entry):
    """Short quotations from one text of a publication (its abstract, a table), to compare claims with."""

    publication: Key
    label: Text
    """The publication and the text read, as recorded."""
    basis: Text
    """What was read: abstract, table, summary page."""
    address: Text
    language: LanguageTag
    quotes: list[Quoted] = []
    paraphrase: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "SourceQuoteEntry":
        if not self.quotes and self.paraphrase is None:
            raise ValueError("give quotes or a paraphrase")
        return self


class SourceQuotes(Entry):
    """``source-quotes.yaml``."""

    derived_from: SourceFile
    source_quotes: list[SourceQuoteEntry]
