"""Families of queries that no machine finishes, or that take all memory: contract 14 and 18.

Each family is a function from a source of chance to one member, so that a seed names a set of queries for good. They
are written against any graph of a thousand triples or more: nothing is known of it but that ``?s ?p ?o`` has matches.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Family = Callable[[Random], str]

ENDED = frozenset({"timed-out", "out-of-memory", "result-too-large", "too-complex"})
"""How a member may end, as the last part of the problem's type (``server/errors.py``)."""


def product(random: Random, least: int = 4, most: int = 7) -> str:
    """Return patterns that share no variable."""
    return " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(random.randint(least, most)))


def _all(patterns: str, random: Random) -> list[str]:
    """Return the variables of patterns, shuffled."""
    found = sorted({word for word in patterns.split() if word.startswith("?")})
    random.shuffle(found)
    return found


def counted(random: Random) -> str:
    """COUNT, SUM or AVG over a cross product."""
    how = random.choice(["COUNT(*)", "COUNT(DISTINCT ?a1)", "SUM(STRLEN(STR(?c2)))", "AVG(STRLEN(STR(?a3)))"])
    return f"SELECT ({how} AS ?n) {{ {product(random)} }}"


def never_true(random: Random) -> str:
    """A filter over a cross product that nothing passes."""
    test = random.choice(
        [
            "CONCAT(STR(?c0), STR(?c1)) = STR(?c2)",
            "STRLEN(STR(?a0)) + STRLEN(STR(?a1)) < 0",
            'CONTAINS(CONCAT(STR(?c0), STR(?c1), STR(?c2)), "\\u0001")',
        ]
    )
    form = random.choice(["SELECT *", "ASK", "CONSTRUCT { ?a0 ?b1 ?c2 }"])
    return f"{form} {{ {product(random)} FILTER({test}) }}"


def sorted_product(random: Random) -> str:
    """A cross product in order, of which one row is asked for."""
    patterns = product(random)
    order = " ".join(f"DESC({name})" if random.random() < 0.5 else name for name in _all(patterns, random)[:6])
    return f"SELECT * {{ {patterns} }} ORDER BY {order} LIMIT 1"


def selected(random: Random) -> str:
    """A cross product, all of it."""
    return f"SELECT * {{ {product(random)} }}"


def constructed(random: Random) -> str:
    """A graph made of a cross product."""
    return f"CONSTRUCT {{ ?a0 ?b1 ?c2 . ?a1 ?b2 ?c0 . ?a2 ?b0 ?c1 }} {{ {product(random)} }}"


def described(random: Random) -> str:
    """A description of everything, again and again."""
    return f"DESCRIBE {random.choice(['*', '?a0 ?a1 ?a2', '?c0 ?b1'])} {{ {product(random)} }}"


def distinct(random: Random) -> str:
    """Different rows of a cross product: all of them, in memory."""
    how = random.choice(["DISTINCT", "REDUCED"])
    return f"SELECT {how} ?a0 ?a1 ?a2 (CONCAT(STR(?c0), STR(?c1), STR(?c2)) AS ?x) {{ {product(random)} }} ORDER BY ?x"


def concatenated(random: Random) -> str:
    """One string of everything."""
    sign = random.choice([", ", "\\u00e6" * 20, ""])
    how = f'GROUP_CONCAT(CONCAT(STR(?a0), STR(?c1)); SEPARATOR="{sign}")'
    return f"SELECT ({how} AS ?x) {{ {product(random)} }}"


def grouped(random: Random) -> str:
    """As many groups as rows."""
    return (
        f"SELECT ?a0 ?a1 ?a2 (COUNT(*) AS ?n) (SAMPLE(?c0) AS ?x) {{ {product(random)} }} "
        f"GROUP BY ?a0 ?a1 ?a2 HAVING(COUNT(*) < {random.choice([0, -1])})"
    )


def paths(random: Random) -> str:
    """Paths of any length over any property, one after another."""
    step = random.choice(["!<a:a>", "(!<a:a>|!^<a:a>)", "(<a:a>|!<a:a>)", "(^<a:a>|!<a:a>|!^<a:a>)"])
    many = [random.choice("*+") for _ in range(random.randint(3, 6))]
    steps = " ".join(f"?n{n} {step}{sign} ?n{n + 1} ." for n, sign in enumerate(many))
    return f"SELECT (COUNT(*) AS ?n) {{ {steps} ?x0 {step}* ?x1 . ?y0 {step}* ?y1 }}"


def unread_paths(random: Random) -> str:
    """A path of any length between every two of three nodes, and a filter that nothing passes."""
    step = random.choice(["(!<a:a>|!^<a:a>)*", "(!<a:a>/!^<a:a>)*", "(!<a:a>?/!^<a:a>?)+"])
    return f'ASK {{ ?s {step} ?o . ?t {step} ?u . ?v {step} ?w FILTER(CONCAT(STR(?s), STR(?t), STR(?v)) = "") }}'


def not_exists(random: Random) -> str:
    """For each row of a cross product, a cross product that must have no row."""
    how = random.choice(["EXISTS", "NOT EXISTS"])
    inner = " . ".join(f"?d{n} ?e{n} ?f{n}" for n in range(4))
    return f"SELECT * {{ ?a ?b ?c . ?g ?h ?i FILTER {how} {{ {inner} FILTER(?f0 = STR(?c) && ?f1 = ?f2 + ?f3) }} }}"


