"""Rules about documents, or parts of a document, that tell of one thing differently."""

from msevidence.loaders.review.between import (
    decision_told_differently,
    study_told_differently,
    translation_differs,
    work_under_two_titles,
)
from msevidence.loaders.review.outcome import Rule

RULES: tuple[Rule, ...] = (
    study_told_differently.RULE,
    work_under_two_titles.RULE,
    decision_told_differently.RULE,
    translation_differs.RULE,
)
