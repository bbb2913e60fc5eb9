"""A release into stores that run for real: whole or not at all, resumed, verified, and nobody else's graph touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from msevidence.loaders.stores.client import Client, Credentials, StoreError
from msevidence.loaders.stores.engines import ENGINES, engine_of
from msevidence.loaders.stores.journal import Journal
from msevidence.loaders.stores.parts import Part, Parts, taken_apart
from msevidence.loaders.stores.push import ForeignError, Push
from msevidence.loaders.stores.reading import count, graph_names, read_graph
from tests.release_helper import BASE, publish_small, quad, small_graph
from tests.stores.servers import Server

FOREIGN = "https://other.example/graph/theirs"
OURS = f"{BASE}graph/not-of-any-push"
STUDIES, REVIEW, RELEASE = (f"{BASE}graph/{name}" for name in ("studies", "review", "release"))


def client_of(server: Server, *, update: bool = True, graph_store: bool = False) -> Client:
    """Return a client of a server, with the services that are asked for."""
    return Client(
        server.query,
        server.update if update else None,
        server.graph_store if graph_store else None,
        credentials=Credentials(server.user, server.password, server.scheme),
    )


def fill(server: Server, *graphs: str) -> None:
    """Put a triple of somebody else's into graphs."""
    for graph in graphs:
        client_of(server, graph_store=True).put_graph(graph, b"<http://x/s> <http://x/p> <http://x/o> .\n")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Return a small release, taken apart."""
    with taken_apart(publish_small(tmp_path_factory.mktemp("first")).path) as parts:
        yield parts


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Return the next release: other studies, no graph of the review."""
    quads = [q for q in small_graph("two") if q.graph_name.value != REVIEW]
    with taken_apart(publish_small(tmp_path_factory.mktemp("second"), quads).path) as parts:
        yield parts


def pushed(server: Server, parts: Parts, default: str = "store", **services: bool) -> Push:
    """Return a push into a server."""
    client = client_of(server, **services)
    return Push(client, engine_of(client.server()), parts, default)


@pytest.mark.parametrize("services", [{}, {"graph_store": True}, {"update": False, "graph_store": True}])
def test_a_release_is_pushed_whole_and_the_next_one_replaces_it(
    oxigraph_server: Server, first: Parts, second: Parts, services: dict[str, bool]
) -> None:
    fill(oxigraph_server, FOREIGN, OURS)
    found = pushed(oxigraph_server, first, **services).run()
    assert [c.graph for c in found] == [*[p.graph for p in first.graphs[:-1]], "", RELEASE]
    assert all(c.exact and c.count == c.held for c in found)
    client = client_of(oxigraph_server)
    assert count(client, None) == first.manifest.default_graph_triples
    journal = Journal(client, BASE).graph
    assert graph_names(client) == sorted([*first.manifest.graphs, journal, FOREIGN, OURS])
    again = pushed(oxigraph_server, second, **services)
    assert again.plan().remove == [REVIEW]
    assert all(c.exact for c in again.run())
    assert graph_names(client) == sorted([*second.manifest.graphs, journal, FOREIGN, OURS])
    assert again.left_over() == [OURS]
    assert count(client, FOREIGN) == count(client, OURS) == 1
    plan = again.plan()
    assert (len(plan.there), plan.write, plan.remove) == (len(second.graphs) + 1, [], [])
    now = Journal(client, BASE).read()
    assert (now.release, now.whole, now.token) == (second.manifest.release, True, "")


def test_virtuoso_gets_it_too_by_updates_and_by_graphs(virtuoso_server: Server, first: Parts, second: Parts) -> None:
    fill(virtuoso_server, FOREIGN)
    for parts, services in ((first, {}), (second, {"update": False, "graph_store": True})):
        push = pushed(virtuoso_server, parts, "none", **services)
        assert push.engine.name == "virtuoso"
        assert all(c.exact for c in push.run(replace=True))
    names = graph_names(client_of(virtuoso_server))
    assert FOREIGN in names
    assert REVIEW not in names
    assert set(second.manifest.graphs) <= set(names)


class _StopError(Exception):
    """Raised in the middle of a push."""


def _stopping(stage: str, done: int) -> object:
    def tell(at: str, number: int, total: int) -> None:
        if (at, number) == (stage, done):
            raise _StopError

    return tell


@pytest.mark.parametrize(("stage", "done"), [("written", 2), ("read back", 1)])
def test_a_push_that_fails_leaves_the_old_release_and_the_next_one_goes_on(
    oxigraph_server: Server, first: Parts, second: Parts, stage: str, done: int
) -> None:
    before = pushed(oxigraph_server, first)
    before.run()
    broken = pushed(oxigraph_server, second)
    broken.tell = _stopping(stage, done)  # type: ignore[assignment]
    with pytest.raises(_StopError):
        broken.run()
    assert all(c.exact for c in before.verify())
    again = pushed(oxigraph_server, second)
    plan = again.plan()
    assert len(plan.staged) == (done if stage == "written" else len(again.targets) - len(plan.there))
    assert all(c.exact for c in again.run())
    assert not [name for name in graph_names(again.client) if "staged" in name]


