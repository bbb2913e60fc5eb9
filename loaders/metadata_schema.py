"""The keys of ``metadata.yaml``: what a document is, where it comes from, and what its format needs to be told.

As in :mod:`~msevidence.loaders.schema`, everything is content, to be read and corrected by a librarian.
"""

from typing import Annotated, Literal

from pydantic import StringConstraints

from msevidence.loaders.schema import Concept, Entry, Key, PartialDateText, Text


class Origin(Entry):
    address: Text | None = None
    obtained: PartialDateText | None = None
    note: Text | None = None


class Identifier(Entry):
    scheme: Concept
    value: Text


class Quarantined(Entry):
    """Words of the text that a check refuses and a person has let through."""

    text: Text
    because: Text


class SectionHint(Entry):
    role: Concept | None = None
    """Scheme ``section-role``."""
    language: Text | None = None


class Expect(Entry):
    """Counts declared beside the source; a build that finds others stops."""

    references: int | None = None
    markers: int | None = None
    tables: int | None = None
    study_rows: int | None = None
    searches: int | None = None
    listed: int | None = None
    authors: int | None = None


class Layout(Entry):
    """Words of the document's language that its format turns on, where the loader's own lists lack them."""

    reference_heading: Text | None = None
    table_label: Text | None = None
    figure_label: Text | None = None
    search_date: list[Text] = []
    search_hits: list[Text] = []
    listed_heading: Text | None = None
    """Heading of a numbered list of works outside the reference list."""
    headings: list[Text] = []
    """Headings that the layout does not let a program recognise."""


class Metadata(Entry):
    """``metadata.yaml`` of one document."""

    title: Text
    language: Literal[
        "en", "nb", "nn", "sv", "da", "de", "fr", "es", "it", "nl", "fi", "pt",
        "is", "pl", "cs", "sk", "sl", "hr", "hu", "ro", "el", "tr", "ru", "uk", "ca", "zh", "ja", "ko", "fa", "ar",
    ]  # fmt: skip
    """The second row may be loaded; its headings, dates and abbreviations the readers of plain text do not know."""
    type: Concept
    """Scheme ``publication-kind``."""
    work: Concept | None = None
    """Scheme ``work-kind``."""
    published: PartialDateText | None = None
    publisher: Key | None = None
    container: Text | None = None
    identifiers: list[Identifier] = []
    rights: Text | None = None
    """Terms of use, as printed."""
    licence: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$")] | None = None
    """Address of a licence."""
    origin: Origin | None = None
    citation_style: Literal["numbered", "author-year"] = "numbered"
    sections: dict[Text, SectionHint] = {}
    layout: Layout = Layout()
    expect: Expect = Expect()
    quarantine: list[Quarantined] = []
