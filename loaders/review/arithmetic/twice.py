"""One quantity that a document prints in two places."""

from dataclasses import dataclass, field

from msevidence.loaders.review.view import Passage


@dataclass(frozen=True)
class Twice:
    """Two figures for one quantity, each with the passage that prints it."""

    one: str
    one_in: Passage
    other: str
    other_in: Passage
    agree: bool
    what: str = ""
    """What the quantity is, in the words of the document."""
    explained: tuple[str, str] | None = None
    """What explains the difference, in English and bokmål."""
    rests: tuple[Passage, ...] = field(default=())
    """Further passages."""
    sure: bool = True
    """Whether more than its words tells that the two are of one quantity: another number, a table, the same place."""
