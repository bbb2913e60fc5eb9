"""Values as recorded from pages and exports: one node each, with its address and the date of the page where stated."""

from collections import Counter
from collections.abc import Iterable, Iterator

from rdflib import DCTERMS, PROV, URIRef

from msevidence.loaders.catalogue_schema import Sourced
from msevidence.loaders.statements import Statements, english, partial_date
from msevidence.ontology.identifiers import outside_link
from msevidence.ontology.iris import Kind, mint, slug, under
from msevidence.ontology.namespaces import MSE


def source_iri(sha256: str) -> URIRef:
    """Return the IRI of a source file, known by its SHA-256."""
    return mint(Kind.SOURCE, sha256)


def outside(scheme_name: str, text: str) -> URIRef | None:
    """Return the address where others keep the record of an identifier, if there is one."""
    link = outside_link(scheme_name, text)
    return None if link is None else URIRef(link)


def numbered(values: Iterable[tuple[str, Sourced]]) -> Iterator[tuple[int, str, Sourced]]:
    """Yield each value with its place among those of its field, from 1, and the field's name."""
    seen: Counter[str] = Counter()
    for name, value in values:
        seen[name] += 1
        yield seen[name], name, value


def sourced(
    graph: Statements,
    about: URIRef,
    number: int,
    name: str,
    value: Sourced,
    address: str,
    read: str | None,
    derived: URIRef,
    kind: str = "publication",
) -> None:
    """State one recorded value of ``about``: a node for each member of a list.

    It is named by its field, and by ``number``, its place among the values of that field. Not by its place in the
    file: a field that is written in before others would give them other addresses.
    """
    for part, text in enumerate(value.texts(), 1):
        node = under(Kind.SOURCED_VALUE, about, kind, slug(name), number, part)
        graph.node(
            node,
            MSE.SourcedValue,
            {
                MSE.about: about,
                MSE.field: name,
                MSE.value: text,
                DCTERMS.source: address,
                MSE.sourceDate: None if read is None else partial_date(read),
                PROV.wasDerivedFrom: derived,
                MSE.note: english(value.note),
            },
        )
        graph.add(about, MSE.hasSourcedValue, node)
