"""``msevidence show``: every cited sentence of the article, pasted well and badly, and things by their names."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from msevidence.loaders.index_words import letters
from msevidence.loaders.yamlfile import plain, read_yaml
from msevidence.server.cli import run
from msevidence.server.cli_common import open_current
from msevidence.server.show import supported
from msevidence.server.show_find import find_sentences, find_things
from msevidence.server.show_reader import Reader

EXPECTED = Path(__file__).parent / "expected" / "claim-to-support.yaml"
ANSWER: list[dict[str, Any]] = [plain(entry) for entry in read_yaml(EXPECTED)["answer"]]
# A sentence of two parts, each with a marker, is two claims: a part is pasted, and its own numbers are wanted.
PARTS = [{**entry, **part} for entry in ANSWER for part in entry.get("parts", [{}])]
LONG = [entry for entry in PARTS if len(letters(entry["text"])) > 30]
KEY = "https://w3id.org/msevidence/"


def test_the_expected_answers_are_there() -> None:
    assert len(ANSWER) == 40
    assert len(LONG) > 30


@pytest.fixture(scope="module")
def reader(release_home: Path) -> Reader:
    return Reader(*open_current(release_home))


def as_printed(text: str) -> str:
    return text


def narrow(text: str) -> str:
    """Break the lines, as a narrow column does."""
    return "\n   ".join(textwrap.wrap(text, 30, break_long_words=False, break_on_hyphens=False))


def hyphenated(text: str) -> str:
    """Break the longest word with a hyphen at the end of a line."""
    word = max(text.split(), key=len)
    return text.replace(word, f"{word[:4]}-\n{word[4:]}", 1)


def typeset(text: str) -> str:
    """Use other quotation marks, dashes and spaces."""
    return (
        text.replace("-", "\N{EN DASH}")
        .replace(" ", "\N{NO-BREAK SPACE}")
        .replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    )


def marked(text: str) -> str:
    """Add citation markers that do not stand there, in three spellings."""
    return f"“{text} (99, 3–5) [12] [\\(7\\)](#).”"


def shouted(text: str) -> str:
    return text.upper()


def cut(text: str) -> str:
    """Leave out the last word."""
    return text.rsplit(" ", 1)[0]


@pytest.mark.parametrize("mangle", [as_printed, narrow, hyphenated, typeset, marked, shouted, cut])
def test_every_cited_sentence_is_found_with_its_numbers(reader: Reader, mangle: Callable[[str], str]) -> None:
    for entry in LONG:
        found = find_sentences(reader, mangle(entry["text"]))
        claims = [supported(reader, sentence) for sentence in found.sentences if sentence.claim]
        of_article = [claim for claim in claims if claim.document == KEY + "document/nygaard-2024"]
        numbers = {cited.number for claim in of_article for cited in claim.cites}
        assert set(entry["numbers"]) == numbers, (mangle.__name__, entry["id"])
        inherited = {cited.inherited for claim in of_article for cited in claim.cites}
        assert (entry["citation"] == "inherited") in inherited, entry["id"]


def shown(capsys: pytest.CaptureFixture[str], home: Path, *what: str) -> tuple[int, str, str]:
    code = run(["show", "--home", str(home), *what])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_claim_is_printed_down_to_the_registrations(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = shown(
        capsys, release_home, "the trial confirmed that stem cell therapy has a good effect in relapsing-"
    )
    assert (code, err) == (0, "")
    for words in (
        "cites 11 (marker (11)): Burt RK",
        "doi:10.1001/jama.2018.18743, PMID 30644983",
        "study: MIST; registered as ",
        "NCT00273364 (ClinicalTrials.gov)",
    ):
        assert words in out


def test_inherited_uncited_and_missing_are_told(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = shown(capsys, release_home, "Average functional impairment reduced by 10.0 % with stem cell therapy")
    assert "cites 11 (marker (11), inherited from the head of the column)" in out
    _, out, _ = shown(capsys, release_home, "Many Norwegian patients with multiple sclerosis choose to travel abroad")
    assert "cites nothing: an uncited claim" in out
    _, out, _ = shown(capsys, release_home, "--json", "Autolog stamcelletransplantasjon")
    reported = json.loads(out)
    assert set(reported) <= {"claims", "suggestions", "things"}


def test_entry_that_is_missing_is_told(reader: Reader, release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = [s for s in find_sentences(reader, "e").sentences if s.claim and "fhi-2021" in s.document]
    citing = [s for s in sentences if any(cited.missing for cited in supported(reader, s).cites)]
    assert len(citing) >= 15
    _, out, _ = shown(capsys, release_home, max((s.said or "" for s in citing), key=len))
    assert "no such entry; the reference list of the document is missing or lacks it" in out


def test_several_matches_are_listed(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = shown(capsys, release_home, "patients with")
    assert code == 0
    assert "sentences have these words; paste more of the one that is meant:" in out
    assert len(out.splitlines()) > 4


def test_nothing_found_is_1_with_the_nearest(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = shown(capsys, release_home, "Norwegian patients go abroad for therapy with stem cells at own risk")
    assert (code, out) == (1, "")
    assert "Many Norwegian patients with multiple sclerosis choose to travel abroad" in err
    code, out, err = shown(capsys, release_home, "xyzzy plugh")
    assert (code, out) == (1, "")
    assert "nothing found" in err


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("mist", "study/mist"),
        ("MIST", "study/mist"),
        ("study/mist", "study/mist"),
        ("https://w3id.org/msevidence/study/mist", "study/mist"),
        ("<https://w3id.org/msevidence/study/mist>", "study/mist"),
        ("NCT00273364", "registration/NCT00273364"),
        ("nct 00273364", "registration/NCT00273364"),
        ("EudraCT 2010-023560-40", "registration/EudraCT-2010-023560-40"),
        ("2010\N{EN DASH}023560\N{EN DASH}40", "registration/EudraCT-2010-023560-40"),
        ("10.1001/jama.2018.18743", "publication/burt-2019"),
        ("https://doi.org/10.1001/JAMA.2018.18743", "publication/burt-2019"),
        ("30644983", "publication/burt-2019"),
        ("nygaard-2024", "document/nygaard-2024"),
        ("http://127.0.0.1:8765/study/mist", "study/mist"),
        ("https://kg.example.org/study/mist.html?lang=nb#data", "study/mist"),
        ("http://[::1]:8000/claim/nygaard-2024.89b51131f0.1.1", "claim/nygaard-2024.89b51131f0.1.1"),
        ("<http://localhost:8000/registration/NCT00273364.ttl>", "registration/NCT00273364"),
    ],
)
def test_thing_is_found_by_any_of_its_names(reader: Reader, name: str, iri: str) -> None:
    assert KEY + iri in find_things(reader, name)


def test_thing_is_printed(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = shown(capsys, release_home, "mist")
    assert code == 0
    assert out.startswith("MIST\n  https://w3id.org/msevidence/study/mist\n  is: Study\n")
    assert "reports on: " in out and "Burt 2019 (publication/burt-2019)" in out
    code, out, _ = shown(capsys, release_home, "mist", "--json")
    (thing,) = json.loads(out)["things"]
    assert {value["iri"] for value in thing["says"]["registered as"]} >= {KEY + "registration/NCT00273364"}
    _, out, _ = shown(capsys, release_home, "study/mist", "--language", "nb")
    assert "er registrert som" in out or "registrert" in out


def test_terms_are_printed_by_their_names(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = shown(capsys, release_home, "mist")
    assert "\n  name: MIST\n" in out
    for prefix in ("rdfs:", "dcterms:", "sssom:", "skos:"):
        assert prefix not in out
    _, out, _ = shown(capsys, release_home, "mist", "--language", "nb")
    assert "\n  er: Studie\n" in out and "\n  navn: MIST\n" in out and "← identitetsavgjørelser:" in out


def test_identity_decisions_are_told_in_words(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = shown(capsys, release_home, "mist")
    _, _, after = out.partition("  ← identity decisions:\n")
    lines = [line.strip() for line in after.split("\n  ←")[0].splitlines()]
    number = "NCT00273364 — same study — MIST. The document prints the number under the study name MIST. (identity/"
    assert any(line.startswith(number) for line in lines)
    assert len(lines) >= 4
    assert all(" — same study — MIST. " in line or " — part of — MIST. " in line for line in lines)
    decision = next(line for line in lines if line.startswith(number)).rpartition("(")[2].rstrip(")")
    assert shown(capsys, release_home, decision)[1].startswith("NCT00273364 — same study — MIST. ")


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Norwegian health service should offer stem cell therapy for multiple sclerosis", "document/nygaard-2024"),
        (
            "Autolog stamcelletransplantasjon ved multippel sklerose – forenklet metodevurdering (kartlegging)",
            "document/",
        ),
    ],
)
def test_the_title_of_a_document_shows_the_document(
    release_home: Path, title: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = shown(capsys, release_home, "--json", title)
    assert code == 0
    (thing,) = json.loads(out)["things"]
    assert thing["iri"].startswith(KEY + key)


@pytest.mark.parametrize("what", ["", "  ", "\n", "x", "?", "(11)"])
def test_what_is_too_short_is_usage(release_home: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = shown(capsys, release_home, what)
    assert (code, out) == (2, "")
    assert "WHAT is empty" in err or "too short to look for" in err
