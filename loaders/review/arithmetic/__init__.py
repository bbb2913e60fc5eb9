"""Rules that add up what a document prints."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msevidence.loaders.review.outcome import Rule

    RULES: tuple[Rule, ...]


def __getattr__(name: str) -> Any:
    """Import the rules when they are asked for (PEP 562): the server reads flow diagrams with a part of one alone."""
    if name != "RULES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from msevidence.loaders.review.arithmetic.arms_against_total import RULE as ARMS_AGAINST_TOTAL
    from msevidence.loaders.review.arithmetic.count_against_rows import RULE as COUNT_AGAINST_ROWS
    from msevidence.loaders.review.arithmetic.figure_stated_twice import RULE as FIGURE_STATED_TWICE
    from msevidence.loaders.review.arithmetic.flow_boxes import RULE as FLOW_BOXES
    from msevidence.loaders.review.arithmetic.parts_against_sum import RULE as PARTS_AGAINST_SUM
    from msevidence.loaders.review.arithmetic.percentage_against_count import RULE as PERCENTAGE_AGAINST_COUNT
    from msevidence.loaders.review.arithmetic.search_hits import RULE as SEARCH_HITS

    return (
        ARMS_AGAINST_TOTAL,
        PARTS_AGAINST_SUM,
        PERCENTAGE_AGAINST_COUNT,
        FLOW_BOXES,
        SEARCH_HITS,
        COUNT_AGAINST_ROWS,
        FIGURE_STATED_TWICE,
    )
