"""Abstracts of loaded bibliographic records, as words of the works that documents cite.

They are the publishers': they are compared with and quoted from, a sentence at a time, and never published whole.
"""

from collections.abc import Container, Iterator, Mapping

from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.identity.publication_facts import iri_of
from msevidence.loaders.loaded import Loaded
from msevidence.loaders.review.view import SourceText

BASIS = "abstract"


def abstract_texts(
    loaded: Loaded, names: Mapping[str, str], wanted: Container[str] | None = None
) -> Iterator[SourceText]:
    """Yield the abstract of each loaded record that has one, whole, under the IRI that is kept for its publication.

    Args:
        loaded: the loaded sources.
        names: IRI of a publication that turned out to be another one, to that one.
        wanted: IRIs of the publications whose words are asked for, so that the others need not be held; all if absent.

    Two records of one publication give its abstract once where they word it alike.
    """
    seen: set[tuple[str, str]] = set()
    for source, fact in loaded.facts():
        if not isinstance(fact, PublicationFact) or not fact.abstract:
            continue
        own = str(iri_of(fact.key))
        publication = names.get(own, own)
        if (wanted is not None and publication not in wanted) or (publication, fact.abstract) in seen:
            continue
        seen.add((publication, fact.abstract))
        yield SourceText(publication, fact.abstract, BASIS, f"{source.name}, {fact.place}", "en")
