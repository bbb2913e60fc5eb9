"""The flow diagram of a report (PRISMA 2020, item 16a), as extraction leaves it: the boxes' text one after another."""

import re
from collections.abc import Sequence

from msevidence.loaders.document import FlowBox, PassageKind
from msevidence.loaders.report_breaks import COUNT
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_headings import Block
from msevidence.loaders.report_pages import Line
from msevidence.loaders.report_tables import caption_pattern

BOX_WIDTH = 60
"""Characters of the widest line of a box; text set wider is not in a diagram."""
COUNTED = r"(?::\s*(?:n\s*=\s*)?|\s\(\s*n\s*=\s*)(?P<count>\d[\d\s.,]*)\)?$"
REASON = re.compile(rf"^(?P<reason>[^\W\d_].*?){COUNTED}", re.DOTALL)
LEADING = re.compile(r"^(?P<count>\d[\d.,]*)\s+(?P<label>[^\W\d_].*)$")
TRAILING = re.compile(r"^\(?(?P<count>\d[\d.,]*)\s+(?P<label>[^\W\d_][^()]*)\)?$")


def number(printed: str) -> int:
    """Return a count as printed, with or without signs between thousands: ``1 024``, ``1.024``."""
    return int(re.sub(r"\D", "", printed))


def read_flow(builder: Builder, blocks: Sequence[Block], i: int) -> int:
    """Add the boxes that begin at ``blocks[i]``; returns the index after them, ``i`` itself where none begins there."""
    if not _begins(blocks, i):
        return i
    end = i
    counted = i
    caption = caption_pattern("table", builder.metadata.layout.table_label)
    while end < len(blocks) and blocks[end].level is None and blocks[end].page == blocks[i].page and _fits(blocks[end]):
        if "\t" in blocks[end].text or caption.match(blocks[end].text):
            break  # a table below the diagram
        if re.search(r"\d", blocks[end].text):
            counted = end + 1
        end += 1
    builder.flush_notes(blocks[i].start)
    pending: list[Line] = []
    for block in blocks[i:counted]:
        lines = list(block.lines)
        at = next((n for n, line in enumerate(lines) if COUNT.search(line.text)), None)
        reasons = _reasons(lines)
        if at is None and reasons and builder.document.flow:
            _add_reasons(builder, lines)
        elif at is not None:
            if pending and at > 0:
                _add_box(builder, pending)
                pending = []
            _add_box(builder, [*pending, *lines[: at + 1]])
            pending = []
            if lines[at + 1 :]:
                _add_reasons(builder, lines[at + 1 :])
        else:
            if pending:
                _add_box(builder, pending)
            pending = lines
    if pending:
        _add_box(builder, pending)
    return counted


def _begins(blocks: Sequence[Block], i: int) -> bool:
    """Say whether a box with a count begins here: ``(n = 5)`` in this narrow block, or alone in the next one."""
    block = blocks[i]
    if block.level is not None or not _fits(block):
        return False
    if any(COUNT.search(line.text) for line in block.lines):
        return True
    following = blocks[i + 1] if i + 1 < len(blocks) else None
    return following is not None and following.page == block.page and COUNT.fullmatch(following.text) is not None


def _fits(block: Block) -> bool:
    return block.width <= BOX_WIDTH and not re.search(r"[.!?]$", block.text)


def _reasons(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each reason with its count; a reason may run over several lines."""
    found: list[list[Line]] = []
    current: list[Line] = []
    for line in lines:
        current.append(line)
        if re.search(COUNTED, line.text):
            found.append(current)
            current = []
    return found


def _add_reasons(builder: Builder, lines: list[Line]) -> None:
    """Add the reasons below a box to the last box; a line without a count, as their heading, is text of the box."""
    document = builder.document
    box = document.flow[-1]
    passages, reasons = list(box.passages), list(box.reasons)
    while lines and lines[0].text.endswith(":"):
        passages.append(builder.line(PassageKind.FIGURE_TEXT, spans_of([lines.pop(0)])))
    groups = _reasons(lines)
    for group in groups:
        index = builder.line(PassageKind.FIGURE_TEXT, spans_of(group))
        found = REASON.match(document.passages[index].text)
        if found is None:
            passages.append(index)
        else:
            reasons.append((found["reason"], number(found["count"]), index))
    if rest := lines[sum(len(g) for g in groups) :]:
        passages.append(builder.line(PassageKind.FIGURE_TEXT, spans_of(rest)))
    document.flow[-1] = FlowBox(box.label, box.count, tuple(passages), tuple(reasons), box.further)


def _add_box(builder: Builder, lines: list[Line]) -> None:
    """Add one box: its label and count, ``Records (n = 5)`` or ``5 studies`` with ``(7 references)`` below."""
    document = builder.document
    joined = any(COUNT.search(line.text) for line in lines)
    if joined or not LEADING.match(lines[0].text):
        index = builder.line(PassageKind.FIGURE_TEXT, spans_of(lines))
        text = document.passages[index].text
        count = COUNT.search(text)
        label = COUNT.sub("", text).strip().removesuffix(":").strip()
        document.flow.append(FlowBox(label, number(count.group()) if count else None, (index,)))
        return
    indexes = [builder.line(PassageKind.FIGURE_TEXT, spans_of([line])) for line in lines]
    texts = [document.passages[i].text for i in indexes]
    first = LEADING.match(texts[0])
    assert first is not None
    further = [
        (m["label"].strip(), number(m["count"]), i)
        for t, i in zip(texts[1:], indexes[1:], strict=True)
        if (m := TRAILING.match(t))
    ]
    document.flow.append(FlowBox(first["label"], number(first["count"]), tuple(indexes), further=tuple(further)))
