"""The names of studies, looked up by their first word: each document would else go through all studies of a graph."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from rdflib import RDFS

from msevidence.loaders.review.dates.reported import has_number
from msevidence.loaders.review.kept import kept
from msevidence.loaders.review.things import Thing, Things
from msevidence.ontology.namespaces import MSE

WORD = re.compile(r"[\w-]+")


class StudyNames:
    """The names of all studies, in the order of their IRIs."""

    def __init__(self, things: Things) -> None:
        self._labelled: dict[str, list[Thing]] = defaultdict(list)
        self._acronyms: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for study in things.of_class(MSE.Study):
            if has_number(study):
                self._labelled[study.value(RDFS.label) or ""].append(study)
            for name in study.values(MSE.acronym):
                for word in WORD.findall(name)[:1]:
                    self._acronyms[word].append((name, study.iri))

    def labelled(self, name: str) -> list[Thing]:
        """Return the studies with a registration number that have this label."""
        return self._labelled.get(name, [])

    def beginning_with(self, words: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the acronyms that begin with one of some words, each with the IRI of its study."""
        for word in words:
            yield from self._acronyms.get(word, ())


@kept
def study_names(things: Things) -> StudyNames:
    """Return the names of the studies among things; documents share them."""
    return StudyNames(things)
