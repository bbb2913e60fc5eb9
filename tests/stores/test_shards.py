"""Shards of loaded sources, written, loaded into the embedded store and into servers, and verified."""

import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.exports.conversion import RECORDS
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.stores.bulk import InPieces, VirtuosoLoader
from msevidence.loaders.stores.engines import ENGINES
from msevidence.loaders.stores.push import AlteredError, ForeignError
from msevidence.loaders.stores.reading import count
from msevidence.loaders.stores.shards import SUMS, fill_store, graphs_of, push_shards, shards, write_shards
from msevidence.server.cli import run
from tests.exports.converting import FIXTURES, converted
from tests.exports.test_conversion import page, study
from tests.stores.servers import Server
from tests.stores.test_push import client_of


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    """Return two converted sources: registrations, and publications with all that texts may hold."""
    folder = tmp_path_factory.mktemp("sources")
    studies = page(*(study(f"NCT9{n:07}", 'A "quoted" \\ title\twith\u007f') for n in range(40)))
    pubmed = (FIXTURES / "pubmed_xml" / "three.xml").read_bytes()
    done = [converted(folder / str(n), content) for n, content in enumerate((studies, pubmed))]
    return [(found.report.sha256, found.folder) for found in done]


@pytest.fixture
def written(sources: list[tuple[str, Path]], tmp_path: Path) -> Path:
    write_shards(sources, tmp_path / "shards", size=3000)
    return tmp_path / "shards"


def test_shards_are_the_statements_in_their_order_cut_between_records(
    written: Path, sources: list[tuple[str, Path]]
) -> None:
    files = shards(written)
    assert len(files) > 6
    for sha256, folder in sources:
        mine = [path for path in files if path.name.startswith(sha256[:16])]
        assert mine == sorted(mine)
        assert b"".join(path.read_bytes() for path in mine) == (folder / RECORDS).read_bytes()
    done = subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=written, capture_output=True)
    assert done.returncode == 0


def test_shards_that_were_touched_or_are_in_the_way_are_refused(
    written: Path, sources: list[tuple[str, Path]], tmp_path: Path
) -> None:
    with pytest.raises(ReleaseError, match="is there already"):
        write_shards(sources, written)
    with pytest.raises(ReleaseError, match="no whole folder of shards"):
        shards(tmp_path)
    first = shards(written)[0]
    first.write_bytes(first.read_bytes()[:-1])
    for use in (shards, lambda folder: fill_store(folder, tmp_path / "store")):
        with pytest.raises(ReleaseError, match="is not as it was written"):
            use(written)
    assert [path.name for path in tmp_path.iterdir()] == ["shards"]


def test_a_failure_leaves_nothing(sources: list[tuple[str, Path]], tmp_path: Path) -> None:
    with pytest.raises(ReleaseError):
        write_shards([*sources, ("f" * 64, tmp_path / "absent")], tmp_path / "shards")
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_store_has_the_statements(written: Path, tmp_path: Path) -> None:
    size = fill_store(written, tmp_path / "store")
    store = ox.Store.read_only(str(tmp_path / "store"))
    lines = {line for path in shards(written) for line in path.read_bytes().splitlines()}
    assert len(store) == size == len(lines) > 300
    assert {f"{quad} .".encode() for quad in store} == lines


def test_a_server_gets_them_goes_on_and_keeps_what_is_not_ours(oxigraph_server: Server, written: Path) -> None:
    client, engine = client_of(oxigraph_server, graph_store=True), ENGINES["oxigraph"]
    writer = InPieces(client, piece=2000)
    with graphs_of(written) as parts:
        assert len(parts) == 2
        found = push_shards(client, engine, parts, writer)
        assert all(c.exact and c.held == c.count for c in found)
        again: list[object] = []
        push_shards(client, engine, parts, writer, tell=lambda stage, done, total: again.append(total))
        assert again == [0]  # nothing is written twice
        client.post_graph(parts[0].graph, b"<http://x/s> <http://x/p> <http://x/o> .\n")
        with pytest.raises(ForeignError, match=parts[0].graph):
            push_shards(client, engine, parts, writer)
        assert count(client, parts[0].graph) == parts[0].count + 1
        assert all(c.exact for c in push_shards(client, engine, parts, writer, replace=True))

        class Losing:
            def write(self, graph: str | None, part: object) -> None:
                client.delete_graph(graph)

        client.delete_graph(parts[1].graph)
        with pytest.raises(AlteredError):
            push_shards(client, engine, parts, Losing())


def test_virtuosos_loader_takes_them(virtuoso_server: Server, written: Path) -> None:
    assert virtuoso_server.folder is not None
    client = client_of(virtuoso_server, graph_store=True)
    writer = VirtuosoLoader(client, virtuoso_server.isql, virtuoso_server.folder, virtuoso_server.environment)
    with graphs_of(written) as parts:
        found = push_shards(client, ENGINES["virtuoso"], parts, writer, replace=True)
    assert all(c.equal and c.held == c.count > 50 for c in found)


def test_load_writes_shards_and_push_takes_them(oxigraph_server: Server, tmp_path: Path) -> None:
    source, folder = tmp_path / "studies.json", tmp_path / "shards"
    source.write_bytes(page(study("NCT91234567"), study("NCT91234568")))
    load = ["load", str(source), "--no-build", "--home", str(tmp_path / "home")]
    assert run([*load, "--store", str(tmp_path / "store")]) == 2
    assert run([*load, "--shards", str(folder), "--store", str(tmp_path / "store")]) == 0
    assert run([*load, "--shards", str(folder)]) == 3  # is there already
    assert len(ox.Store.read_only(str(tmp_path / "store"))) > 10
    push = ["push", "--query", oxigraph_server.query, "--shards", str(folder)]
    assert run(push) == 2
    assert run([*push, "--graph-store", oxigraph_server.graph_store, "--bulk"]) == 0
    assert run([*push, "--graph-store", oxigraph_server.graph_store, "--dry-run"]) == 2
