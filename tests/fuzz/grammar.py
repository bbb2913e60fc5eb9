"""Random queries by the grammar of SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#sparqlGrammar), and a few past it.

Every production of the query part has its method; a budget of depth ends the recursion. The words are those of the
small graph that the harness serves, so that queries find something.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

CANARY = "http://127.0.0.1:1/"
"""Stands for the address of the listener that must never be asked; the harness puts the real port in."""
PROLOGUE = (
    "PREFIX a: <http://a.example/>\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
    f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX evil: <{CANARY}>\nPREFIX : <{CANARY}x>\n"
)
_PREDICATES = (
    "a:p",
    "a:p",
    "a:p2",
    "a:p2",
    "rdfs:label",
    "rdfs:label",
    "a",
    "<http://a.example/p>",
    "a:with%20percent",
)
_THINGS = (
    *("a:1", "a:2", "a:7", "a:30", "<http://a.example/3>", "a:dots.in", "a:x\\-y", "a:", ":", "evil:x"),
    *("<relative>", "<>", "<#x>", "a:æøå", "a:%41", "a:1.2"),
)
_GRAPHS = ("<http://a.example/g>", "a:g", "?g", "<http://nowhere.example/>")
_LITERALS = (
    *("1", "-1", "+1", "1.0", ".5", "1e0", "1.5E-300", "0", "9223372036854775808", "true", "false", '"x"', "'x'"),
    *('"x"@en', '"x"@nb-NO', '"1"^^xsd:integer', '"x"^^a:type', '"""long "quoted" text"""', "'''it''s'''"),
    *('"\\u0041\\n\\t"', '"2024-02-30"^^xsd:date', '"2024-05-31T00:00:00Z"^^xsd:dateTime', '"🧬 æøå"', '""'),
    *('"INF"^^xsd:double', '"NaN"^^xsd:double', '"x"@en--ltr', '"P1Y"^^xsd:duration'),
)
_UNARY = (
    *("STR", "LANG", "DATATYPE", "IRI", "URI", "ABS", "CEIL", "FLOOR", "ROUND", "STRLEN", "UCASE", "LCASE"),
    *("ENCODE_FOR_URI", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "MD5", "SHA1"),
    *("SHA256", "SHA384", "SHA512", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "BNODE", "xsd:integer"),
    *("xsd:string", "xsd:double", "a:unknown", "LANGDIR"),
)
_BINARY = (
    *("LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG", "STRDT", "SAMETERM"),
    *("REGEX", "SUBSTR", "CONCAT", "COALESCE"),
)
_NULLARY = ("NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()")
_OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&&", "||")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE")
_SPACES = (" ", " ", " ", "  ", "\n", "\t", "\r\n", " # a comment with { \" ' SERVICE\n", "#\n")


class Generator:
    """Writes queries from a source of chance."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._depth = 0

    def query(self) -> str:
        """Return a query with its prologue."""
        self._depth = self._random.choice((2, 3, 3, 4, 5))
        form = self._random.choice(
            (self._select, self._select, self._select, self._ask, self._construct, self._describe)
        )
        base = "BASE <http://a.example/>\n" if self._chance(0.1) else ""
        tail = self._values_block() if self._chance(0.1) else ""
        return f"{base}{PROLOGUE}{form()}{tail}"

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _one(self, *ways: Callable[[], str]) -> str:
        """Write one of these, one level deeper; the first is the way out, which ends the recursion."""
        if self._depth <= 0:
            return ways[0]()
        self._depth -= 1
        try:
            return self._random.choice(ways)()
        finally:
            self._depth += 1

    def _some(self, way: Callable[[], str], low: int, high: int, between: str | None = None) -> str:
        parts = [way() for _ in range(self._random.randint(low, high))]
        return (self._space() if between is None else between).join(parts)

    def _space(self) -> str:
        return self._random.choice(_SPACES)

    # ----------------------------------------------------------------- terms

    def _variable(self) -> str:
        return self._random.choice("?$") + self._random.choice(("s", "p", "o", "x", "y", "service", "x1", "æ"))

    def _iri(self) -> str:
        return self._random.choice(_THINGS)

    def _plain_predicate(self) -> str:
        return self._variable() if self._chance(0.3) else self._random.choice(_PREDICATES)

    def _literal(self) -> str:
        return self._random.choice(_LITERALS)

    def _term(self) -> str:
        return self._random.choice((self._variable, self._variable, self._iri, self._literal, self._blank))()

    def _blank(self) -> str:
        if self._chance(0.9):
            return self._random.choice(("[]", "[ a:p ?x ]", "(1 ?y)", "()", "[ a:p2 1 ; a:p ?o ]"))
        return self._random.choice(("_:b", "_:c1", "_:d.e"))

    # ----------------------------------------------------------------- forms

    def _select(self) -> str:
        how = self._random.choice(("", "", "DISTINCT ", "REDUCED "))
        what = "*" if self._chance(0.5) else self._some(self._projected, 1, 3, " ")
        return f"SELECT {how}{what}{self._dataset()} {self._where()}{self._modifiers(grouped=what != '*')}"

    def _projected(self) -> str:
        if self._chance(0.7):
            return self._variable()
        made = self._aggregate() if self._chance(0.5) else self._expression()
        return f"({made} AS ?z{self._random.randint(0, 999)})"

    def _subselect(self) -> str:
        what = "*" if self._chance(0.5) else self._some(self._variable, 1, 3, " ")
        return f"SELECT {what} {self._where()}{self._modifiers()}"

    def _ask(self) -> str:
        return f"ASK{self._dataset()} {self._where()}{self._modifiers()}"

    def _construct(self) -> str:
        if self._chance(0.2):
            return f"CONSTRUCT WHERE {{ {self._some(self._plain_triple, 0, 3, ' . ')} }}{self._modifiers()}"
        template = self._some(self._plain_triple, 0, 3, " . ")
        return f"CONSTRUCT {{ {template} }}{self._dataset()} {self._where()}{self._modifiers()}"

    def _describe(self) -> str:
        what = "*" if self._chance(0.3) else self._some(self._iri_or_variable, 1, 2, " ")
        return f"DESCRIBE {what} {self._where() if self._chance(0.7) else ''}{self._modifiers()}"

    def _iri_or_variable(self) -> str:
        return self._random.choice((self._variable, self._iri))()

    def _dataset(self) -> str:
        if self._chance(0.93):
            return ""
        return " " + self._some(lambda: f"FROM {'NAMED ' if self._chance(0.5) else ''}<http://a.example/g>", 1, 2, " ")

    def _where(self) -> str:
        return ("WHERE " if self._chance(0.8) else "") + self._group()

    def _modifiers(self, *, grouped: bool = False) -> str:
        parts = []
        if grouped and self._chance(0.15):
            parts.append("GROUP BY " + self._some(self._grouped, 1, 2, " "))
        if grouped and self._chance(0.08):
            parts.append(f"HAVING ({self._aggregate()} > {self._literal()})")
        if self._chance(0.2):
            parts.append("ORDER BY " + self._some(self._ordered, 1, 2, " "))
        if self._chance(0.3):
            parts.append(f"LIMIT {self._random.choice((0, 1, 10, 100))}")
        if self._chance(0.1):
            parts.append(f"OFFSET {self._random.choice((0, 1, 1000))}")
        return "".join(f"{self._space()}{part}" for part in parts)

    def _grouped(self) -> str:
        return self._variable() if self._chance(0.7) else f"({self._expression()} AS ?k)"

    def _ordered(self) -> str:
        return self._random.choice((self._variable(), f"DESC({self._expression()})", f"ASC({self._variable()})"))

    # -------------------------------------------------------------- patterns

    def _group(self) -> str:
        inside = self._one(self._triples, self._elements, self._elements, self._subselect)
        return f"{{{self._space()}{inside}{self._space()}}}"

    def _elements(self) -> str:
        return self._some(self._element, 1, 4, None)

    def _element(self) -> str:
        return self._random.choice(
            (
                self._triples,
                self._triples,
                self._group,
                lambda: f"{self._group()} UNION {self._group()}",
                lambda: f"OPTIONAL {self._group()}",
                lambda: f"MINUS {self._group()}",
                lambda: f"GRAPH {self._random.choice(_GRAPHS)} {self._group()}",
                lambda: f"FILTER ({self._expression()})",
                lambda: f"FILTER {'NOT ' if self._chance(0.5) else ''}EXISTS {self._group()}",
                lambda: f"BIND ({self._expression()} AS ?b{self._random.randint(0, 99)})",
                self._values_block,
                lambda: f"LATERAL {self._group()}",
                self._service if self._chance(0.3) else self._triples,
            )
        )()

    def _service(self) -> str:
        """Ask the listener, in one of the ways that hide it."""
        target = self._random.choice((f"<{CANARY}sparql>", "evil:sparql", "?service", ":"))
        word = self._random.choice(
            (
                "SERVICE",
                "service",
                "SERVICE SILENT",
                "SERVICESILENT",
                "\\u0053ERVICE",
                "SERVICE#\n",
                "1 SERVICE",
                "SeRvIcE",
            )
        )
        glue = self._random.choice((" ", "", "\t", "#>'\n"))
        return f"{word}{glue}{target} {self._group()}"

    def _triples(self) -> str:
        return self._some(self._triple, 1, 3, " . ") + (" ." if self._chance(0.3) else "")

    def _triple(self) -> str:
        objects = self._some(self._term, 1, 2, ", ")
        more = f" ; {self._predicate()} {self._term()}" if self._chance(0.2) else ""
        return f"{self._term()} {self._predicate()} {objects}{more}"

    def _plain_triple(self) -> str:
        return f"{self._term()} {self._plain_predicate()} {self._term()}"

    def _predicate(self) -> str:
        return self._path() if self._chance(0.3) else self._plain_predicate()

    def _path(self) -> str:
        return self._one(
            lambda: self._random.choice(_PREDICATES),
            lambda: f"({self._path()}){self._random.choice('*+?')}",
            lambda: f"{self._path()}/{self._path()}",
            lambda: f"{self._path()}|{self._path()}",
            lambda: f"^{self._path()}",
            lambda: f"!({self._random.choice(_PREDICATES)}|^{self._random.choice(_PREDICATES)})",
            lambda: f"!{self._random.choice(_PREDICATES)}",
        )

    def _values_block(self) -> str:
        if self._chance(0.5):
            return f"VALUES ?x {{ {self._some(self._value, 0, 5, ' ')} }}"
        return f"VALUES (?x ?y) {{ {self._some(lambda: f'({self._value()} {self._value()})', 0, 4, ' ')} }}"

    def _value(self) -> str:
        return self._random.choice((self._iri, self._literal, lambda: "UNDEF"))()

    # ----------------------------------------------------------- expressions

    def _expression(self) -> str:
        return self._one(
            self._variable,
            self._literal,
            self._iri,
            lambda: f"{self._expression()} {self._random.choice(_OPERATORS)} {self._expression()}",
            lambda: f"({self._expression()})",
            lambda: f"{self._random.choice('!-+')}{self._expression()}",
            lambda: f"{self._random.choice(_UNARY)}({self._expression()})",
            lambda: f"{self._random.choice(_BINARY)}({self._expression()}, {self._expression()})",
            lambda: self._random.choice(_NULLARY),
            lambda: f"IF({self._expression()}, {self._expression()}, {self._expression()})",
            lambda: f"REPLACE({self._expression()}, {self._literal()}, {self._literal()})",
            lambda: f"BOUND({self._variable()})",
            lambda: f"{self._expression()} {'NOT ' if self._chance(0.3) else ''}IN ({self._expression()})",
            lambda: f"{'NOT ' if self._chance(0.3) else ''}EXISTS {self._group()}",
        )

    def _aggregate(self) -> str:
        if self._chance(0.2):
            return f'GROUP_CONCAT({self._expression()}; SEPARATOR=", ")'
        distinct = "DISTINCT " if self._chance(0.3) else ""
        if self._chance(0.3):
            return f"COUNT({distinct}*)"
        return f"{self._random.choice(_AGGREGATES)}({distinct}{self._expression()})"
