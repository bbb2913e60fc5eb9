"""Parameters that stand several times: their order decides the answer, so the entity tag and what is kept too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from msevidence.server.settings import Settings
from tests.pages_site import HTML, client_of

REPEATED = (
    ("/search", "q", "stem", "qzx1"),
    ("/search.json", "q", "stem", "qzx1"),
    ("/search", "kind", "study", "claim"),
    ("/claims", "page", "1", "2"),
    ("/claims", "q", "stem", "qzx1"),
    ("/studies", "sort", "label", "claims"),
    ("/studies", "status", "ongoing", "completed"),
    ("/map", "ms-type", "spms", "rrms"),
    ("/results", "study", "mist", "ram-ms"),
    ("/timeline", "sort", "start", "end"),
    ("/review", "page", "1", "2"),
    ("/review/fhi-2021", "severity", "error", "warning"),
    ("/compare", "document", "fhi-2021", "nygaard-2024"),
    ("/queries/harms", "document", "document/fhi-2021", "document/nygaard-2024"),
    ("/queries/harms", "view", "table", "chart"),
    ("/sparql", "example", "https://w3id.org/msevidence/query/harms", "x"),
    ("/count", "document", "fhi-2021", "nygaard-2024"),
    ("/export", "study", "mist", "ram-ms"),
    ("/export", "graph", "citation", "identity"),
    ("/export/graphml", "graph", "citation", "identity"),
    ("/study/mist.html", "inverse", "https://w3id.org/msevidence/ontology#inDocument", "x"),
    ("/scheme/outcome/mortality.html", "page", "1", "2"),
    ("/document/fhi-2021.html", "mark", "", "x"),
    ("/changes", "study", "mist", "ram-ms"),
    ("/api", "lang", "en", "nb"),
)


@pytest.fixture(scope="module")
def keeping(release_home: Path) -> Iterator[FlaskClient]:
    """Give a client of an application that keeps its answers."""
    with client_of(release_home) as found:
        yield found


@pytest.fixture(scope="module")
def forgetful(release_home: Path) -> Iterator[FlaskClient]:
    """Give a client of an application that makes every answer anew."""
    with client_of(release_home, Settings(deadline=2.0, page_deadline=2.0, cache_bytes=0)) as found:
        yield found


@pytest.mark.parametrize(("path", "name", "one", "other"), REPEATED, ids=lambda value: str(value)[-20:])
def test_what_is_kept_is_the_answer_to_the_same_order(
    keeping: FlaskClient, forgetful: FlaskClient, path: str, name: str, one: str, other: str
) -> None:
    addresses = [f"{path}?{name}={first}&{name}={second}" for first, second in ((one, other), (other, one))]
    kept = [keeping.get(address, headers=HTML) for address in addresses]
    for address, answer in zip(addresses, kept, strict=True):
        made = forgetful.get(address, headers=HTML)
        assert (answer.status_code, answer.headers.get("ETag")) == (made.status_code, made.headers.get("ETag")), address
        assert answer.data == made.data, address
    if kept[0].data != kept[1].data and kept[0].status_code == kept[1].status_code == 200:
        assert kept[0].headers["ETag"] != kept[1].headers["ETag"]


def test_several_answers_differ_by_the_order_of_a_parameter(forgetful: FlaskClient) -> None:
    """The test above would see nothing if none of them did."""
    different = set()
    for path, name, one, other in REPEATED:
        both = [f"{path}?{name}={first}&{name}={second}" for first, second in ((one, other), (other, one))]
        answers = [forgetful.get(address, headers=HTML) for address in both]
        if answers[0].data != answers[1].data and {a.status_code for a in answers} == {200}:
            different.add(path)
    assert different >= {"/search", "/claims", "/studies", "/results", "/queries/harms", "/export"}


@pytest.mark.parametrize("path", ["/claims", "/search"])
def test_the_order_of_different_parameters_makes_no_other_page(forgetful: FlaskClient, path: str) -> None:
    one, other = (forgetful.get(f"{path}?{query}", headers=HTML) for query in ("page=1&q=stem", "q=stem&page=1"))
    assert one.headers["ETag"] == other.headers["ETag"]
    assert one.data == other.data
