"""The number of each box of a flow diagram, computed from what else the document prints, against the printed one.

A number can follow from several things: the boxes around it (PRISMA 2020, item 16a), the reasons it lists, the hits of
the searches, the rows of the tables, a list in an appendix. Each is a check of its own, and says how it was computed;
where a number follows from nothing, the check says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msevidence.loaders.review.arithmetic.flow_reading import (
    DUPLICATES,
    REMAINS,
    Box,
    Part,
    Step,
    steps,
    unit_of,
)
from msevidence.loaders.review.arithmetic.search_hits import WITHOUT_DUPLICATES
from msevidence.server import i18n
from msevidence.server.flow_lists import excluded_list, from_elsewhere, included_tables, words_of
from msevidence.server.flow_read import Counted, Diagram, FlowBox, Hits
from msevidence.server.labels import Text

AGREES, DIFFERS, POSSIBLE, UNPRINTED, UNKNOWN = "agrees", "differs", "possible", "unprinted", "unknown"
"""The printed number is the computed one; is not; fits the most that it can be; is not printed; can not be computed."""
STATES = (AGREES, DIFFERS, POSSIBLE, UNPRINTED, UNKNOWN)

_ITSELF = Text("")
_SEARCH_KINDS = ("search-hits-against-total",)
_TABLE_KINDS = ("count-against-rows",)


@dataclass(frozen=True, slots=True)
class Check:
    """A printed number against what it is computed from."""

    box: FlowBox
    what: Text
    """What is counted, where the box has several numbers; empty for that of the box itself."""
    printed: int | None
    computed: int | None
    how: str
    """In the reader's language: the sum, or why there is none."""
    state: str
    findings: tuple[tuple[str, str], ...] = ()
    """Kind and IRI of each."""


def checks(diagram: Diagram, language: str) -> list[Check]:
    """Return the checks of a diagram: at least one of each box."""
    return list(_Checking(diagram, language).all())


