"""One decision that two documents tell of: what was decided, on what grounds, and when.

Decisions are those of curation, which says by a key that they are one. Where a document has no curated decision of the
body, a sentence that names the body and says that it decided takes its place.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import FOAF, RDFS, SKOS

from msevidence.loaders.review.between.fact import dated
from msevidence.loaders.review.between.neighbours import neighbours
from msevidence.loaders.review.dates.periods import periods
from msevidence.loaders.review.outcome import Compared, Disagreement, DisagreementKind, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE

_TRIAL = r"(?:clinical\s)?(?:trials?|stud(?:y|ies))|(?:\w+\s)?(?:studi(?:e|er|en|um)|forsøk)"
_OUTCOMES = (
    (
        "insufficient-documentation",
        r"\b(?:insufficient|inadequate|lack\sof|not\senough|utilstrekkelig|manglende|ikke\stilstrekkelig)\s"
        r"(?:\w+\s){0,2}(?:documentation|evidence|dokumentasjon\w*|grunnlag)",
    ),
    (
        "denied",
        r"\b(?:denied|rejected|not\s(?:be\s)?(?:approved?|introduced?|adopt\w*)|avslått|avslo|avvist\w*|ikke\s(?:\w+\s)?"
        r"(?:innføres|godkjent|godkjenne|tas\si\sbruk))\b",
    ),
    (
        "recommended-in-trial-only",
        rf"\b(?:only\s)?(?:within|in|as\spart\sof|part\sof|innenfor|i|omfattet\sav)\s(?:an?\s|the\s|et\s|en\s)?"
        rf"(?:\w+\s)?(?:{_TRIAL})\b|\b(?:{_TRIAL})\s(?:be|should\sbe|is\sto\sbe)\s(?:initiated|started|conducted)",
    ),
    (
        "approved",
        r"\b(?:approved|be\s(?:introduced|adopted|offered)|godkjente?|innføres|tas\si\sbruk|can\sbe\s(?:used|introduced))\b",
    ),
    ("not-recommended", r"\b(?:not\srecommend\w*|recommended?\sagainst|ikke\sanbefal\w*|fraråd\w*)\b"),
)
"""Outcomes by their words, those first that the words of others may be part of."""
_PATTERNS = tuple((name, re.compile(pattern, re.I)) for name, pattern in _OUTCOMES)
_DECIDED = re.compile(
    r"\b(?:deci(?:ded|des|sion)|conclu(?:ded|de|des)|approv(?:ed|es)|recommend(?:ed|s)|reject(?:ed|s)|denied|beslutt(?:et|er|ning)"
    r"|vedt(?:ok|att)|anbefal(?:te|er|t)|konkluder(?:te|er)|avslo|godkjen(?:te|t|ner))\b",
    re.I,
)
_ALL = re.compile(
    r"\b(?:all|every|each|only|alle|enhver|hver|kun|bare)\s(?:\w+\s)?(?:patients?|pasient\w*|who|som)\b", re.I
)
_OPPOSED = {
    frozenset(("approved", n))
    for n in ("denied", "not-recommended", "insufficient-documentation", "recommended-in-trial-only")
}


@dataclass(frozen=True, eq=False)
class Told:
    """A decision as a document tells of it."""

    document: Document
    focus: str
    passage: Passage
    outcomes: frozenset[str]
    """Concepts of the scheme decision-outcome, as words and curation have them."""
    years: frozenset[str]
    for_all: bool
    """Whether it holds of every patient."""


def _told(document: Document, passage: Passage, decision: Thing | None, body: str) -> Told:
    text = passage.text
    found = {name for name, pattern in _PATTERNS if pattern.search(text)}
    if "denied" in found or "insufficient-documentation" in found:
        found.discard("approved")
    outcome = decision.concept(MSE.decisionOutcome) if decision else None
    years = {p.first[:4] for p in periods(text) if p.first[:4] == p.last[:4]}
    if decision is not None and (date := decision.value(MSE.date)):
        years = {date[:4]}
    return Told(
        document,
        decision.iri if decision else passage.iri,
        passage,
        frozenset(found or ({outcome} if outcome else set())),
        frozenset(years),
        bool(_ALL.search(text)),
    )


def _decisions(view: View) -> Iterator[tuple[str, str, list[Told]]]:
    """Yield key, body and tellings of each decision that more than one document tells of."""
    curated: dict[tuple[str, str], dict[str, tuple[Thing, Passage]]] = defaultdict(dict)
    for document in view.documents:
        for decision in document.of(MSE.Decision):
            passages = document.stated(decision)
            key, body = decision.value(MSE.decisionKey), decision.value(MSE.decidedBy)
            if passages and key:
                curated[(key, body or "")].setdefault(document.key, (decision, passages[0]))
    bodies = [body for _, body in curated]
    for (key, body), by_document in sorted(curated.items()):
        told = [_told(view.document(k), passage, decision, body) for k, (decision, passage) in by_document.items()]
        if body and bodies.count(body) == 1:
            for document in view.documents:
                if document.key not in by_document and (passage := _sentence(document, view.things.get(body))):
                    told.append(_told(document, passage, None, body))
        if len(told) > 1:
            yield key, body, told


def _sentence(document: Document, body: Thing) -> Passage | None:
    """Return the one sentence in which a body decides; ``None`` where there is none, or several."""
    names = {*body.values(RDFS.label), *body.values(SKOS.altLabel), *body.values(FOAF.name)}
    pattern = re.compile("|".join(rf"\b{re.escape(n)}" for n in names if len(n) > 3) or r"(?!)", re.I)
    found = [
        p
        for p in document.passages
        if p.kind in ("sentence", "list-item", "table-cell") and pattern.search(p.text) and _DECIDED.search(p.text)
    ]
    return found[0] if len(found) == 1 else None


def _check(view: View) -> Iterator[Outcome]:
    for _, body, told in _decisions(view):
        told.sort(key=lambda t: (t.document.issued or "9999", t.document.key))
        for one, two in neighbours(told, _says):
            found = list(_differences(one, two))
            places = tuple(view.passages_in_order((one.passage.iri, two.passage.iri)))
            for side in (one, two):
                if not found:
                    yield Outcome(side.document.iri, False, side.focus, places, about=(body,) if body else ())
                for kind, field, norwegian, first, second, verdict, verdict_nb in found:
                    yield _outcome(side, body, places, kind, field, norwegian, first, second, verdict, verdict_nb)


def _says(told: Told) -> Iterator[str]:
    if told.years:
        yield "years"
    if told.outcomes:
        yield "outcomes"


def _differences(one: Told, two: Told) -> Iterator[tuple[DisagreementKind, str, str, Told, Told, str, str]]:
    if one.years and two.years and not one.years & two.years:
        english = f"The decision is of {', '.join(sorted(one.years))} or of {', '.join(sorted(two.years))}."
        norwegian = f"Beslutningen er fra {', '.join(sorted(one.years))} eller fra {', '.join(sorted(two.years))}."
        yield DisagreementKind.CONTRADICTS, "date", "dato", one, two, english, norwegian
    if not one.outcomes or not two.outcomes:
        return
    pairs = {frozenset((a, b)) for a in one.outcomes for b in two.outcomes}
    if pairs & _OPPOSED and not one.outcomes & two.outcomes:
        english, norwegian = "Both cannot be what was decided.", "Det kan ikke være begge deler som ble besluttet."
        yield DisagreementKind.CONTRADICTS, "outcome", "utfall", one, two, english, norwegian
    elif one.outcomes != two.outcomes or one.for_all != two.for_all:
        first, second = (two, one) if two.for_all and not one.for_all else (one, two)
        english = "What was decided, for whom, or on what grounds is not the same in both."
        norwegian = "Hva som ble besluttet, for hvem eller på hvilket grunnlag, er ikke det samme i begge."
        if first.for_all and not second.for_all:
            english = "One has a condition that holds for every patient; the other does not say so."
            norwegian = "Den ene har et vilkår som gjelder alle pasienter; det sier ikke den andre."
        ground = "insufficient-documentation"
        if (ground in one.outcomes) != (ground in two.outcomes):
            english += " That the documentation is insufficient is said in one of them only."
            norwegian += " At dokumentasjonen er utilstrekkelig, sies bare i den ene."
        yield DisagreementKind.QUALIFIES, "outcome", "utfall", first, second, english, norwegian


def _outcome(
    side: Told,
    body: str,
    places: tuple[str, ...],
    kind: DisagreementKind,
    field: str,
    norwegian: str,
    first: Told,
    second: Told,
    verdict: str,
    verdict_nb: str,
) -> Outcome:
    told = [(t.document.key, dated(t.document.issued), t.passage.text) for t in (first, second)]
    english = "; ".join(f"{key}{issued} says “{text}”" for key, issued, text in told)
    nb = "; ".join(f"{key}{issued} sier «{text}»" for key, issued, text in told)
    return Outcome(
        side.document.iri,
        True,
        side.focus,
        places,
        f"One decision is told differently: {english} {verdict}",
        f"Samme beslutning er omtalt ulikt: {nb} {verdict_nb}",
        tuple(
            Compared(f"{field}, {t.document.key}", f"{norwegian}, {t.document.key}", t.passage.text, t.passage.iri)
            for t in (first, second)
        ),
        (body,) if body else (),
        disagreement=Disagreement(
            kind,
            field,
            norwegian,
            first.passage.iri,
            second.passage.iri,
            first.passage.text,
            second.passage.text,
            verdict,
            verdict_nb,
        ),
    )


RULE = Rule(
    "decision-told-differently",
    Severity.WARNING,
    "a decision that another document tells of, too",
    "en beslutning som også et annet dokument omtaler",
    _check,
    file="loaders/review/between/decision_told_differently.py",
)
