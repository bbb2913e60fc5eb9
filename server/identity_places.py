"""What the boxes and labels of an identity graph need: their lines, and the room that these take."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from msevidence.server.identity_graph import Tie

CHARACTER, BOLD, SMALL = 7.5, 9.0, 6.3
"""Width of a character of the boxes', the study's own box's and the labels' text, on the wide side."""
LINE, PITCH, MORE = 18, 25, 15
"""Height of a line in a box; of a label, which is a link and wants 24 pixels; of each further line of a label."""
LONGEST = 30
"""Characters of a line of a label."""
WIDEST = 26
"""Characters of a line in a box."""
MOST_LINES = 3
GAP, EDGE, CURVE, BOW = 12, 8, 36, 70
"""Between boxes; around the figure; what a line needs to turn; how far a line between two boxes of a column reaches."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a line: the number of the decision in its tie, its lines, and where each of them begins."""

    decision: int
    x: float
    lines: Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """A tie with the lines of its labels."""

    tie: Tie
    labels: Sequence[Sequence[str]]

    @property
    def height(self) -> float:
        """Of all of them, one above the other."""
        return sum(PITCH + MORE * (len(lines) - 1) for lines in self.labels) + 6

    @property
    def width(self) -> float:
        """Of the longest line."""
        return max(len(line) for lines in self.labels for line in lines) * SMALL

    def placed(self, x: float, bottom: float) -> list[Label]:
        """Return the labels one above the other, the last line of the last one at ``bottom``."""
        found = []
        for number in reversed(range(len(self.labels))):
            lines = self.labels[number]
            ys = [bottom - MORE * (len(lines) - 1 - n) for n in range(len(lines))]
            found.append(Label(number, x, list(zip(ys, lines, strict=True))))
            bottom -= PITCH + MORE * (len(lines) - 1)
        return found[::-1]


@dataclass(slots=True)
class Place:
    """A node on the way to its place."""

    column: int
    lines: Sequence[str]
    own: bool = False
    incoming: list[Said] = field(default_factory=list)
    centre: float = 0

    @property
    def height(self) -> float:
        """Of its box, which reaches to all lines that arrive."""
        text = LINE * len(self.lines) + 16
        return max(text, self.arriving - 8) if len(self.incoming) > 1 else text

    @property
    def arriving(self) -> float:
        """What the labels that arrive at it need."""
        return sum(said.height for said in self.incoming)

    @property
    def slot(self) -> float:
        """What it and its labels need."""
        single = 2 * self.arriving - 24 if len(self.incoming) == 1 else self.arriving
        return max(self.height, single) + GAP

    @property
    def width(self) -> float:
        """Of its box."""
        return max(map(len, self.lines)) * (BOLD if self.own else CHARACTER) + 26


def wrapped(text: str) -> list[str]:
    """Return a name in lines of a box; what is longer ends in an ellipsis, and stands whole in its title.

    >>> wrapped("MESEMS Andalusia"), wrapped("a" * 30)[0][-1]
    (['MESEMS Andalusia'], '…')
    """
    lines: list[str] = []
    for word in text.split() or [""]:
        word = word if len(word) <= WIDEST else word[: WIDEST - 1] + "…"
        if lines and len(lines[-1]) + 1 + len(word) <= WIDEST:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: WIDEST - 2] + " …"]
    return lines


def label_lines(text: str) -> list[str]:
    """Return a label in lines; where one is not enough, what says that a tie does not join has its own.

    >>> label_lines("not the same: link leads to another number")
    ['not the same:', 'link leads to another number']
    """
    parts = [text] if len(text) <= LONGEST else re.split(r"(?<=:) ", text)
    return [line for part in parts for line in textwrap.wrap(part, LONGEST) or [""]]
