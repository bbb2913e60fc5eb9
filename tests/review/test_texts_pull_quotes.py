"""Pull quotes against the sentences that they repeat, on changed texts of the article."""

from msevidence.loaders.review.outcome import Severity
from msevidence.loaders.review.texts import pull_quotes
from msevidence.loaders.review.texts.pull_quotes import differences, qualifies
from tests.review.reviewing import reviewed

RULE = pull_quotes.RULE
WHOLE = (
    "stem cell therapy is highly effective for relapsing-remitting MS, and that the risk in younger patients with good "
    "neurological function is acceptable»"
)


def test_words_left_out_of_a_pull_quote_are_quoted_with_both_passages() -> None:
    (outcome,) = reviewed().broken(RULE)
    assert "for relapsing-remitting MS" in outcome.english and "is acceptable" in outcome.english
    assert outcome.severity is None
    texts = reviewed().texts(outcome)
    assert len(texts) == 2 and texts[1].startswith("«Although more knowledge")
    assert reviewed().checked(RULE, "nygaard-2024") == 2


def test_a_planted_omission_is_found_and_a_mended_quote_is_silent() -> None:
    changed = reviewed(
        {
            "nygaard-2024": [
                (
                    "«The goal of stem cell therapy is to achieve long-term remission",
                    "«The goal of stem cell therapy is to achieve remission",
                ),
                ("stem cell therapy is highly effective»", WHOLE),
            ]
        }
    )
    (outcome,) = changed.broken(RULE)
    assert outcome.english == "The pull quote leaves out “long-term”."
    assert outcome.severity is Severity.NOTE


def test_another_word_in_the_quote_is_found_without_a_tie_to_the_sentence() -> None:
    changed = reviewed(
        {
            "nygaard-2024": [
                (
                    "«The goal of stem cell therapy is to achieve long-term",
                    "«The aim of stem cell therapy is to achieve long-term",
                )
            ]
        }
    )
    outcome = next(o for o in changed.broken(RULE) if "aim" in o.english)
    assert "has “aim” where the sentence has “goal”" in outcome.english


def test_articles_and_markers_left_out_are_no_difference() -> None:
    assert differences("the therapy works", "The therapy works (6, 9–12).") == ([], [])
    assert qualifies("hos yngre pasienter") and not qualifies("Derfor")
