"""One figure with two values: in two languages, in text and table, in summary and body, in box and appendix."""

from pathlib import Path

import pytest

from msevidence.loaders.review.arithmetic.figure_stated_twice import RULE
from msevidence.loaders.review.outcome import Severity
from tests.review.reviewing import reviewed, reviewed_jats

CLEAN = reviewed()
CHANGED = reviewed(
    {
        "fhi-2021": [
            ("Søketreff uten dubletter: 345", "Søketreff uten dubletter: 341"),
            ("We identified ten studies on mesenchymal", "We identified nine studies on mesenchymal"),
        ]
    }
)
MENDED = reviewed({"fhi-2021": [("Søketreff uten dubletter: 345", "Søketreff uten dubletter: 346")]})


def test_a_difference_that_another_box_explains_is_a_note() -> None:
    (outcome,) = CLEAN.broken(RULE)
    assert outcome.severity is Severity.NOTE
    assert CLEAN.texts(outcome) == [
        "Referanser identifisert gjennom andre kilder (n = 1)",
        "Referanser etter at dubletter er fjernet (n = 346)",
        "Søketreff uten dubletter: 345",
    ]
    assert outcome.english.endswith(
        "The difference is what the box “Referanser identifisert gjennom andre kilder” has: 345 + 1 = 346."
    )
    assert MENDED.broken(RULE) == []
    assert MENDED.checked(RULE) == CLEAN.checked(RULE) == 11


def test_without_an_explanation_and_in_two_languages() -> None:
    duplicates, languages = CHANGED.broken(RULE)
    assert (duplicates.severity, languages.severity) == (None, None)
    assert [c.printed for c in duplicates.compared] == ["346", "341"]
    assert CHANGED.texts(languages) == [
        "Vi idenifiserte ti studier på mesenkymal stamcelletransplantasjon (MSCT).",
        "We identified nine studies on mesenchymal stem cell transplantation (MSCT).",
    ]


ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="en"><front><article-meta>
<article-id pub-id-type="doi">10.5555/invented.twice</article-id><title-group><article-title>Warm baths for fever: an
invented trial</article-title></title-group><pub-date><year>2020</year></pub-date><abstract><sec><title>Methods</title>
<p>A total of 119 adults with fever (68.9 % women; mean age 57.1 years) were randomised to warm or cold baths.</p></sec>
<sec><title>Results</title><p>Fever fell in 44 % of adults in the warm group and in 21 % of adults in the cold group
(p = 0.01).</p></sec></abstract></article-meta></front><body>
<sec><title>Materials</title><p>A convenience sample of 119 adults with fever (68.9 % women; mean age 57.1 years) was
taken in a clinic. Of these, 60 adults were randomised to warm baths. An earlier trial had 40 adults (67 % women).</p>
</sec><sec><title>Results</title><p>The fever fell in 44 % of adults in the warm group and 21 % of adults in the cold
group (p = 0.01). After a year it had fallen in 50 % of adults in the warm group and in 48 % of adults in the cold
group.</p><p>The mean weight was 71.2 kg in the warm group and 69.8 kg in the cold group (Table 1). In the warm group 12
of 60 were tall.</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Baseline</p></caption><table><thead>
<tr><th>Characteristic</th><th>Warm group</th><th>Cold group</th></tr></thead><tbody>
<tr><td>Mean weight, kg</td><td>71.2</td><td>69.8</td></tr><tr><td>Mean height, cm</td><td>170.1</td><td>171.3</td></tr>
</tbody></table></table-wrap></sec></body></article>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "invented.xml"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_an_article_that_agrees_with_itself(path: Path) -> None:
    found = reviewed_jats(path)
    assert found.broken(RULE, "10-5555-invented-twice") == []
    assert found.checked(RULE, "10-5555-invented-twice") == 8


def test_planted_in_text_and_summary(path: Path) -> None:
    found = reviewed_jats(
        path,
        [
            ("A total of 119", "A total of 191"),
            ("was 71.2 kg", "was 72.1 kg"),
            ("<p>The fever fell in 44", "<p>The fever fell in 45"),
        ],
    )
    outcomes = found.broken(RULE, "10-5555-invented-twice")
    assert [[c.printed for c in o.compared] for o in outcomes] == [["72.1", "71.2"], ["191", "119"], ["44 %", "45 %"]]
    assert found.texts(outcomes[0])[1] == "71.2"
    assert found.texts(outcomes[1])[0].startswith("A total of 191 adults with fever")
    assert found.texts(outcomes[2])[1].startswith("The fever fell in 45 %")


# Of each sample: words of its summary, what they are changed to, and those of the body that they then contradict.
SAMPLES = [
    (
        "1472-6831-8-11.nxml",
        "in a sample of 119 patients",
        "in a sample of 191 patients",
        "a convenience sample of 119",
    ),
    (
        "journal.pone.0026358.xml",
        "30 CFS patients were randomised",
        "32 CFS patients were randomised",
        "The 30 patients",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "body"), SAMPLES)
def test_planted_in_the_summary_of_real_articles(name: str, old: str, new: str, body: str, shared_dir: Path) -> None:
    found = reviewed_jats(shared_dir / "samples" / "jats_xml" / name, [(old, new)])
    broken = [o for o in found.broken(RULE) if not o.document.endswith("fhi-2021")]
    assert broken
    assert all(any(new in t for t in found.texts(o)) for o in broken)
    assert any(body in t for o in broken for t in found.texts(o))


def test_real_articles_agree_with_themselves(shared_dir: Path) -> None:
    paths = sorted((shared_dir / "samples" / "jats_xml").iterdir())
    assert len(paths) == 3
    found = reviewed(loaded=paths)
    assert [o for o in found.broken(RULE) if not o.document.endswith("fhi-2021")] == []
    assert found.checked(RULE) > 100
