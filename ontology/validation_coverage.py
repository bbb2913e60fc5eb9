"""What no shape can find: terms that are not declared, and classes that no shape looks at."""

from collections.abc import Mapping

from rdflib import SH, Graph

from msevidence.ontology.namespaces import VOCABULARIES
from msevidence.ontology.shacl_data import TYPE, Classes, Data, Node


def undeclared(used: Mapping[str, int]) -> dict[str, int]:
    """Return the terms of our vocabularies that are used and not declared; the value is how often."""
    return {
        term: count
        for term, count in sorted(used.items())
        if any(term.startswith(str(v)) and term not in v for v in VOCABULARIES)
    }


def coverage(data: Data, shapes: Graph) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many instances of each class of our vocabularies are focus nodes of a shape, and how many are none."""
    classes = Classes(data)
    focus: set[Node] = {str(node) for node in shapes.objects(None, SH.targetNode)}
    for target in set(shapes.objects(None, SH.targetClass)):
        focus.update(classes.instances(str(target)))
    for target in set(shapes.objects(None, SH.targetSubjectsOf)):
        focus.update(data.forward(str(target)))
    for target in set(shapes.objects(None, SH.targetObjectsOf)):
        focus.update(data.inverse(str(target)))
    reached: dict[str, int] = {}
    unreached: dict[str, int] = {}
    for cls, nodes in data.inverse(TYPE).items():
        if isinstance(cls, str) and any(cls.startswith(str(v)) for v in VOCABULARIES):
            found = sum(node in focus for node in nodes)
            if found:
                reached[cls] = found
            if found < len(nodes):
                unreached[cls] = len(nodes) - found
    return dict(sorted(reached.items())), dict(sorted(unreached.items()))
