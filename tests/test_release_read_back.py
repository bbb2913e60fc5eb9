"""Loading while lines are still being written, and reading back what the store has: all of it, or the build stops."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders import release, release_loading, release_read_back
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_loading import load
from msevidence.loaders.release_read_back import Fingerprint, fingerprint, read_back
from msevidence.loaders.release_store import copy_store
from msevidence.loaders.release_verify import verify
from tests.release_helper import BASE, publish_small, small_graph

G, H = (ox.NamedNode(f"{BASE}graph/{name}") for name in ("g", "h"))
S, P = ox.NamedNode(f"{BASE}s"), ox.NamedNode(f"{BASE}p")
TEXT = ox.Literal('a "quote" .\n<x> .\r\\ é', language="en")
QUADS = [
    *(ox.Quad(S, P, value, graph) for value in (TEXT, G, ox.Literal(".")) for graph in (G, H)),
    *(ox.Quad(S, P, value) for value in (TEXT, G, ox.Literal("."))),
]


def lines(quads: list[ox.Quad]) -> list[bytes]:
    return (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def stored(quads: list[ox.Quad], folder: Path) -> Fingerprint:
    store = ox.Store(str(folder / "store"))
    store.extend(quads)
    copy_store(store, folder / "copy")
    return read_back(folder / "copy")


@pytest.mark.parametrize("piece", [1, 2**20])
def test_what_is_read_back_has_the_lines_that_were_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(release_read_back, "TAKEN_BYTES", piece)
    assert stored(QUADS, tmp_path) == fingerprint(lines(QUADS)) == fingerprint(lines(QUADS)[::-1])


@pytest.mark.parametrize(
    "other",
    [
        QUADS[1:],
        QUADS[:-1],
        [*QUADS, ox.Quad(S, P, S, G)],
        [*QUADS[1:], ox.Quad(S, P, ox.Literal("else", language="en"), G)],
        [*QUADS[1:], ox.Quad(S, P, TEXT, ox.NamedNode(f"{BASE}graph/else"))],
        [*QUADS[:-1], ox.Quad(S, P, ox.Literal(".", language="en"))],
    ],
    ids=["one less", "one less in the default graph", "one more", "another text", "another graph", "another language"],
)
def test_any_other_quad_is_seen(tmp_path: Path, other: list[ox.Quad]) -> None:
    assert stored(other, tmp_path) != fingerprint(lines(QUADS))


def test_a_store_that_has_something_else_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = publish_small(tmp_path).id

    def lossy(store: ox.Store, target: Path) -> None:
        store.remove(next(store.quads_for_pattern(None, None, None, ox.DefaultGraph())))
        copy_store(store, target)

    monkeypatch.setattr(release, "copy_store", lossy)
    with pytest.raises(ReleaseError, match=r"does not hold what data\.nq does"):
        publish_small(tmp_path, small_graph("two"))
    monkeypatch.undo()
    assert (tmp_path / "current").readlink().name == old
    assert verify(tmp_path) == []


def test_a_release_that_is_loaded_by_the_line_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_loading, "LOADED_BYTES", 1)
    publish_small(tmp_path)
    assert verify(tmp_path) == []


def good(number: int) -> bytes:
    return f'<{BASE}s> <{BASE}p> "{number}" <{BASE}g> .\n'.encode()


@pytest.mark.parametrize("at", [0, 5, 19])
def test_a_fault_in_any_piece_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(release_loading, "LOADED_BYTES", 1)
    monkeypatch.setattr(release_loading, "blocks", lambda path: ([line] for line in path.open("rb")))
    pieces = [good(number) for number in range(20)]
    pieces[at] = b"<s> no quad\n"
    (tmp_path / "data.nq").write_bytes(b"".join(pieces))
    with pytest.raises(ReleaseError, match=r"data\.nq: a statement is no quad"):
        load(ox.Store(str(tmp_path / "store")), tmp_path / "data.nq")


@pytest.mark.parametrize("fault", [RuntimeError("Corruption"), OSError(28, "No space left on device")])
def test_what_the_engine_can_not_do_stops_the_load(tmp_path: Path, fault: Exception) -> None:
    class Failing:
        def bulk_load(self, **_: object) -> None:
            raise fault

    expected = OSError if isinstance(fault, OSError) else ReleaseError
    one = release_loading.Loading(Failing(), tmp_path)  # type: ignore[arg-type]
    one.add(good(1))
    with pytest.raises(expected):
        one.finish()
    one.close()
