"""Finding the sentence that a person pasted, or the thing that a person named.

A pasted text keeps its letters and digits and little else: line breaks, hyphens at line ends, kinds of quotation marks
and dashes change on the way, and citation markers are left out or added. So letters and digits are what is compared.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, RDFS

from msevidence.loaders.index_words import identity, letters, words
from msevidence.ontology.iris import Kind
from msevidence.ontology.namespaces import MSE
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.show_reader import Reader, Row

SUGGESTIONS = 3
WHOLE_SENTENCE = 4  # words: fewer are rather the name of a thing
ENOUGH = 24  # letters of a claim that is looked for inside a longer pasted text: a short cell stands in many

_ADDRESS = re.compile(r"https?://[^/?#\s]+/([a-z-]+/[^/?#\s]+)(?:\?[^#\s]*)?(?:#\S*)?")
_SUFFIXES = frozenset(("html", *(f.suffix for f in RDF_FORMATS.values())))


@dataclass(frozen=True)
class Sentence:
    """A passage, and a claim stated in it if there is one."""

    passage: str
    text: str
    document: str
    claim: str | None
    said: str | None
    repeats: str | None


class Sentences(Protocol):
    """Whatever can be asked ``show_sentences``: a store read directly, or a worker of the server's."""

    def rows(self, name: str) -> Iterable[Row]:
        """Return the solutions of the query ``queries/<name>.rq`` of the server."""


@dataclass(frozen=True)
class Found:
    """What a pasted text was found to be: ``exact`` when it is whole sentences, else a part of what is listed."""

    sentences: tuple[Sentence, ...]
    exact: bool
    suggestions: tuple[Sentence, ...] = ()


def find_sentences(reader: Sentences, pasted: str) -> Found:
    """Return the claims (and passages without one) that ``pasted`` is, is a part of, or holds; else the nearest."""
    sentences = [_sentence(row) for row in reader.rows("show_sentences")]
    wanted = letters(pasted)
    if not wanted:
        return Found((), exact=False)
    whole = [s for s in sentences if wanted in (letters(s.text), letters(s.said or s.text))]
    if not whole:
        whole = [
            s for s in sentences if len(letters(s.said or s.text)) >= ENOUGH and letters(s.said or s.text) in wanted
        ]
    if whole:
        return Found(_own(whole, sentences), exact=True)
    part = [s for s in sentences if wanted in letters(s.said or s.text)] or [
        s for s in sentences if wanted in letters(s.text)
    ]
    if part:
        return Found(_own(part, sentences), exact=False)
    return Found((), exact=False, suggestions=_nearest(words(pasted), sentences))


def find_things(reader: Reader, name: str) -> list[str]:
    """Return the IRIs that ``name`` may mean.

    An IRI, the address of its page on any server, a key, a registry number, a DOI or other identifier, a label.
    """
    text = name.strip().removeprefix("<").removesuffix(">")
    if not text or "\n" in text:
        return []
    keyed = [reader.base + text, *(f"{reader.base}{kind}/{text}" for kind in Kind)]
    given = [text, *of_address(reader.base, text)] if ":" in text else keyed
    direct = [iri for iri in given if _is_iri(iri) and reader.exists(iri)]
    if direct:
        return direct
    wanted = identity(text)
    by_value = [row["item"].value for row in reader.rows("by_value") if identity(row["value"].value) == wanted]
    return sorted(set(by_value)) or _by_label(reader, text)


def find_titled(reader: Reader, text: str) -> list[str]:
    """Return the publications, documents among them, whose title is ``text``, by letters and digits."""
    wanted = letters(text)
    if not wanted:
        return []
    titles = reader.store.quads_for_pattern(None, ox.NamedNode(DCTERMS.title), None, ox.DefaultGraph())
    found = {
        q.subject.value
        for q in titles
        if isinstance(q.object, ox.Literal)
        and isinstance(q.subject, ox.NamedNode)
        and letters(q.object.value) == wanted
    }
    return sorted(iri for iri in found if str(MSE.Publication) in reader.values(iri, RDF.type))


def of_address(base: str, text: str) -> list[str]:
    """Return the IRIs whose page or data file may be at an address: the server's own name says nothing.

    >>> of_address("http://x/", "http://127.0.0.1:8000/study/mist.html?lang=nb#data")
    ['http://x/study/mist.html', 'http://x/study/mist']
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return []
    path = match[1]
    stem, _, suffix = path.rpartition(".")
    return [base + path, *([base + stem] if suffix in _SUFFIXES else [])]


def _by_label(reader: Reader, text: str) -> list[str]:
    quads = reader.store.quads_for_pattern(None, ox.NamedNode(RDFS.label), None, ox.DefaultGraph())
    wanted = text.casefold()
    return sorted(
        {
            q.subject.value
            for q in quads
            if isinstance(q.object, ox.Literal)
            and isinstance(q.subject, ox.NamedNode)
            and q.object.value.casefold() == wanted
        }
    )


def _is_iri(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", text) is not None


def _sentence(row: Row) -> Sentence:
    def of(name: str) -> str | None:
        return row[name].value if name in row else None

    return Sentence(of("passage") or "", of("text") or "", of("document") or "", of("claim"), of("said"), of("repeats"))


def _own(found: Iterable[Sentence], sentences: list[Sentence]) -> tuple[Sentence, ...]:
    """Return ``found`` with a pull quote replaced by the sentence that it repeats, once each, claims only if any."""
    by_passage: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        by_passage.setdefault(sentence.passage, []).append(sentence)
    own: dict[Sentence, None] = {}
    for sentence in found:
        own.update(dict.fromkeys(by_passage.get(sentence.repeats or "", [sentence])))
    claims = [sentence for sentence in own if sentence.claim]
    return tuple(claims or own)


def _nearest(wanted: frozenset[str], sentences: list[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences that share most words with ``wanted``, the shorter first."""

    def rank(sentence: Sentence) -> tuple[int, int]:
        own = words(sentence.said or sentence.text)
        return len(wanted & own), -len(own)

    alike = {s.said or s.text: s for s in sentences if rank(s)[0]}
    return tuple(sorted(alike.values(), key=rank, reverse=True)[:SUGGESTIONS])