@pytest.mark.parametrize("update", [True, False])
@pytest.mark.parametrize("next_", ["same", "other"])
def test_a_graph_that_a_killed_push_had_just_written_goes(
    oxigraph_server: Server, first: Parts, second: Parts, next_: str, update: bool
) -> None:
    """It is killed between the graph and the journal; then comes the same release, which is there, or another."""
    pushed(oxigraph_server, first).run()
    killed = pushed(oxigraph_server, first if next_ == "same" else second)
    write = killed._write

    def written(graph: str | None, part: Part) -> None:
        write(graph, part)
        raise _StopError

    killed._write = written  # type: ignore[method-assign]
    killed.journal.give_free = lambda: None  # type: ignore[method-assign]
    with pytest.raises(_StopError):
        killed.run(rewrite=True)
    assert [name for name in graph_names(killed.client) if "staged" in name]
    again = pushed(oxigraph_server, first, update=update, graph_store=True)
    assert all(c.exact for c in again.run(resume=True))
    assert not [name for name in graph_names(again.client) if "staged" in name]
    assert again.left_over() == []


def test_without_updates_a_store_that_is_being_written_has_no_graph_release(
    oxigraph_server: Server, first: Parts, second: Parts
) -> None:
    services = {"update": False, "graph_store": True}
    pushed(oxigraph_server, first, **services).run()
    broken = pushed(oxigraph_server, second, **services)
    broken.tell = _stopping("written", 2)  # type: ignore[assignment]
    with pytest.raises(_StopError):
        broken.run()
    assert count(client_of(oxigraph_server), RELEASE) == 0
    assert all(c.exact for c in pushed(oxigraph_server, second, **services).run())


@pytest.mark.parametrize("update", [True, False])
def test_two_pushes_at_once_are_noticed(oxigraph_server: Server, first: Parts, update: bool) -> None:
    services = {"update": update, "graph_store": True}
    other = Journal(client_of(oxigraph_server, **services), BASE)
    other.lock("another", take_over=False)
    with pytest.raises(StoreError, match=r"another push .* --resume"):
        pushed(oxigraph_server, first, **services).run()
    push = pushed(oxigraph_server, first, **services)

    def tell(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("written", 1):
            other.lock("another still", take_over=True)

    push.tell = tell
    with pytest.raises(StoreError, match="another push has taken over"):
        push.run(resume=True)
    assert other.read().token == "another still"
    assert all(c.exact for c in pushed(oxigraph_server, first, **services).run(resume=True))


def test_graphs_that_no_push_has_written_are_not_replaced_unasked(oxigraph_server: Server, first: Parts) -> None:
    client = client_of(oxigraph_server, graph_store=True)
    client.put_graph(STUDIES, b"<http://x/s> <http://x/p> <http://x/o> .\n")
    client.put_graph(None, b"<http://x/s> <http://x/p> <http://x/o> .\n")
    with pytest.raises(ForeignError) as raised:
        pushed(oxigraph_server, first).run()
    assert STUDIES in str(raised.value)
    assert "the default graph" in str(raised.value)
    assert (count(client, STUDIES), count(client, None), count(client, RELEASE)) == (1, 1, 0)
    named = pushed(oxigraph_server, first, "none")
    assert named.plan().foreign == [STUDIES]
    assert all(c.exact for c in named.run(replace=True))
    assert count(client, None) == 1


def test_what_was_altered_is_named_and_a_rewrite_mends_it(oxigraph_server: Server, first: Parts) -> None:
    push = pushed(oxigraph_server, first, f"{BASE}graph/merged")
    push.run()
    client = push.client
    client.update(
        f"DELETE DATA {{ GRAPH <{STUDIES}> {{ <{BASE}study/mist> "
        f'<http://www.w3.org/2000/01/rdf-schema#label> "MIST"@en }} }} ; '
        f"INSERT DATA {{ GRAPH <{STUDIES}> {{ <{BASE}study/mist> "
        f'<http://www.w3.org/2000/01/rdf-schema#label> "MISD"@en }} }}'
    )
    (bad,) = [c for c in push.verify() if not c.equal]
    assert (bad.graph, bad.held, bad.words()) == (STUDIES, bad.count, "DIFFERENT")
    assert ["MIST" in line for line in bad.missing] == [True]
    assert ["MISD" in line for line in bad.foreign] == [True]
    assert all(c.exact for c in push.run(rewrite=True))


def test_a_graph_that_is_cut_is_not_taken_for_whole(oxigraph_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msevidence.loaders.stores.reading.PAGE", 5)
    lines = [f"<http://x/s{n}> <http://x/p> <http://x/o> .\n".encode() for n in range(40)]
    client = client_of(oxigraph_server, graph_store=True)
    client.put_graph(FOREIGN, b"".join(lines))
    asked = client_of(oxigraph_server)
    assert read_graph(asked, FOREIGN) == sorted(lines) == read_graph(client, FOREIGN)
    client.post_graph(FOREIGN, b"_:b <http://x/p> <http://x/o> .\n")
    with pytest.raises(StoreError, match="counts 41 triples and gives 40"):
        read_graph(asked, FOREIGN)


def test_the_real_release_is_the_same_in_both_engines(
    oxigraph_server: Server, virtuoso_server: Server, release_home: Path
) -> None:
    with taken_apart((release_home / "current").resolve()) as parts:
        few = Parts(parts.manifest, tuple(p for p in parts.graphs if p.count < 1000), parts.default)
        for server in (oxigraph_server, virtuoso_server):
            found = pushed(server, few, "none", graph_store=True).run(replace=True)
            assert len(found) > 5
            assert all(c.exact for c in found)


def test_quads_of_a_name_are_only_of_it(first: Parts) -> None:
    lines = {part.graph: part.lines() for part in first.graphs}
    text = f"{quad('study/mist', 'MIST', 'meta').triple} .\n".encode()
    assert [graph for graph, held in lines.items() if text in held] == [
        f"{BASE}graph/{n}" for n in ("meta", "review", "studies")
    ]
    assert ENGINES["generic"].forms == {}
