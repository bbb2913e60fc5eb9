"""cites-later-work: an entry of a work that was published after the document that lists it."""

import re
from collections.abc import Iterator

from rdflib import DCTERMS

from msevidence.loaders.partial_dates import last_day
from msevidence.loaders.review.citations.dating import first_day, is_date
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Reference, View
from msevidence.ontology.namespaces import MSE

_COMING = re.compile(r"\b(?:in press|forthcoming|accepted|ahead of print|epub|i trykken|under utgivelse)\b", re.I)


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        for reference in document.references.values():
            date = _printed_date(document, reference)
            if date and document.issued:
                yield _outcome(document, reference, date, document.issued)


def _printed_date(document: Document, reference: Reference) -> str | None:
    """Return the date that the entry prints, else that of the record of its publication."""
    for value in (reference.thing.value(MSE.published), reference.thing.value(MSE.year)):
        if value and is_date(value):
            return value
    issued = document.things.get(reference.publication).value(DCTERMS.issued) if reference.publication else None
    return issued if issued and is_date(issued) else None


def _outcome(document: Document, reference: Reference, date: str, issued: str) -> Outcome:
    pointing = [p for p in document.pointers if p.reference == reference.iri and not p.inherited]
    places = (*dict.fromkeys(p.iri for p in reference.passages),)
    about = (reference.publication,) if reference.publication else ()
    if first_day(date) <= last_day(issued):
        return Outcome(document.iri, False, reference.iri, places, about=about)
    entry = " ".join(p.text for p in reference.passages)
    soon = int(date[:4]) - int(issued[:4]) == 1 or bool(_COMING.search(entry))
    name = f"{reference.number}" if reference.number is not None else (reference.title or "")
    english = f"Work {name} is of {date}, and the document that cites it was published {issued}"
    norwegian = f"Verk {name} er fra {date}, og dokumentet som siterer det, ble publisert {issued}"
    if soon:
        english += "; it may have been known before it was printed"
        norwegian += "; det kan ha vært kjent før det kom på trykk"
    cited = tuple(dict.fromkeys(p.passage.iri for p in pointing))
    return Outcome(
        document.iri,
        True,
        reference.iri,
        (*places, *cited) or tuple(p.iri for p in document.passages[:1]),
        f"{english}.",
        f"{norwegian}.",
        (
            Compared("work published", "verket publisert", date, places[0] if places else None),
            Compared("document published", "dokumentet publisert", issued, None, document.iri),
        ),
        about,
        Severity.NOTE if soon else None,
    )


RULE = Rule(
    "cites-later-work",
    Severity.ERROR,
    "a date of publication, and listed works with a date",
    "en publiseringsdato, og oppførte verk med dato",
    _check,
    file="loaders/review/citations/later_work.py",
)
