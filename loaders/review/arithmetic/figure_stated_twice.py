"""One quantity printed with two values: in summary and body, in two languages, in text and table, box and appendix."""

from collections.abc import Iterator
from itertools import chain

from rdflib import RDFS

from msevidence.loaders.review.arithmetic.flow_reading import Part, boxes
from msevidence.loaders.review.arithmetic.repeated import repeated
from msevidence.loaders.review.arithmetic.search_hits import WITHOUT_DUPLICATES
from msevidence.loaders.review.arithmetic.text_and_table import text_and_table
from msevidence.loaders.review.arithmetic.translated import translated
from msevidence.loaders.review.arithmetic.twice import Twice
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, View
from msevidence.ontology.namespaces import MSE


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Look at each quantity that two passages of a document print."""
    for document in view.documents:
        ways = (without_duplicates, translated, text_and_table, repeated)
        seen: set[tuple[str, str, str, str]] = set()
        for twice in chain.from_iterable(way(document) for way in ways):
            key = (twice.one_in.iri, twice.other_in.iri, twice.one, twice.other)
            if key not in seen:
                seen.add(key)
                yield _outcome(document, twice)


def without_duplicates(document: Document) -> Iterator[Twice]:
    """Yield what is left without duplicates: in the documentation of the searches, and in the flow diagram."""
    found = boxes(document)
    box = next((b for b in found if b.part is Part.LEFT and WITHOUT_DUPLICATES.search(b.label)), None)
    for total in document.of(MSE.SearchTotal):
        count, stated = total.integer(MSE.count), document.stated(total)
        label = total.words(RDFS.label, document.language) or ""
        if box is None or count is None or not stated or not box.passages or not WITHOUT_DUPLICATES.search(label):
            continue
        more = box.total - count
        other = next((b for b in found if b.part is Part.SOURCE and b.total == more and b.passages), None)
        explained = (
            (
                f"The difference is what the box “{other.label}” has: {count} + {more} = {box.total}.",
                f"Forskjellen er det boksen «{other.label}» har: {count} + {more} = {box.total}.",
            )
            if other
            else None
        )
        yield Twice(
            str(box.total),
            box.passages[0],
            str(count),
            stated[0],
            more == 0,
            label,
            explained,
            other.passages if other else (),
        )


def _outcome(document: Document, twice: Twice) -> Outcome:
    passages = sorted((twice.one_in, twice.other_in, *twice.rests), key=lambda p: p.ordinal)
    first, second = (
        ((twice.one, twice.one_in), (twice.other, twice.other_in))
        if twice.one_in.ordinal <= twice.other_in.ordinal
        else ((twice.other, twice.other_in), (twice.one, twice.one_in))
    )
    english = f"The document says {first[0]} in one place and {second[0]} in another for what reads as one quantity"
    norwegian = (
        f"Dokumentet sier {first[0]} ett sted og {second[0]} et annet for det som ser ut til å være én størrelse"
    )
    english += f" ({twice.what})." if twice.what else "."
    norwegian += f" ({twice.what})." if twice.what else "."
    if twice.explained:
        english += f" {twice.explained[0]}"
        norwegian += f" {twice.explained[1]}"
    return Outcome(
        document.iri,
        not twice.agree,
        first[1].iri,
        tuple(dict.fromkeys(p.iri for p in passages)),
        "" if twice.agree else english,
        "" if twice.agree else norwegian,
        (
            Compared("here", "her", first[0], first[1].iri),
            Compared("there", "der", second[0], second[1].iri),
        ),
        severity=Severity.NOTE if not twice.agree and (twice.explained or not twice.sure) else None,
    )


RULE = Rule(
    "figure-stated-twice",
    Severity.WARNING,
    "a quantity that two passages state in the same words",
    "en størrelse som to steder oppgir med de samme ordene",
    check,
    file="loaders/review/arithmetic/figure_stated_twice.py",
)
