"""A graph that was published before is not loaded again to find that out."""

from pathlib import Path

import pytest

from msevidence.loaders.release import publish
from msevidence.loaders.release_loading import Loading
from msevidence.loaders.release_manifest import Source
from msevidence.loaders.release_verify import verify
from tests.release_helper import BASE, BUILT, publish_small, small_graph


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[bytes | str]:
    """Return what is given to a store to be loaded, from now on; stages may be told among it."""
    given: list[bytes | str] = []
    add = Loading.add

    def adding(self: Loading, some: bytes) -> None:
        given.append(some)
        add(self, some)

    monkeypatch.setattr(Loading, "add", adding)
    return given


def loaded(told: list[bytes | str]) -> list[bytes]:
    """Return the lines that were loaded."""
    return sorted(b"".join(some for some in told if isinstance(some, bytes)).splitlines(keepends=True))


def test_of_the_same_sources_nothing_is_loaded_before_the_id_is_known(tmp_path: Path, told: list[bytes | str]) -> None:
    first = publish_small(tmp_path)
    assert loaded(told)
    told.clear()
    again = publish_small(tmp_path)
    assert (again.id, again.already_published, told) == (first.id, True, [])


def test_the_same_sources_may_give_another_graph_all_the_same(tmp_path: Path, told: list[bytes | str]) -> None:
    publish_small(tmp_path)
    told.clear()
    other = publish_small(tmp_path, small_graph("two"))
    assert not other.already_published
    assert loaded(told) == (other.path / "data.nq").read_bytes().splitlines(keepends=True)
    assert verify(other.path) == []


@pytest.mark.parametrize(("version", "source"), [("0.1.0", "1"), ("0.2.0", "0")])
def test_what_is_likely_new_is_loaded_while_it_is_hashed(
    tmp_path: Path, told: list[bytes | str], version: str, source: str
) -> None:
    publish_small(tmp_path)
    told.clear()
    publish(
        small_graph("two"),
        tmp_path,
        base=BASE,
        version=version,
        sources=[Source("studies.yaml", source * 64)],
        validation_report="# conforms\n",
        built=BUILT,
        extra_files={"ontology/core.ttl": b"# core\n"},
        stage=told.append,
    )
    assert any(isinstance(some, bytes) for some in told[: told.index("hashed")])
