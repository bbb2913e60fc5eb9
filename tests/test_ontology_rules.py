"""Rules in SPARQL: what breaks one is found by focus, path and value, with messages in both languages."""

import re

import pyoxigraph as ox
import pytest

from msevidence.ontology.namespaces import FOLDER
from msevidence.ontology.rule_check import RuleError, broken, rule_files
from msevidence.ontology.validation import validate
from msevidence.ontology.validation_report import RULE, compact, shape_files, term_files

BASE = "https://w3id.org/msevidence/"
EXAMPLES = sorted((FOLDER / "examples" / "rules").glob("*.ttl"))
EXPECT = re.compile(r"^# expect: (\S+) (\S+) (\S+) (\S+)$", re.MULTILINE)


def statements(*files):
    return [t for f in files for t in ox.parse(path=str(f), format=ox.RdfFormat.TURTLE)]


def test_the_number_of_files():
    assert [f.stem for f in rule_files()] == ["citation-not-older", "thing-is-described"]
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda f: f.stem)
def test_an_example_breaks_exactly_its_rule(file):
    found = {
        (b.rule, b.focus.removeprefix(BASE), compact(b.path), b.value.removeprefix(BASE))
        for b in broken(statements(file))
    }
    assert found == set(EXPECT.findall(file.read_text(encoding="utf-8")))


def test_every_rule_is_broken_by_an_example():
    named = {m[0] for f in EXAMPLES for m in EXPECT.findall(f.read_text(encoding="utf-8"))}
    assert named == {f.stem for f in rule_files()}


def test_the_terms_themselves_break_no_rule():
    assert list(broken(statements(*term_files()))) == []


def test_what_breaks_a_rule_is_in_the_report_with_both_messages():
    outcome = validate(EXAMPLES[1], shapes=shape_files()[:1])
    (found,) = [v for v in outcome.violations if v.shape.startswith(RULE)]
    assert found.shape == RULE + "citation-not-older"
    assert "A document of 2021 cites a work of 2024." in found.message("en")
    assert "Et dokument fra 2021 siterer et verk fra 2024." in found.message("nb")
    assert "citation-not-older" in outcome.turtle
    assert not outcome.conforms


@pytest.mark.parametrize("text", ["SELECT ?focus {", "ASK {}", "SELECT ?focus ?value { ?focus ?path ?value }"])
def test_a_file_that_is_no_rule_is_refused_by_name(tmp_path, text):
    file = tmp_path / "odd.rq"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"odd\.rq"):
        list(broken([], [file]))
