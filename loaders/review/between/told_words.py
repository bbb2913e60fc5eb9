"""What a study is compared with, who is in it, and what became of it, as sentences and cells tell it."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.between.fact import Fact
from msevidence.loaders.review.dates.status_words import State, state, told_states

_STOP = (
    r"(?=\s(?:for|in|among|on|at|after|by|hos|i|ved|blant|på|etter|resulted|was|were|is|are|var|ble|ga|and\s(?:has|was|were)"
    r"|while|men|but)\b|[,;:.()«“\"]|$)"
)
_AGAINST = re.compile(
    r"\b(?:versus|vs\.?|compared\s(?:with|to)|in\scomparison\s(?:with|to)|sammenli(?:gnet|knet)\smed)\s"
    rf"(?P<what>.{{3,90}}?){_STOP}",
    re.I,
)
_EITHER = re.compile(
    rf"\b(?:either|enten)\s(?P<one>[^.;,()]{{3,60}}?)\s(?:or|eller)\s(?P<other>[^.;,()“«\"]{{3,60}}?){_STOP}", re.I
)
_ALLOCATED = re.compile(
    r"\b(?:randomi[sz]ed|allocated|assigned|fordelt|randomisert)\b[^.;]{0,60}?\s(?:to|til)\s(?P<one>[^.;,()]{3,60}?)\s(?:or|eller)\s"
    rf"(?P<other>[^.;,()“«\"]{{3,60}}?){_STOP}",
    re.I,
)
_ARM = re.compile(r"(?P<what>[^,;()]{3,60}?)\s\(n\s?=\s?[\d\s]+\)")
_NO_OPTION = re.compile(
    r"\b(?P<what>[\w-]+(?:\s(?:and|or|og|eller)\s[\w-]+)*)\s(?:was|were|var)\s(?:not|ikke)\s(?:\w+\s)?(?:treatment\soptions?"
    r"|behandlingsalternativ\w*|allowed|tillatt)",
    re.I,
)
_EARLIER = re.compile(r"\b(?:baseline|before|year|earlier|previous|utgangspunkt\w*|før|året|tidligere)\b", re.I)
_STEM_CELLS = re.compile(r"\b(?:a?h?sct|stem[\s-]?cells?|stamcelle\w*|transplant\w*)\b", re.I)
_GENERIC = frozenset(
    (
        *("conventional", "standard", "usual", "best", "available", "other", "another", "established", "control"),
        *("controls", "active", "treatment", "treatments", "therapy", "therapies", "drug", "drugs", "medication"),
        *("medications", "medicine", "medicines", "care", "medical", "disease", "modifying", "dmt", "dmts", "bat"),
        *("continued", "continuing", "immunomodulatory", "immunosuppressive", "potent", "treated", "received"),
        *("receive", "receiving", "patients", "group", "groups", "arm", "the", "a", "an", "of", "with", "in", "form"),
        *("or", "and", "to", "most", "effective", "some", "more", "highly", "konvensjonell", "standardbehandling"),
        *("vanlig", "beste", "tilgjengelig", "tilgjengelige", "annen", "andre", "behandling", "behandlingen"),
        *("behandlinger", "legemiddel", "legemidler", "sykdomsmodifiserende", "immunmodulerende", "kontrollbehandling"),
        *("kontrollbehandlingen", "kontroll", "kontrollgruppe", "kontrollgruppen", "gruppe", "medisin", "medisiner"),
        *("aktiv", "fortsatt", "og", "eller", "med", "av", "en", "et", "den", "de", "randomized", "randomised"),
        *("randomisert", "that", "who", "than", "had", "have", "has", "been", "was", "were", "not", "as", "is", "are"),
        *("it", "this", "these", "those", "its", "their", "no", "which", "from", "by", "for", "people", "persons"),
        *("pasienter", "personer", "som", "har", "hadde", "fått", "får"),
    )
)
"""Words that name no treatment: what is left of a comparator when they are gone tells it from another."""
_LETTERS = (("ks", "x"), ("ph", "f"), ("th", "t"), ("c", "k"), ("y", "i"), ("æ", "e"))
_TYPES = {
    "relapsing-remitting": r"relapsing[\s-]remitting|\bRR-?MS\b|attakkpreget|attakkvis",
    "secondary progressive": r"secondary[\s-]progressive|\bSP-?MS\b|sekundær\s?progressiv",
    "primary progressive": r"primary[\s-]progressive|\bPP-?MS\b|primær\s?progressiv",
    "children": r"\bchild(?:ren|hood)\b|\bp(?:a)?ediatric\b|\badolescents?\b|\bbarn\b|\bungdom\b",
    "adults": r"\badults?\b|\bvoksne\b",
}
"""Kinds of people of whom a study can be of one and not of the other."""
_AGES = {"children", "adults"}
_KINDS = {name: re.compile(pattern, re.I) for name, pattern in _TYPES.items()}
_WHO = re.compile(
    r"\b(?:patients?|participants?|people|persons|individuals|pasienter|pasientene|deltakere|deltagere|personer)\b[^.;]{0,12}\b"
    r"(?:with|who\shave|aged|med|som\shar)\b|\b(?:in|for|hos)\s(?:patients|people|pasienter|personer)\b"
    r"|\b(?:children|adults|barn|voksne)\b",
    re.I,
)
_WHO_ROW = re.compile(
    r"\b(?:population|participants|patients|type\s\w+|populasjon|deltakere|pasienter|\w+\stype)\b", re.I
)
_PUBLISHED = re.compile(
    r"\bresults?\s(?:\w+\s)?(?:was|were|have\sbeen|has\sbeen)\spublished|\bpublished\sresults|\bpublisert\w*\sresultat"
    r"|\bresultat\w*\s(?:er|ble)\spublisert",
    re.I,
)


def comparators(text: str, passage: str) -> Iterator[Fact]:
    """Yield what a study compares its treatment with.

    >>> [sorted(f.value) for f in comparators("transplantation versus alemtuzumab for MS", "p")]
    [['alemtuzumab']]
    >>> [f.printed for f in comparators("either stem cell therapy or conventional therapy.", "p")]
    ['conventional therapy']
    """
    found: list[str] = []
    for match in _AGAINST.finditer(text):
        if not _EARLIER.search(match["what"]):
            what = match["what"]
            if _STEM_CELLS.search(what):  # "best available therapy versus stem cell transplantation"
                what = re.split(r"\b(?:of|to\scompare|comparing|av)\s", text[: match.start()].rstrip())[-1]
            found.append(what)
    for match in (*_EITHER.finditer(text), *([] if _EITHER.search(text) else _ALLOCATED.finditer(text))):
        found += [match[side] for side in ("one", "other")]
    arms = [m["what"].strip() for m in _ARM.finditer(text)]
    if len(arms) > 1:
        found += arms
    for printed in dict.fromkeys(w.strip() for w in found):
        if not _STEM_CELLS.search(printed) and 2 < len(printed) < 90:
            yield Fact("comparator", named(printed), printed, (passage,), "generic" if not named(printed) else "")
    if (without := _NO_OPTION.search(text)) is not None:
        yield Fact("comparator", named(without["what"]), without[0], (passage,), "without")


def named(printed: str) -> frozenset[str]:
    """Return the words of a comparator that name it, in one spelling: empty where it is only called conventional.

    >>> named("best available therapy"), sorted(named("mitoksantron")), sorted(named("ocrelizumab or Alemtuzumab"))
    (frozenset(), ['mitoxantron'], ['alemtuzumab', 'okrelizumab'])
    """
    found = set()
    for word in re.findall(r"[^\W\d_]{3,}", printed.lower()):
        if word in _GENERIC:
            continue
        for old, new in _LETTERS:
            word = word.replace(old, new)
        found.add(word.removesuffix("e") if len(word) > 6 else word)
    return frozenset(found)


def people(text: str, passage: str, context: str) -> Iterator[Fact]:
    """Yield which kinds of people are in a study.

    >>> [sorted(f.value) for f in people("hos personer med attakkpreget MS", "p", "")]
    [['relapsing-remitting']]
    """
    if not (_WHO.search(text) or _WHO_ROW.search(context)):
        return
    found = {name: match[0] for name, pattern in _KINDS.items() if (match := pattern.search(text))}
    for role, group in (("age", found.keys() & _AGES), ("type", found.keys() - _AGES)):
        if group:
            printed = ", ".join(words for name, words in found.items() if name in group)
            yield Fact("population", frozenset(group), printed, (passage,), role)


def states(text: str, passage: str) -> Iterator[Fact]:
    """Yield what became of a study: ``completed``, ``stopped``, ``ongoing``.

    >>> [f.value for f in states("The study is completed.", "p")]
    ['completed']
    """
    told = list(told_states(text))
    if not told and (one := state(text)) is not None:
        told = [(one, text.strip())]
    if not told and _PUBLISHED.search(text):
        told = [(State.FINISHED, text.strip())]
    for what, words in told:
        yield Fact("status", what.value, words, (passage,))
