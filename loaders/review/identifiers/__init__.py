"""Identifiers and links: what a number, a title or an address leads to."""

from msevidence.loaders.review.identifiers import (
    broken_address,
    identifier_of_other_work,
    odd_dash,
    record_of_other_condition,
    title_differs,
    title_of_other_record,
)

RULES = (
    broken_address.RULE,
    odd_dash.RULE,
    title_of_other_record.RULE,
    record_of_other_condition.RULE,
    title_differs.RULE,
    identifier_of_other_work.RULE,
)
