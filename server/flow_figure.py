"""A flow diagram as a figure: the words in its boxes, and where each box leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from msevidence.server import flow_layout, i18n
from msevidence.server.flow_checks import DIFFERS, STATES, Check
from msevidence.server.flow_layout import PADDING, PHASES, WIDTH, Placed
from msevidence.server.flow_read import Diagram, FlowBox
from msevidence.server.flow_text import clean, wrap

SMALL = 12.0
ROOM = WIDTH - 2 * PADDING
_GRAVEST = (DIFFERS, *(state for state in STATES if state != DIFFERS))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a box."""

    text: str
    style: str = ""
    language: str | None = None
    """Of content; None for the interface."""
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A box with its words and its link."""

    placed: Placed
    lines: Sequence[Line]
    href: str
    name: str
    """What the link is called for those who do not see it."""
    differs: bool


def svg(
    diagram: Diagram, made: Sequence[Check], href: Callable[[FlowBox], str], language: str, title: str, description: str
) -> Markup:
    """Return the drawing of a diagram.

    Args:
        diagram: as read.
        made: its checks.
        href: where a box leads.
        language: the reader's.
        title: of the drawing.
        description: of it.
    """
    of_box = {box.iri: [check for check in made if check.box.iri == box.iri] for box in diagram.boxes}
    lines = {box.iri: _lines(box, of_box[box.iri], language) for box in diagram.boxes}
    drawing = flow_layout.draw(diagram.boxes, {iri: len(of) for iri, of in lines.items()})
    shown = [_shown(placed, lines[placed.box.iri], of_box[placed.box.iri], href) for placed in drawing.placed]
    return Markup(
        render_template(
            "figure_flow.svg",
            key=f"drawing-{diagram.key}",
            title=title,
            description=description,
            drawing=drawing,
            shown=sorted(shown, key=lambda one: one.placed.box.position),
            phases={phase: i18n.text(f"flow-phase-{phase}", language) for phase in PHASES},
            bar_width=flow_layout.BAR,
            box_width=WIDTH,
            padding=PADDING,
            line_height=flow_layout.LINE,
        )
    )


def _shown(placed: Placed, lines: Sequence[Line], made: Sequence[Check], href: Callable[[FlowBox], str]) -> Shown:
    differs = any(check.state == DIFFERS for check in made)
    name = "; ".join(line.text for line in lines)
    return Shown(placed, lines, href(placed.box), name, differs)


def _lines(box: FlowBox, made: Sequence[Check], language: str) -> list[Line]:
    own = box.text.language
    label = clean(box.text.text)
    lines = [Line(text, "name", own) for text in wrap(label, ROOM)]
    lines = lines or [Line(i18n.text("flow-no-words", language), "name")]
    if box.count is None:
        lines.append(Line(i18n.text("flow-no-number", language), "quiet small"))
    else:
        lines.append(Line(f"n = {i18n.number(box.count, language)}", "strong"))
    for further in box.further:
        count = "" if further.count is None else f"n = {i18n.number(further.count, language)} "
        lines += [Line(text, "strong", further.text.language) for text in wrap(count + further.text.text, ROOM, most=3)]
    for reason in box.reasons:
        count = "–" if reason.count is None else i18n.number(reason.count, language)
        text = wrap(f"{count} {clean(reason.text.text)}", ROOM - 16, SMALL, most=3)
        lines += [Line(part, "small", reason.text.language, 0.0 if n == 0 else 16.0) for n, part in enumerate(text)]
    return [*lines, *(_mark(check, language) for check in _marked(made))]


def _marked(made: Sequence[Check]) -> list[Check]:
    """Return the gravest check of each number of a box, and no second one that says the same."""
    best: dict[tuple[str, int | None], Check] = {}
    for check in made:
        key = (check.what.text, check.printed)
        if key not in best or _GRAVEST.index(check.state) < _GRAVEST.index(best[key].state):
            best[key] = check
    said: Mapping[tuple[str, int | None], Check] = {(check.state, check.computed): check for check in best.values()}
    return list(said.values())


def _mark(check: Check, language: str) -> Line:
    number = "" if check.computed is None else i18n.number(check.computed, language)
    style = "small differs" if check.state == DIFFERS else "small quiet"
    return Line(i18n.text(f"flow-mark-{check.state}", language, number=number), style)
