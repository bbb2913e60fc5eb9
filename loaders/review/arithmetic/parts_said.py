"""A whole with the parts that a document says it has."""

from dataclasses import dataclass

from msevidence.loaders.review.numbers import Number
from msevidence.loaders.review.view import Passage


@dataclass(frozen=True)
class Parts:
    """Parts in reading order, and the whole that they are said to make."""

    whole: Number
    whole_passage: Passage
    parts: tuple[Number, ...]
    passages: tuple[Passage, ...]
    """Those that print the parts."""
    adds_up: bool | None = None
    """Where it is known in another way than by adding all parts."""
    certain: bool = True
    """Whether there is no doubt that these are all the parts."""
