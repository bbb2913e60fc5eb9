"""Passages of a document that are translations of one another: as curated, or by their place in two summaries."""

from collections.abc import Iterator

from rdflib import DCTERMS

from msevidence.loaders.review.numbers import numbers
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage
from msevidence.ontology.namespaces import MSE

_ROLES = ("key-messages", "abstract", "summary")
_KINDS = ("sentence", "list-item")
_LEAST = 0.25
"""Likeness of two passages from which they can be translations, where their number differs in the two languages."""
_COGNATE = 5
"""First letters by which a word is known in another language: resultat, results."""


def pairs(document: Document) -> list[tuple[Passage, Passage, bool]]:
    """Return each passage with its translation, the original first, and whether curation ties them."""
    curated = [
        (document.by_iri[original], passage, True)
        for passage in document.passages
        for original in passage.thing.values(MSE.translationOf)
        if original in document.by_iri
    ]
    tied = {(one.iri, two.iri) for one, two, _ in curated}
    known = {iri for pair in tied for iri in pair}
    found = list(curated)
    for one, two in _summaries(document):
        for first, second in _aligned(one, two, tied):
            if first.iri not in known and second.iri not in known:
                found.append((first, second, False))
    return found


def _summaries(document: Document) -> Iterator[tuple[list[Passage], list[Passage]]]:
    """Yield the passages of two sections of one role in two languages, that of the document first."""
    sections: dict[str, list[Passage]] = {}
    for passage in document.passages:
        if passage.kind in _KINDS and passage.section and (roles := document.section_roles(passage) & set(_ROLES)):
            top = _top(document.things.get(passage.section))
            sections.setdefault(f"{top.iri} {min(roles)}", []).append(passage)
    found = [(key.split()[1], _language(ps), ps) for key, ps in sections.items()]
    for i, (role, language, passages) in enumerate(found):
        for other_role, other_language, others in found[i + 1 :]:
            alike = min(len(passages), len(others)) >= 0.6 * max(len(passages), len(others))
            if role == other_role and language != other_language and alike:
                yield (passages, others) if other_language != document.language else (others, passages)


def _top(section: Thing) -> Thing:
    for _ in range(10):
        parent = section.one(DCTERMS.isPartOf)
        if parent is None or not parent.is_a(MSE.Section):
            break
        section = parent
    return section


def _language(passages: list[Passage]) -> str:
    languages = [p.language for p in passages]
    return max(sorted(set(languages)), key=languages.count)


def _aligned(one: list[Passage], two: list[Passage], tied: set[tuple[str, str]]) -> Iterator[tuple[Passage, Passage]]:
    """Yield pairs in the order of both, through the pairs that are tied already."""
    begin_one = begin_two = 0
    places = {p.iri: j for j, p in enumerate(two)}
    partners = dict(tied)
    for i, passage in enumerate(one):
        j = places.get(partners.get(passage.iri, ""))
        if j is not None and j >= begin_two:
            yield from _between(one[begin_one:i], two[begin_two:j])
            begin_one, begin_two = i + 1, j + 1
    yield from _between(one[begin_one:], two[begin_two:])


def _between(one: list[Passage], two: list[Passage]) -> Iterator[tuple[Passage, Passage]]:
    if len(one) == len(two):
        yield from zip(one, two, strict=True)
        return
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    for i in range(len(one) + 1):
        for j in range(len(two) + 1):
            options = [best[i - 1, j]] if i else []
            options += [best[i, j - 1]] if j else []
            if i and j and (like := likeness(one[i - 1], two[j - 1])) >= _LEAST:
                total, path = best[i - 1, j - 1]
                options.append((total + like, (*path, (i - 1, j - 1))))
            best[i, j] = max(options, default=(0.0, ()))
    for i, j in best[len(one), len(two)][1]:
        yield one[i], two[j]


def likeness(one: Passage, two: Passage) -> float:
    """Return how much of two passages is the same whatever the language: numbers, names, words with a common root."""
    a, b = _marks(one), _marks(two)
    return len(a & b) / max(min(len(a), len(b)), 1) if a and b else 0.0


def _marks(passage: Passage) -> set[str]:
    words = (w.strip(".,;:()«»“”") for w in passage.text.split())
    roots = {w.lower().replace("k", "c").replace("s", "z")[:_COGNATE] for w in words if len(w) >= _COGNATE}
    return roots | {f"{n.value:f}" for n in numbers(passage.text, passage.language) if not (n.word and n.value == 1)}
