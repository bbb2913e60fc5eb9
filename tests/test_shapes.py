"""Each invalid example breaks exactly its rule, by source shape and path; each valid one none; each rule has one.

The examples are validated together: every file has a key of its own (its number, as in ``e123``) in all its IRIs.
"""

import re
from functools import cache

import pyoxigraph as ox
import pytest

from msevidence.ontology.identifiers import SCHEMES
from msevidence.ontology.iris import slug
from msevidence.ontology.namespaces import FOLDER, schemes
from msevidence.ontology.validation import ValidationOutcome, validate
from msevidence.ontology.validation_report import compact, shape_files

SH = "http://www.w3.org/ns/shacl#"
EXAMPLES = sorted((FOLDER / "examples").glob("*.ttl"))
VALID = [f for f in EXAMPLES if "-valid-" in f.name]
INVALID = [f for f in EXAMPLES if "-invalid-" in f.name]
EXPECT = re.compile(r"^# expect: (\S+) (\S+)$", re.MULTILINE)
KEY = re.compile(r"\be\d{3}\b")


def shape_statements() -> list[ox.Triple]:
    return [t for f in shape_files() for t in ox.parse(path=str(f), format=ox.RdfFormat.TURTLE)]


@cache
def outcome() -> ValidationOutcome:
    return validate(*EXAMPLES, rules=[])


def broken_by(key: str) -> set[tuple[str, str]]:
    """Return (shape, path) of what the example with this key breaks."""
    return {
        (compact(v.shape), v.path)
        for v in outcome().violations
        if key in KEY.findall(v.focus) or key in KEY.findall(v.value)
    }


def expected(file) -> tuple[str, str]:
    found = EXPECT.findall(file.read_text(encoding="utf-8"))
    assert len(found) == 1, f"{file.name} names one rule in a line '# expect: SHAPE PATH'"
    return found[0]


def test_the_number_of_files():
    assert len(shape_files()) == 9
    assert (len(VALID), len(INVALID)) == (65, 493)
    assert len(EXAMPLES) == len(VALID) + len(INVALID)
    assert [int(f.name[:3]) for f in EXAMPLES] == list(range(1, len(EXAMPLES) + 1))


@pytest.mark.parametrize("file", INVALID, ids=lambda f: f.stem)
def test_an_invalid_example_breaks_exactly_its_rule(file):
    assert broken_by(f"e{file.name[:3]}") == {expected(file)}


@pytest.mark.parametrize("file", VALID, ids=lambda f: f.stem)
def test_a_valid_example_breaks_none(file):
    assert broken_by(f"e{file.name[:3]}") == set()
    assert EXPECT.findall(file.read_text(encoding="utf-8")) == []


def test_an_example_has_its_key_in_it_and_no_violation_is_left_over():
    for file in EXAMPLES:
        keys = set(re.findall(r"[/\"-](e\d{3})\b", file.read_text(encoding="utf-8")))
        assert keys == {f"e{file.name[:3]}"}, file.name
    assert all(KEY.search(v.focus) or KEY.search(v.value) for v in outcome().violations)


@pytest.mark.parametrize("file", INVALID[::40], ids=lambda f: f.stem)
def test_an_example_alone_says_the_same_as_among_the_others(file):
    alone = validate(file, rules=[])
    assert {(compact(v.shape), v.path) for v in alone.violations} == {expected(file)}
    assert not alone.conforms


def test_every_rule_with_a_message_is_broken_by_an_example():
    named = {t.subject.value for t in shape_statements() if t.predicate.value == SH + "message"}
    assert len(named) > 300
    assert {compact(s) for s in named} == {expected(f)[0] for f in INVALID}


def test_every_shape_has_a_name_a_target_and_messages_in_both_languages():
    statements = shape_statements()
    shapes = {
        t.subject
        for t in statements
        if t.predicate.value.endswith("#type") and t.object.value in (SH + "PropertyShape", SH + "NodeShape")
    }
    assert len(shapes) > 300
    targets = {t.subject for t in statements if t.predicate.value.startswith(SH + "target")}
    assert shapes == targets
    for shape in shapes:
        assert isinstance(shape, ox.NamedNode)
        messages = [t.object for t in statements if t.subject == shape and t.predicate.value == SH + "message"]
        assert sorted(m.language for m in messages) == ["en", "nb"], shape


def test_messages_are_those_of_the_broken_shape():
    violation = next(v for v in outcome().violations if v.shape.endswith("#Citation-subject"))
    assert violation.message("en").startswith("The subject of a CiTO property is the citing thing")
    assert violation.message("nb").startswith("Subjektet for en CiTO-egenskap er det som siterer")


def test_only_shacl_core_is_used():
    assert [t for t in shape_statements() if t.predicate.value in (SH + "sparql", SH + "js", SH + "rule")] == []


def test_the_shapes_have_the_patterns_of_identifiers():
    """The pattern of a registry's numbers stands in two places, for two readers: they may not differ."""
    patterns, targets = {}, {}
    for t in shape_statements():
        if "#Number-" in str(t.subject):
            name = t.subject.value.rsplit("#Number-", 1)[1]
            if t.predicate.value == SH + "pattern":
                patterns[name] = t.object.value
            elif t.predicate.value == SH + "targetNode":
                targets[name] = t.object.value
    assert patterns == {name: s.pattern for name, s in SCHEMES.items()}
    assert targets == {name: f"https://w3id.org/msevidence/registry/{slug(name)}" for name in SCHEMES}


def test_every_scheme_that_a_property_takes_its_values_from_has_a_shape():
    """``core.ttl`` names the scheme of a property by rdfs:seeAlso; the shape is what closes it."""
    seen, closed = set(), set()
    for t in ox.parse(path=str(FOLDER / "core.ttl"), format=ox.RdfFormat.TURTLE):
        if t.predicate.value.endswith("#seeAlso"):
            seen.add((t.subject.value.rsplit("#", 1)[1], t.object.value.rsplit("/", 1)[1]))
    for t in shape_statements():
        if "#Scheme-" in str(t.subject) and t.predicate.value == SH + "targetObjectsOf":
            closed.add((t.object.value.rsplit("#", 1)[1], t.subject.value.rsplit("#Scheme-", 1)[1]))
    assert len(seen) > 25
    assert closed == seen
    assert {name for _, name in closed} == set(schemes())


def test_every_class_of_ours_has_a_shape():
    """Directly, or, for a class without rules of its own, through the class that it is a kind of."""
    statements = list(ox.parse(path=str(FOLDER / "core.ttl"), format=ox.RdfFormat.TURTLE))
    classes = {t.subject.value for t in statements if str(t.object).endswith("owl#Class>")}
    above = {t.subject.value: t.object.value for t in statements if t.predicate.value.endswith("#subClassOf")}
    targets = {t.object.value for t in shape_statements() if t.predicate.value == SH + "targetClass"}
    assert len(classes) > 40
    assert {c for c in classes if c not in targets and above.get(c) not in targets} == set()
