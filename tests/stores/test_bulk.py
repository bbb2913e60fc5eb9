"""Large graphs into stores that run for real: in pieces by the Graph Store Protocol, and by Virtuoso's bulk loader."""

from pathlib import Path

import pytest

from msevidence.loaders.stores.bulk import InPieces, VirtuosoLoader, pieces
from msevidence.loaders.stores.client import StoreError
from msevidence.loaders.stores.engines import engine_of
from msevidence.loaders.stores.parts import Part, taken_apart
from msevidence.loaders.stores.push import Push
from msevidence.loaders.stores.reading import count, digest, graph_names, read_graph
from msevidence.server.cli import run
from tests.release_helper import BASE, publish_small
from tests.stores.servers import Server, virtuoso
from tests.stores.test_push import client_of

GRAPH = f"{BASE}graph/export/bulk"


def part_of(folder: Path, size: int) -> Part:
    """Return a graph of so many triples; texts have what loaders trip over."""
    texts = ('"a \\"quoted\\" \\\\ text; it\'s é"@en', '"line\\nbreak"', '"2024-02"', "<http://x/o>")
    lines = sorted(f"<http://x/s{n}> <http://x/p> {texts[n % len(texts)]} .\n".encode() for n in range(size))
    path = folder / f"{size}.nt"
    path.write_bytes(b"".join(lines))
    return Part(GRAPH, path, len(lines), digest(lines))


def test_pieces_are_whole_lines_and_together_the_file(tmp_path: Path) -> None:
    path = part_of(tmp_path, 100).path
    cut = list(pieces(path, 300))
    assert len(cut) > 10
    assert all(piece.endswith(b" .\n") for piece in cut)
    assert b"".join(cut) == path.read_bytes()
    empty = tmp_path / "empty.nt"
    empty.write_bytes(b"")
    assert list(pieces(empty, 300)) == [b""]


def test_a_graph_in_pieces_replaces_the_one_before(oxigraph_server: Server, tmp_path: Path) -> None:
    client = client_of(oxigraph_server, graph_store=True)
    writer = InPieces(client, piece=500)
    for size in (300, 40, 0):
        part = part_of(tmp_path, size)
        writer.write(GRAPH, part)
        assert read_graph(client, GRAPH) == part.lines()
    writer.write(None, part_of(tmp_path, 30))
    assert count(client, None) == 30


def test_virtuosos_loader_loads_replaces_and_leaves_no_file(virtuoso_server: Server, tmp_path: Path) -> None:
    assert virtuoso_server.folder is not None
    load = virtuoso_server.folder / "load it's"
    load.mkdir(exist_ok=True)
    client = client_of(virtuoso_server, graph_store=True)
    writer = VirtuosoLoader(client, virtuoso_server.isql, load, virtuoso_server.environment)
    for size in (3000, 40, 0):
        part = part_of(tmp_path, size)
        writer.write(GRAPH, part)
        assert count(client, GRAPH) == size
    part = part_of(tmp_path, 400)
    writer.write(GRAPH, part)
    assert read_graph(client, GRAPH) == part.lines()
    broken = tmp_path / "broken.nt"
    broken.write_bytes(b'<http://x/s> <http://x/p> "never closed .\n')
    with pytest.raises(StoreError, match=r"the bulk loader did not load .*/graph/export/bulk \(37000"):
        writer.write(GRAPH, Part(GRAPH, broken, 1, ""))
    with pytest.raises(StoreError, match="FA003"):  # a folder that the server does not allow
        writer._load(Path("/etc/hostname"), GRAPH)
    assert list(load.iterdir()) == []


def test_who_is_nobody_to_virtuoso_is_told_so_without_the_password(tmp_path: Path) -> None:
    """On a server of its own: isql tries four times, and Virtuoso then lets nobody in for a while."""
    folder = tmp_path / "server"
    folder.mkdir()
    with virtuoso(folder) as server:
        client = client_of(server, graph_store=True)
        with pytest.raises(StoreError, match="MSEVIDENCE_STORE_USER"):
            VirtuosoLoader(client, server.isql, folder, {})
        wrong = {"MSEVIDENCE_STORE_USER": "dba", "MSEVIDENCE_STORE_PASSWORD": "a-wrong-one"}
        writer = VirtuosoLoader(client, server.isql, folder, wrong)
        with pytest.raises(StoreError, match="--default-graph"):
            writer.write(None, part_of(tmp_path, 4))
        with pytest.raises(StoreError, match="Bad login") as raised:
            writer.write(GRAPH, part_of(tmp_path, 4))
        assert "a-wrong-one" not in str(raised.value)


def test_what_others_have_listed_for_virtuosos_loader_is_not_loaded(virtuoso_server: Server, tmp_path: Path) -> None:
    assert virtuoso_server.folder is not None
    client = client_of(virtuoso_server, graph_store=True)
    writer = VirtuosoLoader(client, virtuoso_server.isql, virtuoso_server.folder, virtuoso_server.environment)
    theirs = virtuoso_server.folder / "theirs.nt"
    theirs.write_bytes(b"<http://x/s> <http://x/p> <http://x/o> .\n")
    writer._asked(f"ld_dir('{virtuoso_server.folder}', 'theirs.nt', 'http://other.example/graph');")
    try:
        with pytest.raises(StoreError, match=r"has others \(.*theirs\.nt"):
            writer.write(GRAPH, part_of(tmp_path, 4))
    finally:
        writer._asked(f"delete from DB.DBA.load_list where ll_file = '{theirs}';")
    assert "http://other.example/graph" not in graph_names(client)


def test_a_release_goes_into_both_in_bulk_and_is_verified(
    oxigraph_server: Server, virtuoso_server: Server, tmp_path: Path
) -> None:
    release = publish_small(tmp_path / "home").path
    assert virtuoso_server.folder is not None
    with taken_apart(release) as parts:
        for server, services in ((oxigraph_server, {}), (virtuoso_server, {"update": False})):
            client = client_of(server, graph_store=True, **services)
            writer = (
                VirtuosoLoader(client, server.isql, virtuoso_server.folder, server.environment)
                if server.isql
                else InPieces(client, piece=400)
            )
            push = Push(client, engine_of(client.server()), parts, "none", writer=writer)
            found = push.run(replace=True, rewrite=True)
            assert len(found) == len(parts.graphs)
            assert all(c.exact and c.held == c.count for c in found)


def test_push_bulk_on_the_command_line(oxigraph_server: Server, tmp_path: Path) -> None:
    release = publish_small(tmp_path / "home").path
    where = ["push", "--query", oxigraph_server.query, "--release", str(release), "--bulk"]
    assert run(where) == 2
    stores = [*where, "--graph-store", oxigraph_server.graph_store]
    assert run([*stores, "--isql", "127.0.0.1:1111"]) == 2
    assert run(stores) == 0
    assert run([*stores, "--update", oxigraph_server.update, "--rewrite"]) == 0
