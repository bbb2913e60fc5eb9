"""uncited-judgement: a judgement or recommendation about effect or safety without support."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.citations.support import in_play, nearby, supported
from msevidence.loaders.review.citations.words import EFFECT, JUDGEMENT, NO_JUDGEMENT, OPINION, RECOMMENDATION, USE
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE


def judging_words(document: Document, passage: Passage) -> str | None:
    """Return the words by which a passage judges effect or safety, ``None`` where it does not.

    The claim of a curator is taken where the words alone do not show it.
    """
    text = NO_JUDGEMENT.sub("", passage.text)
    found = RECOMMENDATION.search(text) or JUDGEMENT.search(text)
    for claim in document.claims_of(passage):
        kinds = claim.concepts(MSE.claimKind)
        if not found and ("judgement" in kinds or "recommendation" in kinds):
            found = EFFECT.search(text) or ("recommendation" in kinds and USE.search(text)) or None
    return _around(text, found) if found else None


def _around(text: str, found: re.Match[str]) -> str:
    """Return the words found with some on either side."""
    before, after = text[: found.start()].split(" "), text[found.end() :].split(" ")
    words = " ".join(before[-5:]) + found[0] + " ".join(after[:5])
    return f"{'… ' if len(before) > 5 else ''}{words.rstrip('.,;: ')}{' …' if len(after) > 5 else ''}"


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        if not document.pointers:
            continue
        opinions: set[tuple[str | None, int | None]] = set()
        for passage in in_play(document):
            paragraph = (passage.section, passage.paragraph)
            if OPINION.search(passage.text):
                opinions.add(paragraph)
            words = judging_words(document, passage)
            if words:
                yield _outcome(document, passage, words, paragraph in opinions)


def _outcome(document: Document, passage: Passage, words: str, opinion: bool) -> Outcome:
    """``opinion`` says whether the passage, or one before it in the paragraph, is marked as an opinion."""
    about = tuple(c.iri for c in document.claims_of(passage))
    if supported(document, passage):
        return Outcome(document.iri, False, passage.iri, (passage.iri,), about=about)
    english = f"A judgement about effect, safety or use stands here without a reference: “{words}”"
    norwegian = f"En vurdering av effekt, sikkerhet eller bruk står her uten referanse: «{words}»"
    near = nearby(document, passage)
    if near:
        english, norwegian = f"{english}; {near.english}", f"{norwegian}; {near.norwegian}"
    if opinion:
        english += "; the text says that it is the authors' opinion"
        norwegian += "; teksten sier at det er forfatternes mening"
    return Outcome(
        document.iri,
        True,
        passage.iri,
        (passage.iri, near.passage.iri) if near else (passage.iri,),
        f"{english}.",
        f"{norwegian}.",
        (Compared("judgement without reference", "vurdering uten referanse", words, passage.iri),),
        about,
        Severity.NOTE if near or opinion else None,
    )


RULE = Rule(
    "uncited-judgement",
    Severity.WARNING,
    "numbered citations, and sentences that judge effect or safety",
    "nummererte siteringer, og setninger som vurderer effekt eller sikkerhet",
    _check,
    file="loaders/review/citations/uncited_judgement.py",
)
