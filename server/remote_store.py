"""A release in a SPARQL store elsewhere, asked as the embedded store is.

Queries go over the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), with the values of their variables
written into them (``remote_values``). Whether a text is a query, and of which form, the embedded engine judges first,
so a fault is told as it is of the embedded store. Answers come as JSON or N-Triples and become the engine's own
results, so what is written from them has the forms that it has of the embedded store.

An answer counts only if the store named our release before the query, and names it after it: a store is written graph
by graph, its graph ``release`` is gone while that lasts, and another release may come in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, TypeVar

import pyoxigraph as ox

from msevidence.loaders.stores.asked import Results
from msevidence.loaders.stores.client import AnswerTooLongError, Client, Dataset, StoreError
from msevidence.loaders.stores.engines import engine_of
from msevidence.loaders.stores.journal import NAME as JOURNAL
from msevidence.ontology.iris import graph_iri
from msevidence.server import remote_virtuoso
from msevidence.server.binding import with_any
from msevidence.server.labels import query as stored
from msevidence.server.remote_dataset import dataset_of
from msevidence.server.remote_errors import LongError, MovedError, RemoteError, UnreachableError
from msevidence.server.remote_place import Held
from msevidence.server.remote_values import written
from msevidence.server.wire import Term

PATTERN, NAMES, COUNTS, COUNT, ROWS, RELEASES = (
    stored(f"remote_{name}") for name in ("pattern", "names", "counts", "count", "rows", "releases")
)
FRESH = 1.0
"""Seconds for which the store's word on its release counts as said before a query: writing a release takes longer."""
ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
SHOWN = 3
NOTHING: Final[Mapping[str, Term]] = {}

T = TypeVar("T")


