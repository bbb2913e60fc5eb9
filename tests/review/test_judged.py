"""``data/review.yaml``: what people judged becomes outcomes; what does not stand in its document stops a build."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from msevidence.loaders.errors import CurationError, QuotationError
from msevidence.loaders.lenient import LeftOut
from msevidence.loaders.review.judged import ReviewFile, judged_outcomes, read_review
from msevidence.loaders.review.judged_schema import DisagreementEntry, JudgedEntry
from msevidence.loaders.review.outcome import DisagreementKind, Severity
from msevidence.loaders.review.view import View
from msevidence.ontology.iris import Kind, mint
from tests.conftest import ROOT
from tests.review.reviewing import Reviewed, reviewed

DATA = ROOT / "data"
SENTENCE = "bortsett fra MESEMS, konkluderer med at behandlingen kan ha effekt"
JUDGED = """\
judged:
  - key: one
    kind: summary-against-evidence
    severity: error
    document: fhi-2021
    quote: Alle de fem publiserte studiene, bortsett fra MESEMS
    against:
      - {document: fhi-2021, quote: [safe and feasible in patients with SPMS, did not decrease the number of CEL]}
      - {document: nygaard-2024, quote: Experiences are more mixed for progressive MS}
      - {publication: das-2021, quote: Twenty patients were identified.}
      - {registration: NCT01815632, quote: Late infusion of autologous marrow}
    about: [fernandez]
    message: {en: English., nb: Norsk.}
    because: Read.
    decided_by: somebody
    date: 2026-11-29
"""
DISAGREEMENT = """\
disagreements:
  - key: two
    kind: contradicts
    field: {en: size, nb: størrelse}
    one: {document: nygaard-2024, quote: a large-scale randomised clinical trial}
    other: {document: fhi-2021, quote: et lavt antall inkluderte pasienter}
    about: [mist]
    verdict: {en: English., nb: Norsk.}
    because: Read.
    decided_by: somebody
    date: 2026-11-29
