"""The stored questions in the graph, as ``sh:SPARQLExecutable``, so that query editors complete from the data.

The form is that of SIB's example queries: a title in each language, the question's name, and the query itself.
"""

from importlib.resources import files

from rdflib import DCTERMS, RDFS, SH, URIRef

from msevidence.loaders.statements import Statements, Tagged
from msevidence.ontology.iris import Kind, graph_iri, mint
from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.queries import load_questions


def question_files() -> dict[str, bytes]:
    """Return the files that the graph is made from, by their path in the product."""
    folder = files("msevidence.queries")
    return {f"queries/{name}.rq": folder.joinpath(f"{name}.rq").read_bytes() for name in sorted(load_questions())}


def question_statements() -> Statements:
    """Return the graph ``queries``: one node a stored question."""
    graph = Statements(graph_iri("queries"))
    for name, question in sorted(load_questions().items()):
        iri = mint(Kind.QUERY, name)
        graph.node(
            iri,
            [SH.SPARQLExecutable, SH[f"SPARQL{question.form.capitalize()}Executable"]],
            {
                RDFS.label: [Tagged(text, language) for language, text in sorted(question.titles.items())],
                RDFS.comment: [Tagged(text, language) for language, text in sorted(question.descriptions.items())],
                DCTERMS.identifier: name,
                SH.prefixes: URIRef(ONTOLOGY),
                SH[question.form.lower()]: question.sparql,
            },
        )
    return graph
