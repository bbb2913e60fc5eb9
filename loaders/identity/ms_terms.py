"""Names of multiple sclerosis and of its types, from the scheme ms-type: one disease, whatever a record calls it."""

import re
import unicodedata
from functools import cache

import pyoxigraph as ox
from rdflib import SKOS

from msevidence.ontology.namespaces import FOLDER

_LABELS = {str(SKOS.prefLabel), str(SKOS.altLabel)}


@cache
def ms_phrases() -> tuple[re.Pattern[str], ...]:
    """Return a pattern for each label of the scheme, over folded words; the longest is first."""
    labels = {
        _folded(t.object.value)
        for t in ox.parse(path=str(FOLDER / "schemes" / "ms-type.ttl"), format=ox.RdfFormat.TURTLE)
        if t.predicate.value in _LABELS and isinstance(t.object, ox.Literal) and "/ms-type/" in str(t.subject)
    }
    return tuple(re.compile(rf"\b{re.escape(label)}\b") for label in sorted(labels, key=lambda x: (-len(x), x)))


def _folded(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label.casefold().replace("ø", "o"))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))
