"""Where the words that a judged entry quotes stand: in the passages of a document, in a publication, in a record."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

import pyoxigraph as ox

from msevidence.loaders.errors import CurationError, QuotationError
from msevidence.loaders.loaded import Names
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.loaders.text import squash
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE

Place = tuple[str, Passage]
"""Words as the document has them, and the passage."""
Error = Callable[[str, str, type[CurationError]], CurationError]
"""Makes the error of a message about a field."""


_CATALOGUES = {
    Kind.STUDY: "studies.yaml",
    Kind.PUBLICATION: "publications.yaml",
    Kind.REGISTRATION: "registrations.yaml",
}


class Places:
    """Looks up what one entry, or one side of it, quotes. ``error`` makes the errors about its fields."""

    def __init__(self, view: View, names: Names, error: Error) -> None:
        self.view = view
        self.names = names
        self.error = error

    def document(self, key: str) -> Document:
        """Return a document; raises CurationError where there is none."""
        try:
            return self.view.document(key)
        except KeyError as e:
            there = ", ".join(d.key for d in self.view.documents)
            raise self.error(f"there is no document {key!r}; there are: {there}", "document", CurationError) from e

    def in_document(self, key: str, quotes: str | Sequence[str]) -> list[Place]:
        """Return the passages that quotations stand in: several for one that runs over neighbouring passages.

        Raises QuotationError where one does not stand in exactly one place. Of a sentence and the pull quote that
        repeats it, the sentence is meant.
        """
        document = self.document(key)
        found: list[Place] = []
        for quote in listed(quotes):
            hits = list(_hits(document.passages, squash(quote)))
            if len(hits) > 1:
                hits = [h for h in hits if h[0].kind != "pull-quote"] or hits
            if len(hits) != 1:
                times = f"{len(hits)} times; lengthen it" if hits else "nowhere; copy it from source.txt"
                raise self.error(f"the quotation «{_short(quote)}» stands in {key} {times}", "quote", QuotationError)
            found += [(squash(quote), passage) for passage in hits[0]]
        return found

    def in_publication(self, key: str, quotes: str | Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
        """Return the IRI of a publication, and each quotation with what was read of the work.

        Raises QuotationError where the words are not among those that are known of it.
        """
        iri = self._named(Kind.PUBLICATION, key, "publication")
        texts = self.view.texts.get(iri, [])
        found = []
        for quote in listed(quotes):
            known = {t.basis: None for t in texts if squash(quote) in squash(t.words)}
            if not known:
                message = f"the words «{_short(quote)}» are not known of {key}; quote source-quotes.yaml"
                raise self.error(message, "quote", QuotationError)
            found.append((squash(quote), next(iter(known))))
        return iri, found

    def in_registration(self, key: str, quotes: str | Sequence[str]) -> tuple[str, list[str]]:
        """Return the IRI of a registration, and the quotations.

        Raises QuotationError where one is not part of a value that is recorded of it.
        """
        iri = self._named(Kind.REGISTRATION, key, "registration")
        things = [self.view.things.get(iri), *self.view.things.pointing(MSE.about, iri)]
        values = [
            squash(value.value)
            for thing in things
            if thing.iri == iri or thing.is_a(MSE.SourcedValue)
            for values in thing.properties.values()
            for value in values
            if isinstance(value, ox.Literal)
        ]
        for quote in listed(quotes):
            if not any(squash(quote) in value for value in values):
                message = f"no value with «{_short(quote)}» is recorded of {key}; quote one of registrations.yaml"
                raise self.error(message, "quote", QuotationError)
        return iri, [squash(q) for q in listed(quotes)]

    def studies(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the IRIs of studies; raises CurationError for a key that is none."""
        return tuple(self._named(Kind.STUDY, key, "about") for key in keys)

    def _named(self, kind: Kind, key: str, field: str) -> str:
        iri = str(mint(kind, key))
        iri = self.names.get(iri, iri)
        if not self.view.things.get(iri).properties:
            raise self.error(f"there is no {kind} {key!r}; give its key in {_CATALOGUES[kind]}", field, CurationError)
        return iri


def listed(quotes: str | Sequence[str]) -> list[str]:
    """Return one quotation or several as a list."""
    return [quotes] if isinstance(quotes, str) else list(quotes)


def _hits(passages: Sequence[Passage], wanted: str) -> Iterator[list[Passage]]:
    """Yield the passages of each place that holds the words."""
    text = " ".join(p.text for p in passages)
    starts = [0, *accumulate(len(p.text) + 1 for p in passages)][: len(passages)]
    at = text.find(wanted)
    while at >= 0:
        first, last = bisect_right(starts, at) - 1, bisect_right(starts, at + len(wanted) - 1) - 1
        yield list(passages[first : last + 1])
        at = text.find(wanted, at + 1)


def _short(text: str, length: int = 90) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
