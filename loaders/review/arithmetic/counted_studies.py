"""Counts of studies in a text, each with the entries of the tables that it speaks of, where its words tell them.

A count is left alone where its words tell something that no table shows: nothing is known of it then.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msevidence.loaders.review.arithmetic.study_rows import (
    Entry,
    StudyTable,
    among,
    study_tables,
    telling,
    title_words,
    words_of,
)
from msevidence.loaders.review.arithmetic.told_entries import told
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage

_NEUTRAL = set(
    words_of(
        "new ny nye relevant relevante included inkluderte inkludert randomised randomized randomiserte randomisert "
        "controlled kontrollerte kontrollert clinical kliniske klinisk eligible different ulike forskjellige total "
        "study studies studie studier studiene trial trials RCT RCTs RCT-er RCT-ene rapportert rapporterte reported "
        "totalt effekt effekten effect effects behandling treatment identified identifisert found funnet tabell "
        "tabeller tabellene fordelt divided table tables presentert presented vist shown far foreløpig status also "
        "også studieregister studieregisteret studieregistre registry registries register participants patients people "
        "deltakere pasienter personer"
    )
)
_FOUND = re.compile(
    r"\b(?:vi|we)\s(?:\w+\s){1,3}$|\b(?:there (?:are|were)|det (?:er|var|finnes|fantes))\s(?:\w+\s)?$|"
    r"\b(?:fant|found|identified|included|inkluderte)\s(?:\w+\s)?$",
    re.I,
)
_ARE = re.compile(
    r"\w+\s(?:are|were|er|var|ble|have been|er blitt)\s(?:rapportert som\s|reported as\s|registrert som\s)?"
    r"(?P<what>[\w-]+)",
    re.I,
)
_INCLUDED = re.compile(r"^(?:inkluder|includ|identifi|f[uo]un)", re.I)
_PARTITIVE = re.compile(r"\s(?:av|of)\s(?:dem|them|disse|these|de|the|studiene|which|hvilke)\b", re.I)
_PUBLISHED = frozenset({"published", "publisert", "publiserte"})
_YET_TO_END = frozenset({"ongoing", "pågående", "planned", "planlagt", "planlagte"})
_OF_WHICH = re.compile(r"\b(?:of which|of these|of them|of the \w+|hvorav|av disse|av dem)\s$", re.I)
_TABLE = re.compile(r"\b(?:table|tabell|tab\.)\s(\w*\d+)", re.I)
_REPORTED_IN = re.compile(r"\b(?:fordelt på|beskrevet i|reported in|described in|across)\s$", re.I)
_SAYS_INCLUDED = re.compile(r"\b(?:inkludert\w*|included)\b", re.I)
_OF_OTHERS = re.compile(
    r"(?:an?|one|another|en|ei|et|én)\s(?:[\w-]+\s){0,4}?(?:reviews?|meta-analys[ei]s|overview|oversikt\w*|metaanalyse\w*)\b",
    re.I,
)
"""The beginning of a sentence that tells what somebody else's review found."""
_ARTICLES = frozenset({"en", "et", "ett", "ei", "a"})
_SPELLED_OUT = re.compile(r"\b(on|of|for|with|in|på|om|av|med|i)\s[^()]{3,80}?\s\(([A-Z][\w-]*)\)")


@dataclass(frozen=True)
class Counted:
    """A count of the text and the entries that it must agree with."""

    passage: Passage
    number: Number
    found: int
    what: str
    """What was counted, in English: ``rows``, ``such rows``."""
    what_nb: str
    tables: tuple[StudyTable, ...]
    entries: tuple[Entry, ...]
    """Those that were counted."""


def counted_studies(document: Document, listed: Callable[[StudyTable], int]) -> Iterator[Counted]:
    """Yield the counts that can be held against tables of studies; ``listed`` says how many works a table lists."""
    tables = study_tables(document)
    if not tables:
        return
    reader = _Reader(document, tables, listed)
    before: list[Passage] = []
    for passage in document.passages:
        if passage.table or passage.kind not in ("sentence", "list-item"):
            continue
        if before and (before[-1].paragraph != passage.paragraph or passage.paragraph is None):
            before = []
        yield from reader.read(passage, before)
        before.append(passage)


