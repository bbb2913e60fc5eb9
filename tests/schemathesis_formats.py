"""Formats of our OpenAPI description that JSON Schema has not, as values to ask with; loaded by schemathesis."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies as st

PATTERNS = ("?s a ?c", "?s ?p ?o", "GRAPH ?g { ?s a ?c }", "?s a <https://w3id.org/msevidence/ontology#Study>")
FORMS = (
    "SELECT * {{ {0} }} LIMIT 3",
    "ASK {{ {0} }}",
    "CONSTRUCT WHERE {{ ?s a ?c }} LIMIT 2",
    "SELECT (1 AS ?n) {{}}",
)
IRIS = (
    *("https://w3id.org/msevidence/graph/studies", "https://example.org/none", "urn:x", "http://[::1]/x?y#z"),
    "https://example.org/æøå",
)

_iris = st.sampled_from(IRIS)
schemathesis.openapi.format(
    "sparql",
    st.builds(lambda form, pattern: form.format(pattern), st.sampled_from(FORMS), st.sampled_from(PATTERNS)),
)
schemathesis.openapi.format("iri", _iris)
schemathesis.openapi.format("iri-or-local-name", st.one_of(_iris, st.sampled_from(("study/mist", "document/fhi-2021"))))


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Leave out empty values: a form sends each field that is left empty, and here that is as if it were not sent."""
    body = case.body if isinstance(case.body, dict) else {}
    return all(_said(value) for value in [*(case.query or {}).values(), *body.values()])


def _said(value: object) -> bool:
    return all(map(_said, value)) if isinstance(value, list) else value not in ("", None)
