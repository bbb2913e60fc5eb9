"""SERVICE in disguise, other ways to make a server fetch, and texts that only look like one: contract 2, 5 and 16.

Those that ``tests/test_server_guard.py`` has already, beside the guard itself, are asked over HTTP as well.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.test_server_guard import EVIL, PROLOGUE
from tests.test_server_guard import SERVICES as KNOWN


def escaped(word: str, form: str) -> str:
    """Write a word in codepoint escapes: ``u`` with four digits, ``U`` with eight."""
    return "".join(f"\\u{ord(sign):04x}" if form == "u" else f"\\U{ord(sign):08X}" for sign in word)


def clauses(endpoint: str) -> dict[str, str]:
    """Return queries that ask an endpoint: each must be refused with 403, and none may reach it."""
    to = f"<{endpoint}>"
    patterns = {
        "plain": f"SERVICE {to} {{ ?s ?p ?o }}",
        "small": f"service {to} {{ ?s ?p ?o }}",
        "mixed": f"SeRvIcE {to} {{ ?s ?p ?o }}",
        "silent": f"SERVICE SILENT {to} {{ ?s ?p ?o }}",
        "comment between": f"SERVICE # {{ }} '\n {to} # }}\n {{ ?s ?p ?o }}",
        "carriage return": f"SERVICE#x\r{to}\r{{ ?s ?p ?o }}",
        "tabs": f"\tSERVICE\t{to}\t{{\t?s\t?p\t?o\t}}",
        "four digits": f"{escaped('SERVICE', 'u')} {to} {{ ?s ?p ?o }}",
        "eight digits": f"{escaped('service', 'U')} {to} {{ ?s ?p ?o }}",
        "one escape": f"SERV\\u0049CE {to} {{ ?s ?p ?o }}",
        "escaped brackets": f"SERVICE {to} \\u007b ?s ?p ?o \\U0000007D",
        "escaped white space": f"SERVICE\\u0020{to}\\u000A{{ ?s ?p ?o }}",
        "escaped IRI": f"SERVICE <{escaped(endpoint, 'u')}> {{ ?s ?p ?o }}",
        "escaped end of a comment": f"# \\u000A SERVICE {to} {{ ?s ?p ?o }}\n SERVICE {to} {{ ?s ?p ?o }}",
        "after a number": f"?s ?p 1SERVICE {to} {{ ?s ?p ?o }}",
        "after a decimal": f"?s ?p 1.5SERVICE {to} {{ ?s ?p ?o }}",
        "after an exponent": f"?s ?p 1.5e3SERVICE {to} {{ ?s ?p ?o }}",
        "after a string": f'?s ?p "x"SERVICE {to} {{ ?s ?p ?o }}',
        "after a bracket": f"{{}}SERVICE {to} {{ ?s ?p ?o }}",
        "after a dot": f"?s ?p ?o.SERVICE {to} {{ ?s ?p ?o }}",
        "relative": f"SERVICE <> {{ ?s ?p ?o }} SERVICE {to} {{}}",
        "in EXISTS": f"FILTER EXISTS {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "in NOT EXISTS": f"FILTER NOT EXISTS {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "in an expression": f"BIND(IF(EXISTS {{ SERVICE {to} {{ ?s ?p ?o }} }}, 1, 2) AS ?x)",
        "in OPTIONAL": f"OPTIONAL {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "in MINUS": f"?s ?p ?o MINUS {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "in UNION": f"{{}} UNION {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "in LATERAL": f"LATERAL {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "in GRAPH": f"GRAPH ?g {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "in a subselect": f"{{ SELECT * {{ SERVICE {to} {{ ?s ?p ?o }} }} LIMIT 1 }}",
        "in a subselect in EXISTS": f"FILTER EXISTS {{ {{ SELECT * {{ SERVICE {to} {{ ?s ?p ?o }} }} }} }}",
        "in itself": f"SERVICE {to} {{ SERVICE {to} {{ ?s ?p ?o }} }}",
        "variable of VALUES": f"VALUES ?e {{ {to} }} SERVICE ?e {{ ?s ?p ?o }}",
        "variable of BIND": f'BIND(IRI("{endpoint}") AS ?e) SERVICE ?e {{ ?s ?p ?o }}',
        "variable made of parts": f'BIND(IRI(CONCAT("{endpoint[:9]}", "{endpoint[9:]}")) AS ?e) SERVICE ?e {{}}',
        "silent variable": f"VALUES ?e {{ {to} }} SERVICE SILENT $e {{ ?s ?p ?o }}",
        "prefixed name": "SERVICE x:sparql { ?s ?p ?o }",
        "empty prefix": "SERVICE : { ?s ?p ?o }",
        "glued prefix": "SERVICE:x { ?s ?p ?o }",
        "glued silent prefix": "SERVICESILENT:x { ?s ?p ?o }",
        "upper address": f"SERVICE <HTTP://{endpoint[7:]}> {{ ?s ?p ?o }}",
        "user in the address": f"SERVICE <http://a:b@{endpoint[7:]}> {{ ?s ?p ?o }}",
        "a file": "SERVICE <file:///etc/passwd> { ?s ?p ?o }",
    }
    prologue = (
        f"PREFIX x: <{endpoint}> PREFIX : <{endpoint}> PREFIX SERVICE: <{endpoint}> PREFIX SERVICESILENT: <{endpoint}>"
    )
    made = {name: f"{prologue} SELECT * {{ {pattern} }}" for name, pattern in patterns.items()}
    plain = f"SERVICE {to} {{ ?s ?p ?o }}"
    made |= {
        "in ASK": f"ASK {{ {plain} }}",
        "in CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {plain} }}",
        "in DESCRIBE": f"DESCRIBE ?s {{ {plain} }}",
        "in HAVING": f"SELECT (1 AS ?x) {{}} GROUP BY ?y HAVING(EXISTS {{ {plain} }})",
        "in ORDER BY": f"SELECT * {{}} ORDER BY (EXISTS {{ {plain} }})",
        "in SELECT": f"SELECT (EXISTS {{ {plain} }} AS ?x) {{}}",
        "LOAD": f"LOAD {to}",
        "LOAD SILENT": f"LOAD SILENT {to} INTO GRAPH <a:g>",
        "LOAD of a file": "LOAD <file:///etc/passwd>",
        "INSERT": f"INSERT {{ ?s ?p ?o }} WHERE {{ {plain} }}",
    }
    known = {f"known {n}": f"{PROLOGUE} ASK {{ {clause} }}" for n, clause in enumerate(KNOWN)}
    return made | {name: query.replace(EVIL, endpoint) for name, query in known.items()}


def graphs(endpoint: str) -> dict[str, str]:
    """Return queries that name a graph as another server would fetch it: it is empty here, and nothing is fetched."""
    return {
        "FROM": f"SELECT * FROM <{endpoint}> {{ ?s ?p ?o }}",
        "FROM NAMED": f"SELECT * FROM NAMED <{endpoint}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "FROM a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "FROM NAMED a file": "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
        "FROM data": "SELECT * FROM <data:text/turtle,%3Ca%3Ab%3E%20a%201> { ?s ?p ?o }",
        "FROM a share": "SELECT * FROM <file://127.0.0.1/etc/passwd> { ?s ?p ?o }",
        "GRAPH": f"SELECT * {{ GRAPH <{endpoint}> {{ ?s ?p ?o }} }}",
        "GRAPH of a file": "SELECT * { GRAPH <file:///etc/passwd> { ?s ?p ?o } }",
        "BASE": f"BASE <{endpoint}> SELECT * FROM <x> {{ ?s ?p ?o }}",
        "DESCRIBE": f"SELECT * {{ <{endpoint}> ?p ?o }}",
    }


def harmless(endpoint: str) -> dict[str, str]:
    """Return queries in which the word stands where it means nothing: each is answered with 200."""
    prologue = f"PREFIX service: <{endpoint}> "
    patterns: dict[str, Callable[[], str]] = {
        "string": lambda: f'BIND("SERVICE <{endpoint}> {{}}" AS ?x)',
        "long string": lambda: f"BIND('''a\n' SERVICE <{endpoint}> {{}} ''' AS ?x)",
        "escaped string": lambda: f'BIND("\\u0053ERVICE <{endpoint}>" AS ?x)',
        "comment": lambda: f"# SERVICE <{endpoint}> {{}}\n",
        "IRI": lambda: f"OPTIONAL {{ <{endpoint}SERVICE> ?service <SERVICE> }}",
        "prefixed name": lambda: "OPTIONAL { service:SERVICE service:service service:x }",
        "variable": lambda: "OPTIONAL { ?SERVICE ?service $Service }",
        "language": lambda: 'BIND("x"@service AS ?x)',
        "blank node": lambda: "OPTIONAL { _:SERVICE a _:service }",
        "graph": lambda: "OPTIONAL { GRAPH service:g { ?s ?p ?o } }",
        "object before a group": lambda: "OPTIONAL { ?s ?p service:x { ?a ?b ?c } }",
        "bound IRI": lambda: f'BIND(IRI("{endpoint}") AS ?x)',
    }
    return {name: f"{prologue}SELECT * {{ {made()} }} LIMIT 3" for name, made in patterns.items()}
