"""Statements as sorted lines: written as the store writes them, merged, counted and hashed as by the longer road."""

import hashlib
import random
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders import release, release_sorting
from msevidence.loaders.build import told
from msevidence.loaders.index_apart import indexing
from msevidence.loaders.loaded import named_nodes, renamed_lines, renamed_quads
from msevidence.loaders.partitions import Tally
from msevidence.loaders.release_content import write_content, write_with
from msevidence.loaders.release_errors import ReleaseError, UnpublishableError
from msevidence.loaders.release_index import INDEX
from msevidence.loaders.release_lines import canonical, in_order
from msevidence.loaders.release_nquads import default_is_merge, survey
from msevidence.loaders.release_sorting import Runs
from tests.release_helper import BASE, RELEASE_GRAPH, publish_small, small_graph

XSD = "http://www.w3.org/2001/XMLSchema#"
GRAPH = f"<{BASE}graph/meta>"
OBJECTS = (
    *('"plain"', '"tab\there"', r'"tab\there"', r'"caf\u00E9"', r'"quote \" and \\ back"', r'"\u0001\u007F"', '"\x7f"'),
    *(
        '"b"@en',
        '"B"@EN',
        '"c"@en-GB',
        '"d"@nb-no',
        '"\ufffe"',
        '"\uff21"',
        '"line\\nend"',
        r'"\b\f\r"',
        '""',
        '" . <x> ."',
    ),
    *(f'"{n}"^^<{XSD}integer>' for n in ("7", "007", "+7", "-0", "0", "-12", "9223372036854775808", "x", "1e3")),
    *(f'"{n}"^^<{XSD}decimal>' for n in ("1.50", "1", "0.1")),
    *(f'"{n}"^^<{XSD}boolean>' for n in ("true", "1", "0", "false", "yes")),
    *(f'"{n}"^^<{XSD}date>' for n in ("2024-05-31", "2024-02-30", "2024-05-01", "2024-05-01Z", "0000-01-01", "24-1-1")),
    *(f'"{n}"^^<{XSD}gYear>' for n in ("2024", "0024", "-0044", "12024")),
    *(f'"{n}"^^<{XSD}gYearMonth>' for n in ("2024-05", "2024-13")),
    *(f'"{n}"^^<{XSD}string>' for n in ("typed", "")),
    *(f'"{n}"^^<{XSD}anyURI>' for n in ("https://example.org/a?b=c", "a b")),
    *('"2024-05-31T00:00:00.000Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>', '"x"^^<http://example.org/own>'),
    *("<http://example.org/o>", r"<http://example.org/\u00E9>", "<http://example.org/é>"),
)
HOSTILE = (
    "".join(f"<{BASE}study/s{n}> <{BASE}p> {value} {GRAPH} .\n" for n, value in enumerate(OBJECTS))
    + f'\n# told\n  <{BASE}a>   <{BASE}p>\t<{BASE}b>  {GRAPH}   .  # behind\n<{BASE}a><{BASE}p>"x"{GRAPH}.\n'
)


def as_stored(lines: bytes) -> list[bytes]:
    store = ox.Store()
    store.bulk_load(input=lines, format=ox.RdfFormat.N_QUADS)
    return sorted((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))


def test_lines_are_as_the_store_writes_them() -> None:
    given = HOSTILE.encode()
    found = sorted(set(chain.from_iterable(canonical([given], RELEASE_GRAPH))))
    assert len(found) > 50
    assert found == as_stored(given)


