"""What things are called in a release that has no index: the rule of ``ontology/labels.toml``, a thing at a time.

The index holds the same for the releases that are served (``loaders/index_labels.py``); a test holds both together.
"""

from __future__ import annotations

import pyoxigraph as ox

from msevidence.ontology.naming import Text, by_class, choose, nameless, rule
from msevidence.server.diff_quads import Quads
from msevidence.server.labels import RDF_TYPE


class Names:
    """The labels of one release, from its quads."""

    def __init__(self, quads: Quads, base: str) -> None:
        self._quads, self._base = quads, base

    def __call__(self, iri: str, language: str) -> Text:
        """Return what a thing is called; at the least its class and key."""
        return self._name(iri, language, set())

    def known(self, iri: str) -> bool:
        """Say whether the release says anything of a thing."""
        return bool(self._quads.of(iri))

    def _name(self, iri: str, language: str, asking: set[str]) -> Text:
        pair = [min((text.value for text in self._texts(iri, part)), default="") for part in rule().pair]
        if all(pair):
            return Text(": ".join(pair))
        literals = next((texts for part in rule().properties if (texts := self._texts(iri, part))), None)
        if literals:
            return choose(literals, language, self._own_language(iri))
        text = nameless(iri, self._base, language)
        class_iri = by_class(iri, self._quads.links(iri, RDF_TYPE), self._base)
        if not text.language and class_iri is not None and class_iri not in asking:
            kind = self._name(class_iri, language, asking | {iri})
            return Text(f"{kind.text} {iri.rsplit('/', 1)[1]}", kind.language)
        return text

    def _texts(self, iri: str, property: str) -> list[ox.Literal]:
        there = self._quads.properties(iri).get(property, ())
        return [value for value in there if isinstance(value, ox.Literal)]

    def _own_language(self, iri: str) -> str:
        """Return the language of the texts of a thing, where what it stands in has exactly one."""
        language = rule().language
        found = {value.value for value in self._quads.values(iri, language)}
        for far in self._quads.links(iri, *rule().language_of):
            found.update(value.value for value in self._quads.values(far, language))
        return found.pop() if len(found) == 1 else ""