class _Reader:
    def __init__(self, document: Document, tables: list[StudyTable], listed: Callable[[StudyTable], int]) -> None:
        self.document = document
        self.tables = tables
        self.listed = listed
        self.telling = telling(tables)
        self.topic = title_words(document)
        self.paragraphs: dict[int, list[Passage]] = {}
        for passage in document.passages:
            if passage.paragraph is not None and not passage.table:
                self.paragraphs.setdefault(passage.paragraph, []).append(passage)
        self.all_shown = (len(tables) == 1 and among("included", tables[0].words)) or any(
            _SAYS_INCLUDED.search(p.text) and re.search(r"\b(?:tabell\w*|tables?)\b", p.text, re.I)
            for p in document.passages
            if p.kind in ("sentence", "list-item")
        )
        """Whether the text, or the caption of its one table, says that the included studies are in its tables."""

    def read(self, passage: Passage, before: Sequence[Passage]) -> Iterator[Counted]:
        if self.document.pointers_of.get(passage.iri) and _OF_OTHERS.match(passage.text):
            return
        counts = [n for n in numbers(passage.text, passage.language) if n.whole]
        partitive = False
        whole: Counted | None = None
        for i, number in enumerate(counts):
            clause = _clause(passage, counts, i)
            kind = noun_kind(number.unit, passage.language)
            lead = passage.text[: number.begin]
            of_some = _PARTITIVE.match(clause) or _OF_WHICH.search(lead)
            if number.hedge or not (kind == "study" or of_some or self._coordinated(passage, counts, i)):
                if whole and kind == "publication" and _REPORTED_IN.search(lead):
                    yield from self._works(passage, number, whole)
                continue
            partitive = partitive or of_some is not None
            if partitive:
                yield from self._some(passage, number, clause, before, whole.tables if whole else ())
            elif found := self._all(passage, number, clause, counts, i, before):
                whole = found
                yield found

    def _coordinated(self, passage: Passage, counts: Sequence[Number], i: int) -> bool:
        """Say whether a count shares the noun of the next: ``one completed and four ongoing studies``."""
        if i + 1 >= len(counts) or noun_kind(counts[i + 1].unit, passage.language) != "study":
            return False
        between = passage.text[counts[i].end : counts[i + 1].begin]
        return re.fullmatch(r"\s[\w-]+(?:\s[\w-]+)?,?\s(?:and|og)\s", between) is not None

    def _all(
        self,
        passage: Passage,
        number: Number,
        clause: str,
        counts: Sequence[Number],
        i: int,
        before: Sequence[Passage],
    ) -> Counted | None:
        """Hold a count of all studies of a kind against the rows of the tables for that kind."""
        if number.printed.lower() in _ARTICLES and not self._coordinated(passage, counts, i):
            return None
        named = self._mentioned(passage.text[number.end :])
        coordinated = self._coordinated(passage, counts, i)
        noun = -1 if coordinated else clause.lower().find(number.unit or "\0")
        adjectives = words_of(clause[: max(noun, 0)] if noun >= 0 else clause)
        if len(named) == 1 and noun >= 0:
            return self._named(passage, number, adjectives, named[0])
        later = self._mentioned(" ".join(self._later(passage)))
        if len(later) == 1 and noun >= 0 and later[0].section != passage.section and len(adjectives) > 1:
            return self._named(passage, number, adjectives, later[0], matching_only=True)
        if not self._speaks_of_all(passage, number, adjectives, clause[max(noun, 0) :], joined=i > 0):
            return None
        after = clause[noun:] if noun >= 0 else ""
        if coordinated:  # what follows the noun tells of both, what stands before it of the other alone
            rest = passage.text[counts[i + 1].end :]
            after = rest[rest.lower().find(counts[i + 1].unit or "\0") :]
        after = re.split(r"[,;:.]", _SPELLED_OUT.sub(r"\1 \2", after))[0]
        published = not _PUBLISHED.isdisjoint(adjectives)
        told = [w for w in (*adjectives, *words_of(after)) if w not in _PUBLISHED]
        own = {w for w in told if among(w, self.telling)}
        near = [t for t in self.tables if t.section == passage.section]
        if not all(self._known(w) or (near and all(among(w, t.words) for t in near)) for w in told):
            return None
        selected = self._selected(own, near or self.tables)
        if not near:
            context = [w for p in before for w in words_of(p.text)] + [
                w for title in self.document.section_titles(passage) for w in words_of(title)
            ]
            for word in context:
                if among(word, self.telling) and (narrower := self._selected({*own, word}, selected)):
                    own, selected = {*own, word}, narrower
            if not own and not (self.all_shown and _SAYS_INCLUDED.search(passage.text)):
                return None
        if published:
            return self._published(passage, number, selected)
        if not selected:
            return None
        entries = tuple(e for t in selected for e in t.entries)
        return Counted(passage, number, len(entries), "rows", "rader", tuple(selected), entries)

    def _published(self, passage: Passage, number: Number, selected: Sequence[StudyTable]) -> Counted | None:
        """Hold a count of published studies against the rows without a remark that there are no results."""
        ended = tuple(t for t in selected if not any(among(w, t.words) for w in _YET_TO_END))
        entries = [e for t in ended for e in t.entries]
        found = told(entries, ended, "published results") if ended else None
        return Counted(passage, number, len(found), "such rows", "slike rader", ended, tuple(found)) if found else None

    def _speaks_of_all(
        self, passage: Passage, number: Number, adjectives: Sequence[str], clause: str, joined: bool
    ) -> bool:
        """Say whether a count is of all that there are of a kind: found, identified, included, ongoing …"""
        lead = passage.text[: number.begin]
        if _FOUND.search(lead) or (joined and re.search(r"\b(?:and|og)\s$", lead)):
            return True
        if re.search(r"\b(?:the|de)\s$", lead, re.I):
            return any(_INCLUDED.match(w) or w in _PUBLISHED or among(w, self.telling) for w in adjectives)
        said = _ARE.match(clause)
        return (
            not lead.strip(" •-")
            and said is not None
            and (_INCLUDED.match(said["what"]) is not None or among(said["what"].lower(), self.telling))
        )

    def _known(self, word: str) -> bool:
        return word in _NEUTRAL or among(word, self.telling) or among(word, self.topic)

    def _selected(self, words: set[str], among_tables: Sequence[StudyTable]) -> list[StudyTable]:
        return [t for t in among_tables if all(among(w, t.words) for w in words)]

    def _later(self, passage: Passage) -> list[str]:
        """Return the sentences that follow in the paragraph."""
        own = self.paragraphs.get(passage.paragraph or -1, [])
        return [p.text for p in own if p.ordinal > passage.ordinal]

    def _mentioned(self, text: str) -> list[StudyTable]:
        numbers_ = set(_TABLE.findall(text))
        return [t for t in self.tables if t.number in numbers_]

    def _named(
        self,
        passage: Passage,
        number: Number,
        adjectives: list[str],
        table: StudyTable,
        matching_only: bool = False,
    ) -> Counted | None:
        """Hold a count against the table that is named: against the entries with its words, else all."""
        words = [
            w for w in adjectives if w not in ("new", "ny", "nye", "included", "inkluderte", "relevant", "relevante")
        ]
        matching = [e for e in table.entries if words and all(among(w, words_of(e.name)) for w in words)]
        if not matching and (matching_only or any(not self._known(w) for w in words)):
            return None
        entries = tuple(matching or table.entries)
        what = ("such entries", "slike studier") if matching else ("entries", "studier")
        return Counted(passage, number, len(entries), *what, (table,), entries)

    def _some(
        self,
        passage: Passage,
        number: Number,
        clause: str,
        before: Sequence[Passage],
        of: Sequence[StudyTable],
    ) -> Iterator[Counted]:
        """Hold a count of some of the studies against the rows whose labels, values or remarks tell the same.

        ``of`` are the tables of those that the sentence counted before, where it did: ``seven, five of them with …``.
        """
        tables = list(of) or [t for t in self.tables if t.section == passage.section]
        if not tables:
            texts = [clause, *(p.text for p in before), *self.document.section_titles(passage)]
            words: set[str] = set()
            tables = self.tables
            for word in (w for text in texts for w in words_of(text) if among(w, self.telling)):
                if narrower := self._selected({*words, word}, tables):
                    words, tables = {*words, word}, narrower
            if not words:
                return
        entries = [e for t in tables for e in t.entries]
        found = told(entries, tables, clause)
        if found is not None and not (len(tables) > 1 and not found):
            yield Counted(passage, number, len(found), "such rows", "slike rader", tuple(tables), tuple(found))

    def _works(self, passage: Passage, number: Number, whole: Counted) -> Iterator[Counted]:
        works = sum(self.listed(t) for t in whole.tables)
        if works and whole.found == whole.number.value:
            yield Counted(passage, number, works, "references", "referanser", whole.tables, whole.entries)


def _clause(passage: Passage, counts: Sequence[Number], i: int) -> str:
    """Return the words after a count, up to the next one."""
    end = counts[i + 1].begin if i + 1 < len(counts) else len(passage.text)
    return re.sub(r"[,;]?\s(?:and|og|of which|hvorav)\s$", "", passage.text[counts[i].end : end]).rstrip(" ,.;")