class RemoteStore:
    """One release in a store elsewhere.

    Args:
        held: where it is, and what must be there.
        timeout: seconds that an answer may take to begin.
    """

    def __init__(self, held: Held, *, timeout: float) -> None:
        self._held = held
        self._client = Client(held.url, timeout=timeout)
        self._named_at = float("-inf")

    def check(self) -> None:
        """Make sure that the store holds this release: that it names it, and has as many triples in each graph.

        Raises:
            UnreachableError: it does not answer.
            MovedError: it holds another release, or not all of this one, or other graphs that queries would see.
        """
        self._name_release()
        there = {row["graph"]: row["triples"] for row in self._rows(COUNTS)}
        wrong = [name for name, count in self._held.graphs.items() if there.get(name) != str(count)]
        # A push leaves its journal, which speaks of no thing of the release: only a query for all there is sees it.
        foreign = there.keys() - self._held.graphs.keys() - {str(graph_iri(JOURNAL, base=self._held.base))}
        if wrong:
            listed = ", ".join(f"{name} has {there.get(name, 0)} triples" for name in sorted(wrong)[:SHOWN])
            raise self._moved(f"it does not hold the whole release: {listed}")
        if self._held.default_graph is None and foreign:
            raise self._moved(
                f"it holds other graphs too, which queries would see: {', '.join(sorted(foreign)[:SHOWN])};"
                " keep the release in a dataset of its own, or push its default graph under a name"
            )
        (row,) = self._rows(COUNT)
        if row["triples"] != str(self._held.default_graph_triples):
            what = self._held.default_graph or "its default graph"
            raise self._moved(
                f"{what} has {row['triples']} triples, that of the release {self._held.default_graph_triples};"
                " where a store has no default graph of its own, name the graph behind a # of the address"
            )
        if self.engine == remote_virtuoso.NAME:
            text, dataset = dataset_of(ROWS, self._held, None, None, {})
            if (there_are := remote_virtuoso.rows(self._answer(text, dataset))) != self._held.default_graph_triples:
                raise self._moved(f"it cuts answers after {there_are} rows: raise ResultSetMaxRows in its settings")

    def query(
        self,
        query: str,
        /,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        substitutions: dict[ox.Variable, Term] | None = None,
        default_graph: list[ox.NamedNode] | None = None,
        named_graphs: list[ox.NamedNode] | None = None,
    ) -> Results:
        """Run a query, as ``pyoxigraph.Store.query`` does.

        Raises:
            SyntaxError: it is none.
            RemoteError: the store gives no answer that counts.
        """
        form = ox.Store().query(query, base_iri=base_iri, prefixes=prefixes, substitutions=substitutions or None)
        values = {variable.value: term for variable, term in (substitutions or {}).items()}
        text, dataset = dataset_of(query, self._held, _iris(default_graph), _iris(named_graphs), prefixes or {})
        text = written(text, values, after=self.engine != remote_virtuoso.NAME)
        text = f"{_prologue(base_iri, prefixes or {})}{text}"
        if time.monotonic() - self._named_at > FRESH:
            self._name_release()
        results: Results
        if isinstance(form, ox.QueryTriples):
            results = _triples(self._told(lambda: self._client.construct(text, dataset=dataset, cap=self._held.cap)))
        else:
            results = self._results(text, dataset, values)
        self._name_release()
        return results

    def quads_for_pattern(
        self,
        subject: ox.NamedNode | ox.BlankNode | ox.Triple | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,
        graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """Return the quads of the default graph that match, as ``pyoxigraph.Store.quads_for_pattern`` does.

        Raises:
            ValueError: another graph is asked for.
            RemoteError: the store gives no answer that counts.
        """
        if not isinstance(graph_name, ox.DefaultGraph):
            raise ValueError("only patterns of the default graph are asked of a store elsewhere")
        places = {"s": subject, "p": predicate, "o": object}
        values = {ox.Variable(name): term for name, term in places.items() if term is not None}
        solutions = self.query(PATTERN, substitutions=values)
        assert isinstance(solutions, ox.QuerySolutions)
        for s, p, o in solutions:
            yield ox.Quad(s, p, o, graph_name)

    def names(self, iris: Iterable[str], properties: Iterable[str]) -> Iterator[tuple[str, str, ox.Literal]]:
        """Return what these properties say of things in words: thing, property, text."""
        wanted, things = set(properties), list(iris)
        if not things:
            return
        solutions = self.query(with_any(NAMES, "item", things))
        assert isinstance(solutions, ox.QuerySolutions)
        for item, property, name in solutions:
            if isinstance(property, ox.NamedNode) and property.value in wanted and isinstance(name, ox.Literal):
                yield str(item)[1:-1], property.value, name

    @cached_property
    def engine(self) -> str:
        """Name of the engine that answers there, as ``loaders.stores.engines`` knows it."""
        return engine_of(self._told(self._client.server)).name

    def _name_release(self) -> None:
        """Ask which release the store holds.

        Raises:
            MovedError: it is not ours.
        """
        graph = ox.NamedNode(f"{self._held.base}graph/release")
        there = [row["id"] for row in self._rows(written(RELEASES, {"graph": graph}), Dataset())]
        if there != [self._held.release]:
            says = f"it holds release {', '.join(there)}" if there else "it names no release, as while one is written"
            raise self._moved(says)
        self._named_at = time.monotonic()

    def _moved(self, says: str) -> MovedError:
        return MovedError(
            f"{self._held.url}: {says}; asked for is {self._held.release} (`msevidence push` puts it there)"
        )

    def _rows(self, text: str, dataset: Dataset | None = None) -> list[dict[str, str]]:
        if dataset is None:
            text, dataset = dataset_of(text, self._held, None, None, {})
        solutions = self._results(text, dataset)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return [{name: getattr(row[name], "value", "") for name in names} for row in solutions]

    def _results(
        self, text: str, dataset: Dataset, values: Mapping[str, Term] = NOTHING
    ) -> ox.QuerySolutions | ox.QueryBoolean:
        """Return the answer to a SELECT or ASK."""
        if self.engine != remote_virtuoso.NAME:
            return self._read(self._answer(text, dataset))
        adjusted, most = remote_virtuoso.adjusted(text)
        booleans = remote_virtuoso.computed_booleans(text)
        answer = remote_virtuoso.mended(self._answer(adjusted, dataset), booleans, values)
        return self._read(answer, min(self._held.default_graph_triples, most or self._held.default_graph_triples))

    def _answer(self, text: str, dataset: Dataset) -> bytes:
        return self._told(lambda: self._client.results(text, dataset=dataset, cap=self._held.cap))

    def _read(self, answer: bytes, most: int | None = None) -> ox.QuerySolutions | ox.QueryBoolean:
        """Read results in JSON, whole: half an answer must not be told as a fault of the query when its end comes.

        Args:
            answer: the results.
            most: rows that they may have.
        """
        try:
            results = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
            if isinstance(results, ox.QuerySolutions):
                rows = sum(1 for _ in results)
                if most is not None and rows > most:
                    raise LongError(f"{self._held.url}: an answer of {rows} rows, over {most}, may have been cut")
                results = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise RemoteError(f"{self._held.url}: the answer is no SPARQL result in JSON ({error})") from None
        return results

    def _told(self, ask: Callable[[], T]) -> T:
        """Ask, and tell what the store says against it as an error of ours."""
        try:
            return ask()
        except AnswerTooLongError as error:
            raise LongError(str(error)) from None
        except StoreError as error:
            raise (UnreachableError if error.again else RemoteError)(str(error)) from None


def _prologue(base: str | None, prefixes: Mapping[str, str]) -> str:
    lines = [f"BASE <{base}>"] if base else []
    return "".join(f"{line}\n" for line in [*lines, *(f"PREFIX {name}: <{iri}>" for name, iri in prefixes.items())])


def _iris(graphs: list[ox.NamedNode] | None) -> tuple[str, ...] | None:
    return None if graphs is None else tuple(graph.value for graph in graphs)


def _triples(triples: Iterable[ox.Triple]) -> ox.QueryTriples:
    held = ox.Store()
    held.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in triples)
    results = held.query(ALL)
    assert isinstance(results, ox.QueryTriples)
    return results
