"""The guard: what it refuses, what it must not trip over, and that it reads as the engine does."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.server import errors, planned
from msevidence.server.guard import check
from msevidence.server.lexer import tokens
from msevidence.server.settings import Settings
from tests.attacks.nesting import NESTS

SETTINGS = Settings()
# The engine refuses port 1 before it opens a connection, so a SERVICE that it reads as one shows without a network.
EVIL = "http://127.0.0.1:1/"
PROLOGUE = f"PREFIX : <{EVIL}> PREFIX SERVICE: <{EVIL}> PREFIX silent: <{EVIL}> PREFIX evil: <{EVIL}> "

SERVICES = [
    f"SERVICE <{EVIL}> {{}}",
    f"service\t<{EVIL}>{{}}",
    f"SERVICE<{EVIL}>{{}}",
    f"SERVICE SILENT <{EVIL}> {{}}",
    f"SERVICESILENT<{EVIL}>{{}}",
    f"SERVICE#comment\n<{EVIL}>{{}}",
    f"SERVICE#comment\r<{EVIL}>{{}}",
    f"?s ?p 1SERVICE<{EVIL}>{{}}",
    f"?s ?p 1.SERVICE<{EVIL}>{{}}",
    f"?s ?p 1e0SERVICE<{EVIL}>{{}}",
    f"?s ?p trueSERVICE<{EVIL}>{{}}",
    "?s ?p trueSERVICE:x{}",
    "?s ?p true.SERVICE:x{}",
    "?s ?p 1,trueSERVICE:x{}",
    "SERVICE:x {}",
    "SERVICESILENT:x {}",
    "SERVICEservice:x {}",
    "SERVICEevil:x#comment\n{}",
    "servicesilentevil:x {}",
    "?s ?p falseSERVICEevil:x {}",
    "SERVICE silent:x {}",
    "?s ?p ?o SERVICE:x {}",
    "?s ?p 1, 2 SERVICE:x {}",
    "{}SERVICE:x{}",
    "?s :p|:q ?o SERVICE:x {}",
    "VALUES ?x { 1 } SERVICE:x {}",
    "SERVICE ?x {}",
    "SERVICE$x{}",
    f"LATERAL {{ SERVICE <{EVIL}> {{}} }}",
    f"FILTER EXISTS {{ SERVICE <{EVIL}> {{}} }}",
    f"FILTER NOT EXISTS {{ {{ SELECT * {{ SERVICE <{EVIL}> {{}} }} }} }}",
    f"FILTER(1)SERVICE<{EVIL}>{{}}",
    f"OPTIONAL {{ GRAPH ?g {{ SERVICE <{EVIL}> {{}} }} }}",
    f"\\u0053ERVICE <{EVIL}> {{}}",
    f"S\\u0045RVIC\\U00000045 <{EVIL}> {{}}",
    # The engine ends a name before its second run of dots.
    f"?s ?p evil:b.c.SERVICE<{EVIL}>{{}}",
    f"?s ?p evil:b..c.SERVICE SILENT<{EVIL}>{{}}",
    "?s ?p evil:b:.%20..SERVICE ?s{}",
    f"?s evil:b.c.SERVICE <{EVIL}> {{}}",
    # "<" is "less than" here, although what follows up to ">" has the shape of an IRI.
    "FILTER(1<2)SERVICE?x#>\n{}",
    "FILTER(1+?y<2)SERVICE:x#>\n{}",
    "FILTER(EXISTS{}<2)SERVICE?x#>\n{}",
    "FILTER(?x IN (1<2))SERVICE:x#>\n{}",
    "BIND(IF(1<2,1,2) AS ?q)SERVICE:x#>\n{}",
    "{SELECT (1<2 AS ?x) {SERVICE:x#>\n{}}}",
    "{SELECT ?x {} HAVING(1<2)}SERVICE:x#>\n{}",
    "?s ?p ?o ; SERVICE:x {}",
    "?s ?p ?o ; ?q ?r SERVICE:x {}",
    "{SELECT * {} ORDER BY (1<2)}SERVICE:x#>\n{}",
    f"FILTER(1<'>')SERVICE <{EVIL}> {{}} FILTER(1='')",
    f'FILTER("a"@en<">")SERVICE <{EVIL}> {{}} FILTER(1="")',
]

HARMLESS = [
    'SELECT * { ?s ?p "SERVICE <http://a.example/> {}" }',
    "SELECT * { ?s ?p 'SERVICE', '''a ' SERVICE <http://a.example/> {} ''', \"\"\"SERVICE \" \\\" {\"\"\" }",
    "SELECT * { ?SERVICE ?p $service } # SERVICE <http://a.example/> {}",
    "SELECT * { <http://a.example/SERVICE> ?p <SERVICE> }",
    "SELECT * { ?s <http://a.example/)SERVICE#x> ?o }",
    "PREFIX service: <http://a.example/> SELECT * { ?s service:SERVICE service:x . service:y ?p ?o }",
    "PREFIX service: <http://a.example/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX service: <http://a.example/> ASK FROM service:x { }",
    "PREFIX service: <http://a.example/> ASK FROM NAMED service:x { }",
    "PREFIX service: <http://a.example/> SELECT * { ?s ?p service:x { ?a ?b ?c } }",
    "PREFIX service: <http://a.example/> SELECT * { ?s a ?o, service:x { ?a ?b ?c } }",
    "PREFIX service: <http://a.example/> SELECT * { ?s ?p ?o ; ?q service:x { ?a ?b ?c } }",
    'PREFIX service: <http://a.example/> SELECT * { ?s ?p "x"^^service:x { ?a ?b ?c } }',
    "PREFIX service: <http://a.example/> DESCRIBE service:x { ?a ?b ?c }",
    "PREFIX my-service: <http://a.example/> SELECT * { ?s ?p ?o. my-service:x ?q my-service:y { ?a ?b ?c } }",
    'SELECT * { ?s ?p "x"@service . _:SERVICE ?p ?o }',
    "PREFIX ex: <http://a.example/> SELECT * { ?s ex:SERVICE.SERVICE ex:a\\-SERVICE }",
    "SELECT * { FILTER(?a<?b&&?c>?d) }",
    "SELECT * { # \\UNION, \\u12 and \\uD800 in a comment\n}",
    'SELECT ("C:\\\\Users\\\\uD800" AS ?path) {}',
    'SELECT ("LOAD <file:///etc/passwd>" AS ?insert) { ?delete <clear:drop> "INSERT DATA" }',
]


@pytest.mark.parametrize("clause", SERVICES)
def test_service_is_refused_however_it_is_spelled(clause: str) -> None:
    with pytest.raises(errors.Forbidden) as refusal:
        check(f"{PROLOGUE} ASK {{ {clause} }}", SETTINGS)
    assert refusal.value.extra["line"] >= 1
    assert "SERVICE" in refusal.value.detail


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_in_other_tokens_is_nothing_to_the_guard(query: str) -> None:
    guarded = check(query, SETTINGS)
    assert not guarded.federated
    assert guarded.text == query
    ox.Store().query(query, base_iri="http://a.example/")  # and the engine takes it


@pytest.mark.parametrize(
    "clause",
    [
        f'VALUES ?x {{ """a" }} SERVICE <{EVIL}> {{}} #\\x"""\n',
        f"VALUES ?x {{ '''a' }} SERVICE <{EVIL}> {{}} #\\u12'''\n",
    ],
)
def test_a_string_that_the_engine_would_cut_otherwise_is_an_error(clause: str) -> None:
    query = f"ASK {{ {clause} }}"
    with pytest.raises(OSError, match="port 1 is not allowed"):
        bool(ox.Store().query(query))  # the engine reads two strings, and the SERVICE after them
    with pytest.raises(errors.SyntaxFault):
        check(query, SETTINGS)


