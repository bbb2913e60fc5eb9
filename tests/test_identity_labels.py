"""The hand-made labels of identity are sound: quotes stand where they say, and no label contradicts another."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from ruamel.yaml import YAML

from msevidence.loaders.catalogue_schema import Publications, Registrations, Studies
from msevidence.loaders.text import squash
from msevidence.loaders.yamlfile import parse
from msevidence.ontology.identifiers import SCHEMES, parse_number

ROOT = Path(__file__).parent.parent
Label: TypeAlias = dict[str, Any]

CONTENT: dict[str, list[Label]] = YAML(typ="safe").load(
    (ROOT / "tests" / "expected" / "identity-labels.yaml").read_text(encoding="utf-8")
)
LABELS, PUBLICATIONS, UNDECIDED = (CONTENT[name] for name in ("labels", "publications", "undecided"))
# Numbers that stand in a record of the reference data and have no record of their own.
ONLY_IN_RECORDS = {"registration/NCT04971005", "registration/NCT01544491"}


def name(label: Label) -> str:
    return f"{label['subject']} {label.get('relation', '?')} {label['object']}"


def pair(label: Label) -> frozenset[str]:
    return frozenset({label["subject"], label["object"]})


@cache
def lines(file: str) -> list[str]:
    return (ROOT / file).read_text(encoding="utf-8").split("\n")


def span(evidence: Label) -> tuple[int, int]:
    """Return first and last line; the last one is inclusive."""
    first, _, last = str(evidence["lines"]).partition("-")
    return int(first), int(last or first)


def places(names: set[str], kind: str) -> Iterator[tuple[str, ...]]:
    for entry in names:
        if entry.startswith(f"{kind}/"):
            yield tuple(entry.split("/")[1:])


def named(labels: list[Label]) -> set[str]:
    return {entry for label in labels for entry in pair(label)}


def groups(labels: list[Label], joins: str) -> dict[str, set[str]]:
    """Return for each name all names that the labels ``joins`` join it with, itself too."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in named(labels):
        found[entry] = {entry}
    for label in labels:
        if label["relation"] == joins:
            whole = found[label["subject"]] | found[label["object"]]
            for entry in whole:
                found[entry] = whole
    return found


def test_counts() -> None:
    assert CONTENT.keys() == {"labels", "publications", "undecided"}
    assert Counter(label["relation"] for label in LABELS) == {"same-study": 52, "part-of": 21, "not-same": 62}
    assert Counter(label["relation"] for label in PUBLICATIONS) == {"same-publication": 25, "not-same": 20}
    assert len(UNDECIDED) == 5


@pytest.mark.parametrize("label", [*LABELS, *PUBLICATIONS, *UNDECIDED], ids=name)
def test_a_label_has_a_reason_and_its_quotes_stand_there(label: Label) -> None:
    assert label.keys() - {"relation"} == {"subject", "object", "because", "rests_on"}
    assert label["because"].endswith(".")
    assert label["rests_on"]
    for evidence in label["rests_on"]:
        assert evidence.keys() == {"file", "lines", "quote"}
        first, last = span(evidence)
        assert 1 <= first <= last <= len(lines(evidence["file"]))
        assert squash(evidence["quote"]), evidence
        assert squash(evidence["quote"]) in squash("\n".join(lines(evidence["file"])[first - 1 : last])), evidence


@pytest.mark.parametrize("labels", [LABELS, PUBLICATIONS, UNDECIDED], ids=["studies", "publications", "undecided"])
def test_no_pair_is_labelled_twice_or_of_one(labels: list[Label]) -> None:
    assert [name(label) for label in labels if len(pair(label)) == 1] == []
    assert [sorted(p) for p, times in Counter(map(pair, labels)).items() if times > 1] == []


def test_an_undecided_pair_has_no_label() -> None:
    assert {pair(label) for label in UNDECIDED} & {pair(label) for label in LABELS} == set()


