"""Rules about a claim and the work that it cites: what the work says, where its own words are known."""

from msevidence.loaders.review.outcome import Rule
from msevidence.loaders.review.sources.claim_against_source import RULE as CLAIM_AGAINST_SOURCE

RULES: tuple[Rule, ...] = (CLAIM_AGAINST_SOURCE,)
