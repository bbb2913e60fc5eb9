"""What must hold of the answer to any query: the words of the guard, of the engine and of the server agree.

An answer always, of the right shape; no 5xx but for a limit that was reached; what the engine's parser accepts and the
guard lets through is no syntax error, and what the parser refuses is never a 200.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from msevidence.server import errors, guard, lexer
from msevidence.server.settings import Settings
from tests.fuzz.engine import TERMS, Engine, Word
from tests.fuzz.http_client import Answer

SETTINGS = Settings()
PROBLEM = "application/problem+json"
ALLOWED = {
    400: {"syntax-fault", "too-complex", "unknown-function", "bad-request"},
    403: {"forbidden"},
    413: {"result-too-large", "request-too-large"},
    431: {"headers-too-large"},
    429: {"too-many-requests", "held-back"},
    503: {"out-of-memory", "overloaded", "unavailable"},
    504: {"timed-out"},
}
"""Kinds of problem that a query may meet, by status."""
AGAIN = {"too-many-requests", "held-back", "overloaded"}
"""Kinds that say to ask again later, and nothing about the query."""
_READ: dict[str, ox.QueryResultsFormat | ox.RdfFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
_LISTENER = re.compile(r"http://127\.0\.0\.1:\d+/")
NOBODY = "http://127.0.0.1:1/"
READ_UP_TO = 1 << 20
"""Bytes of a result that is parsed; of a longer one the framing is looked at."""


@dataclass(slots=True)
class Judged:
    """What is known of a query before it is sent."""

    kind: str
    """``passed``, or the kind of problem: ``forbidden``, ``too-complex``, ``syntax-fault``, ``bad-request`` …"""
    guarded: guard.Guarded | None
    engine: Word | None
    seconds: float
    """What the guard took."""
    read: str = ""
    """The text that the engine reads: codepoint escapes outside strings replaced."""
    stricter: str = ""
    """Why the guard refuses what the engine would take."""


def judge(query: bytes, engine: Engine) -> tuple[Judged, list[str]]:
    """Ask guard and engine about a query; return what they say, and where they contradict each other."""
    begun = time.perf_counter()
    try:
        text = query.decode()
    except UnicodeDecodeError:
        return Judged("bad-request", None, None, 0.0), []
    if not text.strip():
        return Judged("bad-request", None, None, 0.0), []
    try:
        guarded = guard.check(text, SETTINGS)
    except errors.Problem as problem:
        seconds = time.perf_counter() - begun
        faults: list[str] = []
        if isinstance(problem, errors.SyntaxFault):
            read = _resolved(text)
            faults = place_faults(problem.extra, read)
            # Glued words and overlong prefixes are none to the Recommendation, and the engine takes them.
            # Nor is it refused for SERVICE then, and the engine beside the server has no wall: it is to ask nobody.
            stricter = problem.detail if engine.ask(_LISTENER.sub(NOBODY, text)).kind not in ("syntax", "crash") else ""
            return Judged(problem.kind, None, None, seconds, read, stricter), faults
        return Judged(problem.kind, None, None, seconds), faults
    except Exception as error:  # whatever it is, it is what this looks for
        return Judged("raised", None, None, 0.0), [f"the guard raised {type(error).__name__}: {error}"]
    seconds = time.perf_counter() - begun
    word = engine.ask(guarded.text)
    faults = []
    if word.kind == "crash":
        faults.append(f"the engine did not survive what the guard let through ({word.detail})")
    if word.kind == "ok" and word.detail != TERMS[guarded.form]:
        faults.append(f"the guard sees {guarded.form}, the engine {word.detail}")
    if word.kind == "ok" and word.differs and not guarded.volatile:
        faults.append("two runs differ, and the guard does not call it volatile")
    return Judged("passed", guarded, word, seconds, guarded.text), faults


def _resolved(text: str) -> str:
    """Return the text as the guard reads it: places are those in it, not those in what was sent."""
    try:
        return lexer.resolve_escapes(text, max_tokens=SETTINGS.max_tokens, max_depth=SETTINGS.max_depth)
    except errors.Problem:
        return text


def place_faults(told: Any, text: str) -> list[str]:
    """Return what is wrong with the line and column that a syntax error tells."""
    line, column = told.get("line"), told.get("column")
    if not (isinstance(line, int) and isinstance(column, int)):
        return ["a syntax error without line and column"]
    if not (1 <= line <= text.count("\n") + 1 and column >= 1):
        return [f"line {line}, column {column} is not in the query"]
    if column > len(text.split("\n")[line - 1]) + 1:
        return [f"column {column} is past the end of line {line}"]
    return []


def outcome(answer: Answer) -> str:
    """Return the status, and the kind of problem: ``200``, ``400 syntax-fault``."""
    if answer.status == 200:
        return "200"
    return f"{answer.status} {_kind(answer)}"


def _kind(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        return "?"


def faults_of(answer: Answer, judged: Judged, text: str) -> list[str]:
    """Return what is wrong with an answer."""
    if answer.status == 200:
        return [*_against(answer, "200", judged), *_result_faults(answer, judged)]
    found = _problem_faults(answer, judged, text)
    kind = _kind(answer)
    if kind not in ALLOWED.get(answer.status, ()):
        found.append(f"the answer is {answer.status} {kind}")
    return [*found, *_against(answer, kind, judged)]


def _problem_faults(answer: Answer, judged: Judged, text: str) -> list[str]:
    if answer.headers.get("content-type", "").partition(";")[0] != PROBLEM:
        return [f"{answer.status} is told as {answer.headers.get('content-type')}"]
    try:
        body = json.loads(answer.body)
    except ValueError:
        return [f"the body of {answer.status} is no JSON"]
    missing = [name for name in ("type", "title", "status", "detail") if not body.get(name)]
    found = [f"the problem has no {name}" for name in missing]
    if body.get("status") != answer.status:
        found.append(f"the body says {body.get('status')} and the status line {answer.status}")
    if str(body.get("type")).endswith("syntax-fault"):
        found += place_faults(body, judged.read or text)
    if answer.status in (429, 503) and not answer.headers.get("retry-after", "").isdecimal():
        found.append(f"{answer.status} without Retry-After")
    return found


def _against(answer: Answer, kind: str, judged: Judged) -> list[str]:
    """Hold an answer against what guard and engine said."""
    if kind in AGAIN or answer.status in (413, 431):
        return []
    if judged.kind != "passed":
        return [] if kind == judged.kind else [f"the guard says {judged.kind}, the server {answer.status} {kind}"]
    word = judged.engine
    assert word is not None
    if word.kind == "syntax":
        # On a machine that does much else, the deadline can come before the parser's word.
        return (
            []
            if kind in ("syntax-fault", "too-complex", "timed-out")
            else [f"the engine refuses it, the server says {kind}"]
        )
    if kind == "syntax-fault":
        return [f"the engine says {word.kind} ({word.detail[:80]}), the server syntax-fault"]
    if kind in ("forbidden", "bad-request"):
        return [f"the guard lets it through, the server says {kind}"]
    return []


def _result_faults(answer: Answer, judged: Judged) -> list[str]:
    body = answer.body
    if answer.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    media = answer.headers.get("content-type", "").partition(";")[0]
    if media == "text/csv" or len(body) > READ_UP_TO:
        return []
    syntax = _READ.get(media)
    if syntax is None:
        return [f"a result told as {media!r}"]
    try:
        if isinstance(syntax, ox.QueryResultsFormat):
            results = ox.parse_query_results(body, syntax)
            if not isinstance(results, ox.QueryBoolean):
                for _ in results:
                    pass
        else:
            for _ in ox.parse(body, syntax, base_iri="http://a.example/"):
                pass
    except (SyntaxError, ValueError) as error:
        return [f"a result in {media} that does not parse: {error}"]
    volatile = judged.guarded is not None and judged.guarded.volatile
    if volatile == ("etag" in answer.headers):
        return ["a volatile answer with an entity tag" if volatile else "an answer without entity tag"]
    return []
