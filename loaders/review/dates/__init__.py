"""Rules on dates and status: when something was, or is to be, and what became of it."""

from msevidence.loaders.review.dates import (
    date_against_registry,
    expectation_passed,
    figure_against_registry,
    outside_window,
    result_before_end,
    search_after_end,
    status_against_registry,
    window_against_items,
)
from msevidence.loaders.review.outcome import Rule

RULES: tuple[Rule, ...] = (
    search_after_end.RULE,
    result_before_end.RULE,
    status_against_registry.RULE,
    date_against_registry.RULE,
    figure_against_registry.RULE,
    outside_window.RULE,
    window_against_items.RULE,
    expectation_passed.RULE,
)
"""The rule on access dates is a query: ``ontology/review/access-date.rq``."""
