"""Releases that differ in every answer, what each of them answers when nobody switches, and the judge of answers.

An answer heard while releases are switched is of a release only if every byte and header of it is what a server that
knows nothing else answers from that release. The judge then asks whether it could be of that release at that moment.
"""

from __future__ import annotations

import http.client
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from msevidence.loaders.release import Release
from tests.release_helper import BASE, publish_small, quad

WORDS = ("qalpha", "qbravo", "qcharlie")
"""Each release has its word in every label; no page says it of itself."""
STUDIES = 400
HOST = "kg.example"
"""The name of the server in every request: the port, which is another each time, is in no answer then."""
PASSING = {"date", "connection", "keep-alive", "server", "transfer-encoding", "age"}
"""Headers that are of the moment or of the connection."""
LABELS = "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }"
TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?s a <https://w3id.org/msevidence/ontology#Study> }"
JSON, HTML = "application/sparql-results+json", "text/html"


@dataclass(frozen=True)
class Asked:
    """A request, and which part of the server answers it: parts switch each for itself."""

    part: str
    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


class Heard(NamedTuple):
    """An answer, without what is of the moment."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def tag(self) -> str | None:
        return dict(self.headers).get("etag")


@dataclass(frozen=True)
class Answer:
    """An answer of a client, and the releases (by their words) that it may be of."""

    client: int
    part: str
    path: str
    began: float
    ended: float
    releases: frozenset[str]


@dataclass
class Switch:
    """A switch to a release: when it began, and from when on every new request was to be answered from it."""

    release: str
    began: float
    settled: float = float("inf")


@dataclass(frozen=True)
class References:
    """What each release answers to each request when nobody switches."""

    of: Mapping[str, Mapping[Asked, Heard]] = field(default_factory=dict)

    def tags(self, asked: Asked) -> dict[str, str]:
        """Return the entity tags of a request's answers, by release."""
        return {word: tag for word, answers in self.of.items() if (tag := answers[asked].tag) is not None}

    def releases(self, asked: Asked, sent: Collection[str], heard: Heard) -> frozenset[str]:
        """Return the releases that an answer may be of.

        Args:
            asked: the request.
            sent: the entity tags that it sent in ``If-None-Match``.
            heard: the answer.
        """
        if asked.method == "POST":  # RFC 9110, section 13.2.2: such a condition is for GET and HEAD
            sent = ()
        return frozenset(word for word, answers in self.of.items() if _matches(answers[asked], sent, heard))


def _matches(expected: Heard, sent: Collection[str], heard: Heard) -> bool:
    if expected.tag is None or expected.tag not in sent:
        return heard == expected
    kept = {"etag", "vary", "cache-control"}  # RFC 9110, section 15.4.5: what a 304 must repeat
    shared = [{name: value for name, value in one.headers if name in kept} for one in (expected, heard)]
    return heard.status == 304 and heard.body == b"" and shared[0] == shared[1]


def graph(word: str, studies: int = STUDIES) -> Iterable[ox.Quad]:
    """Yield a graph of so many studies that have ``word`` in their labels, and one study that no other graph has."""
    a = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    study, into = ox.NamedNode(f"{BASE}ontology#Study"), ox.NamedNode(f"{BASE}graph/studies")
    for name in (*(f"s{n}" for n in range(studies)), f"only-{word}"):
        yield ox.Quad(ox.NamedNode(f"{BASE}study/{name}"), a, study, into)
        yield quad(f"study/{name}", f"{word} {name}", "studies")


def published(home: Path, word: str) -> Release:
    """Publish the release of a word, or put it in its place again."""
    return publish_small(home, graph(word))


