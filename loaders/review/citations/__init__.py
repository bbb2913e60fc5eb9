"""Rules about citations: what supports what, how much rests on it, and who has an interest in it.

More of them are queries in ``ontology/review/``: entries without citation, citations without entry, how much rests on
one work, and personal communications.
"""

from msevidence.loaders.review.citations import (
    interests,
    later_work,
    locator,
    self_citation,
    support_too_early,
    uncited_judgement,
    uncited_number,
)
from msevidence.loaders.review.outcome import Rule

RULES: tuple[Rule, ...] = (
    uncited_number.RULE,
    uncited_judgement.RULE,
    support_too_early.RULE,
    later_work.RULE,
    self_citation.RULE,
    interests.RULE,
    locator.RULE,
)
