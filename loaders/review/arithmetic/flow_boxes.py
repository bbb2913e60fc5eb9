"""A flow diagram whose boxes do not follow from each other, from their reasons, or from what the text says of them."""

from collections.abc import Iterator, Sequence

from msevidence.loaders.review.arithmetic.flow_prose import Said, said_of_selection
from msevidence.loaders.review.arithmetic.flow_reading import Box, Part, Step, boxes, steps
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Look at each step of a diagram, each list of reasons, and each figure of the text about the selection."""
    for document in view.documents:
        found = boxes(document)
        for box in found:
            if box.reasons and box.count is not None and not box.lists:
                yield _reasons(document, box, found)
        for step in steps(found):
            yield _step(document, step)
        if found:
            for said in said_of_selection(document, found):
                yield _said(document, said)


def _reasons(document: Document, box: Box, found: Sequence[Box]) -> Outcome:
    """Compare the reasons with their box, or with another one that they make up: extraction may have moved them."""
    total = sum(n for _, n in box.reasons)
    broken = box.count != total and not any(b.count == total and b.part is box.part for b in found)
    added = f"{' + '.join(str(n) for _, n in box.reasons)} = {total}"
    return Outcome(
        document.iri,
        broken,
        box.iri,
        _iris((*box.passages, *box.reason_passages)),
        f"What the box “{box.label}” lists makes {added}; the box says {box.count}." if broken else "",
        f"Det boksen «{box.label}» lister opp, blir {added}; boksen sier {box.count}." if broken else "",
        (
            Compared("box", "boks", str(box.count), box.passages[0].iri if box.passages else None),
            Compared("sum of what it lists", "sum av det den lister opp", added),
        ),
    )


def _step(document: Document, step: Step) -> Outcome:
    broken = not step.adds_up
    other_unit = broken and step.other_unit
    start = " + ".join(str(b.total) for b in step.before)
    sum_ = start if len(step.before) == 1 else f"{start} = {step.start}"
    out = " + ".join(str(b.total) for b in step.out)
    sign = "−"
    made = f"{step.start} {sign} {out if len(step.out) == 1 else f'({out})'} = {step.left}" if step.out else sum_
    label = step.after[0].label
    says = ", ".join(str(n) for _, n in step.after_counts)
    if other_unit:
        english = f"{made}; the last box says {says} studies and not how many reports these are."
        norwegian = f"{made}; siste boks sier {says} studier og ikke hvor mange referanser disse er."
    elif step.out:
        english = f"{made} are left when what was excluded is taken out; the next box, “{label}”, says {says}."
        norwegian = f"{made} er igjen når det som ble ekskludert, er trukket fra; neste boks, «{label}», sier {says}."
    else:
        english = f"The boxes before have {sum_}; the next box, “{label}”, says more, {says}, and nothing came in."
        norwegian = f"Boksene før har {sum_}; neste boks, «{label}», sier mer, {says}, og ingenting kom til."
    return Outcome(
        document.iri,
        broken,
        step.after[0].iri,
        _iris(step.passages),
        english if broken else "",
        norwegian if broken else "",
        (
            Compared("what the boxes before leave", "det boksene før gir", made, step.before[0].passages[0].iri),
            Compared("next box", "neste boks", says, step.after[0].passages[0].iri),
        ),
        severity=Severity.NOTE if other_unit else None,
    )


_OF = {
    Part.SOURCE: ("found by the search", "funnet i søket"),
    Part.OUT: ("excluded", "ekskludert"),
    Part.LEFT: ("left after duplicates were removed", "igjen etter at dubletter er fjernet"),
    Part.INCLUDED: ("included", "inkludert"),
}


def _said(document: Document, said: Said) -> Outcome:
    broken = not said.agrees
    english, norwegian = _OF[said.part]
    boxes_say = ", ".join(str(b.total) for b in said.boxes)
    printed = said.number.printed
    return Outcome(
        document.iri,
        broken,
        said.passage.iri,
        _iris((said.passage, *(p for b in said.boxes for p in b.passages))),
        f"The text says {printed} {english}; the flow diagram says {boxes_say}." if broken else "",
        f"Teksten sier {printed} {norwegian}; flytdiagrammet sier {boxes_say}." if broken else "",
        (
            Compared("text", "tekst", printed, said.passage.iri),
            *(Compared("box", "boks", str(b.total), b.passages[0].iri) for b in said.boxes if b.passages),
        ),
    )


def _iris(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.iri for p in sorted(passages, key=lambda p: p.ordinal)))


RULE = Rule(
    "flow-boxes",
    Severity.ERROR,
    "a flow diagram with counts in its boxes",
    "et flytdiagram med antall i boksene",
    check,
    file="loaders/review/arithmetic/flow_boxes.py",
)
