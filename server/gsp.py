"""SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/), read only, indirect names."""

from __future__ import annotations

from flask import Blueprint, Response

from msevidence.server import errors, negotiation, parameters, running
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.pool import Question
from msevidence.server.store import lanes

blueprint = Blueprint("graph_store", __name__)

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
ALLOWED = "GET, HEAD, OPTIONS"


@blueprint.get("/graph", strict_slashes=False, provide_automatic_options=False)
def read() -> Response:
    """Return the graph of `?graph=IRI`, or the default graph for `?default`."""
    given = parameters.of_url()
    name = given.one("graph")
    if ("default" in given) == (name is not None):
        raise errors.BadRequest("Name one graph: ?graph=IRI for a named graph, ?default for the default graph.")
    format = negotiation.named(RDF_FORMATS, given.formats()) or negotiation.choose(RDF_FORMATS, None)
    if name is None:
        return running.answer(Question(ALL, format.name), format)
    iri = parameters.absolute_iri(name, "graph")
    _exists(iri)
    response = running.answer(Question(ALL, format.name, default_graphs=(iri,), named_graphs=()), format)
    # Asked again: a release without this graph may have come in between, whose empty answer is no graph's.
    _exists(iri)
    return response


def _exists(iri: str) -> None:
    if iri not in lanes().sparql.release().graphs:
        raise errors.NotFound(f"There is no graph <{iri[:200]}>; the service description at /sparql lists the graphs.")


@blueprint.route("/graph", methods=["OPTIONS"], strict_slashes=False)
def options() -> Response:
    """Say what is allowed: the methods of :func:`write` have a route only to say why they are not."""
    return Response(headers={"Allow": ALLOWED})


@blueprint.route(
    "/graph", methods=["PUT", "POST", "DELETE", "PATCH"], strict_slashes=False, provide_automatic_options=False
)
def write() -> Response:
    """Refuse to write: the graph is built from its sources, and published as a whole."""
    raise errors.MethodNotAllowed(
        "The graph store is read only; a new version of the graph is a new release.",
        headers={"Allow": ALLOWED},
    )
