"""Groups of a study with their sizes, and the total that stands with them."""

import re
from dataclasses import dataclass

from msevidence.loaders.review.numbers import Number
from msevidence.loaders.review.view import Passage

TOTAL = re.compile(r"\b(?:total(?:t|e|s)?|all|overall|whole|combined|samlet|alle|i alt|sum)\b", re.IGNORECASE)
"""Words of a label for all participants together."""

ARM = re.compile(
    r"\b(?:group|arm|intervention|control|placebo|treat(?:ment|ed)|untreated|experimental|comparator|usual care|sham"
    r"|cohort|gruppe[nr]?|\w*gruppe[nr]?|tiltak|intervensjon|kontroll|behandling|behandlet|vanlig oppfølging)\b",
    re.IGNORECASE,
)
"""Words of a label for one group of a study."""

CROSSOVER = re.compile(r"\b(?:semi-?)?cross-?\s?over|\boverkrys", re.IGNORECASE)
"""Where everyone is in each group in turn, the groups are not added."""


@dataclass(frozen=True)
class Arms:
    """Sizes of groups in reading order, and the total beside them."""

    sizes: tuple[Number, ...]
    passages: tuple[Passage, ...]
    """Those that print the sizes."""
    total: Number
    total_passage: Passage
    in_table: bool
    certain: bool = True
    """Whether the labels say that the sizes are those of groups that make the whole."""
