"""What of a source document may be handed over: all of it under an open licence, else metadata and short quotations.

The rule, for every export:

- A document that names an open licence (``dcterms:license``, :data:`OPEN_LICENCES`) is handed over whole.
- Of any other, texts of passages are withheld, however short: together they are the document. Metadata, bibliographic
  entries, claims and quoted words are handed over, up to :data:`LONGEST_QUOTATION` characters each.

The release itself (``/releases/<id>/data.nq``) and a push of it are no exports: whoever builds a release has its
sources. Which licences are open: https://opendefinition.org/licenses/ (a licence that forbids commercial use or
derivatives is not).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msevidence.server.labels import Labels, Text, query
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane

LONGEST_QUOTATION = 500
"""Characters (Unicode code points) of a quotation that is handed over without a licence.

No statute gives a number: a quotation is as long as its purpose asks for. The purpose here is to show what a claim
says and rests on, which is a sentence, sometimes two: in the first two documents the longest claim has 490 characters,
the longest quotation 458, half of them fewer than 110. What is longer is a paragraph.
"""
OPEN_LICENCES = (
    "creativecommons.org/licenses/by/",
    "creativecommons.org/licenses/by-sa/",
    "creativecommons.org/publicdomain/zero/",
    "creativecommons.org/publicdomain/mark/",
    "data.norge.no/nlod/",
    "www.apache.org/licenses/LICENSE-2.0",
)
"""Beginnings of the addresses of open licences, without ``https://``."""


@dataclass(frozen=True, slots=True)
class SourceRights:
    """What is stated of the use of one source."""

    iri: str
    label: Text
    document: bool
    """Whether it is a document whose text is in the graph; else a file of records."""
    rights: tuple[str, ...]
    """Statements as printed, in their own language."""
    licences: tuple[str, ...]
    """Addresses of licences."""

    @property
    def open(self) -> bool:
        """Whether it may be handed over whole."""
        return any(is_open(licence) for licence in self.licences)


class Rights:
    """The rights in the sources of a release."""

    def __init__(self, sources: Iterable[SourceRights]) -> None:
        self.sources = tuple(sources)
        self.open = frozenset(source.iri for source in self.sources if source.open)
        """IRIs of the sources that may be handed over whole."""

    def allow(self, text: str, document: str | None) -> bool:
        """Return whether words of a document may be handed over as a quotation: short, or under an open licence.

        Args:
            text: the words.
            document: IRI of the document; None where it is of none, as a publication that is only quoted.
        """
        return len(text) <= LONGEST_QUOTATION or document in self.open


def rights(lane: PageLane, labels: Labels) -> Rights:
    """Return the rights in the sources of a release, sorted by IRI."""
    stated: dict[tuple[str, bool], tuple[set[str], set[str]]] = {}
    for row in lane.select(query("export_rights")):
        rights_of, licences = stated.setdefault((of(row, "source"), of(row, "document") == "true"), (set(), set()))
        rights_of.add(of(row, "rights"))
        licences.add(of(row, "licence"))
    return Rights(
        SourceRights(iri, labels(iri), document, tuple(sorted(said - {""})), tuple(sorted(licences - {""})))
        for (iri, document), (said, licences) in sorted(stated.items())
    )


def is_open(licence: str) -> bool:
    """Return whether an address is that of an open licence.

    >>> is_open("https://creativecommons.org/licenses/by/4.0/"), is_open("https://creativecommons.org/licenses/by-nc/4.0/")
    (True, False)
    """
    scheme, _, address = licence.partition("://")
    return scheme in ("http", "https") and address.startswith(OPEN_LICENCES)