def test_no_backslash_hides_what_follows() -> None:
    name = "a:b" + "." * 300 + "\\#x"
    with pytest.raises((errors.SyntaxFault, errors.Forbidden)):
        check(f"PREFIX a: <a:> ASK {{ ?s ?p {'x' * 300}{name} SERVICE <{EVIL}> {{}} }}", SETTINGS)


def test_the_engine_alone_would_ask_the_other_endpoint() -> None:
    """The spellings matter only if the engine takes them: most of those that it evaluates fail on the port."""
    asked = 0
    for clause in SERVICES:
        try:
            bool(ox.Store().query(f"{PROLOGUE} ASK {{ {clause} }}"))
        except (OSError, RuntimeError):
            asked += 1
        except SyntaxError:
            continue
    assert asked > 15


@pytest.mark.parametrize("allowed", [f"SERVICE <{EVIL}> {{}}", f"SERVICE SILENT<{EVIL}>{{}}"])
def test_an_endpoint_on_the_list_may_be_asked(allowed: str) -> None:
    settings = Settings(service_allow=(EVIL,))
    guarded = check(f"ASK {{ {allowed} }}", settings)
    assert guarded.federated and guarded.volatile


@pytest.mark.parametrize(
    "clause", ["SERVICE <http://other.example/> {}", "SERVICE ?x {}", "SERVICE:x {}", f"SERVICE <{EVIL}x> {{}}"]
)
def test_other_endpoints_stay_refused(clause: str) -> None:
    with pytest.raises(errors.Forbidden):
        check(f"{PROLOGUE} ASK {{ SERVICE <{EVIL}> {{}} {clause} }}", Settings(service_allow=(EVIL,)))


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "PREFIX a: <a:> LOAD <file:///etc/passwd>",
        "BASE <a:> load silent <http://a.example/> INTO GRAPH <a:g>",
        "CLEAR ALL",
        "DROP SILENT DEFAULT",
        "CREATE GRAPH <a:g>",
        "ADD DEFAULT TO <a:g>",
        "MOVE DEFAULT TO <a:g>",
        "COPY DEFAULT TO <a:g>",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "# a comment\n\\u0049NSERT DATA {}",
    ],
)
def test_updates_are_forbidden(update: str) -> None:
    with pytest.raises(errors.Forbidden, match="read only"):
        check(update, SETTINGS)


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("", 1, 1),
        ("# only a comment", 1, 17),
        ("PREFIX a: <a:>\nFIND { ?s ?p ?o }", 2, 1),
        ('CONSTRUCT WHERE {\n ?s ?p "open }', 2, 8),
        ("CONSTRUCT WHERE { ?s ?p 'two\nlines' }", 1, 25),
        ('ASK { ?s ?p "\\uD800" }', 1, 14),
        ("ASK { ?s ?p \\x }", 1, 13),
    ],
)
def test_what_is_no_query_is_a_syntax_error_with_its_place(query: str, line: int, column: int) -> None:
    with pytest.raises(errors.SyntaxFault) as fault:
        check(query, SETTINGS)
    assert (fault.value.extra["line"], fault.value.extra["column"]) == (line, column)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("selectdistinct ?x {}", "SELECT"),
        ("BASE <a:> PREFIX : <a:> ASK{}", "ASK"),
        ("CONSTRUCTWHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <a:a>", "DESCRIBE"),
        ('VERSION "1.2" ASK {}', "ASK"),
        ("\\u0041SK {}", "ASK"),
    ],
)
def test_the_form_is_known_before_the_query_runs(query: str, form: str) -> None:
    assert check(query, SETTINGS).form == form


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?x) {}",
        "SELECT (rand ( ) AS ?x) {}",
        "SELECT (UUID#c\n() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
        "SELECT (BNODE() AS ?x) {}",
        "SELECT (COUNT(DISTINCTRAND()) AS ?x) {}",
        "SELECT * { FILTER(1<RAND()&&2>1) }",
        "SELECT (N\\u004fW() AS ?x) {}",
        "CONSTRUCT { [] ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { _:x ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p (1 2) } { ?s ?p ?o }",
        "PREFIX a: <a:> CONSTRUCT { ?s ?p a:b.c._:x ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o {| <http://x/a> 1 |} } WHERE { ?s ?p ?o }",
        "CONSTRUCT{?s ?p ?o{|<http://x/a>1|}}WHERE{?s ?p ?o}",
        "CONSTRUCT { ?s ?p ?o ~ } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o ~ {| <http://x/a> 1 |} } WHERE { ?s ?p ?o }",
    ],
)
def test_what_differs_between_runs_is_volatile(query: str) -> None:
    assert check(query, SETTINGS).volatile


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ("NOW()" AS ?now) { ?rand <http://RAND()> <now:UUID> } # BNODE()',
        "PREFIX now: <a:> SELECT * { ?s now:NOW ?NOW }",
        "CONSTRUCT { ?s ?p ?o } { [] ?p ?o . ?s ?p _:x }",
        "DESCRIBE ?x { [] ?p ?x }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s <a:b>|<a:c> ?o {| ?p ?q |} }",
    ],
)
def test_other_queries_are_not(query: str) -> None:
    assert not check(query, SETTINGS).volatile


