"""Statements that a document makes twice, in its summary and its body: the same words, and the numbers in them.

Two sentences speak of one thing where their words are mostly the same and all numbers but one are; or where both say
how many were randomised (enrolled, screened …) of all that there are.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from msevidence.loaders.review.arithmetic.study_rows import among, title_words, words_of
from msevidence.loaders.review.arithmetic.twice import Twice
from msevidence.loaders.review.number_words import WORDS, noun_kind
from msevidence.loaders.review.numbers import Number, is_year, numbers
from msevidence.loaders.review.view import Document, Passage

SAME_WORDS = (0.5, 0.4, 0.3)
"""Share of the words of the shorter sentence that must stand in the other: with one number in common, two, or more."""
ALL_WORDS = ((0.7, 0.7), (0.85, 0.5))
"""Shares of the words of the shorter and of the longer one, where they have no number in common; one pair will do."""
FEWEST_WORDS = 4
FEWEST_ALONE = 5
"""Words in common where no number is."""
TELLING = 10
"""From this on a whole number in common is hardly there by chance."""
WINDOW = 3
"""Words on each side of a number by which it is told from another of its sentence."""
_FORMS = frozenset({"sentence", "list-item", "figure-caption", "table-caption"})
_CONTRAST = re.compile(
    r"^(?:first|second|third|fourth|last|former|latter|other|another|men|women|male|female|boys|girls|before|after|baseline|"
    r"placebo|control|controls|intervention|treatment|increas\w*|decreas\w*|lower|higher|more|less|not|without|only|"
    r"previous|earlier|pilot|første|andre|tredje|siste|menn|kvinner|kontroll\w*|tiltak\w*|økt\w*|redus\w*|lavere|høyere|"
    r"tidligere|bare|kun)$",
    re.I,
)
_STATISTIC = frozenset(
    words_of("hazard odds risk rate ratio ratios HR OR RR CI KI SD SE SEM IQR confidence interval interquartile range")
    + words_of("mean median standard deviation error hasard forhold konfidensintervall gjennomsnitt standardavvik")
)
"""Words that stand around a number because of its kind, and say nothing of what it is of."""
_SPREAD = re.compile(r"\b(SD|SE|SEM|IQR|CI|KI|range)\b\W{0,3}$")
_ACTIONS = {
    "randomised": r"randomi[sz]ed|randomly (?:allocated|assigned)|randomisert|tilfeldig fordelt",
    "enrolled": r"enrol+ed|innrullert",
    "recruited": r"recruited|rekruttert",
    "screened": r"screened|screenet",
    "completed": r"completed the (?:study|trial)|fullførte (?:studien|forsøket)",
}
_AFTER = {
    name: re.compile(rf"\s?(?:who |that |som )?(?:were|was|ble|have been|are|er)?\s?(?:{verb})\b(?P<to>[^.;,]*)", re.I)
    for name, verb in _ACTIONS.items()
}
_BEFORE = {
    name: re.compile(rf"\b(?:{verb})\s(?:a total of |totalt |i alt )?$", re.I) for name, verb in _ACTIONS.items()
}
_ALL = frozenset(
    words_of(
        "consecutive eligible adult patients participants subjects individuals persons deltakere pasienter personer"
    )
)


@dataclass(frozen=True, eq=False)
class _Sentence:
    passage: Passage
    place: str
    """Heading of the chapter, or ``abstract``."""
    numbers: tuple[Number, ...]

    @cached_property
    def words(self) -> list[str]:
        spelled = WORDS["nb" if self.passage.language == "nb" else "en"]
        return [w for w in dict.fromkeys(words_of(self.passage.text)) if w not in spelled]

    def lists(self, number: Number) -> bool:
        """Say whether a number is one of several in a row, ``at 2, 4 and 6 months``, each of another thing."""
        text = self.passage.text
        return bool(
            re.search(r"\d,?\s(?:and\s|og\s)?$|\d,\s$", text[: number.begin])
            or re.match(r",?\s(?:and\s|og\s)?\d|,\s\d", text[number.end :])
        )

    def pairs(self, number: Number) -> bool:
        """Say whether a number and the next are of two things: ``at 9 and 12 months``."""
        text = self.passage.text
        return bool(
            re.search(r"\d\s(?:and|og)\s$", text[: number.begin]) or re.match(r"\s(?:and|og)\s\d", text[number.end :])
        )

    def spread(self, number: Number) -> str | None:
        """Return the measure of spread or precision that a number is: ``SD``, ``CI`` …"""
        found = _SPREAD.search(self.passage.text[: number.begin])
        return found[1] if found else None

    def around(self, number: Number) -> list[str]:
        """Return the words next to a number, on both sides."""
        if number.begin not in self._around:
            near = words_of(self.passage.text[: number.begin]), words_of(self.passage.text[number.end :])
            before, after = ([w for w in words if w not in _STATISTIC] for words in near)
            self._around[number.begin] = before[-WINDOW:] + after[:WINDOW]
        return self._around[number.begin]

    @cached_property
    def _around(self) -> dict[int, list[str]]:
        return {}


def repeated(document: Document) -> Iterator[Twice]:
    """Yield the quantities that two passages of different chapters print, each pair of passages once."""
    sentences = list(_sentences(document))
    yield from _how_many(document, sentences)
    by_word: dict[str, list[int]] = defaultdict(list)
    for n, sentence in enumerate(sentences):
        for word in sentence.words:
            by_word[word[:6]].append(n)
    for n, sentence in enumerate(sentences):
        shared: dict[int, int] = defaultdict(int)
        for word in sentence.words:
            for m in by_word[word[:6]]:
                if m > n:
                    shared[m] += 1
        for m in sorted(m for m, count in shared.items() if count >= FEWEST_WORDS):
            if sentences[m].place != sentence.place and sentences[m].passage.language == sentence.passage.language:
                yield from _pair(sentence, sentences[m])


def _sentences(document: Document) -> Iterator[_Sentence]:
    for passage in document.passages:
        if passage.kind not in _FORMS or passage.table:
            continue
        if document.pointers_of.get(passage.iri):  # it may tell of the work that it cites
            continue
        found = tuple(n for n in numbers(passage.text, passage.language) if not is_year(n))
        found = tuple(n for n in found if not re.search(r"×\s?$", passage.text[: n.begin]))  # how much is magnified
        if found:
            roles = document.section_roles(passage) & {"abstract", "key-messages"}
            yield _Sentence(passage, "abstract" if roles else (document.section_titles(passage) or [""])[-1], found)


def _pair(one: _Sentence, other: _Sentence) -> Iterator[Twice]:
    shorter, longer = sorted((one, other), key=lambda s: len(s.words))
    same = [w for w in shorter.words if among(w, longer.words)]
    agreed = [
        (a, b) for a in one.numbers for b in other.numbers if _key(a) == _key(b) and _beside(one, a, other, b) > 1
    ]
    alone, left = _alone(one, other), _alone(other, one)
    telling = {_key(a) for a, _ in agreed if a.percent or a.value % 1 or a.value >= TELLING}
    if not _of_one_thing(shorter, longer, len(same), len(telling)):
        return
    for a, b in agreed:
        yield Twice(a.printed, one.passage, b.printed, other.passage, True, a.unit or "")
    for number in alone:
        same_kind = [n for n in alone if _form(n) == _form(number)], [n for n in left if _form(n) == _form(number)]
        if min(map(len, same_kind)) != 1 or one.lists(number):
            continue
        rival = _rival(one, number, other, left)
        if rival and (other.pairs(rival) or one.spread(number) != other.spread(rival)):
            continue
        if rival and _rival(other, rival, one, alone) is number:
            if number.p_value and len(telling) < 2:
                continue  # each test has its own
            what = number.unit or rival.unit or ""
            yield Twice(number.printed, one.passage, rival.printed, other.passage, False, what, sure=bool(telling))


def _of_one_thing(shorter: _Sentence, longer: _Sentence, same: int, telling: int) -> bool:
    """Say whether two sentences speak of one thing: the more numbers they have in common, the fewer words it takes."""
    if telling:
        return same >= max(FEWEST_WORDS, SAME_WORDS[min(telling, len(SAME_WORDS)) - 1] * len(shorter.words))
    shares = same / max(1, len(shorter.words)), same / max(1, len(longer.words))
    return same >= FEWEST_ALONE and any(shares[0] >= least and shares[1] >= of_longer for least, of_longer in ALL_WORDS)


def _alone(one: _Sentence, other: _Sentence) -> list[Number]:
    """Return the numbers of a sentence that another has not."""
    theirs = {_key(n) for n in other.numbers} | {_figures(n) for n in other.numbers}
    return [n for n in one.numbers if _key(n) not in theirs and _figures(n) not in theirs]


def _figures(number: Number) -> str:
    """Return the figures of a long number, however its thousands are set apart; else all of it."""
    figures = re.sub(r"\D", "", number.printed)
    return figures if len(figures) > 3 and not number.percent else number.printed


def _beside(one: _Sentence, number: Number, other: _Sentence, twin: Number) -> int:
    """Return how many words two numbers have around them both."""
    theirs = other.around(twin)
    return sum(among(w, theirs) for w in one.around(number))


def _rival(one: _Sentence, number: Number, other: _Sentence, left: Sequence[Number]) -> Number | None:
    """Return the number of another sentence that stands in the place of this one, where just one does."""
    around = one.around(number)
    scored: list[tuple[int, Number]] = []
    for candidate in left:
        if not _comparable(number, candidate, one.passage.language):
            continue
        theirs = other.around(candidate)
        if _contrasts(around, other.words) or _contrasts(theirs, one.words):
            continue
        scored.append((_beside(one, number, other, candidate), candidate))
    scored.sort(key=lambda s: -s[0])
    if not scored or scored[0][0] < 2 or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return scored[0][1]


def _comparable(one: Number, other: Number, language: str) -> bool:
    """Say whether two numbers may be of one quantity: counts of the same, percentages, or measures as exact."""
    if _form(one) != _form(other):
        return False
    if one.hedge or other.hedge or one.printed == other.printed:
        return False
    kinds = {noun_kind(n.unit, language) for n in (one, other)}
    if len(kinds - {None}) > 1:
        return False
    if not one.percent and kinds == {None} and one.unit and other.unit and not among(one.unit, [other.unit]):
        return False
    return one.percent or one.value.as_tuple().exponent == other.value.as_tuple().exponent


def _contrasts(words: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether words near a number tell it from what the other sentence speaks of."""
    return any(_CONTRAST.match(w) and not among(w, others) for w in words)


