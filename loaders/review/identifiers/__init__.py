"""Identifiers and links: what a number, a title or an address leads to."""

from msevidence.loaders.review.identifiers import (
    odd_dash,
    record_of_other_condition,
    title_differs,
    title_of_other_record,
)

RULES = (odd_dash.RULE, record_of_other_condition.RULE, title_differs.RULE, title_of_other_record.RULE)
