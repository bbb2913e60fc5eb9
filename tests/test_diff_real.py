"""What changed between two releases of the real data: a line of the report, and two states of a registry record."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import etree
from ruamel.yaml import YAML

from msevidence.loaders.build import build
from msevidence.loaders.release_manifest import describe_file
from msevidence.ontology.iris import BASE
from msevidence.server.cli import run
from msevidence.server.diff_model import Diff
from msevidence.server.diff_names import Names
from msevidence.server.diff_quads import Quads, changed_lines, graph_of
from msevidence.server.diff_read import compare
from msevidence.server.diff_releases import Kept, kept, named
from msevidence.server.diff_words import sentences
from msevidence.server.i18n import LANGUAGES
from msevidence.server.index import index
from msevidence.server.releases import current
from tests.pages_site import client_of, page

EXPECTED = Path(__file__).parent / "expected" / "changes-between-releases.yaml"
STUDY, RECORD = BASE + "study/ram-ms", BASE + "registration/NCT03477500"
ATOM = "{http://www.w3.org/2005/Atom}"
LINE = 598


def record(end: str, updated: str, status: str, count: int) -> dict[str, Any]:
    """Return NCT03477500 as ClinicalTrials.gov exports it."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT03477500", "briefTitle": "RAM-MS", "acronym": "RAM-MS"},
            "statusModule": {
                "overallStatus": status,
                "completionDateStruct": {"date": end, "type": "ESTIMATED"},
                "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"},
            },
            "designModule": {"enrollmentInfo": {"count": count, "type": "ESTIMATED"}},
        }
    }


