"""A store as the index reads it: a property at a time, in passes over the whole graph, never a query a thing."""

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

Node = ox.NamedNode | ox.Literal
Links = Mapping[str, Sequence[Node]]
"""From the IRI of a thing to what a property leads to from it."""

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


class IndexedGraph:
    """The default graph of a store: the merge of its named graphs."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._kept: dict[str, Links] = {}

    def each(self, property: str) -> Iterator[tuple[str, Node]]:
        """Yield subject and value of every statement with a property, in the engine's order."""
        quads = self._store.quads_for_pattern(None, ox.NamedNode(property), None, ox.DefaultGraph())
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                yield quad.subject.value, quad.object

    def follow(self, path: Sequence[str]) -> Links:
        """Return what a path leads to from each thing, each node once; ``^`` before a property follows it backwards."""
        found = self._links(path[0])
        for step in path[1:]:
            onward = self._links(step)
            found = {
                thing: reached
                for thing, nodes in found.items()
                if (reached := list(dict.fromkeys(far for node in nodes for far in onward.get(node.value, ()))))
            }
        return found

    def types(self) -> Links:
        """Return the classes of each thing."""
        return self._links(_TYPE.value)

    def named(self) -> set[str]:
        """Return every IRI that is a subject, a property, a class or the name of a graph."""
        found = {graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode)}
        found |= self._distinct("s")
        properties = self._distinct("p")
        classes = {node.value for nodes in self.types().values() for node in nodes if isinstance(node, ox.NamedNode)}
        return found | properties | classes

    def _distinct(self, variable: str) -> set[str]:
        """Return the IRIs in one place of all triples; the engine finds them without an object for each triple."""
        rows = self._store.query(f"SELECT DISTINCT ?{variable} {{ ?s ?p ?o }}")
        assert isinstance(rows, ox.QuerySolutions)
        return {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}

    def _links(self, step: str) -> Links:
        if step not in self._kept:
            found: dict[str, list[Node]] = {}
            backwards = step.startswith("^")
            for subject, value in self.each(step.removeprefix("^")):
                if not backwards:
                    found.setdefault(subject, []).append(value)
                elif isinstance(value, ox.NamedNode):
                    found.setdefault(value.value, []).append(ox.NamedNode(subject))
            self._kept[step] = found
        return self._kept[step]