def test_quads_and_their_lines_are_the_same() -> None:
    quads = list(ox.parse(HOSTILE.encode(), format=ox.RdfFormat.N_QUADS))
    of_quads = set(chain.from_iterable(canonical(quads, RELEASE_GRAPH)))
    assert of_quads == set(chain.from_iterable(canonical([HOSTILE.encode()], RELEASE_GRAPH)))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"_:b <{BASE}p> <{BASE}o> {GRAPH} .", "blank nodes"),
        (f"<{BASE}s> <{BASE}p> _:b {GRAPH} .", "blank nodes"),
        (f"<{BASE}s> <{BASE}p> <<( <{BASE}s> <{BASE}p> <{BASE}o> )>> {GRAPH} .", "triple terms"),
        (f"<{BASE}s> <{BASE}p> <{BASE}o> .", "no graph"),
        (f"<{BASE}s> <{BASE}p> <{BASE}o> _:g .", "no graph"),
        (f"<{BASE}s> <{BASE}p> <{BASE}o> <{RELEASE_GRAPH}> .", "name another graph"),
        (f"<{BASE}s> <{BASE}p> <o> {GRAPH} .", "no quad of N-Quads"),
        (f'<{BASE}s> <{BASE}p> "open {GRAPH} .', "no quad of N-Quads"),
        (f"<{BASE}s> <{BASE}p> <{BASE}o> {GRAPH}", "no quad of N-Quads"),
    ],
)
def test_a_line_that_may_not_be_published_is_refused(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises((UnpublishableError, ReleaseError), match=why):
        publish_small(tmp_path, [*small_graph(), f"{line}\n".encode()])
    assert not (tmp_path / "current").exists()


def test_lines_give_the_release_that_quads_give(tmp_path: Path) -> None:
    quads = [*small_graph(), *ox.parse(HOSTILE.encode(), format=ox.RdfFormat.N_QUADS)]
    a = publish_small(tmp_path / "a", quads)
    b = publish_small(tmp_path / "b", [HOSTILE.encode(), *small_graph()])
    assert (a.path / "data.nq").read_bytes() == (b.path / "data.nq").read_bytes()
    assert a.id == b.id


def test_an_address_that_is_none_is_refused_by_the_store(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is no quad"):
        publish_small(tmp_path, [f"<{BASE}s> <http://example.org/%zz> <{BASE}o> {GRAPH} .\n".encode()])
    assert not (tmp_path / "current").exists()


@pytest.mark.parametrize("seed", range(5))
def test_runs_are_merged_in_order_and_each_line_comes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(release_sorting, "RUN_BYTES", 200)
    monkeypatch.setattr(release_sorting, "BLOCK_BYTES", 30)
    rng = random.Random(seed)
    lines = [b"%d\n" % rng.randrange(400) for _ in range(2_000)]
    runs = Runs(tmp_path)
    for at in range(0, len(lines), 7):
        runs.add(lines[at : at + 7])
    assert runs.written > 20
    assert list(chain.from_iterable(runs.merged())) == sorted(set(lines))
    runs.add([b"more\n"])
    assert list(chain.from_iterable(runs.merged())) == [*sorted(set(lines)), b"more\n"]
    assert list(tmp_path.iterdir()) == []


def _in_graphs(rng: random.Random, count: int) -> list[bytes]:
    objects = (
        "<http://x/o>",
        f"<{BASE}graph/a>",
        '"a"',
        '"a"@en',
        '"a <http://x/g> ."',
        f'"1"^^<{XSD}integer>',
        '"a b"',
    )
    return sorted(
        {
            f"<{BASE}{rng.choice('st')}{rng.randrange(9)}> <{BASE}p> {rng.choice(objects)}"
            f" <{BASE}graph/{rng.choice(('a', 'a-b', 'c'))}> .\n".encode()
            for _ in range(count)
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_content_is_what_a_survey_finds(tmp_path: Path, seed: int) -> None:
    """The default graph, the counts and the hashes of one pass, against those of taking each line of the file apart."""
    rng = random.Random(seed)
    lines = _in_graphs(rng, 120)
    cut = rng.randrange(len(lines))
    content = write_content([lines[:cut], lines[cut:]], tmp_path / "content.nq")
    written = (tmp_path / "content.nq").read_bytes().splitlines(keepends=True)
    assert written == sorted(set(written))
    assert [line for line in written if line in set(lines)] == lines
    assert default_is_merge(tmp_path / "content.nq", tmp_path)
    own = [line.replace(line[line.rindex(b" <") + 2 : -4], RELEASE_GRAPH.encode()) for line in rng.sample(lines, 5)]
    own.append(f"<{BASE}zz> <{BASE}p> <{BASE}graph/release> <{RELEASE_GRAPH}> .\n".encode())
    both = write_with(content, tmp_path / "content.nq", own, tmp_path / "data.nq")
    assert default_is_merge(tmp_path / "data.nq", tmp_path)
    for held, path in ((content, "content.nq"), (both, "data.nq")):
        found = survey(tmp_path / path, RELEASE_GRAPH)
        assert (held.sha256, held.bytes, held.quads) == (found.sha256, found.bytes, found.quads)
        assert list(held.graphs.items()) == list(found.graphs.items())
        assert list(held.graph_sha256.items()) == list(found.graph_sha256.items())
        assert held.default_graph_triples == found.default_graph_triples
        assert found.release == content.sha256 == hashlib.sha256(b"".join(written)).hexdigest()


def test_an_index_made_apart_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = publish_small(tmp_path / "here")
    monkeypatch.setattr(release, "APART_BYTES", 0)
    apart = publish_small(tmp_path / "apart")
    assert (here.path / INDEX).read_bytes() == (apart.path / INDEX).read_bytes()


def test_an_index_that_can_not_be_made_apart_is_told(tmp_path: Path) -> None:
    made = indexing(tmp_path, BASE, tmp_path, apart=True)
    with pytest.raises(ReleaseError, match="could not be written"), made as index:
        index.wait()


def test_things_move_in_lines_as_they_do_in_quads() -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    lines = (
        f"<{BASE}a> <{BASE}p> <{BASE}b> {GRAPH} .\n<{BASE}b> <{BASE}p> <{BASE}a> {GRAPH} .\n"
        f'<{BASE}a> <{label}> "A <{BASE}a> " {GRAPH} .\n<{BASE}a> <{BASE}p> "<{BASE}a> " {GRAPH} .\n'
        f"<{BASE}c> <{BASE}p> <{BASE}a> {GRAPH} .\n<{BASE}c> <{BASE}p> <{BASE}d> {GRAPH} .\n"
    ).encode()
    names = {f"{BASE}a": f"{BASE}kept", f"{BASE}b": f"{BASE}kept2"}
    moved = renamed_lines(lines, {f"<{old}>".encode(): f"<{new}>".encode() for old, new in names.items()})
    parsed = renamed_quads(iter(ox.parse(lines, format=ox.RdfFormat.N_QUADS)), named_nodes(names))
    assert list(ox.parse(moved, format=ox.RdfFormat.N_QUADS)) == list(parsed)
    assert moved.count(b"kept") == 6


def test_lines_and_quads_are_counted_alike_and_together_once(tmp_path: Path) -> None:
    type_ = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    lines = f'<{BASE}a> <{type_}> <{BASE}C> {GRAPH} .\n<{BASE}a> <{BASE}p> "x"@en {GRAPH} .\n'.encode()
    quads = list(ox.parse(lines, format=ox.RdfFormat.N_QUADS))
    found = []
    elsewhere = lines.replace(GRAPH.encode(), f"<{BASE}graph/else>".encode())
    for stated in (quads, [lines], [*quads, lines, elsewhere]):
        tally = Tally(in_order(stated, RELEASE_GRAPH, tmp_path).merged())
        found.append(list(tally.statements()))
    assert found[0] == found[1] == found[2]


def test_stages_are_told_to_a_file_that_is_named(tmp_path: Path) -> None:
    tell = told({"MSEVIDENCE_STAGES": str(tmp_path / "stages")})
    publish_small(tmp_path / "home", stage=tell)
    stages = (tmp_path / "stages").read_text().splitlines()
    assert (stages[0], stages[-1], len(stages)) == ("started", "pruned", 13)
    told({})("nobody hears this")