@pytest.mark.parametrize(
    "query",
    [
        "ASK " + "{" * 2350 + "}" * 2350,
        "ASK { FILTER(" + "(" * 200 + "1" + ")" * 200 + ") }",
        "ASK { " + "[ ?p " * 200 + "1" + "]" * 200 + " }",
        "ASK { FILTER(" + "!" * 100 + "1) }",
        "ASK { FILTER(" + "- " * 100 + "1) }",
        "ASK { FILTER(" + "||".join(["?x"] * 1500) + ") }",
        "ASK { ?s " + "/".join(["<a:b>"] * 1500) + " ?o }",
        "ASK { " + "UNION".join(["{}"] * 1500) + " }",
        "ASK { " + "?s ?p ?o . " * 6000 + "}",
        "ASK { " + "a." * 40_000 + " }",
        "ASK { " + "a." * 40_000 + "\\u0041 }",
    ],
)
def test_limits_on_depth_runs_and_tokens(query: str) -> None:
    with pytest.raises(errors.TooComplex):
        check(query, SETTINGS)


def test_the_limit_on_length() -> None:
    with pytest.raises(errors.RequestTooLarge):
        check("ASK { # " + "ø" * SETTINGS.max_query, SETTINGS)


def test_long_lists_and_ordinary_nesting_pass() -> None:
    values = " ".join(f"<http://a.example/{n}>" for n in range(2000))
    check(f"SELECT * {{ VALUES ?x {{ {values} }} }}", SETTINGS)
    check("SELECT * { " + "OPTIONAL { ?s ?p ?o . " * 40 + "}" * 41, SETTINGS)


def test_prefixes_of_the_prologue_are_known() -> None:
    guarded = check("PREFIX a: <http://a.example/> PREFIX : <b:> PREFIX r: <relative> ASK {}", SETTINGS)
    assert guarded.prefixes == {"a": "http://a.example/", "": "b:"}


def test_what_is_judged_at_once_has_few_tokens() -> None:
    """Stored questions are, and what is nothing but signs is not, however short."""
    stored = [path.read_text() for path in (Path(__file__).parents[1] / "queries").glob("*.rq")]
    assert len(stored) > 40
    assert [text for text in stored if not planned.is_brief(text)] == []
    assert not planned.is_brief("ASK { FILTER(" + "||".join("1" * 1_000) + ") }")
    assert not planned.is_brief("ASK { FILTER(" + "!" * 1_000 + "1) }")
    assert not planned.is_brief("SELECT * { " + "a " * 2_000 + "}")
    assert not planned.is_brief("#" * planned.LONG)
    brief = [text for nest in NESTS.values() if planned.is_brief(text := nest(2_350))]
    assert brief
    for text in brief:
        assert len(tokens(text, max_tokens=100_000, max_depth=100_000)) <= 2 * planned.FEW