"""
DECISION = "{decision: set-aside, because: Why., decided_by: somebody, date: 2026-11-29}"


@pytest.fixture(scope="module")
def today() -> Reviewed:
    return reviewed()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], ReviewFile]:
    def written(text: str) -> ReviewFile:
        (tmp_path / "review.yaml").write_text(text, encoding="utf-8")
        return read_review(tmp_path)

    return written


def test_no_file_is_an_empty_one(tmp_path: Path, today: Reviewed) -> None:
    file = read_review(tmp_path)
    assert (file.as_of, file.decisions, list(judged_outcomes(file, today.view))) == (None, {}, [])


def test_the_real_file_fits_the_documents(today: Reviewed) -> None:
    file = read_review(DATA)
    found = list(judged_outcomes(file, today.view))
    judged = [e for e, _ in found if isinstance(e, JudgedEntry)]
    assert file.as_of == "2026-11-29"
    assert len(judged) == len(file.content.judged) >= 15
    assert len(found) - len(judged) == 2 * len(file.content.disagreements) >= 6
    for entry, outcome in found:
        assert outcome.broken and outcome.passages and outcome.english and outcome.norwegian, entry.key
        assert all(value.printed in today.text(value.passage) for value in outcome.compared if value.passage), entry.key
    documents = {o.document.rsplit("/", 1)[-1] for e, o in found if e in judged and "summary" in e.kind}  # type: ignore[operator]
    assert documents == {"fhi-2021", "nygaard-2024"}


def test_a_judged_finding_rests_on_its_words_and_on_those_against_it(
    write: Callable[[str], ReviewFile], today: Reviewed
) -> None:
    ((entry, outcome),) = judged_outcomes(write(JUDGED), today.view)
    assert isinstance(entry, JudgedEntry)
    assert (outcome.severity, outcome.english, outcome.norwegian) == (Severity.ERROR, "English.", "Norsk.")
    assert outcome.document == today.view.document("fhi-2021").iri
    assert SENTENCE in today.text(outcome.focus)
    # In reading order, by document: the rows of the table come before the discussion, the other document last.
    wanted = ["safe and feasible", "did not decrease", "bortsett fra MESEMS", "more mixed"]
    texts = today.texts(outcome)
    assert len(texts) == len(wanted) and all(w in t for w, t in zip(wanted, texts, strict=True))
    study, work, record = (
        str(mint(kind, key))
        for kind, key in (
            (Kind.STUDY, "fernandez"),
            (Kind.PUBLICATION, "das-2021"),
            (Kind.REGISTRATION, "NCT01815632"),
        )
    )
    assert outcome.about == (study, work, record)
    assert [(c.label, c.source) for c in outcome.compared if c.passage is None] == [
        ("against, in the work (abstract)", work),
        ("against, in the registry", record),
    ]
    assert [c.label for c in outcome.compared[:4]] == ["what it says", "against", "against", "against (nygaard-2024)"]


def test_a_disagreement_is_a_finding_of_both_documents(write: Callable[[str], ReviewFile], today: Reviewed) -> None:
    found = list(judged_outcomes(write(DISAGREEMENT), today.view))
    assert [o.document.rsplit("/", 1)[-1] for _, o in found] == ["nygaard-2024", "fhi-2021"]
    assert all(isinstance(e, DisagreementEntry) and e.finding == "study-told-differently" for e, _ in found)
    (_, one), (_, other) = found
    assert one.passages == other.passages and one.focus != other.focus
    assert one.disagreement == other.disagreement is not None
    assert one.disagreement.kind is DisagreementKind.CONTRADICTS
    assert (one.disagreement.one, one.disagreement.other) == (one.focus, other.focus)
    assert one.disagreement.one_says == "a large-scale randomised clinical trial"
    assert one.severity is Severity.WARNING


def test_a_quotation_may_run_over_passages_and_a_sentence_goes_before_its_pull_quote(
    write: Callable[[str], ReviewFile], today: Reviewed
) -> None:
    text = JUDGED[: JUDGED.index("    against:")] + JUDGED[JUDGED.index("    message:") :]
    two = text.replace("Alle de fem publiserte studiene, bortsett fra MESEMS", "resultater fra. Alle de fem publiserte")
    ((_, outcome),) = judged_outcomes(write(two), today.view)
    assert len(outcome.passages) == 2
    pulled = text.replace("fhi-2021", "nygaard-2024").replace(
        "Alle de fem publiserte studiene, bortsett fra MESEMS", "stem cell therapy is highly effective"
    )
    ((_, outcome),) = judged_outcomes(write(pulled), today.view)
    (passage,) = outcome.passages
    assert today.view.document("nygaard-2024").by_iri[passage].kind == "sentence"


FAULTS = [
    (
        "safe and feasible in patients with SPMS",
        "safe and dear",
        r"review.yaml:8: judged.0.against.0.quote: .*«safe an",
    ),
    ("Alle de fem publiserte studiene, bortsett fra MESEMS", "studier", r"review.yaml:6: judged.0.quote: .*\d times"),
    ("document: fhi-2021\n", "document: fhi-2022\n", r"review.yaml:5: .*no document 'fhi-2022'; there are: fhi-2021"),
    ("Twenty patients were", "Twenty-eight patients were", r"review.yaml:10: .*not known of das-2021"),
    ("das-2021", "das-2022", r"review.yaml:10: .*no publication 'das-2022'"),
    ("Late infusion", "Placebo", r"review.yaml:11: .*recorded of NCT01815632"),
    ("[fernandez]", "[fernandes]", r"review.yaml:12: .*no study 'fernandes'"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_what_does_not_stand_there_stops_or_is_left_out(
    write: Callable[[str], ReviewFile], today: Reviewed, old: str, new: str, message: str
) -> None:
    assert old in JUDGED
    file = write(JUDGED.replace(old, new) + DISAGREEMENT)
    with pytest.raises(CurationError, match=message) as raised:
        list(judged_outcomes(file, today.view))
    left_out: list[LeftOut] = []
    assert [e.key for e, _ in judged_outcomes(file, today.view, left_out)] == ["two", "two"]
    assert [o.place for o in left_out] == ["review.yaml, one"]
    assert isinstance(raised.value, QuotationError) == ("no " not in message)


SHAPES = [
    (JUDGED.replace("summary-against-evidence", "summary"), r"review.yaml:3: judged.0.kind: .*'summary' is not in the"),
    (JUDGED.replace("    severity: error", "    severity: grave"), r"review.yaml:4: judged.0.severity: "),
    (JUDGED.replace("{publication: das-2021", "{publication: das-2021, document: fhi-2021"), r"one of document, publ"),
    (JUDGED.replace("date: 2026-11-29", "date: 2026-11-31"), r"review.yaml:16: .*2026-11-31 does not exist"),
    (JUDGED.replace("    because: Read.\n", ""), r"judged.0.because: this key is required"),
    (JUDGED + JUDGED.removeprefix("judged:\n"), r"the key one stands at two entries"),
    (DISAGREEMENT.replace("fhi-2021", "nygaard-2024"), r"both sides are one document"),
    (DISAGREEMENT.replace("contradicts", "denies"), r"review.yaml:3: disagreements.0.kind: "),
    (DISAGREEMENT.replace("    field:", "    finding: told\n    field:"), r"review.yaml:4: .*'told' is not in the"),
    (f"decisions:\n  a.b.0: {DECISION}\n  a.b.0: {DECISION}\n", r"keep one of the two"),
    (f"decisions:\n  a.b.0: {DECISION.replace('set-aside', 'no')}\n", r"review.yaml:2: decisions.a.b.0.decision"),
    ("as_of: 2026\n", r"review.yaml:1: as_of: "),
]


@pytest.mark.parametrize(("text", "message"), SHAPES, ids=range(len(SHAPES)))
def test_a_wrong_entry_is_told_with_its_place(write: Callable[[str], ReviewFile], text: str, message: str) -> None:
    with pytest.raises(CurationError) as raised:
        write(text)
    assert re.search(message, str(raised.value)), raised.value


def test_decisions_are_by_finding_and_ask_for_none_to_be_there(write: Callable[[str], ReviewFile]) -> None:
    file = write(f"as_of: 2025-01-31\ndecisions:\n  nygaard-2024.arms-against-total.0123456789: {DECISION}\n")
    assert file.as_of == "2025-01-31"
    ((key, said),) = file.decisions.items()
    assert key.endswith(".0123456789") and said.decision == "set-aside" and said.because == "Why."


def test_a_changed_text_loses_only_what_rests_on_the_change() -> None:
    changed: View = reviewed(
        {
            "nygaard-2024": [
                (
                    "conclude with reasonable certainty that stem cell therapy is highly effective for",
                    "say that it works in",
                )
            ]
        }
    ).view
    left_out: list[LeftOut] = []
    file = read_review(DATA)
    found = list(judged_outcomes(file, changed, left_out))
    assert {o.place for o in left_out} == {"review.yaml, highly-effective", "review.yaml, certainty-of-the-evidence"}
    assert len(found) == len(file.content.judged) - 1 + 2 * len(file.content.disagreements) - 2


def test_what_turned_out_to_be_another_thing_is_found_under_its_name(
    write: Callable[[str], ReviewFile], today: Reviewed
) -> None:
    file = write(JUDGED.replace("das-2021", "das"))
    names = {str(mint(Kind.PUBLICATION, "das")): str(mint(Kind.PUBLICATION, "das-2021"))}
    ((_, outcome),) = judged_outcomes(file, today.view, names=names)
    assert str(mint(Kind.PUBLICATION, "das-2021")) in outcome.about
