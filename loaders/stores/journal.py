"""What pushes have written into a store, kept there in a graph of its own: for going on, and so that none meet.

It lists each graph that was written with its number of triples and its SHA-256; only these are ever replaced or
removed by a later push. While a push is under way it holds a token of that push. It names graphs and releases as texts:
what a store answers about them is what the release says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, RDF, VOID, XSD

from msevidence.loaders.release_graph import SPDX
from msevidence.loaders.stores import sparql_text
from msevidence.loaders.stores.client import Client, StoreError
from msevidence.loaders.stores.reading import repeated
from msevidence.ontology.iris import Kind, graph_iri, mint, parts, short_hash

NAME = "push"
STAGED = "staged-"
"""What the names of graphs begin with that are not yet in their place."""
DEFAULT = "default"
"""The name by which the journal calls the default graph, which has none."""


@dataclass(frozen=True, slots=True)
class Written:
    """A graph that a push wrote."""

    count: int
    sha256: str


@dataclass
class Journal:
    """The journal of the pushes into one store."""

    client: Client
    base: str
    release: str = ""
    """Id of the release of the last push."""
    whole: bool = False
    """Whether that push came to its end."""
    token: str = ""
    """Of the push that is under way."""
    graphs: dict[str, Written] = field(default_factory=dict)

    @property
    def graph(self) -> str:
        """Its own graph."""
        return str(graph_iri(NAME, base=self.base))

    @property
    def _push(self) -> str:
        return str(mint(Kind.ACTIVITY, NAME, base=self.base))

    def staged(self, graph: str, release: str) -> str:
        """Return where a graph of a release is written before it is put into its place."""
        name = parts(graph)[1] if graph else DEFAULT
        return str(graph_iri(f"{STAGED}{release[:16]}", name, base=self.base))

    def default(self) -> str:
        """Return the name by which the default graph is called here."""
        return str(graph_iri(f"{NAME}-{DEFAULT}", base=self.base))

    def read(self) -> Journal:
        """Return the journal as the store has it now."""
        rows = repeated(lambda: self.client.construct(sparql_text.construct(self.graph)))
        values: dict[str, dict[str, str]] = {}
        for triple in rows:
            if isinstance(triple.subject, ox.NamedNode) and not isinstance(triple.object, ox.Triple):
                values.setdefault(triple.subject.value, {})[triple.predicate.value] = triple.object.value
        about = values.get(self._push, {})
        found = Journal(self.client, self.base)
        found.release = about.get(str(PROV.used), "").rpartition("/")[2]
        found.whole = str(PROV.generated) in about
        found.token = about.get(str(DCTERMS.identifier), "")
        for said in values.values():
            if str(VOID.triples) in said:
                count, sha256 = said[str(VOID.triples)], said.get(str(SPDX.checksumValue), "")
                found.graphs[said[str(DCTERMS.identifier)]] = Written(int(count), sha256)
        return found

    def lock(self, token: str, *, take_over: bool) -> None:
        """Hold the store for the push with this token, with the journal as it is there now.

        Without an update service the Graph Store protocol has no way to write only where nothing is: the token is
        written and read again, so that of two pushes that begin in the same moment at most one goes on.

        Raises:
            StoreError: another push holds it.
        """
        now = self.read()
        if now.token and not take_over:
            raise StoreError(
                f"{self.client.query}: another push of release {now.release[:12] or 'unknown'} is under way, or was"
                " killed; wait for it, or go on from where it stopped with --resume"
            )
        self.graphs, self.release, self.whole = now.graphs, now.release, now.whole
        if self.client.update_url is not None and not now.token:
            p = str(DCTERMS.identifier)
            self.client.update(sparql_text.lock_if_free(self.graph, self._push, p, token))
        else:
            self.token = token
            self._write()
        self.token = token
        self.held()

    def held(self) -> None:
        """Raise StoreError where another push has taken over."""
        if self.read().token != self.token:
            raise StoreError(f"{self.client.query}: another push has taken over this store; this one stops")

    def keep(self) -> None:
        """Write the journal as it is now.

        Raises:
            StoreError: another push has taken over, or the store refuses.
        """
        self.held()
        self._write()

    def give_free(self) -> None:
        """Let another push begin, with what was written kept in mind.

        Raises:
            StoreError: another push has taken over, or the store refuses.
        """
        self.held()
        self.token = ""
        self._write()

    def _write(self) -> None:
        if self.client.update_url is not None:
            update = sparql_text.together(self.operations())
            repeated(lambda: self.client.update(update))
        else:
            content = b"".join(self._lines())
            repeated(lambda: self.client.put_graph(self.graph, content))

    def operations(self) -> list[str]:
        """Return the operations that write it, for an update that does more."""
        return [sparql_text.drop(self.graph), *sparql_text.insert(self.graph, self._lines(), 10**6, 10**9)]

    def _lines(self) -> list[bytes]:
        return [f"{triple} .\n".encode() for triple in self._triples()]

    def _triples(self) -> Iterable[ox.Triple]:
        iri = ox.NamedNode
        push = iri(self._push)
        yield ox.Triple(push, iri(str(RDF.type)), iri(str(PROV.Activity)))
        if self.release:
            release = ox.Literal(str(mint(Kind.RELEASE, self.release, base=self.base)))
            yield ox.Triple(push, iri(str(PROV.used)), release)
            if self.whole:
                yield ox.Triple(push, iri(str(PROV.generated)), release)
        if self.token:
            yield ox.Triple(push, iri(str(DCTERMS.identifier)), ox.Literal(self.token))
        for graph, written in sorted(self.graphs.items()):
            checksum = iri(str(mint(Kind.CHECKSUM, f"{NAME}.{short_hash(graph)}", base=self.base)))
            number = ox.Literal(str(written.count), datatype=iri(str(XSD.integer)))
            yield ox.Triple(checksum, iri(str(DCTERMS.identifier)), ox.Literal(graph))
            yield ox.Triple(checksum, iri(str(VOID.triples)), number)
            yield ox.Triple(checksum, iri(str(SPDX.checksumValue)), ox.Literal(written.sha256))
