"""A release into another agency's store: graph by graph, all or nothing as far as the protocol allows, and verified.

With an update service each graph is written beside its place first, read back and compared; then one update moves all
of them into their places, so that a push that fails before leaves the store as it was. With the Graph Store service
alone the graph ``release`` is removed first and written last: a store without it is one that is being written.
Only graphs that the journal of earlier pushes lists are replaced or removed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from msevidence.loaders.stores import sparql_text
from msevidence.loaders.stores.bulk import Writer
from msevidence.loaders.stores.client import Client, StoreError
from msevidence.loaders.stores.engines import Engine
from msevidence.loaders.stores.journal import Journal, Written
from msevidence.loaders.stores.parts import Part, Parts
from msevidence.loaders.stores.reading import Compared, compared, count, graph_names, read_graph, repeated

LARGEST = 2**20
"""Bytes of one ``INSERT DATA``, about."""

Tell = Callable[[str, int, int], None]


class ForeignError(StoreError):
    """Raised when the store has graphs of our names, or a default graph, which no push has written."""


class AlteredError(StoreError):
    """Raised when the store does not hold what was sent."""

    def __init__(self, message: str, found: list[Compared]) -> None:
        super().__init__(message)
        self.found = found


@dataclass(frozen=True)
class Target:
    """Where a graph of the release goes: into the graph of a name, or into the default graph."""

    part: Part
    graph: str | None


@dataclass
class Plan:
    """What a push would do."""

    write: list[Target] = field(default_factory=list)
    staged: list[Target] = field(default_factory=list)
    """What an interrupted push has written and not yet put into its place."""
    there: list[Target] = field(default_factory=list)
    """What the journal says is in its place."""
    remove: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """Graphs of our names, or the default graph, which no push has written."""

    @property
    def targets(self) -> list[Target]:
        return [*self.there, *self.staged, *self.write]


class Push:
    """One release, and the store that it goes into.

    Args:
        client: of the store.
        engine: what is known of it.
        parts: the release.
        default: where the default graph goes: ``store``, ``none`` or the IRI of a graph.
        tell: told the stage, how many of its graphs are done, and how many there are.
        writer: writes large graphs; where left out, a graph goes in one body, or in updates.
    """

    def __init__(
        self,
        client: Client,
        engine: Engine,
        parts: Parts,
        default: str,
        tell: Tell = lambda stage, done, total: None,
        writer: Writer | None = None,
    ) -> None:
        self.writer = writer
        self.client = client
        self.engine = engine
        self.parts = parts
        self.tell = tell
        self.journal = Journal(client, parts.manifest.base)
        self.targets = [Target(part, part.graph) for part in parts.graphs]
        if default != "none":
            # Before the graph ``release``, which says that all is there.
            self.targets.insert(-1, Target(parts.default, None if default == "store" else default))

    def _called(self, target: Target) -> str:
        """Return the name of a target in the journal."""
        return target.graph or self.journal.default()

    def _staging(self, target: Target) -> str:
        return self.journal.staged(target.part.graph, self.parts.manifest.release)

    def plan(self, *, rewrite: bool = False) -> Plan:
        """Return what is to be done; nothing is changed. With ``rewrite`` all is written, whatever the journal says."""
        known = self.journal.read().graphs
        plan = Plan()
        for target in self.targets:
            written = Written(target.part.count, target.part.sha256)
            staging = self._staging(target)
            held = count(self.client, target.graph)
            if known.get(self._called(target)) == written and held == written.count and not rewrite:
                plan.there.append(target)
                continue
            if known.get(staging) == written and count(self.client, staging) == written.count and not rewrite:
                plan.staged.append(target)
            else:
                plan.write.append(target)
            if held and self._called(target) not in known and staging not in known:
                plan.foreign.append(target.graph or "the default graph")
        wanted = {self._called(target) for target in self.targets}
        wanted |= {self._staging(target) for target in (*plan.staged, *plan.write)}
        ours = f"{self.parts.manifest.base}graph/"
        plan.remove = sorted(graph for graph in known.keys() - wanted if graph.startswith(ours))
        return plan

    def run(self, *, resume: bool = False, replace: bool = False, rewrite: bool = False) -> list[Compared]:
        """Write the release, and return what verifying it showed.

        Args:
            resume: go on where a push that was killed has stopped.
            replace: replace graphs of our names which no push has written.
            rewrite: write all graphs, also those that the journal has as written.

        Raises:
            ForeignError: there are such graphs.
            AlteredError: the store holds something else than what was sent.
            StoreError: it can not be reached, refuses, or another push is under way.
        """
        plan = self.plan(rewrite=rewrite)
        if plan.foreign and not replace:
            raise ForeignError(
                f"{self.client.query}: no push has written {', '.join(plan.foreign)}, which this one would replace;"
                " look at what it holds, and replace it with --replace (or leave the default graph out:"
                " --default-graph none)"
            )
        with self._held(resume):
            plan = self.plan(rewrite=rewrite)  # as it is now that nobody else writes
            if plan.write or plan.staged or plan.remove or not self.journal.whole:
                if self.client.update_url is not None:
                    self._staged(plan)
                else:
                    self._directly(plan)
        return self.verify()

    @contextmanager
    def _held(self, resume: bool) -> Iterator[None]:
        """Hold the store; a failure that we see gives it free, with the journal of what was written kept."""
        self.journal.lock(uuid.uuid4().hex, take_over=resume)
        self.journal.whole &= self.journal.release == self.parts.manifest.release
        try:
            yield
        except BaseException:
            self._give_free()
            raise
        self._give_free()

    def _give_free(self) -> None:
        try:
            self.journal.give_free()
        except StoreError:
            return  # the store is gone: --resume goes on

    def _staged(self, plan: Plan) -> None:
        """Write beside the places, verify there, and move all with one update."""
        self.journal.whole = self.journal.whole and not plan.write
        if plan.write:  # named before they are written: one that a killed push leaves is then known, and goes
            self.journal.graphs |= {self._staging(target): Written(0, "") for target in plan.write}
            self.journal.keep()
        for number, target in enumerate(plan.write):
            self.tell("written", number, len(plan.write))
            staging = self._staging(target)
            self._write(staging, target.part)
            self.journal.graphs[staging] = Written(target.part.count, target.part.sha256)
            self.journal.keep()
        self.tell("written", len(plan.write), len(plan.write))
        moved = [*plan.staged, *plan.write]
        found = self._compared([(t.part, self._staging(t)) for t in moved], "read back")
        if not all(c.equal for c in found):
            for target in moved:
                self.client.update(sparql_text.drop(self._staging(target)))
                self.journal.graphs.pop(self._staging(target), None)
            raise AlteredError(
                f"{self.client.query}: holds other statements than were sent; nothing was changed", found
            )
        self._switch(plan, moved)

    def _switch(self, plan: Plan, moved: list[Target]) -> None:
        last = self.parts.release_graph
        moved = sorted(moved, key=lambda t: t.graph == last)
        for target in moved:
            self.journal.graphs[self._called(target)] = self.journal.graphs.pop(self._staging(target))
        for graph in plan.remove:
            self.journal.graphs.pop(graph, None)
        self.journal.held()
        self.journal.release, self.journal.whole = self.parts.manifest.release, True
        gone = [sparql_text.drop(None if g == self.journal.default() else g) for g in plan.remove]
        moves = [sparql_text.move(self._staging(t), t.graph) for t in moved]
        self.client.update(sparql_text.together([*gone, *moves, *self.journal.operations()]))

    def _directly(self, plan: Plan) -> None:
        """Replace graph by graph; the graph ``release`` goes first and comes last."""
        last = self.parts.release_graph
        self.journal.whole = False
        for target in plan.targets:  # named before they are written, so that a later push knows them for ours
            self.journal.graphs.setdefault(self._called(target), Written(0, ""))
        self.journal.keep()
        repeated(lambda: self.client.delete_graph(last))
        staged = {self._staging(target) for target in (*plan.staged, *plan.write)}  # by a push that had updates
        for graph in [*plan.remove, *sorted(staged & self.journal.graphs.keys())]:
            self._delete(None if graph == self.journal.default() else graph)
            self.journal.graphs.pop(graph)
        again = [t for t in plan.there if t.graph == last]
        wanted = sorted([*plan.write, *plan.staged, *again], key=lambda t: t.graph == last)
        for number, target in enumerate(wanted):
            self.tell("written", number, len(wanted))
            self._write(target.graph, target.part)
            self.journal.graphs[self._called(target)] = Written(target.part.count, target.part.sha256)
            if target.graph == last:
                self.journal.release, self.journal.whole = self.parts.manifest.release, True
            self.journal.keep()
        self.tell("written", len(wanted), len(wanted))

    def _delete(self, graph: str | None) -> None:
        repeated(lambda: self.client.delete_graph(graph))

    def _write(self, graph: str | None, part: Part) -> None:
        """Replace a graph; a step that fails half-way is begun anew."""
        if self.writer is not None:
            self.writer.write(graph, part)
            return
        if self.client.graph_store is not None:
            content = part.path.read_bytes()
            repeated(lambda: self.client.put_graph(graph, content))
            return
        repeated(lambda: self.client.update(sparql_text.drop(graph)))
        for text in sparql_text.insert(graph, part.lines(), self.engine.insert, LARGEST):
            repeated(partial(self.client.update, text))

    def verify(self) -> list[Compared]:
        """Read every graph of the release from the store and hold it against ours."""
        return self._compared([(target.part, target.graph) for target in self.targets], "verified")

    def _compared(self, graphs: list[tuple[Part, str | None]], stage: str) -> list[Compared]:
        found = []
        for number, (part, graph) in enumerate(graphs):
            self.tell(stage, number, len(graphs))
            found.append(compared(part.graph, part.lines(), read_graph(self.client, graph), self.engine))
        self.tell(stage, len(graphs), len(graphs))
        return found

    def left_over(self) -> list[str]:
        """Return graphs of the store that have names of ours and are of no release of the journal."""
        ours = f"{self.parts.manifest.base}graph/"
        known = {target.graph for target in self.targets} | self.journal.read().graphs.keys() | {self.journal.graph}
        return [name for name in graph_names(self.client) if name.startswith(ours) and name not in known]
