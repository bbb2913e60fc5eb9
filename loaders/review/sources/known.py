"""What is known of the words of a cited work, sentence by sentence, with its numbers and how many people it had."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from msevidence.loaders.review.outcome import Basis
from msevidence.loaders.review.sources import lexicon
from msevidence.loaders.review.sources.pairs import labelled
from msevidence.loaders.review.sources.quantities import Quantity, quantities
from msevidence.loaders.review.view import SourceText
from msevidence.loaders.sentences import split_sentences

_INCLUDED = (
    r"identified|included|enrolled|randomi[sz]ed|recruited|studied|transplanted|analy[sz]ed|participated|underwent"
    r"|treated|followed|assigned|evaluated|reviewed|pooled|"
    r"identifisert|inkluder(?:t|te)|rekrutter(?:t|te)|randomiser(?:t|te)|tilfeldig fordelt|behandlet|deltok|fulgt"
)
_TOTAL_BEFORE = re.compile(
    r"(?:\b(?:total of|in total|totally|in all|altogether|totalt|til sammen|i alt)"
    rf"|\b(?:{_INCLUDED}|comprised|omfattet)(?: data (?:from|of))?)[\s,:]*(?:\w+\s){{0,1}}$",
    re.I,
)
_OF_STUDY = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|cohort|series|sample|meta-?analys[ei]s|review|studien?|forsøk(?:et)?|metaanalysen?)\b"
    r"[^.;]{0,60}?\b(?:of|in|with|from|among|involving|comprising|på|av|med|blant|hos|fra)\s(?:all\s)?(?:\w+\s)?$",
    re.I,
)
_TOTAL_AFTER = re.compile(
    rf"(?:\s[\w/%-]+){{1,11}}?\s(?:were|was|have been|ble|blei|er|har)\s(?:\w+\s)?(?:{_INCLUDED})\b", re.I
)
_TOTAL_NOUN = re.compile(rf"\s?(?:{_INCLUDED}|eligible|consecutive|enrolled)\s[^\W\d_]+", re.I)
_TOTAL_ROUND = (re.compile(r"\b(?:er|ble|var|were|was)\s$", re.I), re.compile(rf"\s[^\W\d_]+\s(?:{_INCLUDED})\b", re.I))
"""``er 30 pasienter behandlet``"""
_TOTAL_VERB = re.compile(r"\s[^\W\d_]+\s(?:participated|took part|underwent|deltok)\b", re.I)
_PART = re.compile(
    r"\s?(?:\([^()]*\)\s?)?(?:of|out of|av)\s(?:the|these|those|them|whom|de|disse|dem|all|\d)|\s?/", re.I
)
_PART_BEFORE = re.compile(
    r"\bout of\s$|\b(?:of|av)\s(?:whom|which|these|hvilke)\s$|\b(?:hvorav|whereof)\s$|\d\s?(?:/|of|av)\s?$", re.I
)
_TO_ONE_ARM = re.compile(r"\b(?:assigned|randomi[sz]ed|allocated|fordelt)\sto\b", re.I)
_TO_BOTH = re.compile(r"\b(?:either|enten)\b|\bto\b[^.;]*\b(?:or|eller|and)\b", re.I)
_BASES = (
    ("regist", Basis.REGISTRY),
    ("full text", Basis.FULL_TEXT),
    ("table", Basis.TABLE),
    ("abstract", Basis.ABSTRACT),
    ("summary", Basis.SUMMARY),
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the source, or as much of it as is quoted."""

    text: str
    source: SourceText
    quantities: tuple[Quantity, ...]

    @cached_property
    def outcomes(self) -> frozenset[str]:
        return lexicon.outcomes(self.text)

    @property
    def selected(self) -> bool:
        """Whether it speaks of people chosen by some method: matched cohorts, those treated per protocol."""
        return bool(lexicon.SELECTED.search(f"{self.text} {self.source.basis}"))


@dataclass(frozen=True)
class Stated:
    """A quantity of the source in its sentence."""

    quantity: Quantity
    sentence: Sentence

    @property
    def value(self) -> Decimal:
        return self.quantity.number.value


class KnownWork:
    """The known words of one work."""

    def __init__(self, publication: str, texts: Iterable[SourceText]) -> None:
        self.publication = publication
        self.texts = list(texts)
        self.sentences = [s for t in self.texts for s in _sentences(t)]
        self.stated = [Stated(q, s) for s in self.sentences for q in s.quantities]

    @cached_property
    def drugs(self) -> frozenset[str]:
        """Drugs that the known words name."""
        return frozenset(d for s in self.sentences for d in lexicon.drugs(s.text))

    @property
    def full(self) -> bool:
        """Whether the full text is known: what differs from one of its many numbers may agree with its meaning."""
        return any(basis_of(t) is Basis.FULL_TEXT for t in self.texts)

    def totals(self, kind: str) -> list[Stated]:
        """Return how many persons or studies the source says that it had in all."""
        return [s for s in self.stated if s.quantity.kind == kind and is_total(s.quantity, s.sentence.text)]


def is_total(quantity: Quantity, text: str) -> bool:
    """Say whether a count is of all that a study had, by the words around it; a part of them is none."""
    begin, end = quantity.number.begin, quantity.number.end
    if is_part(quantity, text) or quantity.number.high is not None:
        return False
    before, after = text[:begin], text[end:]
    if (
        _TOTAL_BEFORE.search(before[-60:])
        or _OF_STUDY.search(before[-100:])
        or _TOTAL_NOUN.match(after)
        or _TOTAL_VERB.match(after)
    ):
        return not _one_arm(after)
    if _TOTAL_ROUND[0].search(before) and _TOTAL_ROUND[1].match(after):
        return not _one_arm(after)
    return bool(_TOTAL_AFTER.match(after.split(".")[0].split(";")[0].split(",")[0])) and not _one_arm(after)


def is_part(quantity: Quantity, text: str) -> bool:
    """Say whether a count is of some of the people, by the words around it: ``23 of the patients``."""
    after, before = text[quantity.number.end :], text[: quantity.number.begin]
    joined = re.match(r"\s?/\s?\d", after)
    return bool((_PART.match(after) and (joined is None or quantity.kind == "bare")) or _PART_BEFORE.search(before))


def basis_of(text: SourceText) -> Basis:
    """Return what was read, by how it was recorded; an abstract where nothing tells."""
    said = text.basis.lower()
    if "abstract" in said:
        return Basis.ABSTRACT
    return next((basis for word, basis in _BASES if word in said), Basis.ABSTRACT)


def _one_arm(after: str) -> bool:
    arm = _TO_ONE_ARM.search(after[:80])
    return bool(arm) and not _TO_BOTH.search(after[arm.end() - 2 :][:120] if arm else "")


def _sentences(text: SourceText) -> Iterable[Sentence]:
    spans = [(0, len(text.words))] if text.paraphrase or text.passage else split_sentences(text.words, text.language)
    for begin, end in spans:
        words = text.words[begin:end]
        yield Sentence(words, text, tuple(labelled(words, quantities(words, text.language))))