class _Checking:
    def __init__(self, diagram: Diagram, language: str) -> None:
        self._diagram, self._language = diagram, language
        read = [box.as_read() for box in diagram.boxes if box.has_counts]
        self._read = {box.iri: box for box in read}
        self._steps = steps(read)
        self._position = {box.iri: box.position for box in diagram.boxes}

    def _text(self, name: str, **values: object) -> str:
        shown = {key: i18n.number(v, self._language) if isinstance(v, int) else v for key, v in values.items()}
        return i18n.text(name, self._language, **shown)

    def all(self) -> Iterator[Check]:
        for box in self._diagram.boxes:
            if not box.has_counts:
                yield self._uncounted(box)
                continue
            made = [*self._own(box), *(one for further in box.further for one in self._further(box, further))]
            yield from made

    def _check(
        self,
        box: FlowBox,
        printed: int | None,
        computed: int | None,
        how: str,
        *,
        what: Text = _ITSELF,
        most: bool = False,
        kinds: Sequence[str] = (),
    ) -> Check:
        if computed is None:
            state = UNKNOWN
        elif printed is None:
            state = UNPRINTED
        elif most:
            state = POSSIBLE if printed <= computed else DIFFERS
        else:
            state = AGREES if printed == computed else DIFFERS
        findings = dict.fromkeys(
            (kind, finding)
            for kind, finding, about in self._diagram.findings
            if about == box.iri or kind.rpartition("/")[2] in kinds
        )
        return Check(box, what, printed, computed, how, state, tuple(findings))

    def _own(self, box: FlowBox) -> Iterator[Check]:
        """Yield the checks of the number of the box itself."""
        read = self._read[box.iri]
        printed = box.count
        made = []
        if box.reasons and not read.lists:
            counts = [one.count for one in box.reasons if one.count is not None]
            made.append(self._check(box, printed, sum(counts), self._text("flow-how-reasons", added=self._sum(counts))))
        if box.part is Part.SOURCE:
            made.append(self._source(box, read.total if printed is not None else None))
        elif box.part is Part.OUT:
            made += self._taken_out(box, read)
        else:
            unit = unit_of(box.text.text)
            made += self._left(box, unit, read.total if printed is not None else None, Text(""))
        yield from made

    def _further(self, box: FlowBox, further: Counted) -> Iterator[Check]:
        """Yield the checks of another number of a box: the reports beside the studies."""
        yield from self._left(box, unit_of(further.text.text), further.count, further.text)

    def _uncounted(self, box: FlowBox) -> Check:
        """Return what a box without a number stands for: what the boxes before it leave, less what is out by then."""
        for step in self._steps:
            before = max(self._position[one.iri] for one in step.before)
            after = min(self._position[one.iri] for one in step.after)
            if not before < box.position < after:
                continue
            if box.part is Part.OUT:
                if step.out or not step.after_counts:
                    break
                count = step.after_counts[0][1]
                how = self._text("flow-how-difference", start=step.start, left=count, number=step.start - count)
                return self._check(box, None, step.start - count, how)
            out = [one.total for one in step.out if self._position[one.iri] < box.position]
            number = step.start - sum(out)
            how = self._minus(step, out) if out else self._text("flow-how-carried", number=number)
            return self._check(box, None, number, how)
        return self._check(box, None, None, self._text("flow-why-nothing-around"))

    def _source(self, box: FlowBox, printed: int | None) -> Check:
        searches = self._diagram.searches
        if from_elsewhere(box):
            return self._check(box, printed, None, self._text("flow-why-elsewhere"))
        if not searches:
            return self._check(box, printed, None, self._text("flow-why-no-searches"))
        label = words_of(box.text.text)
        named = [one for one in searches if words_of(one.text.text) and words_of(one.text.text) in label]
        used = named or searches
        without = [one.text.text for one in used if one.number is None]
        if without:
            said = self._text("flow-why-without-hits", searches=", ".join(dict.fromkeys(without)))
            return self._check(box, printed, None, said)
        others = [one for one in self._diagram.boxes if one.part is Part.SOURCE and not from_elsewhere(one)]
        if not named and len(others) > 1:
            return self._check(box, printed, None, self._text("flow-why-several-sources"))
        sums = [used, [one for one in used if not one.amends]]
        fitting = next((one for one in sums if _total(one) == printed), used)
        counts = [one.number for one in fitting if one.number is not None]
        how = self._text("flow-how-hits", added=self._sum(counts))
        return self._check(box, printed, sum(counts), how, kinds=_SEARCH_KINDS)

    def _taken_out(self, box: FlowBox, read: Box) -> Iterator[Check]:
        printed = read.total if box.count is not None else None
        step = next((one for one in self._steps if any(out.iri == box.iri for out in one.out)), None)
        made = False
        if step is not None and not step.other_unit and step.after_counts:
            after = step.after_counts[0][1]
            rest = [one.total for one in step.out if one.iri != box.iri]
            number = step.start - sum(rest) - after
            if rest:
                values = {"start": step.start, "rest": " − ".join(self._figure(n) for n in rest)}
                how = self._text("flow-how-difference-rest", **values, left=after, number=number)
            else:
                how = self._text("flow-how-difference", start=step.start, left=after, number=number)
            yield self._check(box, printed, number, how)
            made = True
        listed = excluded_list(self._diagram, box)
        if listed is not None and listed.references:
            number = len(listed.references)
            how = self._text("flow-how-list", number=number, heading=listed.headings[0])
            yield self._check(box, printed, number, how)
            made = True
        if not made and not box.reasons:
            why = self._text("flow-why-other-unit" if step is not None else "flow-why-nothing-around")
            yield self._check(box, printed, None, why)

    def _left(self, box: FlowBox, unit: str | None, printed: int | None, what: Text) -> Iterator[Check]:
        made = []
        step = next((one for one in self._steps if any(after.iri == box.iri for after in one.after)), None)
        duplicates = REMAINS.search(box.text.text) and re.search(DUPLICATES, box.text.text, re.I)
        if step is not None and step.out:
            if not step.other_unit and (unit, printed) in step.after_counts:
                how = self._minus(step, [one.total for one in step.out])
                made.append(self._check(box, printed, step.left, how, what=what))
        elif step is not None and duplicates and (found := self._unique(step, printed)) is not None:
            made.append(self._check(box, printed, *found, what=what, kinds=_SEARCH_KINDS))
        elif step is not None and (unit, printed) in step.after_counts:
            how = self._text("flow-how-most", number=step.start)
            made.append(self._check(box, printed, step.start, how, what=what, most=True))
        if box.part is Part.INCLUDED and not self._read[box.iri].is_part:
            made += self._listed(box, unit, printed, what)
        if not made:
            other_unit = step is not None and step.other_unit
            why = self._text("flow-why-other-unit" if other_unit else "flow-why-nothing-around")
            made.append(self._check(box, printed, None, why, what=what))
        yield from made

    def _unique(self, step: Step, printed: int | None) -> tuple[int, str] | None:
        """Return how many are left without duplicates: what the searches print of it, and what came from elsewhere."""
        totals = [one.number for one in self._diagram.totals if WITHOUT_DUPLICATES.search(one.text.text)]
        known = [number for number in totals if number is not None]
        if not known:
            return None
        boxes = {box.iri: box for box in self._diagram.boxes}
        elsewhere = [one.total for one in step.before if from_elsewhere(boxes[one.iri])]
        number = known[-1] + sum(elsewhere)
        if not elsewhere or printed == known[-1]:
            return known[-1], self._text("flow-how-unique", unique=known[-1])
        added = self._text("flow-how-unique-more", unique=known[-1], more=sum(elsewhere), number=number)
        return number, added

    def _listed(self, box: FlowBox, unit: str | None, printed: int | None, what: Text) -> Iterator[Check]:
        """Yield the number of studies, or of their entries, in the rows of the document's tables."""
        tables = included_tables(self._diagram)
        if not tables:
            yield self._check(box, printed, None, self._text("flow-why-no-tables"), what=what)
            return
        studies = len({study for table in tables for study in table.studies})
        entries = len({entry for table in tables for several in table.studies.values() for entry in several})
        names = ", ".join(table.headings[0] if table.headings else table.iri.rpartition("/")[2] for table in tables)
        of_studies = unit == "study" or (unit is None and printed in (studies, None))
        if not of_studies and not entries:
            yield self._check(box, printed, None, self._text("flow-why-no-entries"), what=what)
            return
        number = studies if of_studies else entries
        how = self._text("flow-how-studies" if of_studies else "flow-how-entries", number=number, tables=names)
        kinds = _TABLE_KINDS if printed != number else ()
        yield self._check(box, printed, number, how, what=what, kinds=kinds)

    def _figure(self, number: int) -> str:
        return i18n.number(number, self._language)

    def _sum(self, counts: Sequence[int]) -> str:
        added = " + ".join(self._figure(n) for n in counts)
        return added if len(counts) < 2 else f"{added} = {self._figure(sum(counts))}"

    def _minus(self, step: Step, out: Sequence[int]) -> str:
        start = " + ".join(self._figure(one.total) for one in step.before)
        taken = " − ".join(self._figure(n) for n in out)
        added = f"{start} − {taken} = {self._figure(step.start - sum(out))}"
        return self._text("flow-how-left", added=added)


def _total(searches: Sequence[Hits]) -> int:
    return sum(one.number or 0 for one in searches)
