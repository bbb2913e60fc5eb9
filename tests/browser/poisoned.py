"""The real graph with a payload behind every text that it has: what a hostile document would bring, in every field.

Each string literal keeps its words, which pages and queries go by, and gets an attack after them that says whose it
is: one that suits every context of HTML, and one of ATTACKS by turns. Links that are none, in every scheme, hang on one
thing of every class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release import publish
from msevidence.loaders.release_manifest import Source
from msevidence.ontology.iris import BASE

EVERYWHERE = "\"'`></title></textarea></style></script>--><script data-xss>xss(1)</script>"
EVERYWHERE += "<img src=x data-xss onerror=xss(2)>"
SUM = "62615533"
"""What a template engine would make of the arithmetic among the attacks."""
ATTACKS = (
    "<svg data-xss onload=xss(3)><script>xss(4)</script></svg>",
    "<math data-xss><mtext></form><form data-xss><mglyph><style></math><img src onerror=xss(5)>",
    '" autofocus onfocus=xss(6) data-xss="',
    "' onmouseover='xss(7)' data-xss='",
    "<a data-xss href=javascript:xss(8)>x</a><a data-xss href='jAvA&#9;script:xss(9)'>x</a>",
    "<iframe data-xss srcdoc='<script>parent.xss(10)</script>'></iframe><object data-xss data=data:,x></object>",
    "{{7919*7907}} ${7919*7907} {%print(7919*7907)%} #{7919*7907} <%= 7919*7907 %>",
    "<!-- <![CDATA[ <b data-xss",
    "]]>--></script><script data-xss>xss(11)//",
    "</style><style data-xss>*{background:url(//xss.invalid/)}</style>;background:url(//xss.invalid/)",
    "+ADw-script data-xss+AD4-xss(12)+ADw-/script+AD4-",
    "\u202egnol\u2066si\u2069siht \u200f\ufeff\u00ad",
    "control \x01\x08\x0b\x1b\x7f\x9f and \U0001fffe\ufffe",
    "<meta data-xss http-equiv=refresh content='0;url=//xss.invalid/'><base data-xss href=//xss.invalid/>",
    "<link data-xss rel=stylesheet href=//xss.invalid/x.css><form data-xss action=javascript:xss(13)><button>",
    "\\u003cscript data-xss\\u003exss(14) </ScRiPt\x0c>",
)
LINKS = ("javascript:xss(20)", "data:text/html,<script>xss(21)</script>".replace("<", "%3C").replace(">", "%3E"))
LINKS += ("vbscript:xss(22)", "file:///etc/passwd", "https://w3id.org/msevidence//xss.invalid/x", "JaVaScRiPt:xss(23)")
FUNCTIONAL = frozenset(
    ("language", "sha256", "prefix", "preferredNamespacePrefix", "preferredNamespaceUri", "field", "versionInfo")
)
"""Local names of properties that hold no words but what the program goes by, which shapes or the build hold to it."""
QUERIES = ("select", "ask", "construct", "describe")
RELEASE = BASE + "graph/release"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
NOTE, SEE_ALSO = BASE + "ontology#note", "http://www.w3.org/2000/01/rdf-schema#seeAlso"
STRINGS = ("http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


def mark(local: str) -> str:
    """Return what stands at the beginning of a payload in a property with this local name.

    >>> mark("title")
    '⟦title⟧'
    """
    return f"⟦{local}⟧"


def poisoned(quads: Iterator[ox.Quad], fields: Counter[str]) -> Iterator[ox.Quad]:
    """Yield quads with a payload behind every text; count them by the local name of their property."""
    turns, kinds = count(), set()
    for quad in quads:
        if isinstance(quad.graph_name, ox.DefaultGraph) or quad.graph_name.value == RELEASE:
            continue  # publishing makes them anew
        yield _with_payload(quad, next(turns), fields)
        if quad.predicate.value == TYPE and quad.object not in kinds:
            kinds.add(quad.object)
            for link in LINKS:
                yield ox.Quad(quad.subject, ox.NamedNode(SEE_ALSO), ox.NamedNode(link), quad.graph_name)
                yield ox.Quad(quad.subject, ox.NamedNode(NOTE), ox.Literal(link), quad.graph_name)


def _with_payload(quad: ox.Quad, turn: int, fields: Counter[str]) -> ox.Quad:
    value = quad.object
    if not isinstance(value, ox.Literal) or value.datatype.value not in STRINGS:
        return quad
    local = quad.predicate.value.replace("#", "/").rpartition("/")[2]
    if local in FUNCTIONAL:
        return quad
    fields[local] += 1
    between = "\n# " if local in QUERIES else " "
    attack = ATTACKS[turn % len(ATTACKS)]
    text = f"{value.value}{between}{mark(local)}{EVERYWHERE}{attack}"
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(text, language=value.language), quad.graph_name)


def _sources(quads: list[ox.Quad]) -> Iterator[Source]:
    """Yield the files that the graph says it was made from: a manifest that says otherwise is not published."""
    meta = [quad for quad in quads if quad.graph_name.value == BASE + "graph/meta"]
    files = {quad.object for quad in meta if quad.predicate.value == DERIVED}
    said: dict[ox.NamedNode, dict[str, str]] = {}
    for quad in meta:
        if quad.subject in files and isinstance(quad.object, ox.Literal):
            said.setdefault(quad.subject, {})[quad.predicate.value.rpartition("#")[2]] = quad.object.value
    for facts in said.values():
        if {"sourceFile", "sha256"} <= facts.keys():
            yield Source(facts["sourceFile"], facts["sha256"])


def publish_poisoned(release: Path, home: Path) -> Counter[str]:
    """Publish a release with payloads in every text, and return how many each property has.

    Args:
        release: folder of a release that is sound.
        home: where the other is published.
    """
    fields: Counter[str] = Counter()
    quads = list(poisoned(ox.parse(path=str(release / "data.nq"), format=ox.RdfFormat.N_QUADS), fields))
    publish(
        quads,
        home,
        base=BASE,
        version="0.1.0",
        sources=list(_sources(quads)),
        validation_report="# conforms\n",
        built=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    )
    return fields
