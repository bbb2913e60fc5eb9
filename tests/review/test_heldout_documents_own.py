"""Two invented documents of other shapes, without curation: what was planted in them is found, and nothing beside it.

An English opinion article with numbered references and a table, and an English report with a flow diagram, a table with
tabs and an appendix with the searches of two interfaces.
"""

from functools import cache
from pathlib import Path

import pytest

from msevidence.loaders.assembly import assemble
from msevidence.loaders.review.running import RuleRun, run_rules
from msevidence.loaders.review.staging import staged
from msevidence.loaders.review.view import View

FIXTURES = Path(__file__).parents[1] / "fixtures" / "review"
DATA = Path(__file__).parents[2] / "data"

PLANTED = {
    "balance-2023": {
        "arms-against-total": ["84 patients"],
        "percentage-against-count": ["Of 120 participants"],
        "broken-address": ["https:/clinicaltrials.gov"],
        "odd-dash": ["A Norwegian register"],
        "citation-without-entry": ["Guidelines recommend"],
        "entry-not-cited": ["A register of balance", "Walking sticks"],
        "support-too-early": ["In 2021 a second trial"],
        "uncited-number": ["22 %", "within three months"],
        "uncited-judgement": ["should be offered to all", "It is safe", "should be offered an assessment"],
        "expectation-passed": ["is expected to be completed in 2022"],
        "personal-communication": ["E. Strand"],
        "interest-on-path": ["She leads the STEADY trial"],
        "self-citation": ["Exercise that challenges", "Exercise that challenges"],
        "concentration": ["Exercise that challenges"],
    },
    "walking-aids-2022": {
        "parts-against-sum": ["410 were women"],
        "percentage-against-count": ["120"],
        "count-against-rows": ["included nine trials"],
        "flow-boxes": ["Read in full text"],
        "search-hits-against-total": ["Total number of hits: 640"],
        "search-after-end": ["ended in April 2021"],
        "outside-window": ["published from 2010 to 2021"],
        "misspelt-search-term": ["wlaking"],
        "unbalanced-search-string": ["walking adj3"],
        "search-line-missing": ["8 and 9 and 12"],
    },
}
"""Words of the first passage of each finding, by rule."""


@cache
def _runs(name: str) -> tuple[View, list[RuleRun]]:
    with staged(FIXTURES / name, DATA) as place:
        view = View(list(assemble(place.data, home=place.home, lenient=True).quads()))
    document = next(d for d in view.documents if d.key == name)
    return view, [run for run in run_rules(view) if run.document == document.iri]


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_found_and_nothing_beside_it(name: str) -> None:
    view, runs = _runs(name)
    texts = {p.iri: p.text for d in view.documents for p in d.passages}
    found = {r.rule.name: [texts[o.passages[0]] for o in r.broken] for r in runs if r.broken}
    assert set(found) == set(PLANTED[name])
    for rule, words in PLANTED[name].items():
        assert len(found[rule]) == len(words), rule
        for some in words:
            assert any(some in text for text in found[rule]), (rule, some)


@pytest.mark.parametrize("name", PLANTED)
def test_no_rule_fails_and_one_without_anything_to_look_at_says_what_it_lacks(name: str) -> None:
    _, runs = _runs(name)
    assert {r.state for r in runs} == {"fired", "passed", "not-applicable"}
    for run in runs:
        if run.state == "not-applicable":
            assert run.english == f"The document does not have what the rule needs: {run.rule.needs}."
            assert run.norwegian == f"Dokumentet har ikke det regelen trenger: {run.rule.needs_nb}."