def requests(ids: Iterable[str]) -> list[Asked]:
    """Return what clients ask: queries, graphs, pages in two languages, data, what is not there, and files by id."""

    def query(text: str, accept: str, **more: str) -> Asked:
        headers = (("Accept", accept), *((name.replace("_", "-"), value) for name, value in more.items()))
        return Asked("sparql", "/sparql?" + urlencode({"query": text}), headers=headers)

    found = [
        query(LABELS, JSON),
        query(LABELS, JSON, Accept_Encoding="gzip"),
        query(LABELS, "text/csv"),
        query(LABELS, HTML),
        query(LABELS, HTML, Accept_Language="nb"),
        query(TRIPLES, "application/n-triples"),
        query(TRIPLES, "text/turtle", Accept_Encoding="gzip"),
        query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", JSON),
        query("SELECT nonsense", JSON),
        *(query(f"ASK {{ <{BASE}study/only-{word}> ?p ?o }}", JSON) for word in WORDS),
        Asked(
            "sparql",
            "/sparql",
            "POST",
            (("Content-Type", "application/sparql-query"), ("Accept", "application/sparql-results+xml")),
            LABELS.encode(),
        ),
        Asked("pages", "/sparql", headers=(("Accept", "text/turtle"),)),  # the endpoint's description
        Asked("sparql", "/graph?default", headers=(("Accept", "application/n-triples"),)),
        Asked("sparql", f"/graph?graph={BASE}graph/studies", headers=(("Accept", "text/turtle"),)),
    ]
    html, norsk, packed = ("Accept", HTML), ("Accept-Language", "nb"), ("Accept-Encoding", "gzip")
    pages = [
        *((path, (html,)) for path in ("/", "/studies", "/study/s1.html", "/sparql", "/quality", "/search?q=s12")),
        *((path, (html, norsk)) for path in ("/", "/studies", "/study/s1.html")),
        *((path, (html, packed)) for path in ("/", "/studies")),
        *((path, ()) for path in ("/?lang=nb", "/index.json", "/studies.csv", "/study/s2.ttl", "/study/s2.json")),
        *((f"/study/only-{word}", (html,)) for word in WORDS),
        *((f"/study/only-{word}.json", ()) for word in WORDS),
        *((path, ()) for path in ("/sitemap.xml", "/dataset.ttl", "/terms.json", "/export?format=nquads", "/nowhere")),
    ]
    found += [Asked("pages", path, headers=headers) for path, headers in pages]
    for folder in ids:
        found += [Asked("files", f"/releases/{folder}/{name}") for name in ("manifest.json", "data.nq")]
    head = [asked for asked in found if asked.method == "GET"][::4]
    return found + [Asked(asked.part, asked.path, "HEAD", asked.headers) for asked in head]


class Client:
    """One connection, which is kept."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def ask(self, asked: Asked, tags: Sequence[str] = ()) -> Heard:
        """Send a request, with these entity tags in ``If-None-Match``."""
        headers = {"Host": HOST, **dict(asked.headers), **({"If-None-Match": ", ".join(tags)} if tags else {})}
        self._connection.request(asked.method, asked.path, asked.body, headers)
        response = self._connection.getresponse()
        body = response.read()
        told = ((name.lower(), value) for name, value in response.getheaders())
        return Heard(response.status, tuple(sorted((n, v) for n, v in told if n not in PASSING)), body)

    def close(self) -> None:
        self._connection.close()


def stale(answers: Iterable[Answer], switches: Sequence[Switch]) -> list[str]:
    """Return what is wrong with the times of answers, in words; nothing where all is well.

    Each answer must be of a release that may be served at that moment: not one that a settled switch has replaced
    before the request, nor one whose switch began after the answer. While a switch is under way either may answer, in
    any order: pages and queries have workers of their own, and each of them switches when it is ready.
    """
    wrong = []
    for answer in answers:
        first = max(n for n, switch in enumerate(switches) if switch.settled <= answer.began)
        may = [switch for switch in switches[first:] if switch.began <= answer.ended]
        if not any(switch.release in answer.releases for switch in may):
            of = ", ".join(sorted(answer.releases)) or "no release"
            since = f"{answer.began - switches[first].settled:.3f} s after switch {first} ({switches[first].release})"
            wrong.append(f"client {answer.client}, {answer.part}, {answer.path}: of {of}, {since}")
    return wrong


def gone_back(answers: Iterable[Answer], switches: Sequence[Switch]) -> list[str]:
    """Return, in words, the answers of an older release than the one before them on the same connection.

    Each client has one connection, and asks when it has heard. An answer that may be of several releases is taken for
    one of the earliest switch that the answers before it allow.
    """
    wrong = []
    at: dict[int, int] = {}
    for answer in sorted(answers, key=lambda answer: answer.began):
        before = at.get(answer.client, 0)
        may = [n for n in range(before, len(switches)) if switches[n].began <= answer.ended]
        fits = [n for n in may if switches[n].release in answer.releases]
        if fits:
            at[answer.client] = fits[0]
        else:
            of = ", ".join(sorted(answer.releases)) or "no release"
            since = f"after one of switch {before} ({switches[before].release})"
            wrong.append(f"client {answer.client}, {answer.part}, {answer.path}: of {of}, {since}")
    return wrong
