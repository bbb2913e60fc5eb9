"""Families of queries that nest, chain or repeat until an engine's stack or a parser gives way: contract 16.

Each family takes how deep or long a member is. Far over the limits the guard refuses it; about the limits it is
refused, answered or ended, and no worker dies of it.
"""

from __future__ import annotations

from collections.abc import Callable

Nest = Callable[[int], str]

NESTS: dict[str, Nest] = {
    "braces": lambda n: "ASK " + "{" * n + "}" * n,
    "braces left open": lambda n: "ASK " + "{" * n,
    "braces closed only": lambda n: "ASK {" + "}" * n,
    "parentheses": lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }",
    "property lists": lambda n: "ASK { " + "[ a " * n + "1" + "]" * n + " }",
    "collections": lambda n: "ASK { " + "(" * n + "1" + ")" * n + " a 1 }",
    "triple terms": lambda n: "ASK { ?s ?p " + "<<( ?s ?p " * n + "1" + " )>>" * n + " }",
    "reified triples": lambda n: "ASK { " + "<< " * n + "?s" + " ?p ?o >>" * n + " ?p ?o }",
    "exclamation marks": lambda n: "ASK { FILTER(" + "!" * n + "true) }",
    "minus signs": lambda n: "ASK { FILTER(" + "- " * n + "?x) }",
    "plus signs": lambda n: "ASK { FILTER(1" + "+1" * n + ") }",
    "carets": lambda n: "ASK { ?s " + "^" * n + "<a:a> ?o }",
    "carets in parentheses": lambda n: "ASK { ?s " + "^(" * n + "<a:a>" + ")" * n + " ?o }",
    "stars of stars": lambda n: "ASK { ?s " + "(" * n + "<a:a>" + ")*" * n + " ?o }",
    "steps": lambda n: "ASK { ?s " + "/".join(["<a:a>"] * n) + " ?o }",
    "alternative steps": lambda n: "ASK { ?s " + "|".join(["<a:a>"] * n) + " ?o }",
    "negated steps": lambda n: "ASK { ?s !(" + "|".join(["<a:a>", "^<a:b>"] * n) + ") ?o }",
    "or": lambda n: "ASK { FILTER(" + "||".join(["?x"] * n) + ") }",
    "and": lambda n: "ASK { FILTER(" + "&&".join(["?x"] * n) + ") }",
    "products": lambda n: "ASK { FILTER(" + "*".join(["?x"] * n) + ") }",
    "conditions": lambda n: "ASK { FILTER(" + "IF(?a," * n + "1" + ",2)" * n + ") }",
    "coalesce": lambda n: "ASK { FILTER(" + "COALESCE(" * n + "?x" + ")" * n + ") }",
    "in": lambda n: "ASK { FILTER(" + "1 IN (" * n + "1" + ")" * n + ") }",
    "casts": lambda n: "ASK { FILTER(" + "<http://www.w3.org/2001/XMLSchema#string>(" * n + "1" + ")" * n + ") }",
    "unions": lambda n: "ASK { " + " UNION ".join(["{}"] * n) + " }",
    "unions in unions": lambda n: "ASK { " + "{ {} UNION " * n + "{}" + "}" * n + " }",
    "optional": lambda n: "ASK { " + "OPTIONAL { ?a ?b ?c " * n + "}" * n + " }",
    "minus": lambda n: "ASK { " + "MINUS { ?a ?b ?c " * n + "}" * n + " }",
    "graphs": lambda n: "ASK { " + "GRAPH ?g { " * n + "}" * n + " }",
    "lateral": lambda n: "ASK { " + "LATERAL { ?a ?b ?c " * n + "}" * n + " }",
    "exists": lambda n: "ASK { " + "FILTER EXISTS { ?a ?b ?c " * n + "}" * n + " }",
    "not exists in an expression": lambda n: "ASK { FILTER(" + "NOT EXISTS { FILTER(" * n + "1" + ") }" * n + ") }",
    "subselects": lambda n: "ASK { " + "{ SELECT * { " * n + "} }" * n + " }",
    "sorted subselects": lambda n: "ASK { " + "{ SELECT * { " * n + "} ORDER BY ?x }" * n + " }",
    "filters": lambda n: "ASK { ?a ?b ?c " + "FILTER(?a = ?b) " * n + "}",
    "variables": lambda n: "SELECT " + " ".join(f"?v{i}" for i in range(n)) + " {}",
    "order": lambda n: "SELECT * {} ORDER BY " + " ".join(f"?v{i}" for i in range(n)),
    "prefixes": lambda n: "".join(f"PREFIX p{i}: <a:{i}> " for i in range(n)) + "ASK {}",
    "from": lambda n: "ASK " + "FROM <a:a> " * n + "{}",
    "dots": lambda n: "ASK { ?s ?p ?o " + "." * n + " }",
    "semicolons": lambda n: "ASK { ?s ?p ?o " + ";" * n + " }",
    "one long name": lambda n: "ASK { ?s ?p ?" + "o" * n + " }",
    "one long IRI": lambda n: "ASK { ?s ?p <a:" + "o" * n + "> }",
    "one long string": lambda n: 'ASK { ?s ?p "' + "\\n" * n + '" }',
    "one long number": lambda n: "ASK { ?s ?p " + "9" * n + " }",
    "one long comment": lambda n: "ASK { #" + "\u00f8" * n + "\n }",
    "quotation marks": lambda n: "ASK { ?s ?p " + '"""' * n + " }",
    "escapes": lambda n: "ASK { " + "\\u007B" * n + "\\u007D" * n + " }",
    "brackets of all kinds": lambda n: "ASK { " + "{[a(" * n + "1" + ")]}" * n + " }",
}
DEPTHS = (3, 48, 99, 101, 300, 999, 1_001, 2_350, 6_000, 40_000, 140_000)
"""About each limit of the guard (50 signs, 100 levels, 1,000 operators, 20,000 tokens, 128 KiB), and far over all."""
REFUSED = frozenset({"too-complex", "request-too-large", "headers-too-large", "syntax-fault"})
"""How a member is refused, as the last part of the problem's type."""
