"""Findings where their things appear: pages of claims, studies, registrations and passages, lists, searches, texts."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import networkx
import pytest
from flask.testing import FlaskClient

from msevidence.server.cli import run
from msevidence.server.review_model import SEVERITIES, Finding
from tests.pages_site import Page, client_of, page
from tests.review_site import DOCUMENTS, decided, reviews

BASE = "https://w3id.org/msevidence/"
KINDS = ("claim", "study", "registration", "publication", "passage")


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def findings(release_home: Path) -> list[Finding]:
    return [finding for review in reviews(release_home) for finding in review.findings]


def things(findings: list[Finding]) -> dict[str, set[str]]:
    """Return the keys of the findings about each thing or resting on it, by its path."""
    found: dict[str, set[str]] = {}
    for finding in findings:
        for iri in [*finding.about, *(place.passage for place in finding.places)]:
            found.setdefault(iri.removeprefix(BASE), set()).add(finding.key)
    return found


def told(findings: Iterable[Finding]) -> Counter[str]:
    """Return how many there are by severity, and set aside: those of two reviews that say the same are one."""
    once = {(f.kind, f.severity, f.message.en, f.set_aside) for f in findings}
    return Counter("set-aside" if set_aside else severity for _, severity, _, set_aside in once)


def badges(shown: Page) -> list[tuple[str, str]]:
    """Return severity class and address of each badge in the list of findings of a page."""
    (section,) = [e for e in shown.all("section") if e.get("aria-labelledby") == "findings"]
    links = [e for e in section.iter("a") if (e.get("class") or "").startswith("badge ")]
    return [(e.get("class").removeprefix("badge sev-"), e.get("href")) for e in links]


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_thing_has_its_findings_the_gravest_first(
    client: FlaskClient, findings: list[Finding], kind: str, language: str
) -> None:
    by_key = {f.key: f for f in findings}
    of_kind = {path: keys for path, keys in things(findings).items() if path.startswith(f"{kind}/")}
    assert len(of_kind) > 5
    for path in sorted(of_kind)[:: max(1, len(of_kind) // 4)]:
        shown = page(client, f"/{path}.html", **{"Accept-Language": language})
        there = badges(shown)
        assert Counter(href.rpartition("#finding-")[2] for _, href in there) == Counter(list(of_kind[path]))
        ranks = [SEVERITIES.index(severity) for severity, _ in there]
        assert ranks == sorted(ranks)
        for severity, href in there:
            finding = by_key[href.rpartition("#finding-")[2]]
            assert severity == finding.severity
            assert href.startswith(f"/review/{finding.document.rpartition('/')[2]}#")
            assert " ".join(finding.message.of(language).split()) in shown.section("findings")


def test_a_thing_without_findings_says_nothing(client: FlaskClient, findings: list[Finding]) -> None:
    concerned = things(findings)
    listed = page(client, "/publications").local_links()
    (without, *_) = [link for link in listed if link.startswith("/publication/") and link[1:] not in concerned]
    shown = page(client, f"{without}.html")
    assert not [e for e in shown.all("section") if e.get("aria-labelledby") == "findings"]


@pytest.mark.parametrize("name", ["claims", "studies", "registrations"])
def test_lists_say_how_many_findings_there_are(client: FlaskClient, findings: list[Finding], name: str) -> None:
    by_key = {f.key: f for f in findings}
    shown = page(client, f"/{name}")
    (entries,) = shown.all("ol", class_="entries")
    counted = 0
    for entry in entries.iter("li"):
        first, *rest = list(entry.iter("a"))
        keys = things(findings).get(first.get("href").lstrip("/"), set())
        there = {
            e.get("class").removeprefix("badge sev-"): int(words(e).split()[0])
            for e in rest
            if (e.get("class") or "").startswith("badge ")
        }
        assert there == told(by_key[key] for key in keys), first.get("href")
        counted += len(there)
    assert counted > 5


@pytest.mark.parametrize(
    ("path", "standing", "aside"),
    [
        ("study/mist", 27, 1),
        ("study/ram-ms", 12, 0),
        ("study/bonan", 5, 1),
        ("registration/NCT03477500", 5, 0),
        ("claim/fhi-2021.e1a8798133.1.1", 0, 1),
        ("claim/nygaard-2024.89b51131f0.1.1", 6, 0),
    ],
)
def test_a_thing_has_as_many_findings_everywhere(
    client: FlaskClient, release_home: Path, capsys: pytest.CaptureFixture[str], path: str, standing: int, aside: int
) -> None:
    kind = {"study": "studies", "registration": "registrations", "claim": "claims"}[path.partition("/")[0]]
    listed = client.get(f"/{kind}.json").get_json()["tables"][0]["rows"]
    (row,) = [row for row in listed if row["thing_iri"] == BASE + path]
    assert (row["findings"], row["set_aside"]) == (standing, aside)
    (row,) = [
        row
        for row in csv.DictReader(io.StringIO(client.get(f"/{kind}.csv").text.removeprefix("\ufeff")))
        if row["thing_iri"] == BASE + path
    ]
    assert (row["findings"], row["set_aside"]) == (str(standing), str(aside))

    shown = page(client, f"/{path}.html")
    (heading,) = shown.all("h2", id="findings")
    assert words(heading) == f"Findings {standing}" + (f", {aside} set aside" if aside else "")
    (section,) = [e for e in shown.all("section") if e.get("aria-labelledby") == "findings"]
    entries = [words(e) for e in section.iter("li")]
    assert len(entries) == standing + aside and sum("(set aside)" in one for one in entries) == aside
    if kind == "claims":
        assert f"{standing} findings" + (f", {aside} set aside" if aside else "") in words(shown.all("section")[0])

    assert run(["show", path, "--home", str(release_home)]) == 0
    out = capsys.readouterr().out
    assert f"  {standing} findings" + (f", {aside} set aside:" if aside else ":") in out
    assert run(["show", path, "--home", str(release_home), "--json"]) == 0
    (thing,) = json.loads(capsys.readouterr().out)["things"]
    assert [one["set_aside"] for one in thing["findings"]] == [False] * standing + [True] * aside


def test_the_map_and_the_files_of_a_network_count_alike(client: FlaskClient) -> None:
    listed = client.get("/studies.json").get_json()["tables"][0]["rows"]
    totals = {row["thing_iri"]: row["findings"] for row in listed}
    marked = client.get("/map.json?table=studies").get_json()["tables"][0]["rows"]
    (mist,) = [row for row in marked if row["study_iri"] == BASE + "study/mist"]
    assert mist["findings"] == "warnings: 10"
    read = networkx.read_gexf(io.BytesIO(client.get("/export/gexf?graph=identity&study=mist").data))
    (node,) = [told for _, told in read.nodes(data=True) if told["iri"] == BASE + "study/mist"]
    assert sum(node[f"findings_{severity}"] for severity in SEVERITIES) == totals[BASE + "study/mist"]


def test_what_two_reviews_say_of_a_disagreement_is_told_once(client: FlaskClient) -> None:
    shown = page(client, "/claim/nygaard-2024.89b51131f0.1.1.html")
    (section,) = [e for e in shown.all("section") if e.get("aria-labelledby") == "findings"]
    (twice,) = [e for e in section.iter("li") if "one study, told differently" in words(e)]
    links = [e.get("href") for e in twice.iter("a") if (e.get("class") or "").startswith("badge ")]
    assert {href.partition("#")[0] for href in links} == {f"/review/{key}" for key in DOCUMENTS}


def test_a_search_and_a_text_show_them_too(client: FlaskClient, findings: list[Finding]) -> None:
    found = page(client, "/search?q=" + quote("effective therapy"))
    assert len([e for e in found.all("a") if (e.get("class") or "").startswith("badge ")]) > 1
    concerned = things(findings)
    for key in DOCUMENTS:
        shown = page(client, f"/document/{key}.html?lang=nb")
        flags = [e for e in shown.all("a") if (e.get("class") or "").startswith("flag ")]
        own = {
            place.passage.removeprefix(BASE)
            for f in findings
            for place in f.places
            if f.document == place.document == f"{BASE}document/{key}" and not f.set_aside
        }
        assert len(flags) == len(own) > 40
        there = {e.get("id") for e in page(client, f"/review/{key}").root.iter() if e.get("id")}
        for flag in flags:
            path, _, fragment = flag.get("href").partition("#")
            assert path == f"/review/{key}?lang=nb" and fragment in there
            assert " funn, " in flag.get("aria-label")
        assert own <= set(concerned)


def test_show_tells_of_them(release_home: Path, capsys: pytest.CaptureFixture[str], findings: list[Finding]) -> None:
    by_key = {f.key: f for f in findings}
    for path, language in (("study/mist", "en"), ("study/mist", "nb")):
        assert run(["show", path, "--home", str(release_home), "--language", language, "--json"]) == 0
    assert run(["show", "Stem cell therapy (n = 9), mitoxantrone (n = 21)", "--home", str(release_home)]) == 0
    out = capsys.readouterr().out
    (arms,) = [f for f in findings if f.kind == "arms-against-total" and "9 + 21" in f.message.en]
    assert f"  error: {arms.message.en}\n" in out and f"finding/{arms.key}" in out
    assert run(["show", "mist", "--home", str(release_home), "--language", "nb"]) == 0
    told = capsys.readouterr().out
    keys = [line.rpartition("finding/")[2] for line in told.splitlines() if ", finding/" in line]
    assert keys and set(keys) <= things(findings)["study/mist"]
    assert all(by_key[key].message.nb in told for key in keys)


def test_what_was_set_aside_is_marked_and_does_not_count(release_home: Path, data_dir: Path) -> None:
    there = decided(release_home, data_dir)
    (finding,) = [f for r in reviews(there.home) for f in r.findings if f.key == there.set_aside]
    claim = next(iri.removeprefix(BASE) for iri in finding.about if "/claim/" in iri)
    with client_of(there.home) as client, client_of(there.before) as before:
        shown = page(client, f"/{claim}.html")
        assert "(set aside)" in shown.section("findings")
        assert badges(shown)[-1][1].endswith(f"#finding-{there.set_aside}")
        assert len(badges(shown)) == len(badges(page(before, f"/{claim}.html")))
