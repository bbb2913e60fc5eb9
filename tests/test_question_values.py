"""What a value of a stored question names, on the real release: pages, their data, the command line; and what not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.queries import Parameter, load_questions
from msevidence.server.cli import run
from msevidence.server.index import Index
from msevidence.server.question_values import NamesNothing, Things
from msevidence.server.releases import current
from tests.pages_site import client_of, page

EFFECTS = "comparisons-and-effects"
RESTING = "claims-resting-on-publication"
NAMED = [
    (EFFECTS, "study", "mist", "study/mist"),
    (EFFECTS, "study", "MIST", "study/mist"),
    (EFFECTS, "study", "beat ms", "study/beat-ms"),
    (EFFECTS, "study", "NCT00273364", "study/mist"),
    (EFFECTS, "study", "EudraCT: 2007-000064-24", "study/astims"),
    (EFFECTS, "study", "http://127.0.0.1:8000/study/mist.html", "study/mist"),
    (EFFECTS, "document", "nygaard-2024", "document/nygaard-2024"),
    (RESTING, "publication", "10.1001/jama.2018.18743", "publication/burt-2019"),
    (RESTING, "publication", "https://doi.org/10.1001/JAMA.2018.18743", "publication/burt-2019"),
    (RESTING, "publication", "PMID 30644983", "publication/burt-2019"),
    (RESTING, "publication", "Burt 2019", "publication/burt-2019"),
    (RESTING, "onStudy", "mist", "study/mist"),
    ("numbers-of-a-study", "registration", "nct 0027 3364", "registration/NCT00273364"),
    ("trials-by-kind-and-status", "kind", "hsct", "scheme/transplantation/hsct"),
    ("provenance-of-a-triple", "predicate", "mse:registeredAs", "ontology#registeredAs"),
    ("provenance-of-a-triple", "predicate", "registeredAs", "ontology#registeredAs"),
]
NOTHING = [
    (EFFECTS, "study", "mistt", "'mistt' names nothing here; near: study/mist", ["study/mist"]),
    (EFFECTS, "study", "study/mistt", "'study/mistt' names nothing here; near: study/mist", ["study/mist"]),
    (EFFECTS, "study", BASE + "study/nope", "names nothing here", []),
    (EFFECTS, "study", "RAM MS trial", "names nothing here; near: study/ram-ms", ["study/ram-ms"]),
    (
        EFFECTS,
        "study",
        "10.1001/jama.2018.18743",
        "names nothing of this kind here, but publication/burt-2019",
        [],
    ),
    (RESTING, "publication", "publication/nope", "'publication/nope' names nothing here", []),
    (RESTING, "publication", "10.1001/jama.2018.18744", "names nothing here", []),
    (
        RESTING,
        "publication",
        "burt",
        "names nothing here; near: publication/burt-2020, publication/burt-2019",
        ["publication/burt-2020", "publication/burt-2019"],
    ),
    ("trials-by-kind-and-status", "kind", "hstc", "near: scheme/transplantation/hsct", ["scheme/transplantation/hsct"]),
]


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def things(release_home: Path) -> Things:
    return Things(Index(current(release_home).index), BASE, lambda record: ())


@pytest.mark.parametrize(("name", "parameter", "value", "iri"), NAMED)
def test_a_name_or_number_is_the_thing_that_it_names(
    client: FlaskClient, release_home: Path, name: str, parameter: str, value: str, iri: str
) -> None:
    rows = [
        list(csv.DictReader(io.StringIO(client.get(f"/queries/{name}?format=csv&{parameter}={quote(one)}").text)))
        for one in (value, iri, BASE + iri, f"<{BASE}{iri}>")
    ]
    assert rows[0] and all(one == rows[0] for one in rows)
    assert {row[parameter] for row in rows[0]} == {BASE + iri}
    shown = page(client, f"/queries/{name}?{parameter}={quote(value)}")
    assert (
        shown.html.count(f"{parameter}={iri.replace('#', '%23')}") >= 2
    )  # its files and its own address name the thing
    assert run(["query", "--home", str(release_home), "--name", name, "--param", f"{parameter}={value}"]) == 0


@pytest.mark.parametrize(("name", "parameter", "value", "said", "near"), NOTHING)
def test_what_names_nothing_is_refused_with_the_nearest(
    client: FlaskClient,
    release_home: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    parameter: str,
    value: str,
    said: str,
    near: list[str],
) -> None:
    address = f"/queries/{name}?{parameter}={quote(value, safe='')}"
    shown = page(client, address, 400)
    assert f"{said}." in shown.section("answer") and value in shown.html
    links = [e.get("href") for p in shown.all("p") if p.get("class") == "near" for e in p.iter("a")]
    assert links == [f"/queries/{name}?{parameter}={one}" for one in near]
    assert all(client.get(link).status_code == 200 for link in links)
    refused = client.get(address + "&format=csv")
    assert refused.status_code == 400 and refused.mimetype == "application/problem+json"
    assert refused.get_json(force=True)["detail"].endswith(f"{said}.")
    assert refused.get_json(force=True)["near"] == near
    assert run(["query", "--home", str(release_home), "--name", name, "--param", f"{parameter}={value}"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.endswith(f"{said}\n")


def test_the_refusal_is_in_the_readers_language(client: FlaskClient) -> None:
    shown = page(client, f"/queries/{EFFECTS}?study=mistt&lang=nb", 400)
    assert "study: 'mistt' er ikke navnet på noe her; nærmest: study/mist." in shown.section("answer")
    other = page(client, f"/queries/{EFFECTS}?study=burt-2019&lang=nb", 400)
    assert "er ikke navnet på noe av dette slaget her, men på publication/burt-2019." in other.section("answer")


def test_a_name_of_several_things_is_refused_with_them(release_home: Path) -> None:
    there = Things(
        Index(current(release_home).index), BASE, lambda record: (BASE + "study/mist", BASE + "study/astims")
    )
    with pytest.raises(NamesNothing, match="names several things here: study/mist, study/astims") as told:
        there.named(Parameter("study", "IRI", of="Study"), "NCT00273364")
    assert told.value.said.nb == "study: 'NCT00273364' er navnet på flere ting her: study/mist, study/astims"


def test_every_thing_of_an_answer_is_a_value(real_store: ox.Store, things: Things) -> None:
    """What an answer says of a parameter can be given for it: nothing that the release speaks of is refused."""
    tried = 0
    for question in load_questions().values():
        if question.form != "select":
            continue
        solutions = real_store.query(question.sparql)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [v.value for v in solutions.variables]
        iris = [p for p in question.params if p.type == "IRI" and p.name in names]
        for parameter, term in {(p, row[p.name]) for row in solutions for p in iris if row[p.name] is not None}:
            assert isinstance(term, ox.NamedNode)
            assert things.named(parameter, term.value) == term.value.removeprefix(BASE)
            tried += 1
    assert tried > 200
