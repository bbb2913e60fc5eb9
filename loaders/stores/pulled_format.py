"""The format of a file that was pulled: graphs of another agency, checked against the shapes before they count.

A graph is a record here: it is loaded, or in quarantine with the reason. It stands in quarantine as long as the shapes
find something in it, or in what it names; the others of its release pass without it. The check is made again whenever
the program has changed, and by ``msevidence pull --recheck``.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox
from rdflib import RDF, RDFS

from msevidence.loaders.exports.facts import Fact
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.fields import unfit
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.report import Quarantined, SourceReport
from msevidence.loaders.stores.pull import MARK, Origin, by_graph
from msevidence.loaders.stores.pulled_facts import facts_of, studies_of, values_of
from msevidence.loaders.stores.pulled_names import is_made_anew, name_of
from msevidence.loaders.stores.reading import digest
from msevidence.ontology.iris import Kind
from msevidence.ontology.validation import ValidationOutcome, validate

KEY = "pulled"
GRAPHS, ORIGIN = "pulled.nq", "pulled.json"
"""Files of a conversion: the statements of the graphs that pass, and where they come from."""
SHOWN = 3
IDENTITY = "identity"
_TYPE, _LABEL = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(RDFS.label))

Graphs = Mapping[str, list[ox.Quad]]


def recognise(head: bytes) -> bool:
    """Say whether a file is of a pull."""
    return head.startswith(MARK)


FORMAT = Format(
    key=KEY,
    label="graphs of another agency (msevidence pull)",
    origin="another agency's SPARQL store",
    rights="Each document states its own terms.",
    recognise=recognise,
    read=None,
    record=None,
)


def take_in(stream: BinaryIO, name: str, target: Path, report: SourceReport) -> list[Fact]:
    """Check the graphs of a pulled file, and write those that pass into the folder ``target``.

    Returns what identity needs to know of them.

    Raises:
        ExportError: the file is not as it was written.
    """
    try:
        origin = Origin.of_line(stream.readline())
        lines = stream.read().splitlines(keepends=True)
        if digest(lines) != origin.sha256:
            raise ValueError("its statements are not those that were pulled")
        parsed = {g: list(ox.parse(b"".join(held), ox.RdfFormat.N_QUADS)) for g, held in by_graph(lines).items()}
    except (ValueError, SyntaxError) as error:
        raise ExportError(f"is no file that msevidence pull wrote ({error}); pull it again", name) from error
    report.exported = origin.obtained
    ours = set(origin.already)
    taken = {graph: quads for graph, quads in parsed.items() if not is_made_anew(graph) and graph not in ours}
    identity = parsed.get(next((graph for graph in parsed if name_of(graph) == IDENTITY), ""), [])
    report.read += len(taken)
    passed, reasons = checked(
        taken,
        [q for graph, quads in parsed.items() if graph not in taken for q in quads],
        [q for graph in sorted(ours) if not is_made_anew(graph) for q in parsed.get(graph, ())],
    )
    report.quarantined += [Quarantined(graph, reason) for graph, reason in reasons.items()]
    report.loaded += len(passed)
    report.statements += sum(map(len, passed.values()))
    (target / GRAPHS).write_bytes(b"".join(f"{q} .\n".encode() for graph in passed for q in passed[graph]))
    facts = [q for quads in passed.values() for q in quads] + identity
    studies = studies_of(values_of(facts))
    about = {"endpoint": origin.endpoint, "release": origin.release, "obtained": origin.obtained, "studies": studies}
    (target / ORIGIN).write_text(json.dumps(about), encoding="utf-8")
    return list(facts_of(facts, report.sha256))


def checked(
    graphs: Graphs, around: list[ox.Quad], already: Sequence[ox.Quad] = ()
) -> tuple[dict[str, list[ox.Quad]], dict[str, str]]:
    """Return the graphs that conform together, and why each of the others does not.

    A graph in which something is wrong goes, and the rest is checked again: what rests on it may go, too.

    Args:
        graphs: by name.
        around: what else the store states: of it only what things are and how they are called is looked at.
        already: what of that is stated here too: the shapes look at it, as what the graphs speak of may be described
            there alone, and what is wrong in it is not the graphs' fault.
    """
    left = {graph: relevant(graph, quads) for graph, quads in graphs.items()}
    known = {q.subject.value for q in already if isinstance(q.subject, ox.NamedNode)}
    reasons = {graph: text for graph, quads in left.items() if (text := _unfit(quads))}
    for graph in reasons:
        del left[graph]
    described = [q for q in around if q.predicate == _TYPE]
    while left:
        quads = [q for held in left.values() for q in held]
        outcome = validate([*quads, *already, *_labels(quads, around)], described=described)
        bad = dict(_blamed(left, outcome))
        of_terms = outcome.undeclared or outcome.unreached
        if outcome.conforms or (not (bad or of_terms) and all(v.focus in known for v in outcome.violations)):
            break
        bad = bad or dict.fromkeys(left, outcome.summary(most=SHOWN))
        reasons.update(bad)
        for graph in bad:
            del left[graph]
    return left, dict(sorted(reasons.items()))


def _unfit(quads: list[ox.Quad]) -> str:
    """Return what no copy of these statements as RDF/XML could hold, ``""`` where all of it can be written."""
    found = [q for q in quads if isinstance(q.object, ox.Literal) and unfit(q.object.value)]
    if not found:
        return ""
    return (
        f"{len(found)} texts with control characters, which RDF/XML cannot hold, first <{found[0].predicate.value}> of"
        f" {found[0].subject}; ask the agency to mend it and pull again"
    )


def _labels(quads: list[ox.Quad], around: list[ox.Quad]) -> list[ox.Quad]:
    """Return the labels that others give to what these graphs speak of without one."""
    wanted = {q.subject for q in quads if q.predicate == _TYPE} - {q.subject for q in quads if q.predicate == _LABEL}
    return [q for q in around if q.predicate == _LABEL and q.subject in wanted]


def relevant(graph: str, quads: list[ox.Quad]) -> list[ox.Quad]:
    """Return what is taken in of a graph: all of it, but of their provenance what it says of the files.

    Which of their graphs was made by which of their loaders is said of names that their graphs do not have here.
    """
    if name_of(graph) != "meta":
        return quads
    return [q for q in quads if isinstance(q.subject, ox.NamedNode) and f"/{Kind.SOURCE}/" in q.subject.value]


def _blamed(graphs: Graphs, outcome: ValidationOutcome) -> Iterator[tuple[str, str]]:
    """Yield the graphs that state what breaks a shape, or that use terms which nobody declares, with the reasons."""
    states: dict[str, set[str]] = {
        graph: {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)}
        for graph, quads in graphs.items()
    }
    terms: dict[str, set[str]] = {
        graph: {q.predicate.value for q in quads}
        | {q.object.value for q in quads if q.predicate == _TYPE and isinstance(q.object, ox.NamedNode)}
        for graph, quads in graphs.items()
    }
    said: dict[str, list[str]] = defaultdict(list)
    for violation in outcome.violations:
        value = f" [{violation.value}]" if violation.value else ""
        for graph, subjects in states.items():
            if violation.focus in subjects:
                said[graph].append(f"<{violation.focus}>: {violation.message('en')}{value}")
    for term in (*outcome.undeclared, *outcome.unreached):
        for graph, used in terms.items():
            if term in used:
                said[graph].append(f"<{term}> is not known to this version, or has no shape: build with the same one")
    for graph, lines in said.items():
        more = f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        mend = "; ask the agency to mend it and pull again"
        yield graph, f"{len(lines)} violations of the shapes: {'; '.join(lines[:SHOWN])}{more}{mend}"
