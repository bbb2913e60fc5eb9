"""What comparing a passage with a work showed of one thing that the passage says: a number, a place, a type, a time."""

from dataclasses import dataclass

from msevidence.loaders.review.outcome import Severity, VerdictKind
from msevidence.loaders.review.sources.known import Sentence
from msevidence.loaders.review.sources.quantities import Quantity, quantities

_LONGEST = 140
"""Characters of a quotation from the document, as far as it need not be longer to hold the number."""


@dataclass(frozen=True)
class Passed:
    """A passage as it is compared: its words, its numbers, and what stands beside it."""

    text: str
    language: str
    context: str
    """Label of the row, where it is a cell."""
    quantities: tuple[Quantity, ...]
    """Those that this work is cited for."""
    sole: bool
    """Whether no other work is cited for them."""

    @classmethod
    def of(cls, text: str, language: str, context: str = "", sole: bool = True) -> "Passed":
        return cls(text, language, context, tuple(quantities(text, language, context)), sole)

    def words(self, quantity: Quantity) -> str:
        """Return the words of the passage that carry a number, as it prints them."""
        return self.quoted(*quantity.part, keep=(quantity.number.begin, quantity.number.end))

    def quoted(self, begin: int, end: int, keep: tuple[int, int] | None = None) -> str:
        """Return the words between two places, without what only joins them to others; cut round ``keep`` if long."""
        if keep is not None and end - begin > _LONGEST:
            room = _LONGEST // 2
            cut = self.text.rfind(" ", begin, max(begin, keep[0] - room) + 1)
            begin = begin if cut < 0 or keep[0] - begin <= room else cut
            cut = self.text.find(" ", min(end, keep[1] + room), end)
            end = end if cut < 0 else cut
        words = self.text[begin:end].strip(" ,;:")
        for joint in ("and ", "og ", "but ", "men ", "while ", "mens "):
            words = words.removeprefix(joint)
        return words


@dataclass(frozen=True)
class Item:
    """One thing compared."""

    kind: VerdictKind
    words: str
    """Of the passage."""
    at: int
    """Where it stands in the passage."""
    sentence: Sentence | None = None
    """Of the source; ``None`` where nothing in what was read speaks of it."""
    english: str = ""
    """What is different, in one sentence; empty where the two quotations tell it."""
    norwegian: str = ""
    severity: Severity | None = None
    quantity: Quantity | None = None


def of_quantity(
    kind: VerdictKind,
    passed: Passed,
    quantity: Quantity,
    sentence: Sentence | None,
    english: str = "",
    norwegian: str = "",
    severity: Severity | None = None,
) -> Item:
    """Return the item of a number."""
    words = passed.words(quantity)
    return Item(kind, words, quantity.number.begin, sentence, english, norwegian, severity, quantity)