def _how_many(document: Document, sentences: Sequence[_Sentence]) -> Iterator[Twice]:
    """Compare how many were randomised, enrolled … wherever the text says it of all, with the first time it does."""
    topic = title_words(document)
    first: dict[tuple[str, str], tuple[_Sentence, Number]] = {}
    for sentence in sentences:
        for number in sentence.numbers:
            kind = noun_kind(number.unit, sentence.passage.language)
            if kind != "person" or not number.whole or number.hedge:
                continue
            action = _action(sentence.passage.text, number, topic)
            if action is None:
                continue
            key = (action, sentence.passage.language)
            if key in first and first[key][0].passage is not sentence.passage:
                before, printed = first[key]
                yield Twice(
                    printed.printed,
                    before.passage,
                    number.printed,
                    sentence.passage,
                    printed.value == number.value,
                    f"{number.unit} {action}",
                )
            else:
                first.setdefault(key, (sentence, number))


def _action(text: str, number: Number, topic: set[str]) -> str | None:
    """Return what was done with all persons of a number; ``None`` where words tell which of them."""
    after = text[number.end :]
    noun = re.search(rf"\b{re.escape(number.unit or '')}\b", after, re.I)
    if noun is None or re.search(
        r"\b(?:of the|of these|av de|av disse|out of|each|hver)\s?$", text[: number.begin], re.I
    ):
        return None
    between = [w for w in re.findall(r"[\w-]+", after[: noun.end()])]
    if not all(w.isupper() or among(w.lower(), topic | _ALL) or w.lower() == number.unit for w in between):
        return None
    for name, pattern in _AFTER.items():
        if found := pattern.match(after, noun.end()):
            to = re.match(r"\s(?:to|til)\b(?P<rest>.*)", found["to"])
            if to and not re.search(r"\b(?:or|either|and|versus|one of|eller|enten|og)\b", to["rest"], re.I):
                return None
            return name
        if _BEFORE[name].search(text[: number.begin]) and not re.match(r"\s(?:to|til)\b", after[noun.end() :]):
            return name
    return None


def _form(number: Number) -> tuple[bool, bool, bool]:
    return number.percent, number.p_value, number.high is None


def _key(number: Number) -> tuple[object, ...]:
    return number.value, number.high, number.percent
