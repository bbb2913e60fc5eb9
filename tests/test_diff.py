"""What changed between two small releases: what is told, how releases are named, and what rdflib makes of a patch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset

from msevidence.server import diff_read
from msevidence.server.cli import run
from msevidence.server.diff_model import Diff
from msevidence.server.diff_patch import patch
from msevidence.server.diff_quads import ADDED, REMOVED, Quads, changed_lines
from msevidence.server.diff_read import compare
from msevidence.server.diff_releases import UnknownReleaseError, kept, named
from msevidence.server.diff_words import moved, sentences, summary
from tests.pages_site import client_of, page
from tests.release_helper import BASE, BUILT, RELEASE_GRAPH, publish_small, quad, small_graph

MSE, RDFS = BASE + "ontology#", "http://www.w3.org/2000/01/rdf-schema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"


def stated(graph: str, turtle: str) -> list[ox.Quad]:
    """Return statements of a graph, written in Turtle."""
    prefixes = f"@base <{BASE}> . @prefix mse: <{MSE}> . @prefix rdfs: <{RDFS}> . @prefix xsd: <{XSD}> . "
    prefixes += "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix oa: <http://www.w3.org/ns/oa#> . "
    triples = ox.parse(f"{prefixes}{turtle}", ox.RdfFormat.TURTLE)
    return [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(f"{BASE}graph/{graph}")) for t in triples]


def difference(home: Path, before: Sequence[ox.Quad], after: Sequence[ox.Quad]) -> Diff:
    """Publish two releases, and compare them."""
    publish_small(home, before)
    publish_small(home, after, built=BUILT + timedelta(days=1))
    return compare(named(home, "previous"), named(home, "current"))


def told(diff: Diff, language: str = "en") -> list[str]:
    return list(sentences(diff, diff.told, language))


def test_lines_are_compared_in_one_pass(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_bytes(b"a\nb\nd\n")
    other.write_bytes(b"b\nc\nd\ne\n")
    assert list(changed_lines(one, other)) == [(REMOVED, b"a\n"), (ADDED, b"c\n"), (ADDED, b"e\n")]
    assert list(changed_lines(one, one)) == []


def test_a_thing_is_found_in_the_sorted_file_wherever_it_stands(tmp_path: Path) -> None:
    """First, last, between, and beside one whose IRI begins alike."""
    keys = ["a", "a.1", "a-b", "a/b", "m", "z", "zz"]
    release = publish_small(tmp_path, [quad(key, f"named {key}", "studies") for key in keys])
    with Quads(release.path / "data.nq", RELEASE_GRAPH) as quads:
        for key in keys:
            assert [q.object.value for q in quads.of(BASE + key)] == [f"named {key}"], key
        assert quads.of(BASE + "b") == quads.of(BASE) == quads.of("urn:x") == ()
        assert quads.of(f"{BASE}release/{release.id}") == ()  # the graph `release` is about the release, not in it
        assert list(quads.beginning(BASE + "a")) == [BASE + k for k in ("a-b", "a.1", "a/b", "a")]


STUDY = """<study/x> a mse:Study ; rdfs:label "X"@en . <registration/N1> a mse:Registration ; rdfs:label "N1" ;
  mse:denotesStudy <study/x> ; mse:enrolment {count} ."""


def test_what_is_new_gone_and_changed_is_told_in_both_languages(tmp_path: Path) -> None:
    before = [*stated("studies", STUDY.replace("{count}", "10")), quad("study/old", "Old", "studies")]
    new = stated("studies", '<study/new> a mse:Study ; rdfs:label "New"@en .')
    after = [*stated("studies", STUDY.replace("{count}", "20")), *new]
    diff = difference(tmp_path, before, after)
    assert told(diff) == ["new: mse:study, New", "X: participants 10 → 20 in N1", "gone: Old"]
    assert told(diff, "nb") == ["ny: mse:study, New", "X: deltakere 10 → 20 i N1", "borte: Old"]
    assert (diff.added, diff.removed, diff.complete, diff.moved) == (3, 2, True, [])
    assert summary(diff, "en")[0] == "Studies: 1 new, 0 gone, 1 changed"
    assert summary(diff, "nb")[0] == "Studier – nye: 1, borte: 0, endret: 1"


def test_yes_and_no_are_told_in_words(tmp_path: Path) -> None:
    said = '<study/x> a mse:Study ; rdfs:label "X"@en ; mse:found {value} .'
    before, after = (stated("studies", said.replace("{value}", value)) for value in ("true", "false"))
    diff = difference(tmp_path, before, after)
    assert [(one.rpartition(" ")[2], "yes → no" in one) for one in told(diff)] == [("no", True)]
    assert ["ja → nei" in one for one in told(diff, "nb")] == [True]


def test_a_thing_that_is_wholly_new_is_told_with_its_parts_counted(tmp_path: Path) -> None:
    added = stated("studies", STUDY.replace("{count}", "10"))
    diff = difference(tmp_path, small_graph(), [*small_graph(), *added])
    (one,) = diff.told
    assert (one.thing, one.how, dict(one.parts)) == (BASE + "study/x", "new", {MSE + "Registration": 1})
    assert len(one.changes) == 1 and told(diff)[0] == "new: mse:study, X, with mse:registration: 1"


def test_the_same_said_by_one_more_source_is_no_change_of_what_is_said(tmp_path: Path) -> None:
    diff = difference(tmp_path, small_graph(), [*small_graph(), quad("study/mist", "MIST", "queries")])
    assert (diff.added, diff.same, diff.told) == (1, False, [])
    assert "only figures" in text(tmp_path, "previous", "current")


def recorded(*fields: tuple[str, str]) -> list[ox.Quad]:
    """Return a registration with values that a catalogue records, in the order of its file."""
    nodes = "".join(
        f"<sourced-value/N1.registration.{n}.1> a mse:SourcedValue ; mse:about <registration/N1> ;"
        f' mse:field "{field}" ;'
        f' mse:value "{value}" ; mse:sourceDate "2025-09-25" . '
        f"<registration/N1> mse:hasSourcedValue <sourced-value/N1.registration.{n}.1> . "
        for n, (field, value) in enumerate(fields, 1)
    )
    return stated("registrations", STUDY.replace("{count}", "10") + nodes)


def test_recorded_values_are_compared_by_their_field_and_not_by_their_place(tmp_path: Path) -> None:
    before = recorded(("sponsor", "A"), ("phase", "2"))
    diff = difference(tmp_path, before, recorded(("acronym", "X-1"), ("sponsor", "A"), ("phase", "3")))
    per = "per the catalogue “registrations”, whose source is of 2025-09-25"
    assert told(diff) == [f"X: acronym is now stated: X-1 in N1, {per}", f"X: phase 2 → 3 in N1, {per}"]
    # Their addresses hold the place in the file, so that two of them stand for another field now: that is told, too.
    assert {one.property for one in diff.moved} == {MSE + "field"}


PASSAGES = """<document/d> a mse:Document ; rdfs:label "D"@en . {passages}"""


def passages(*texts: str) -> list[ox.Quad]:
    """Return a document with passages whose keys depend on their words, as those of real documents do."""
    said = "".join(
        f"<passage/d.{text.replace(' ', '')}.1> a mse:Passage ; oa:hasSource <document/d> ; oa:start {n * 100} ;"
        f' mse:text "{text}" . <claim/d.{text.replace(" ", "")}.1.1> a mse:Claim ; mse:claimText "{text}" ;'
        f" mse:statedIn <passage/d.{text.replace(' ', '')}.1> ; mse:inDocument <document/d> . "
        for n, text in enumerate(texts)
    )
    return stated("document-d", PASSAGES.replace("{passages}", said))


def test_a_passage_is_paired_with_the_one_in_its_place_and_never_by_likeness(tmp_path: Path) -> None:
    diff = difference(tmp_path / "1", passages("one", "two", "three"), passages("one", "quite other", "three"))
    (claim,) = diff.of("claims")
    assert claim.how == "changed"
    assert "now reads “quite other”, before two" in next(sentences(diff, [claim], "en"))
    assert [(c.node, c.successor) for c in claim.changes] == [(f"{BASE}claim/d.two.1.1", claim.thing)]
    # Where two stand in the place of one, nobody can say which is which.
    diff = difference(tmp_path / "2", passages("one", "two", "three"), passages("one", "two a", "two b", "three"))
    assert sorted(one.how for one in diff.of("claims")) == ["gone", "new", "new"]


def test_places_that_shift_are_not_told(tmp_path: Path) -> None:
    diff = difference(tmp_path, passages("one", "two"), passages("nought", "one", "two"))
    assert [one.how for one in diff.of("claims")] == ["new"]
    assert all("start" not in said for said in told(diff))


def test_an_address_that_means_something_else_is_told(tmp_path: Path) -> None:
    before = stated(
        "studies", '<study/x> a mse:Study ; rdfs:label "X" . <claim/c> a mse:Claim ; mse:claimText "One." .'
    )
    after = stated(
        "studies", '<study/x> a mse:Person ; rdfs:label "X" . <claim/c> a mse:Claim ; mse:claimText "Two." .'
    )
    diff = difference(tmp_path, before, after)
    assert [(one.thing, one.property) for one in diff.moved] == [
        (BASE + "claim/c", MSE + "claimText"),
        (BASE + "study/x", TYPE),
    ]
    lines = list(moved(diff, "en"))
    assert "its words are others" in lines[0] and "its class is another" in lines[1]
    assert lines[1] in text(tmp_path, "previous", "current")


def test_a_merge_and_its_undoing_are_told_and_are_no_change_of_meaning(tmp_path: Path) -> None:
    apart = stated("studies", '<study/x> a mse:Study ; rdfs:label "X" . <study/y> a mse:Study ; rdfs:label "Y" .')
    merged = stated("studies", '<study/x> a mse:Study ; rdfs:label "X" . ') + stated(
        "identity", '<study/y> a mse:FormerIdentity ; rdfs:label "Y" ; dcterms:isReplacedBy <study/x> .'
    )
    diff = difference(tmp_path / "1", apart, merged)
    assert (told(diff), diff.moved) == (["Y turned out to be X; its address leads there"], [])
    diff = difference(tmp_path / "2", merged, apart)
    assert (told(diff), diff.moved) == (["Y is not held to be X any more, and is a thing of its own"], [])


def test_too_much_is_counted_and_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff_read, "MOST", 5)
    diff = difference(tmp_path, small_graph("one"), small_graph("two"))
    assert (diff.complete, diff.told, diff.added, diff.removed) == (False, (), 7, 7)
    assert "too much to tell" in text(tmp_path, "previous", "current")
    assert "graph/studies: -7 +7" in text(tmp_path, "previous", "current")


HARD = """<study/x> rdfs:label "tab\\t, line\\n, quote \\", back\\\\slash, \\u00e6 \\U0001F600"@en , "<a> ." ,
  "x"@en-GB ;  mse:asOf "2024"^^xsd:gYear ; mse:value "1.50"^^xsd:decimal ."""


def test_rdflib_applies_the_patch(tmp_path: Path) -> None:
    """A reader that we did not write makes the later release of the earlier one, default graph included."""
    publish_small(tmp_path, small_graph())
    publish_small(tmp_path, [*small_graph("two"), *stated("studies", HARD)], built=BUILT + timedelta(days=1))
    before, after = named(tmp_path, "previous"), named(tmp_path, "current")
    made, meant = Dataset(), Dataset()
    made.parse(before.data, format="nquads")
    meant.parse(after.data, format="nquads")
    assert set(made.quads()) != set(meant.quads())
    made.parse(data=b"".join(patch(before, after)).decode(), format="patch")
    assert set(made.quads()) == set(meant.quads())
    assert len(meant) > 0


def test_patches_of_consecutive_releases_make_a_log(tmp_path: Path) -> None:
    for n, word in enumerate(("one", "two", "three")):
        publish_small(tmp_path, small_graph(word), built=BUILT + timedelta(days=n))
    last, middle = named(tmp_path, "current"), named(tmp_path, "previous")
    first = next(kept(p) for p in (tmp_path / "releases").iterdir() if p.name not in (last.id, middle.id))
    heads = [list(patch(*pair))[:2] for pair in ((first, middle), (middle, last))]
    assert heads[0][0].split()[2] == heads[1][1].split()[2]


def text(home: Path, *names: str) -> str:
    """Return what the command prints of two releases."""
    from click.testing import CliRunner

    from msevidence.server.cli import group

    done = CliRunner().invoke(group, ["diff", *names, "--home", str(home)])
    assert done.exit_code == 0, done.output
    return done.output


def test_releases_are_named_by_id_part_of_it_word_or_folder(tmp_path: Path) -> None:
    one = publish_small(tmp_path, small_graph("one"))
    two = publish_small(tmp_path, small_graph("two"), built=BUILT + timedelta(days=1))
    for name in (one.id, one.id[:4], "previous", str(one.path)):
        assert named(tmp_path, name).id == one.id
    assert named(tmp_path, "current").id == two.id
    copied = tmp_path / "downloaded"
    copied.mkdir()
    for file in ("data.nq", "manifest.json"):
        (copied / file).write_bytes((one.path / file).read_bytes())
    assert compare(named(tmp_path, str(copied)), named(tmp_path, "current")).added == 7
    for name, said in (("abc", "at least 4 characters"), ("nothing", "no release"), ("./none", "no such folder")):
        with pytest.raises(UnknownReleaseError, match=said):
            named(tmp_path, name)
    with pytest.raises(UnknownReleaseError, match="before the current one"):
        publish_small(tmp_path / "other")
        named(tmp_path / "other", "previous")
    with pytest.raises(UnknownReleaseError, match="no release is published"):
        named(tmp_path / "nowhere", "current")


def test_what_can_not_be_compared_is_a_usage_error_or_one_of_the_disk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_small(tmp_path)
    assert run(["diff", "zzzz", "current", "--home", str(tmp_path)]) == 2
    assert run(["diff", "current", "current", "--site", "https://x.example", "--home", str(tmp_path)]) == 2
    for none in ("kg.example", "javascript:alert(1)", ""):
        assert run(["diff", "current", "current", "--atom", "--site", none, "--home", str(tmp_path)]) == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(["diff", str(empty), "current", "--home", str(tmp_path)]) == 3
    (empty / "manifest.json").write_text("{}")
    assert run(["diff", str(empty), "current", "--home", str(tmp_path)]) == 3
    nowhere = str(tmp_path / "no" / "file")
    assert run(["diff", "current", "current", "--patch", "--output", nowhere, "--home", str(tmp_path)]) == 3
    capsys.readouterr()
    assert run(["diff", "current", "current", "--home", str(tmp_path)]) == 0
    assert "Nothing differs" in capsys.readouterr().out


def test_json_and_atom_of_the_command_say_the_same(tmp_path: Path) -> None:
    publish_small(tmp_path, small_graph("one"))
    publish_small(tmp_path, small_graph("two"), built=BUILT + timedelta(days=1))
    file = tmp_path / "changes"
    assert run(["diff", "--json", "--output", str(file), "--home", str(tmp_path)]) == 0
    read = json.loads(file.read_text(encoding="utf-8"))
    assert (read["added"], read["removed"], len(read["things"])) == (7, 7, 7)
    said = {c["said"] for one in read["things"] for c in one["changes"]}
    assert run(["diff", "--atom", "--site", "https://x.example", "--output", str(file), "--home", str(tmp_path)]) == 0
    atom = file.read_text(encoding="utf-8")
    assert all(one in atom for one in said) and "https://x.example/changes/" in atom
    assert not list(tmp_path.glob(".*.part"))


def test_a_server_with_one_release_says_so(tmp_path: Path) -> None:
    publish_small(tmp_path)
    with client_of(tmp_path) as client:
        assert "only one release" in page(client, "/changes?lang=en").text()
        for suffix in ("json", "csv", "ttl", "jsonld"):
            assert client.get(f"/changes.{suffix}").status_code == 200, suffix
        assert b"first release" in client.get("/changes.atom?lang=en").data
        assert client.get("/changes/../current").status_code == client.get("/changes/a%5Cb/current").status_code == 404


def test_a_release_that_is_damaged_is_not_said_to_be_unknown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    old = publish_small(tmp_path, small_graph("one"))
    publish_small(tmp_path, small_graph("two"), built=BUILT + timedelta(days=1))
    (old.path / "manifest.json").write_text("{", encoding="utf-8")
    with client_of(tmp_path) as client:
        for address in (
            f"/changes/{old.id}/current",
            f"/changes/{old.id[:12]}/current",
            f"/changes/{old.id}/current.rdfp",
        ):
            answer = client.get(address)
            assert (answer.status_code, answer.get_json()["type"].rpartition("/")[2]) == (500, "damaged-store"), address
        assert f"{old.id}/manifest.json: not the manifest of a release" in caplog.text
        assert client.get(f"/changes/{'0' * 64}/current").status_code == 404
    assert run(["diff", old.id[:12], "current", "--home", str(tmp_path)]) == 3
    assert "not the manifest of a release" in capsys.readouterr().err


def test_a_byte_that_a_disk_turned_is_not_told_as_a_change(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    old = publish_small(tmp_path, small_graph("one"))
    publish_small(tmp_path, small_graph("two"), built=BUILT + timedelta(days=1))
    data = old.path / "data.nq"
    lines = data.read_bytes()
    data.write_bytes(lines.replace(b"one", b"oNe", 1))
    with client_of(tmp_path) as client:
        for address in ("/changes", "/changes.json", f"/changes/{old.id}/current", f"/changes/{old.id}/current.rdfp"):
            answer = client.get(address)
            assert answer.status_code == 500, address
            assert b"oNe" not in answer.data, address
        assert f"{old.id}/data.nq: has SHA-256" in caplog.text
        feed = client.get("/changes.atom?lang=en")
        assert feed.status_code == 200 and feed.headers["Cache-Control"] == "no-store"
        assert (feed.data.count(b"can not be told"), feed.data.count(b"oNe")) == (1, 0)
        assert feed.data.count(b"<entry>") == 2
    for form in ("--json", "--patch", "--atom"):
        assert run(["diff", old.id[:12], "current", form, "--home", str(tmp_path)]) == 3
        said = capsys.readouterr()
        assert f"{old.id}/data.nq" in said.err and not said.out, form
    data.write_bytes(lines)
    with client_of(tmp_path) as client:
        assert b"can not be told" not in client.get("/changes.atom?lang=en").data
    assert run(["diff", old.id[:12], "current", "--patch", "--home", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("TC .\n")


def test_a_long_page_says_how_much_more_there_is(tmp_path: Path) -> None:
    publish_small(tmp_path, small_graph("one"))
    many = [quad(f"study/m{n}", f"many {n}", "studies") for n in range(150)]
    publish_small(tmp_path, many, built=BUILT + timedelta(days=1))
    with client_of(tmp_path) as client:
        shown = page(client, "/changes?lang=en")
        assert "58 more; the files have them all." in shown.text()
        assert len(client.get("/changes.json?lang=en").json["tables"][0]["rows"]) == 158  # type: ignore[index]
        assert b"58 more" in client.get("/changes.atom?lang=en").data


def test_one_release_is_read_once_for_all_who_ask(tmp_path: Path) -> None:
    publish_small(tmp_path, small_graph("one"))
    publish_small(tmp_path, small_graph("two"), built=BUILT + timedelta(days=1))
    before, after = named(tmp_path, "previous"), named(tmp_path, "current")
    assert compare(before, after) is compare(replace(before), replace(after))
