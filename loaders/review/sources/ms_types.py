"""Which types of multiple sclerosis the people of a study had, by the words behind ``patients with``."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.outcome import VerdictKind
from msevidence.loaders.review.sources.items import Item, Passed
from msevidence.loaders.review.sources.known import KnownWork, Sentence
from msevidence.ontology.namespaces import scheme_label

TYPES = {
    "rrms": r"relapsing[- ](?:and )?remitting|\bRRMS\b|attakkpreget",
    "spms": r"secondary[- ]progressive|\bSPMS\b|sekundær\s?progressiv",
    "ppms": r"primary[- ]progressive|\bPPMS\b|primær\s?progressiv",
}
_WITH = re.compile(
    r"\b(?:patients|people|persons|participants|individuals|pasienter|personer|deltakere)"
    r"\s(?:with|who had|med|som hadde)\s([^.;:()]{0,90})",
    re.I,
)
_BOTH = re.compile(r"\b(?:primary|secondary)[, ]+(?:and|or) (?:primary|secondary)[- ]progressive", re.I)
_MOST = re.compile(r"\b(?:most|mostly|mainly|primarily|predominantly|de fleste|hovedsakelig|mest)\b", re.I)


def types(passed: Passed, work: KnownWork) -> Iterator[Item]:
    """Compare the types of a passage that describes the people of a study with those that the source names of them."""
    if not any(q.kind in ("person", "group") for q in passed.quantities):
        return
    ours = [(m, named(m[1])) for m in _WITH.finditer(passed.text)]
    ours = [(m, t) for m, t in ours if t and not _MOST.search(passed.text[max(0, m.start() - 25) : m.end()])]
    theirs: list[tuple[frozenset[str], Sentence]] = [
        (t, s) for s in work.sentences for m in _WITH.finditer(s.text) if (t := named(m[1]))
    ]
    if not ours or not theirs:
        return
    match, here = ours[0]
    last = max(m.end() for pattern in TYPES.values() for m in re.finditer(pattern, match[1], re.I))
    words = passed.quoted(match.start(), match.start(1) + last)
    same = next((s for t, s in theirs if t == here), None)
    there, sentence = max(theirs, key=lambda each: len(each[0]))
    if same is not None and len(there) == len(here):
        yield Item(VerdictKind.AGREES, words, match.start(), same)
    elif not work.full and passed.sole:
        yield Item(
            VerdictKind.DISAGREES,
            words,
            match.start(),
            sentence,
            f"The people have {_listed(here, 'en')} here and {_listed(there, 'en')} there.",
            f"Personene har {_listed(here, 'nb')} her og {_listed(there, 'nb')} der.",
        )


def named(text: str) -> frozenset[str]:
    """Return the types that a text names, as concepts of the scheme ``ms-type``.

    >>> sorted(named("secondary progressive or relapsing-remitting MS"))
    ['rrms', 'spms']
    >>> sorted(named("primary or secondary progressive disease"))
    ['ppms', 'spms']
    """
    found = {name for name, pattern in TYPES.items() if re.search(pattern, text, re.I)}
    return frozenset(found | ({"ppms", "spms"} if _BOTH.search(text) else set()))


def _listed(names: frozenset[str], language: str) -> str:
    return (" or " if language == "en" else " eller ").join(scheme_label("ms-type", n)[language] for n in sorted(names))
