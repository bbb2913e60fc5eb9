"""Rules about search strings, and about words that are quoted."""

from msevidence.loaders.review.outcome import Rule
from msevidence.loaders.review.texts import lines, misspelt, pull_quotes, stray, unbalanced

RULES: tuple[Rule, ...] = (misspelt.RULE, unbalanced.RULE, stray.RULE, lines.RULE, pull_quotes.RULE)
