"""A passage and its translation in the same document that do not say the same.

Numbers, negations and reservations are compared by machine; what a curator saw besides is told in the curator's words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from msevidence.loaders.review.between.translation_pairs import pairs
from msevidence.loaders.review.numbers import numbers
from msevidence.loaders.review.outcome import Compared, Disagreement, DisagreementKind, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE

_RESERVATIONS = {
    "reported": (
        "that it is only reported so",
        "at det bare er rapportert slik",
        r"\b(?:reported|registered|listed|described|recorded)\s(?:as|to\sbe)\b|\baccording\sto\b|\breportedly\b",
        r"\b(?:rapportert|registrert|oppgitt|oppført|beskrevet)\ssom\b|\bifølge\b|\bskal\svære\b|\bangivelig\b",
    ),
    "possible": (
        "that it is possible only",
        "at det bare er mulig",
        r"\b(?:may|might|could|possib(?:le|ly)|potential(?:ly)?|perhaps)\b",
        r"\b(?:kan\s(?:ha|være|bli|gi|redusere|øke|bedre|føre|bety)|kunne|mulige?(?:ns)?|muligens|kanskje|potensiel\w*)\b",
    ),
    "likely": (
        "that it is likely only",
        "at det bare er trolig",
        r"\b(?:probabl[ey]|likely|presumabl[ey])\b",
        r"\b(?:trolig|sannsynlig(?:vis)?|antakelig|antagelig)\b",
    ),
    "so far": (
        "that it is so only until now",
        "at det bare gjelder foreløpig",
        r"\b(?:so\sfar|to\sdate|as\syet|yet|until\snow)\b",
        r"\b(?:foreløpige?|hittil|så\slangt|til\snå|ennå)\b",
    ),
    "only": ("the word only", "ordet bare", r"\b(?:only|merely|just)\b", r"\b(?:kun|bare)\b"),
    "about": (
        "that the number is not exact",
        "at tallet ikke er nøyaktig",
        r"\b(?:about|approximately|around|almost|nearly|roughly)\b",
        r"\b(?:omtrent|cirka|ca\.?|nesten|rundt\sregnet|om\slag)\b",
    ),
}
_NEGATION = {
    "en": re.compile(r"\b(?:no|not|none|nor|never|neither|without|cannot|\w+n['’]t)\b", re.I),
    "nb": re.compile(r"\b(?:ikke|ingen|intet|aldri|verken|uten|heller\sikke|ei)\b", re.I),
}
_PATTERNS = {
    name: {"en": re.compile(words[2], re.I), "nb": re.compile(words[3], re.I)} for name, words in _RESERVATIONS.items()
}
_LONGER = 1.5
"""How many times as many words a passage has that says something more, not something else."""


@dataclass(frozen=True)
class Slip:
    """Something that only one of the two has, or that both have differently."""

    kind: DisagreementKind
    english: str
    norwegian: str
    first_is_original: bool
    """Which of the two stands first in the disagreement: the one that is more exact, or has the reservation."""


def slips(original: str, language: str, translated: str, into: str) -> list[Slip]:
    """Return how two texts in the languages ``en`` and ``nb`` differ in numbers, negations and reservations.

    >>> [s.english for s in slips("Syv er rapportert som fullførte.", "nb", "Eight are completed.", "en")]
    ['the Norwegian has 7, the English 8', 'the Norwegian has “rapportert som”, and the English leaves it out']
    >>> slips("Vi fant fem studier uten resultater.", "nb", "We found five studies with no results.", "en")
    []
    """
    found = list(_numbers(original, language, translated, into))
    names = {"en": ("the English", "den engelske"), "nb": ("the Norwegian", "den norske")}
    for patterns in (_NEGATION, *_PATTERNS.values()):
        if language not in patterns or into not in patterns:
            continue
        here, there = patterns[language].search(original), patterns[into].search(translated)
        if bool(here) == bool(there):
            continue
        match, has, lacks = (here, language, into) if here else (there, into, language)
        longer = max(len(original.split()), len(translated.split())) > _LONGER * min(
            len(original.split()), len(translated.split())
        )
        kind = DisagreementKind.CONTRADICTS if patterns is _NEGATION and not longer else DisagreementKind.QUALIFIES
        words = match[0] if match else ""
        found.append(
            Slip(
                kind,
                f"{names[has][0]} has “{words}”, and {names[lacks][0]} leaves it out",
                f"{names[has][1]} har «{words}», og {names[lacks][1]} utelater det",
                here is not None,
            )
        )
    return found


def _numbers(original: str, language: str, translated: str, into: str) -> Iterator[Slip]:
    one, two = _counted(original, language), _counted(translated, into)
    names = {"en": ("the English", "den engelske"), "nb": ("the Norwegian", "den norske")}
    more, less = one - two, two - one
    if more and less:
        yield Slip(
            DisagreementKind.CONTRADICTS,
            f"{names[language][0]} has {_listed(more)}, {names[into][0]} {_listed(less)}",
            f"{names[language][1]} har {_listed(more)}, {names[into][1]} {_listed(less)}",
            True,
        )
    elif more or less:
        has, lacks = (language, into) if more else (into, language)
        yield Slip(
            DisagreementKind.QUALIFIES,
            f"{names[has][0]} has {_listed(more or less)}, and {names[lacks][0]} leaves it out",
            f"{names[has][1]} har {_listed(more or less)}, og {names[lacks][1]} utelater det",
            bool(more),
        )


def _counted(text: str, language: str) -> Counter[Decimal]:
    """Return the numbers of a text; ``one`` and ``en`` may be no more than an article."""
    return Counter(
        value
        for n in numbers(text, language)
        if not (n.word and n.value == 1)
        for value in (n.value, n.high)
        if value is not None
    )


def _listed(counted: Counter[Decimal]) -> str:
    return ", ".join(f"{value:f}" for value in sorted(counted.elements()))


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        for original, translated, tied in pairs(document):
            if {original.language, translated.language} <= {"en", "nb", "nn", "no"}:
                yield _outcome(view, document, original, translated, tied)


def _outcome(view: View, document: Document, original: Passage, translated: Passage, tied: bool) -> Outcome:
    languages = [("en" if p.language == "en" else "nb") for p in (original, translated)]
    found = slips(original.text, languages[0], translated.text, languages[1])
    reason = translated.thing.value(MSE.translationDiffers) if tied else None
    places = tuple(view.passages_in_order((original.iri, translated.iri)))
    if not found and reason is None:
        return Outcome(document.iri, False, translated.iri, places)
    en = [f"In the two languages: {'; '.join(s.english for s in found)}."] if found else []
    nb = [f"På de to språkene: {'; '.join(s.norwegian for s in found)}."] if found else []
    if reason:
        en.append(f"Whoever compared them writes: “{reason}”")
        nb.append(f"Den som har sammenlignet dem, skriver (på engelsk): «{reason}»")
    first, second = (original, translated) if not found or found[0].first_is_original else (translated, original)
    return Outcome(
        document.iri,
        True,
        translated.iri,
        places,
        " ".join(en),
        " ".join(nb),
        (
            Compared("original", "original", original.text, original.iri),
            Compared("translation", "oversettelse", translated.text, translated.iri),
        ),
        severity=None if found else Severity.NOTE,
        disagreement=Disagreement(
            found[0].kind if found else DisagreementKind.QUALIFIES,
            "translation",
            "oversettelse",
            first.iri,
            second.iri,
            first.text,
            second.text,
            " ".join(en),
            " ".join(nb),
        ),
    )


RULE = Rule(
    "translation-differs",
    Severity.WARNING,
    "key messages or an abstract in two languages",
    "hovedbudskap eller sammendrag på to språk",
    _check,
    file="loaders/review/between/translation_differs.py",
)
