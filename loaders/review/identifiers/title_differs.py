"""A reference prints another title than the work has by its record."""

from collections.abc import Iterator

from rdflib import DCTERMS

from msevidence.loaders.review.identifiers.known import short, works
from msevidence.loaders.review.identifiers.titles import Comparison, Difference, compare
from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Reference, View


def _check(view: View) -> Iterator[Outcome]:
    known = works(view)
    for document in view.documents:
        for reference in document.references.values():
            work = known.of(reference)
            # A title in square brackets is a translation by whoever wrote the list.
            if work is None or not reference.title or not reference.passages or reference.title.startswith("["):
                continue
            found = compare(reference.title, known.titles[work])
            if found is not None:
                yield _outcome(document, reference, work, found)


def _outcome(document: Document, reference: Reference, work: str, found: Comparison) -> Outcome:
    place = reference.passages[0].iri
    if found.difference is Difference.NONE:
        return Outcome(document.iri, False, reference.iri, (place,))
    spelling = found.difference is Difference.SPELLING
    title = reference.title or ""
    if len(found.words) <= 3 and found.difference is not Difference.SUBJECT:
        english = "; ".join(f"{_en(a)} where the work has {_en(b)}" for a, b in found.words)
        norwegian = "; ".join(f"{_nb(a)} der verket har {_nb(b)}" for a, b in found.words)
        english, norwegian = f"The title prints {english}.", f"Tittelen har {norwegian}."
    else:
        english = f"The title is printed “{short(title)}”; by its record the work is called “{short(found.record)}”."
        norwegian = f"Tittelen er trykt som «{short(title)}»; ifølge posten heter verket «{short(found.record)}»."
    compared = (
        Compared("printed title", "trykt tittel", title, place),
        Compared("title of the record", "postens tittel", found.record, source=work),
    )
    severity = Severity.NOTE if spelling else None
    return Outcome(
        document.iri,
        True,
        reference.iri,
        (place,),
        english,
        norwegian,
        compared,
        (work,),
        severity,
        str(DCTERMS.title),
    )


def _en(words: str) -> str:
    return f"“{words}”" if words else "nothing"


def _nb(words: str) -> str:
    return f"«{words}»" if words else "ingenting"


RULE = Rule(
    "title-differs-from-record",
    Severity.WARNING,
    "references to works that there is a record of",
    "referanser til verk det finnes en post om",
    _check,
    file="loaders/review/identifiers/title_differs.py",
)
