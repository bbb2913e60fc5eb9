"""What identity needs to know of graphs that were pulled: their registrations, publications, and which are one study.

Whose word it is goes along: an agency's graph that says that two numbers are of one study is heard as a mapping of that
agency is, and stopped where ours or a registry's contradict it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox
from rdflib import DCTERMS, RDF

from msevidence.loaders.exports.facts import Fact, MappingFact, PublicationFact, RegistrationFact
from msevidence.ontology.iris import Kind, parts
from msevidence.ontology.namespaces import FABIO, MSE, PRISM

ORIGIN = "pulled"
"""Key of the format, by which these facts are known."""

Values = Mapping[str, Mapping[str, list[ox.NamedNode | ox.Literal]]]
"""Subject → predicate → values."""


def facts_of(quads: Iterable[ox.Quad], sha256: str) -> Iterator[Fact]:
    """Yield the facts of graphs; ``sha256`` is of the source that they were taken in as."""
    values = values_of(quads)
    source = sha256[:16]
    for subject, said in sorted(values.items()):
        types = {term.value for term in said.get(str(RDF.type), ())}
        if str(MSE.Registration) in types and _kind(subject) is Kind.REGISTRATION:
            yield _registration(subject, said, source)
        elif str(MSE.Publication) in types and _kind(subject) is Kind.PUBLICATION:
            yield _publication(subject, said, source)
    for study, registrations in studies_of(values).items():
        for registration in registrations:
            # A study that is listed here, too, is one by its address: only such are heard of these.
            yield MappingFact(
                f"registration/{registration}",
                f"study/{parts(study)[1]}",
                "same-study",
                "same-study",
                comment=f"Their study is {study}.",
                version=f"{registration}.study.{source}",
                place=study,
            )
        for other in registrations[1:]:
            yield MappingFact(
                f"registration/{registrations[0]}",
                f"registration/{other}",
                "same-study",
                "same-study",
                comment=f"Their study is {study}.",
                version=f"{registrations[0]}.{other}.{source}",
                place=study,
            )


def studies_of(values: Values) -> dict[str, list[str]]:
    """Return their studies, by IRI, with the keys of their registrations, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for subject, said in values.items():
        for term in said.get(str(MSE.registeredAs), ()):
            if _kind(subject) is Kind.STUDY and _kind(term.value) is Kind.REGISTRATION:
                found[subject].add(parts(term.value)[1])
    return {study: sorted(keys) for study, keys in sorted(found.items())}


def values_of(quads: Iterable[ox.Quad]) -> Values:
    """Return statements by subject and predicate."""
    found: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


def _kind(iri: str) -> Kind | None:
    try:
        return parts(iri)[0]
    except ValueError:
        return None


def _registration(subject: str, said: Mapping[str, list[ox.NamedNode | ox.Literal]], source: str) -> RegistrationFact:
    key = parts(subject)[1]
    titles = sorted(
        ("scientific", term.value, term.language or "und")
        for term in said.get(str(DCTERMS.title), ())
        if isinstance(term, ox.Literal)
    )
    return RegistrationFact(
        key=key,
        version=f"{key}.{source}",
        number=_first(said, str(MSE.registrationNumber)) or key,
        scheme=_first(said, str(MSE.scheme)) or "",
        titles=tuple(titles),
        place=subject,
        origin=ORIGIN,
    )


def _publication(subject: str, said: Mapping[str, list[ox.NamedNode | ox.Literal]], source: str) -> PublicationFact:
    key = parts(subject)[1]
    kind = _first(said, str(MSE.publicationKind))
    containers = (term.value for term in said.get(str(MSE.container), ()))
    return PublicationFact(
        key=key,
        version=f"{key}.{source}",
        title=_first(said, str(DCTERMS.title)),
        kind=None if kind is None else kind.rpartition("/")[2],
        year=_first(said, str(MSE.year)),
        containers=tuple(sorted(containers)),
        doi=_first(said, str(PRISM.doi)),
        pmid=_first(said, str(FABIO.hasPubMedId)),
        pmcid=_first(said, str(FABIO.hasPubMedCentralId)),
        place=subject,
    )


def _first(said: Mapping[str, list[ox.NamedNode | ox.Literal]], predicate: str) -> str | None:
    return min((term.value for term in said.get(predicate, ())), default=None)
