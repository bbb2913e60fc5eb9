"""Which graphs of another agency's store are taken in, and what they are called here.

Statements of documents and catalogues are taken in. What follows from them (identity, the counts, the findings of
rules, the stored questions, the ontology, the description of the release) is made anew here, over all of it together;
what their graph of identity says is heard for it. What they have pulled from others is not passed on: who wants it asks
those, and what was ours does not come back as theirs.
"""

import re

from msevidence.ontology.iris import Kind, graph_iri, short_hash, slug

_OURS = re.compile(rf"(.*/){Kind.GRAPH}/([A-Za-z0-9][A-Za-z0-9._-]*)")
MADE_ANEW = frozenset({"identity", "ontology", "queries", "partitions", "release", "review"})
HEARD = frozenset({"identity", "release"})
"""Those of them that are read nevertheless, for what they say."""
PULLED = "pulled-"
_JOURNAL = ("push", "staged-")


def name_of(graph: str) -> str | None:
    """Return the name of a graph of an msevidence store (``studies``, ``document-fhi-2021``), ``None`` of others."""
    found = _OURS.fullmatch(graph)
    return found[2] if found else None


def base_of(graph: str) -> str | None:
    """Return the base of a graph of an msevidence store."""
    found = _OURS.fullmatch(graph)
    return found[1] if found else None


def is_journal(graph: str) -> bool:
    """Say whether a graph is of a push, not of a release."""
    return (name_of(graph) or "").startswith(_JOURNAL)


def is_passed_on(graph: str) -> bool:
    """Say whether a graph of a store was pulled from another one."""
    return (name_of(graph) or "").startswith(PULLED)


def is_read(graph: str) -> bool:
    """Say whether a graph is read at all."""
    name = name_of(graph)
    return not is_journal(graph) and (name not in MADE_ANEW or name in HEARD)


def is_made_anew(graph: str) -> bool:
    """Say whether a graph follows from others, or is not theirs."""
    return name_of(graph) in MADE_ANEW or is_passed_on(graph)


def here(graph: str, sha256: str) -> str:
    """Return the name that a graph of theirs has here; ``sha256`` is of the source that it was taken in as."""
    name = name_of(graph)
    if name is None:
        last = re.split(r"[/#]", graph.rstrip("/#"))[-1]
        name = f"{slug(last) if re.search('[A-Za-z0-9]', last) else 'graph'}-{short_hash(graph)}"
    return str(graph_iri(f"{PULLED}{sha256[:16]}", name))