@pytest.mark.parametrize(
    ("labels", "joins"), [(LABELS, "same-study"), (PUBLICATIONS, "same-publication")], ids=["studies", "publications"]
)
def test_what_is_joined_by_others_is_not_kept_apart(labels: list[Label], joins: str) -> None:
    joined = groups(labels, joins)
    assert max(map(len, joined.values())) > 2
    apart = [label for label in [*labels, *UNDECIDED] if label.get("relation") != joins]
    assert [name(label) for label in apart if label["object"] in joined.get(label["subject"], ())] == []


def test_no_two_studies_or_catalogued_works_are_joined() -> None:
    """The keys of a catalogue are one each, so a group that holds two of them is an error of the labels."""
    for labels, joins, kind in ((LABELS, "same-study", "study/"), (PUBLICATIONS, "same-publication", "publication/")):
        for group in groups(labels, joins).values():
            assert sum(entry.startswith(kind) for entry in group) <= 1, group


def test_every_pair_of_numbers_of_one_study_is_labelled() -> None:
    labelled = {pair(label) for label in LABELS if label["relation"] == "same-study"}
    for group in groups(LABELS, "same-study").values():
        assert {frozenset({a, b}) for a in group for b in group if a != b} <= labelled, group


def test_a_part_is_one_of_mesems_and_its_number_one_of_a_site() -> None:
    joined = groups(LABELS, "same-study")
    parts = {label["subject"] for label in LABELS if label["relation"] == "part-of"}
    assert {label["object"] for label in LABELS if label["relation"] == "part-of"} == {"study/mesems"}
    sites = {entry for entry in parts if entry.startswith("study/")}
    assert len(sites) == 9
    assert parts == {entry for site in sites for entry in joined[site]}


def test_registrations_and_studies_exist() -> None:
    registrations, _ = parse(ROOT / "data" / "registrations.yaml", Registrations)
    studies, _ = parse(ROOT / "data" / "studies.yaml", Studies)
    keys = {f"registration/{key}" for key in registrations.registrations} | ONLY_IN_RECORDS
    keys |= {f"study/{key}" for key in studies.studies}
    names = named([*LABELS, *UNDECIDED])
    assert names - keys == set()
    assert names >= ONLY_IN_RECORDS
    # Every record of the reference data is labelled at least once.
    assert {f"registration/{key}" for key in registrations.registrations} - names == set()
    for (key,) in places(names, "registration"):
        number = parse_number(key.removeprefix("EudraCT-"))
        assert number.key == key
        assert re.fullmatch(SCHEMES[number.scheme].pattern, number.normalised)


def test_publications_references_and_entries_exist() -> None:
    publications, _ = parse(ROOT / "data" / "publications.yaml", Publications)
    names = named(PUBLICATIONS)
    assert {entry.split("/")[0] for entry in names} == {"publication", "reference", "listed"}
    assert {key for (key,) in places(names, "publication")} <= publications.publications.keys()
    for document, number in places(names, "reference"):
        file = f"data/articles/{document}/source.txt"
        assert sum(bool(re.match(rf"\s*{number}\. ", line)) for line in lines(file)) == 1
    for document, first in places(names, "listed"):
        file = f"data/reports/{document}/source.txt"
        assert re.match(r"(Tidsskriftsartikkel|Konferansebidrag|Studieregistrering|\d+\.)", lines(file)[int(first) - 1])


@pytest.mark.parametrize("label", PUBLICATIONS, ids=name)
def test_a_label_of_an_entry_rests_on_its_lines(label: Label) -> None:
    spans = [(evidence["file"], *span(evidence)) for evidence in label["rests_on"]]
    for document, first in places(pair(label), "listed"):
        file = f"data/reports/{document}/source.txt"
        assert any(f == file and a == int(first) for f, a, _ in spans)
    for document, number in places(pair(label), "reference"):
        file = f"data/articles/{document}/source.txt"
        assert any(f == file and re.match(rf"\s*{number}\. ", lines(file)[a - 1]) for f, a, _ in spans)
