"""A search: what a typed or pasted text names, the sentence that it is, or the things that hold its words.

Everything is read from the index of the release; nothing is asked of the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msevidence.loaders.index_words import asked_keys, called, fold, letters, tokens
from msevidence.ontology.index_rules import CONCEPT
from msevidence.ontology.index_rules import search as rules
from msevidence.ontology.iris import BASE
from msevidence.server import search_numbers, search_sentences
from msevidence.server.count_numbers import read_numbers
from msevidence.server.index import Index, Row
from msevidence.server.search_text import Asked, Part, best, marked, meant
from msevidence.server.show_find import ENOUGH, WHOLE_SENTENCE, of_address

LIMIT = 2_000
"""Characters of a search: the longest passages have half as many."""
FEW = 5
"""Hits of a kind that are shown where there are several kinds."""
TITLE = 3
"""Words of a title by which a publication opens."""
ORDER = tuple(kind.name for kind in rules().kinds)
_WEIGHTS = (50.0, 20.0, 10.0, 3.0, 1.0, 0.3)
"""What a word counts for in each field: an identifier before a name, a title, a quotation, other text, a concept."""
_ENDS = ".!?:;"
"""What ends a sentence: a few words without it are words to look for, even where a cell of a table has just these."""
_MATCHED = "FROM search JOIN entry ON entry.id = search.rowid WHERE search MATCH ?"
_RANKED = f"bm25(search, {', '.join(map(str, _WEIGHTS))})"


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found, with the text in which it was found."""

    iri: str
    kind: str
    field: str
    parts: tuple[Part, ...]
    language: str
    named: bool = False
    """Whether that text is what the reader knows the thing by."""
    about: tuple[Part, ...] = ()
    """What a concept of it is called, where that has words that its own text has not."""
    about_language: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of a kind: how many, and some of them, the best first."""

    kind: str
    total: int
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; its fit is ``exact``, ``near`` (a part), ``words`` (all of them), ``alike`` or ``none``."""

    fit: str = "none"
    opens: str | None = None
    """The one thing that the text names."""
    groups: Sequence[Group] = ()
    chosen: str = ""
    """The kind that was asked for."""
    counts: Sequence[tuple[str, int]] = ()
    """Each kind with how many there are, whatever kind was asked for."""
    suggestion: str | None = None
    missing: Sequence[str] = ()
    """The numbers that were asked for, in proper form, and that nothing here has."""
    cut: int = 0
    """Sentences that were read, where more have what was asked for: the counts are what is here at the least."""

    @property
    def total(self) -> int:
        """How many were found, of every kind."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Search:
    """One search in one release.

    Args:
        index: of the release.
        base: of the IRIs of its data.
        reader: language of the interface, in which things are named.
        kind: whose hits alone are wanted; empty for all.
        first: hits of a kind that are left out before those returned.
        size: hits returned of one kind, where there is one only.
        few: hits returned of each of several kinds.
    """

    index: Index
    base: str
    reader: str
    kind: str = ""
    first: int = 0
    size: int = 50
    few: int = FEW

    def run(self, text: str) -> Found:
        """Find what a text names, or what holds it."""
        text = text[:LIMIT].strip()
        if not text:
            return Found()
        asked = Asked.of(text)
        if "://" in text and (iri := self._address(text)) is not None:
            return self._listed([iri], "exact", asked) if iri else Found()
        numbers, named = self._named(text)
        if missing := search_numbers.missing(self.index, text) if numbers else ():
            return self._without(missing, named, asked)
        if named and (numbers or len(named) == 1):
            return self._listed(named, "exact", asked)
        sentence = len(asked.words) >= WHOLE_SENTENCE and len(letters(text)) >= ENOUGH
        pasted = search_sentences.find(self.index, text)
        if not pasted.claim and (titled := self._titled(text, asked)) is not None:
            return self._listed([titled], "exact", asked)
        if pasted.exact and (sentence or text[-1] in _ENDS):
            return self._listed(pasted.items, "exact", asked, cut=pasted.cut)
        first = pasted if sentence or pasted.exact else search_sentences.Sentences()
        listed = self._by_words(text, asked, first, sentence, named)
        mentioned = (number.normalised for number in read_numbers(text).numbers)
        return replace(listed, missing=[number for number in mentioned if not self._named(number)[1]])

    def _without(self, missing: Sequence[str], named: Sequence[str], asked: Asked) -> Found:
        """Return what other numbers of the same text denote, or else what has the missing ones in its words."""
        if named:
            return replace(self._listed(named, "near", asked), missing=missing)
        match = " OR ".join(f'"{" ".join(tokens(number))}"' for number in missing)
        if counts := self._counts(match):
            return replace(self._matched("", asked, counts, (), match), missing=missing)
        return Found(missing=missing)

    def _by_words(
        self, text: str, asked: Asked, first: search_sentences.Sentences, sentence: bool, named: Sequence[str]
    ) -> Found:
        """Find the registry numbers in it, what holds all the words, or their beginnings; else some of them."""
        if mentioned := self._mentioned(text):
            return self._listed(list(dict.fromkeys([*first.items, *mentioned])), "near", asked, cut=first.cut)
        for way in dict.fromkeys((asked, asked.longer(), Asked(asked.longer().words, parts=True))):
            if way.words and (counts := self._counts(way.match())):
                return self._matched(text, way, counts, first.items)
        if named:  # several share the name, which they spell otherwise
            return self._listed(named, "near", asked, search_numbers.spelled(self.index, text))
        suggestion = meant(self.index, text)
        if first.items:
            return self._listed(first.items, "near", asked, suggestion, first.cut)
        if sentence and (near := search_sentences.alike(self.index, text, search_sentences.ALIKE)):
            return self._listed(near, "alike", asked, suggestion)
        within = search_sentences.holding(self.index, text)
        if not within.items and not sentence and len(letters(text)) > 2:
            within = search_sentences.within(self.index, text)  # inside a word: one may be made of others
        if within.items:
            return self._listed(within.items, "near", asked, suggestion, within.cut)
        return self._listed(search_sentences.alike(self.index, text), "alike", asked, suggestion)

    def _address(self, text: str) -> str | None:
        """Return the thing at an address: its IRI, or its page on any server; empty for an IRI of ours of nothing.

        None where the address is no such one.
        """
        given = text.removeprefix("<").removesuffix(">")
        for iri in (given, *of_address(self.base, given)):
            if self.index.label(iri, "en") is not None:
                return iri
        return "" if given.startswith((self.base, BASE)) else None

    def _named(self, text: str) -> tuple[bool, list[str]]:
        """Say whether a text is numbers, and return what has one as its identifier; or what has this name."""
        keys = asked_keys(text)
        found = dict.fromkeys(iri for key in keys for iri, _ in search_numbers.carrying(self.index, key))
        return any(called(key) for key in keys), list(found)

    def _mentioned(self, text: str) -> list[str]:
        """Return what the registry numbers denote that stand among other words."""
        return [iri for number in read_numbers(text).numbers for iri in self._named(number.normalised)[1]]

    def _titled(self, text: str, asked: Asked) -> str | None:
        """Return the one publication, or study, whose title or name in full a text is, by letters and digits."""
        wanted = letters(text)
        if len(asked.words) < TITLE or not wanted:
            return None
        sql = f"SELECT id, iri {_MATCHED} AND kind IN ('publication', 'document', 'study') ORDER BY {_RANKED} LIMIT 5"
        found = []
        for entry, iri in self.index.rows(sql, (asked.match(),)):
            texts = self.index.rows(
                "SELECT text FROM wording WHERE entry = ? AND field IN ('label', 'title')", (entry,)
            )
            if wanted in {letters(one) for (one,) in texts}:
                found.append(iri)
        return found[0] if len(found) == 1 else None

    def _counts(self, match: str) -> dict[str, int]:
        rows = self.index.rows(f"SELECT kind, count(*) {_MATCHED} GROUP BY kind", (match,))
        found: dict[str, int] = dict(rows)
        return {kind: found[kind] for kind in ORDER if kind in found}

    def _matched(self, text: str, asked: Asked, counts: dict[str, int], first: Sequence[str], match: str = "") -> Found:
        wanted = [kind for kind in counts if kind == self.kind or not self.kind]
        size = self.size if len(wanted) == 1 else self.few
        start = self.first if len(wanted) == 1 else 0
        groups = []
        called = self.index.rows("SELECT DISTINCT iri FROM label WHERE sort = ?", (fold(text),))
        exact = [iri for (iri,) in called][: self.few]
        marks = ", ".join("?" * len(exact))
        for kind in wanted:
            rows = self.index.rows(
                f"SELECT id, iri {_MATCHED} AND kind = ? ORDER BY iri IN ({marks}) DESC,"
                f" {_RANKED}, iri LIMIT ? OFFSET ?",
                (match or asked.match(), kind, *exact, size, start),
            )
            own = sorted(rows, key=lambda row: row[1] not in first)  # stable: a sentence that holds the text leads
            groups.append(Group(kind, counts[kind], [self._hit(entry, iri, kind, asked) for entry, iri in own]))
        # The kind that has the best hit is not known across kinds; a fixed order lets a reader find their way again.
        fit = "near" if first else "words"
        return Found(fit, None, groups, self.kind, list(counts.items()))

    def _listed(
        self, items: Sequence[str], fit: str, asked: Asked, suggestion: str | None = None, cut: int = 0
    ) -> Found:
        """Return things found otherwise than by their words; the texts are read of those that the page shows."""
        if not items:
            return Found("none", suggestion=suggestion)
        marks = ", ".join("?" * len(items))
        known = {
            iri: (n, kind) for n, iri, kind in self.index.rows(f"SELECT * FROM entry WHERE iri IN ({marks})", items)
        }
        there: dict[str, list[tuple[int, str]]] = {}
        for iri in items:
            entry, kind = known.get(iri, (0, "other"))
            there.setdefault(kind, []).append((entry, iri))
        counts = [(kind, len(there[kind])) for kind in (*ORDER, "other") if kind in there]
        wanted = [(kind, n) for kind, n in counts if kind == self.kind or not self.kind]
        start = self.first if len(wanted) == 1 else 0
        groups = []
        for kind, n in wanted:
            shown = there[kind][start : start + self.size]
            groups.append(Group(kind, n, [self._hit(entry, iri, kind, asked) for entry, iri in shown]))
        opens = items[0] if fit == "exact" and len(items) == 1 and not self.kind else None
        return Found(fit, opens, groups, self.kind, counts, suggestion, cut=cut)

    def _hit(self, entry: int, iri: str, kind: str, asked: Asked) -> Hit:
        sql = "SELECT field, text, language FROM wording WHERE entry = ? ORDER BY position"
        texts = self.index.rows(sql, (entry,))
        if not texts:
            return Hit(iri, kind, "", (), "")
        own, concepts = ([one for one in texts if (one[0] == CONCEPT) is concept] for concept in (False, True))
        field, text, language = best(own, asked, self.reader)
        label = self.index.label(iri, self.reader)
        named = label is not None and label.text == text
        about, spoken = self._about(concepts, asked, text)
        if about and not asked.found(text):  # only its concept has what was asked for: its own name says what it is
            return Hit(iri, kind, CONCEPT, (), "", about=about, about_language=spoken)
        parts = marked(text, asked, whole=named)
        return Hit(iri, kind, field, parts, language, named, about, spoken)

    def _about(self, concepts: Sequence[Row], asked: Asked, text: str) -> tuple[tuple[Part, ...], str]:
        """Return what a concept is called that has most of the words that a text has not, with its language."""
        if not concepts:
            return (), ""
        _, said, language = best(concepts, asked, self.reader)
        return (marked(said, asked, whole=True), language) if asked.found(said) - asked.found(text) else ((), "")
