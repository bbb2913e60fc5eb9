"""What README.md and CONTRIBUTING.md tell to type does what they say, and the figures in them are the program's."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.server.cli import run
from msevidence.server.settings import GIB, KIB, MIB, Settings
from tests.release_helper import BASE, publish_small, quad, small_graph

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def block(text: str, language: str, holding: str) -> str:
    """Return the one block of code in this language that holds these words."""
    blocks = [b for b in re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) if holding in b]
    assert len(blocks) == 1, f"{len(blocks)} blocks of {language} hold {holding}"
    return str(blocks[0])


def recomputed(folder: Path) -> str:
    recipe = block(CONTRIBUTING, "python", "hashlib")
    assert len(recipe.splitlines()) == 6
    done = subprocess.run(
        [sys.executable, "-c", recipe], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_recipe_recomputes_the_id_of_a_release(release_home: Path) -> None:
    folder = (release_home / "current").resolve()
    assert recomputed(folder) == folder.name


def test_the_recipe_keeps_what_the_graph_release_states_too(tmp_path: Path) -> None:
    """A triple of the graph ``release`` that another graph states as well counts, in the default graph also."""
    iri = ox.NamedNode
    graph, rdf_type = iri(BASE + "graph/meta"), iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    shared = ox.Quad(iri(BASE + "dataset/msevidence"), rdf_type, iri("http://www.w3.org/ns/dcat#Dataset"), graph)
    pointing = ox.Quad(graph, iri("http://purl.org/dc/terms/relation"), iri(BASE + "graph/release"), graph)
    odd = quad("study/odd", 'a "quoted" <https://w3id.org/msevidence/graph/release> . \\ text', "studies")
    released = publish_small(tmp_path, [*small_graph(), shared, pointing, odd])
    assert recomputed(released.path) == released.id


def test_the_named_graphs_can_be_taken_alone(release_home: Path, tmp_path: Path) -> None:
    folder = release_home / "current"
    command = block(README, "sh", "named-graphs.nq").replace(" data.nq", f" {folder.resolve()}/data.nq")
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, timeout=60, check=True)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    named = list(ox.parse(path=str(tmp_path / "named-graphs.nq"), format=ox.RdfFormat.N_QUADS))
    assert len(named) == sum(manifest["graphs"].values()) == manifest["quads"] - manifest["default_graph_triples"]
    assert {q.graph_name.value for q in named if isinstance(q.graph_name, ox.NamedNode)} == set(manifest["graphs"])


def test_the_limits_are_those_of_the_program() -> None:
    limits = Settings()
    told = (
        f"A query may take {limits.deadline:g} seconds and {limits.memory // GIB} GiB of memory, its text"
        f" {limits.max_query // KIB} KiB, its answer {limits.result_cap // MIB} MiB; one address may have"
        f" {limits.per_client} requests"
    )
    assert told in " ".join(README.split())


def test_the_examples_of_the_readme_answer(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentence = re.search(r'msevidence show "([^"]+)"', README)
    words = re.search(r'--name support-of-a-sentence --param (words)="([^"]+)"', README)
    assert sentence is not None and words is not None
    home = ["--home", str(release_home)]
    assert run(["show", *home, sentence[1]]) == 0
    shown = capsys.readouterr().out
    assert "cites 11 (marker (11))" in shown and "cites 6 " not in shown
    for text in (words[2], words[2].upper().replace("-", "\N{EN DASH}")):
        assert run(["query", *home, "--name", "support-of-a-sentence", "--param", f"{words[1]}={text}", "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["results"]["bindings"]
        assert {row["number"]["value"] for row in rows} == {"6", "11"}
    assert run(["query", *home, "--json", "--text", block(README, "sparql", "CONTAINS")]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]["bindings"]
    assert {row["number"]["value"] for row in rows} == {"6", "11"}
