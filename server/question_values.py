"""What a value of a stored question names: an IRI, a key, a label, an acronym, a registry number, a DOI or a PMID.

A value that names nothing would get an empty answer, which reads as *no evidence*; so it is refused, with the nearest
things. Everything is looked up in the index of the release, but for the study that a registry number registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from msevidence.loaders.index_words import asked_keys, fold, tokens
from msevidence.ontology.iris import BASE, Kind
from msevidence.ontology.namespaces import MSE
from msevidence.queries import Parameter, ParameterError, Question
from msevidence.server.index import Index
from msevidence.server.labels import PREFIXES
from msevidence.server.search import Search
from msevidence.server.search_numbers import carrying
from msevidence.server.search_text import distance
from msevidence.server.words import Words

FEW = 3
"""Things that a refusal names."""
LONGEST = 100
"""Characters of a value that a refusal repeats."""
CLOSE = 2
"""Letters that a key may be away from the one that was perhaps meant."""
ALIKE = 500
"""Keys that are compared with one that names nothing: those that begin as it does."""


class NamesNothing(ParameterError):  # noqa: N818 (what it says of the value)
    """Raised when a value names nothing of the release, or several things."""

    def __init__(self, name: str, value: str, near: Sequence[str], *, several: bool = False, other: str = "") -> None:
        given = f"{name}: {value[:LONGEST]!r}"
        said = Words(f"{given} names nothing here", f"{given} er ikke navnet på noe her")
        before = Words("; near: ", "; nærmest: ")
        if other:
            said = Words(
                f"{given} names nothing of this kind here, but {other}",
                f"{given} er ikke navnet på noe av dette slaget her, men på {other}",
            )
        if several:
            said = Words(f"{given} names several things here", f"{given} er navnet på flere ting her")
            before = Words(": ", ": ")
        if near:
            said = Words(*(text + colon + ", ".join(near) for text, colon in zip(said, before, strict=True)))
        super().__init__(said.en)
        self.said, self.name, self.near = said, name, tuple(near)


@dataclass(frozen=True, slots=True)
class Things:
    """The things of one release, by whatever names them."""

    index: Index
    base: str
    studies_of: Callable[[str], Iterable[str]]
    """The studies that a record registers, by its IRI."""

    def values(self, question: Question, given: Mapping[str, str]) -> dict[str, str]:
        """Return the values of a question, with IRIs for what names a thing.

        Raises:
            NamesNothing: a value of an IRI parameter names nothing, or several things.
        """
        iris = {p.name: p for p in question.params if p.type == "IRI"}
        return {name: self.named(iris[name], value) if name in iris else value for name, value in given.items()}

    def named(self, parameter: Parameter, value: str) -> str:
        """Return the one thing that a value names, as it is written in an address: without the base where it is ours.

        Raises:
            NamesNothing: there is none, or there are several.
        """
        text = value.strip()
        bare = text.removeprefix("<").removesuffix(">")
        for iri in (bare if ":" in bare else self.base + bare, _expanded(bare)):
            if bare and iri and self._there(iri):
                return self._short(iri)
        found: list[str] = []
        others: list[str] = []
        for look in (self._keyed, self._carrying, self._called, self._registered):
            named = [iri for iri in dict.fromkeys(look(bare, parameter)) if self._there(iri)]
            others += named
            if found := [iri for iri in named if self._fits(parameter, iri)]:
                break
        if not found and text:
            opened = Search(self.index, self.base, "en", size=1, few=1).run(text).opens
            found = [opened] if opened and self._fits(parameter, opened) else []
        if len(found) == 1:
            return self._short(found[0])
        other = "" if found or not others else self._short(others[0])
        near = [self._short(iri) for iri in (found or self._near(parameter, bare))[:FEW]]
        raise NamesNothing(parameter.name, value, near, several=bool(found), other=other)

    def _there(self, iri: str) -> bool:
        return self.index.label(iri, "en") is not None

    def _fits(self, parameter: Parameter, iri: str) -> bool:
        """Say whether a thing is of the kind that the parameter is of."""
        if not parameter.of:
            return self._there(iri)
        if "/" in parameter.of:
            return iri.startswith(f"{self.base}{parameter.of}/") and self._there(iri)
        return bool(self.index.rows("SELECT 1 FROM thing WHERE class = ? AND iri = ?", (str(MSE[parameter.of]), iri)))

    def _keyed(self, key: str, parameter: Parameter) -> list[str]:
        if "/" in key or not key:
            return []
        own = f"{self.base}ontology#{key}"
        return [own, *(f"{self.base}{place}/{key}" for place in _places(parameter))]

    def _carrying(self, text: str, _: Parameter) -> list[str]:
        return [iri for key in asked_keys(text) for iri, _ in carrying(self.index, key)]

    def _called(self, text: str, _: Parameter) -> list[str]:
        return [iri for (iri,) in self.index.rows("SELECT DISTINCT iri FROM label WHERE sort = ?", (fold(text),))]

    def _registered(self, text: str, parameter: Parameter) -> list[str]:
        if parameter.of != "Study":
            return []
        return [study for record in self._carrying(text, parameter) for study in self.studies_of(record)]

    def _near(self, parameter: Parameter, text: str) -> list[str]:
        """Return what a text has perhaps been meant for: what its words find, then what has nearly its key."""
        key = text.rpartition("/")[2]
        search = Search(self.index, self.base, "en")
        found = search.run(" ".join(tokens(key)))
        several = [found, *([search.run(found.suggestion)] if found.suggestion else [])]
        hits = [hit.iri for one in several if one.fit != "alike" for group in one.groups for hit in group.hits]
        begin = self.base + text[: -len(key)] if text.partition("/")[0] in list(Kind) else ""
        near = dict.fromkeys([*self._alike(parameter, key), *hits])
        return [iri for iri in near if self._fits(parameter, iri) and iri.startswith(begin)]

    def _alike(self, parameter: Parameter, key: str) -> list[str]:
        """Return the things whose key is a letter or two from this one, the nearest first."""
        if len(key) < CLOSE:
            return []
        found: list[tuple[int, str]] = []
        begun = key[: max(CLOSE, len(key) // 2)]
        for place in _places(parameter):
            for begin in {f"{self.base}{place}/{spelled}" for spelled in (begun, begun.lower(), begun.upper())}:
                sql = "SELECT iri FROM label WHERE iri >= ? AND iri < ? AND reader = 'en' LIMIT ?"
                for (iri,) in self.index.rows(sql, (begin, begin + "\U0010ffff", ALIKE)):
                    found.append((distance(key.lower(), iri.rpartition("/")[2].lower(), CLOSE), iri))
        return [iri for far, iri in sorted(found) if far <= CLOSE]

    def _short(self, iri: str) -> str:
        return iri.removeprefix(self.base) if self.base == BASE else iri


def _places(parameter: Parameter) -> list[str]:
    """Return what may stand before a key in the address of a thing that the parameter is of."""
    return [parameter.of] if "/" in parameter.of else list(Kind)


def _expanded(text: str) -> str | None:
    """Return the IRI of a name with one of the prefixes that are known here.

    >>> _expanded("mse:registeredAs"), _expanded("MIST")
    ('https://w3id.org/msevidence/ontology#registeredAs', None)
    """
    prefix, colon, local = text.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None