def edited(data: Path, target: Path) -> Path:
    """Return a copy of the data in which the comment of line 598 of the report reads 2026 in place of 2024."""
    shutil.copytree(data, target)
    report = target / "reports" / "fhi-2021"
    text = (report / "source.txt").read_bytes().split(b"\n")
    assert text[LINE - 1].strip() == b"Kommentar: Forventet ferdigstilt i 2024"
    text[LINE - 1] = text[LINE - 1].replace(b"2024", b"2026")
    (report / "source.txt").write_bytes(b"\n".join(text))
    curation = (report / "curation.yaml").read_text(encoding="utf-8")
    for old in (
        "- quote: Forventet ferdigstilt i 2024\n",
        "    date: 2024\n    printed: i 2024\n    quote: Forventet ferdigstilt i 2024\n",
    ):
        assert curation.count(old) == 1
        curation = curation.replace(old, old.replace("2024", "2026"))
    (report / "curation.yaml").write_text(curation, encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def home(release_home: Path, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the real release, and after it one with the line changed and two exports loaded."""
    folder = tmp_path_factory.mktemp("diff")
    home = folder / "home"
    (home / "releases").mkdir(parents=True)
    first = current(release_home)
    (home / "releases" / first.id).symlink_to(first.path)
    states = [("2029-03-21", "2026-07-01", "ACTIVE_NOT_RECRUITING", 100), ("2030-12", "2026-10-01", "RECRUITING", 120)]
    for number, state in enumerate(states, 1):
        file = folder / f"export{number}.json"
        file.write_text(json.dumps({"studies": [record(*state)], "totalCount": 1}))
        assert run(["load", str(file), "--no-build", "--home", str(home)]) == 0
    build(edited(data_dir, folder / "data"), home)
    return home


@pytest.fixture(scope="module")
def diff(home: Path) -> Diff:
    return compare(named(home, "previous"), named(home, "current"))


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[FlaskClient]:
    with client_of(home) as client:
        yield client


@pytest.fixture(scope="module")
def again(real_store: ox.Store, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return the same input, assembled a second time."""
    folder = tmp_path_factory.mktemp("again")
    (folder / "data.nq").write_text("".join(sorted(f"{quad} .\n" for quad in real_store)), encoding="utf-8")
    manifest = json.loads((named(home, "previous").path / "manifest.json").read_bytes())
    manifest["files"]["data.nq"] = asdict(describe_file(folder / "data.nq"))
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return kept(folder)


def expected(scenario: str) -> dict[str, Any]:
    read = YAML(typ="safe").load(EXPECTED.read_text(encoding="utf-8"))["answer"]
    (found,) = [one for one in read if one["scenario"] == scenario]
    return dict(found)


def test_the_same_input_differs_in_nothing(home: Path, again: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    found = compare(named(home, "previous"), again)
    assert (found.added, found.removed) == (expected("same-input")["added"], expected("same-input")["removed"])
    assert found.same and not found.told
    only = {graph_of(line) for _, line in changed_lines(named(home, "previous").data, again.data)}
    assert only <= {"", again.own_graph}
    assert run(["diff", "previous", str(again.path), "--home", str(home)]) == 0
    assert "Nothing differs" in capsys.readouterr().out


def test_a_line_of_the_report_changes_the_expectation_that_it_states_and_no_other(diff: Diff) -> None:
    scenario = expected("line-changed")
    (study,) = [one for one in diff.of("studies") if one.thing == STUDY]
    dates = [c for c in study.changes if c.property.endswith("#date")]
    assert [([v.value for v in c.before], [v.value for v in c.after]) for c in dates] == [
        ([scenario["removed"]], [scenario["added"]])
    ]
    with Quads(diff.after.data, diff.after.own_graph) as now, Quads(diff.before.data, diff.before.own_graph) as then:
        unchanged = [
            iri
            for iri in now.beginning(BASE + "expectation/fhi-2021")
            if any(scenario["unchanged"] in v.value for v in now.values(iri, BASE + "ontology#quotedText"))
        ]
        assert len(unchanged) == 1
        assert now.of(unchanged[0]) == then.of(unchanged[0])
    said = list(sentences(diff, [study], "en"))
    assert said[0] == "RAM-MS: expected end 2024 → 2026, per fhi-2021 (2021-09)"
    assert next(sentences(diff, [study], "nb")) == "RAM-MS: forventet slutt 2024 → 2026, ifølge fhi-2021 (2021-09)"
    assert diff.name(STUDY, "en").text == scenario["study"]


def test_a_newer_record_is_told_with_its_export_and_date(diff: Diff) -> None:
    (study,) = [one for one in diff.of("studies") if one.thing == STUDY]
    said = list(sentences(diff, [study], "en"))
    per = "per registry export of 2026-10-01 (export2.json (ClinicalTrials.gov API v2, JSON))"
    assert f"RAM-MS: expected end 2028-03-21 → 2030-12 in NCT03477500, {per}" in said
    assert f"RAM-MS: status active, not recruiting → recruiting in NCT03477500, {per}" in said
    assert f"RAM-MS: participants 100 → 120 in NCT03477500, {per}" in said
    # What the newer record does not state any more is told, too, and both states of the record are new.
    assert [one for one in said if one.startswith("RAM-MS: expected primary completion 2026-11-21 is no longer")]
    assert sum("new: record version" in one for one in said) == 2
    assert {one.thing for one in diff.of("studies")} == {STUDY}


def test_a_claim_that_was_reworded_is_one_claim(diff: Diff) -> None:
    (claim,) = diff.of("claims")
    assert (claim.how, claim.studies) == ("changed", {STUDY})
    assert list(sentences(diff, [claim], "en")) == [
        "Claim: now reads “Forventet ferdigstilt i 2026”, before “Forventet ferdigstilt i 2024”, per fhi-2021 (2021-09)"
    ]
    names = {diff.name(one.thing, "en").text for one in diff.of("sources")}
    assert names == {"reports/fhi-2021/source.txt", "reports/fhi-2021/curation.yaml", "export1.json", "export2.json"}


def test_no_address_changes_its_meaning(diff: Diff) -> None:
    """What both releases speak of has the same classes in both; claims and passages have the same words."""
    assert diff.moved == []
    told = {c.node for one in diff.told for c in one.changes if c.successor}
    assert {iri.removeprefix(BASE).partition("/")[0] for iri in told} >= {"claim", "passage", "expectation"}


def test_things_are_called_what_the_index_calls_them(home: Path) -> None:
    """A release without an index is told in the same words: every thing of the data, in both languages."""
    release = named(home, "current")
    there = index(current(home))
    checked = 0
    with Quads(release.data, release.own_graph) as quads:
        names = Names(quads, release.base)
        for iri in quads.beginning(BASE):
            if not quads.of(iri) or iri == f"{BASE}dataset/msevidence":  # the graph `release` names that one
                continue
            checked += 1
            for language in LANGUAGES:
                assert names(iri, language) == there.label(iri, language), iri
    assert checked > 5_000


def test_the_patch_makes_the_later_release_from_the_earlier(home: Path, tmp_path: Path) -> None:
    """Applied and sorted it gives the very file whose hash the manifest of the later release states."""
    before, after = named(home, "previous"), named(home, "current")
    file = tmp_path / "changes.rdfp"
    assert run(["diff", before.id, after.id[:8], "--patch", "--output", str(file), "--home", str(home)]) == 0
    lines = set(before.data.read_bytes().splitlines(keepends=True))
    rows = file.read_bytes().splitlines(keepends=True)
    assert (rows[4], rows[-1]) == (b"TX .\n", b"TC .\n")
    for row in rows[5:-1]:
        operation, _, line = row.partition(b" ")
        assert (line in lines) == (operation == b"D")
        (lines.remove if operation == b"D" else lines.add)(line)
    made = tmp_path / "made.nq"
    made.write_bytes(b"".join(sorted(lines)))
    manifest = json.loads((after.path / "manifest.json").read_text(encoding="utf-8"))
    assert describe_file(made).sha256 == manifest["files"]["data.nq"]["sha256"]
    assert run(["diff", "previous", "current", "--patch", "--output", str(tmp_path / "2"), "--home", str(home)]) == 0
    assert (tmp_path / "2").read_bytes() == file.read_bytes()


def test_the_page_tells_it_and_hands_it_out(client: FlaskClient, home: Path, diff: Diff) -> None:
    shown = page(client, "/changes?lang=en")
    assert "RAM-MS: expected end 2024 → 2026, per fhi-2021 (2021-09)" in shown.section("about-studies")
    assert "Studies: 0 new, 0 gone, 1 changed" in shown.text()
    address = f"/changes/{diff.before.id}/{diff.after.id}"
    assert f"{address}.rdfp" in [e.get("href") for e in shown.in_main("a")]
    same = page(client, f"/changes/{diff.before.id[:12]}/{diff.after.id[:12]}?lang=en")
    assert same.section("about-studies") == shown.section("about-studies").replace("changes.csv", "")
    rows = list(csv.DictReader(io.StringIO(client.get("/changes.csv?table=studies&lang=en").text)))
    assert len(rows) == sum(len(one.changes) for one in diff.of("studies"))
    assert {row["thing_iri"] for row in rows} == {STUDY}
    ends = [row for row in rows if row["property_iri"].endswith("#completionDate")]
    assert [(r["before"], r["after"], r["date"], r["part_iri"]) for r in ends] == [
        ("2028-03-21", "2030-12", "2026-10-01", RECORD)
    ]
    assert "forventet slutt 2024 → 2026" in page(client, "/changes?lang=nb").text()
    assert "RAM-MS" not in page(client, "/changes?study=mist&lang=en").text()
    assert client.get("/changes/0000/current").status_code == 404
    assert "Nothing differs" in page(client, "/changes/current/current?lang=en").text()
    # What is gone has no page of its own, so that nothing leads to one.
    for link in shown.local_links():
        assert client.get(link).status_code in (200, 303), link


def test_the_patch_is_to_be_had_at_an_address_that_never_changes(client: FlaskClient, diff: Diff) -> None:
    address = f"/changes/{diff.before.id}/{diff.after.id}.rdfp"
    plain = client.get(address)
    assert plain.content_type == "application/rdf-patch" and plain.data.startswith(b"H id <urn:uuid:")
    assert "immutable" in plain.headers["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.data) < len(plain.data) / 4


def test_the_feed_has_an_entry_for_each_release(client: FlaskClient, diff: Diff) -> None:
    response = client.get("/changes.atom?lang=en")
    assert response.content_type.startswith("application/atom+xml")
    feed = etree.fromstring(response.data)
    conforms(feed)
    ids = [e.findtext(f"{ATOM}id") for e in feed.iter(f"{ATOM}entry")]
    assert ids == [diff.after.iri, diff.before.iri]
    text = " ".join(next(feed.iter(f"{ATOM}entry")).itertext())
    assert "RAM-MS: expected end 2024 → 2026, per fhi-2021 (2021-09)" in text
    for link in feed.iter(f"{ATOM}link"):
        answer = client.get(str(link.get("href")).removeprefix("http://localhost"))
        assert answer.status_code == 200, link.get("href")
        assert answer.content_type.partition(";")[0] == link.get("type"), link.get("href")
    assert client.get("/changes.atom?lang=en", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert client.get("/changes.atom?lang=en").data == response.data


def test_a_study_has_a_feed_of_its_own(client: FlaskClient, diff: Diff) -> None:
    feed = etree.fromstring(client.get("/changes.atom?study=ram-ms&lang=nb").data)
    conforms(feed)
    assert feed.findtext(f"{ATOM}title") == "msevidence: hva som er endret om RAM-MS"
    (entry,) = feed.iter(f"{ATOM}entry")  # the first release did not change it
    assert "forventet slutt 2024 → 2026" in " ".join(entry.itertext())
    assert not list(etree.fromstring(client.get("/changes.atom?study=mist").data).iter(f"{ATOM}entry"))
    assert client.get("/changes.atom?study=a%20b").status_code == 400
    assert client.get("/changes.atom?studie=mist").status_code == 400


def conforms(feed: etree._Element) -> None:
    """Check what RFC 4287 requires: section 4.1.1 of a feed, 4.1.2 of an entry, 4.2.7 of links, 3.3 of dates."""
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert str(element.findtext(f"{ATOM}id")).startswith("https://")
        assert str(element.findtext(f"{ATOM}updated")).endswith("Z")
        assert len({(e.get("type"), e.get("hreflang")) for e in links(element, "alternate")}) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert len(links(feed, "self")) == 1
    for content in feed.iter(f"{ATOM}content"):
        assert content.get("type") == "xhtml" and [e.tag for e in content] == ["{http://www.w3.org/1999/xhtml}div"]


def links(element: etree._Element, rel: str) -> list[etree._Element]:
    return [e for e in element.findall(f"{ATOM}link") if e.get("rel") == rel]


def test_readers_are_led_to_the_changes(client: FlaskClient, diff: Diff) -> None:
    for address in ("/?lang=en", "/releases/?lang=en&format=html"):
        shown = page(client, address)
        found = [e.get("href") for e in shown.all("link", type="application/atom+xml")]
        assert [one.partition("?")[0] for one in found] == ["/changes.atom"], address
        assert any(str(e.get("href")).startswith("/changes?") for e in shown.in_main("a")), address
    kept_at = [str(e.get("href")) for e in page(client, "/releases/?format=html").in_main("a")]
    assert any(one.startswith(f"/changes/{diff.before.id}/{diff.after.id}") for one in kept_at)


def test_a_superseded_value_is_reachable_and_not_shown_as_current(client: FlaskClient, home: Path) -> None:
    record_page = page(client, "/registration/NCT03477500.html?lang=en").text()
    assert "Registered status: recruiting." in record_page
    assert "Completion date: 2030-12. Enrolment: 120." in record_page
    facts = table_of(client, "/registration/NCT03477500.json?lang=en", "facts")
    assert {"2028-03-21", "2029-03-21", "2030-12"} <= {r["value"] for r in facts if r["fact"] == "completion date"}
    # Each with its own status: that of the newest is not given to the others.
    statuses = {r["printed"]: r["value"] for r in facts if r["fact"] == "registered status" and r["printed"]}
    assert statuses == {"ACTIVE_NOT_RECRUITING": "active, not recruiting", "RECRUITING": "recruiting"}
    study = page(client, "/study/ram-ms.html?lang=en").text()
    rows = table_of(client, "/study/ram-ms.json?lang=en", "registered")
    (row,) = [one for one in rows if one["registration_iri"] == RECORD]
    assert (row["status"], row["completion"], row["enrolment"]) == ("recruiting", "2030-12", 120)
    assert "Status as registered: recruiting (record NCT03477500, 2026-10-01)." in study
    assert "ACTIVE_NOT_RECRUITING" not in study
    listed = page(client, "/registrations?lang=en").text()
    assert "2030-12" in listed and "2029-03-21" not in listed


def test_what_is_superseded_stays_in_the_graph(home: Path) -> None:
    """Both states of the record are there; the registration itself has the values of the newest only."""
    release, mse = named(home, "current"), BASE + "ontology#"
    with Quads(release.data, release.own_graph) as quads:
        versions = list(quads.beginning(BASE + "record-version/NCT03477500."))
        ends = {v.value for version in versions for v in quads.values(version, mse + "completionDate")}
        assert ends == {"2029-03-21", "2030-12"}
        assert [v.value for v in quads.values(RECORD, mse + "completionDate")] == ["2030-12"]
        assert sorted(quads.links(RECORD, mse + "hasVersion")) == sorted(versions)


def table_of(client: FlaskClient, address: str, key: str) -> list[dict[str, Any]]:
    (found,) = [one for one in client.get(address).json["tables"] if one["table"] == key]  # type: ignore[index]
    return list(found["rows"])