def optional(random: Random) -> str:
    """Optional parts that share nothing with the rest."""
    parts = " ".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}" for n in range(random.randint(4, 9)))
    return f"SELECT (COUNT(*) AS ?n) {{ {parts} }}"


def deep_optional(random: Random) -> str:
    """Optional parts in each other."""
    depth = random.randint(5, 12)
    opened = "".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} " for n in range(depth))
    return f"SELECT (COUNT(*) AS ?n) {{ {opened}{'}' * depth} }}"


def minus(random: Random) -> str:
    """A cross product from which a cross product is taken that shares one variable."""
    return f"SELECT (COUNT(*) AS ?n) {{ {product(random)} MINUS {{ ?a0 ?x ?y . ?z ?v ?w . ?t ?u ?c0 }} }}"


def unions(random: Random) -> str:
    """Many alternatives, each a cross product."""
    parts = " UNION ".join(f"{{ {product(random)} }}" for _ in range(random.randint(5, 60)))
    return f"SELECT (COUNT(*) AS ?n) {{ {parts} }}"


def values(random: Random) -> str:
    """Tables of values that are multiplied with each other."""
    rows = random.randint(300, 900)
    tables = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(rows)))} }}" for n in range(5))
    return f"SELECT (COUNT(*) AS ?n) {{ {tables} }}"


def doubled(random: Random) -> str:
    """A string that is twice as long at each step."""
    steps = random.randint(34, 60)
    binds = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(steps))
    first = random.choice(["a", "\u00e6", "abc"])
    return f'SELECT (STRLEN(?s{steps}) AS ?n) {{ BIND("{first}" AS ?s0) {binds} }}'


def replaced(random: Random) -> str:
    """A string in which each sign becomes many, again and again."""
    steps = random.randint(6, 9)
    more = "a" * random.randint(60, 200)
    binds = " ".join(f'BIND(REPLACE(?s{n}, ".", "{more}") AS ?s{n + 1})' for n in range(steps))
    return f'SELECT (STRLEN(?s{steps}) AS ?n) {{ BIND("a" AS ?s0) {binds} }}'


def escaped(random: Random) -> str:
    """A string that is percent-encoded again and again, for every row of a cross product."""
    text = "?s"
    for _ in range(random.randint(8, 14)):
        text = f"ENCODE_FOR_URI(CONCAT({text}, '%'))"
    return f"SELECT (MAX(STRLEN({text})) AS ?n) {{ {product(random)} BIND(CONCAT(STR(?a0), STR(?c1)) AS ?s) }}"


def expressions(random: Random) -> str:
    """A costly expression for every row of a cross product: a hash of what a regular expression made."""
    sort = random.choice(["SHA512", "SHA384", "MD5"])
    pattern = random.choice(["(a+)+$", "(.*)*x", "(a|aa|aaa)*b", "(x?){50}x{50}"])
    made = f"REPLACE(CONCAT(STR(?a0), STR(?c1), STR(?a2), STR(?c3)), '{pattern}', '-', 'i')"
    return f"SELECT * {{ {product(random)} FILTER({sort}({made}) = 'x') }}"


def subselects(random: Random) -> str:
    """Groups of groups, each multiplied with everything."""
    query = f"SELECT (COUNT(*) AS ?n0) {{ {product(random)} }}"
    for level in range(random.randint(1, 8)):
        query = f"SELECT (SUM(?n{level}) AS ?n{level + 1}) {{ {{ {query} }} ?x ?y ?z }}"
    return query


def lateral(random: Random) -> str:
    """A cross product written with LATERAL, which the engine has beyond the Recommendation."""
    parts = " ".join(f"LATERAL {{ ?a{n} ?b{n} ?c{n} }}" for n in range(random.randint(5, 8)))
    return f"SELECT (COUNT(*) AS ?n) {{ {parts} }}"


def graphs(random: Random) -> str:
    """A cross product over graphs."""
    parts = " ".join(f"GRAPH ?g{n} {{ ?a{n} ?b{n} ?c{n} }}" for n in range(random.randint(4, 7)))
    return f"SELECT (COUNT(DISTINCT ?g0) AS ?n) {{ {parts} }}"


def optimiser(random: Random) -> str:
    """A short query over which the engine's optimiser thinks for seconds, on an empty store as well.

    Measured with pyoxigraph 0.5.13: ``ASK{((1)(1)…)a 1}`` of 293 bytes takes 1.7 s.
    """
    item = random.choice(["(1)", "()1[]", "([])", "(1 2)", "[]1"])
    return f"ASK{{({item * random.randint(180, 260)})a 1}}"


def objects(random: Random) -> str:
    """Many triples about one thing, which the optimiser puts in order."""
    count = random.randint(400, 900)
    return random.choice(
        [
            "ASK{?s a " + ",".join(["1"] * count) + "}",
            "ASK{?s ?p " + ",".join(["[]"] * count) + "}",
            "ASK{?s ?p 1" + ";?p 1" * count + "}",
        ]
    )


RUNAWAY: dict[str, Family] = {
    family.__name__.replace("_", " "): family
    for family in (
        *(counted, never_true, sorted_product, selected, constructed, described, distinct, concatenated, grouped),
        *(paths, unread_paths, not_exists, optional, deep_optional, minus, unions, values, doubled, replaced, escaped),
        *(expressions, subselects, lateral, graphs, optimiser, objects),
    )
}
