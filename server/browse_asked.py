"""What an address asks of a list: facets, words, order, page; and the addresses of the same list asked otherwise.

A value of a facet is written as the last part of its IRI where that is plain, ``status-as-reported=ongoing``; what is
not stated is ``not-stated``. An address is a permalink: a concept that no thing of a release has is an empty choice;
what names nothing at all is an error, since an empty file for a misspelt word would be taken for an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server.errors import BadRequest, Words
from msevidence.server.facets import Choice, Facets, folded_words
from msevidence.server.filters import no_such_value
from msevidence.server.pages_links import MSE

NOT_STATED_TOKEN = "not-stated"
LONGEST = 200
"""Characters of the words by which a list is filtered."""
MOST_VALUES = 40
"""Values chosen of all facets together: a page has each of them in the link of each value that it shows."""
SHORT = {MSE + "Study": {"status": "status-as-reported"}, MSE + "Registration": {"status": "registered-status"}}
"""Short names of facets in an address."""
PLAIN = ("q", "sort", "page")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as an address asks for it."""

    choice: Choice
    text: str = ""
    sort: str = ""
    """Empty for the first order that the list has."""
    tokens: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Facet → value → how an address writes it."""

    @property
    def too_many(self) -> bool:
        """Whether more values are chosen than an address may name."""
        return sum(map(len, self.choice.values.values())) > MOST_VALUES

    def parameters(self) -> dict[str, str | list[str]]:
        """Return the parameters of the address, without the page."""
        found: dict[str, str | list[str]] = {
            facet: [self.token(facet, value) for value in values] for facet, values in self.choice.values.items()
        }
        return {**found, **({"q": self.text} if self.text else {}), **({"sort": self.sort} if self.sort else {})}

    def token(self, facet: str, value: str) -> str:
        """Return how an address writes a value."""
        return self.tokens.get(facet, {}).get(value, value)

    def with_value(self, facet: str, value: str) -> Asked:
        """Return the list with a value more, or without it where it is chosen."""
        there = list(self.choice.values.get(facet, ()))
        values = [one for one in there if one != value] if value in there else [*there, value]
        chosen = {**self.choice.values, facet: values}
        return replace(self, choice=replace(self.choice, values={name: v for name, v in chosen.items() if v}))

    def narrowed_to(self, facet: str, value: str) -> Asked:
        """Return the list with this value alone of a facet, and the others as they are."""
        return self.with_values(facet, [value])

    def with_values(self, facet: str, values: Sequence[str]) -> Asked:
        """Return the list with these values of a facet, and the others as they are."""
        return replace(self, choice=replace(self.choice, values={**self.choice.values, facet: list(values)}))

    def without_words(self) -> Asked:
        """Return the list without the filter by words."""
        return replace(self, choice=replace(self.choice, words=()), text="")

    def sorted_by(self, sort: str) -> Asked:
        """Return the list in another order."""
        return replace(self, sort=sort)


def own_parameters(class_iri: str, facets: Mapping[str, str]) -> list[str]:
    """Return the names of the parameters of a list."""
    return [*facets, *SHORT.get(class_iri, {}), *PLAIN]


def read(
    args: MultiDict[str, str], facets: Facets, class_iri: str, names: Sequence[str], sorts: Sequence[str]
) -> Asked:
    """Return what an address asks for.

    Args:
        args: parameters of the address.
        facets: of the release.
        class_iri: the class of the list.
        names: of the facets of the class.
        sorts: the orders that the list has, the first being that of an address without one.

    Raises:
        BadRequest: there is no such order or value, or the words or the values are too many.
    """
    sort = args.get("sort", "")
    if sort and sort not in sorts:
        said = f"sort={sort[:40]!r}"
        there = ", ".join(sorts)
        raise BadRequest(Words(f"{said}: the orders are {there}.", f"{said}: rekkefølgene er {there}."))
    text = args.get("q", "").strip()
    if len(text) > LONGEST:
        raise BadRequest(Words(f"q: at most {LONGEST} characters.", f"q: høyst {LONGEST} tegn."))
    wanted = _wanted(args, class_iri, names)
    chosen: dict[str, list[str]] = {}
    tokens: dict[str, dict[str, str]] = {}
    for facet in names:
        tokens[facet] = tokens_of(facets.all_counts(class_iri, facet))
        if found := list(dict.fromkeys(_value(facet, one, tokens[facet], facets) for one in wanted[facet])):
            chosen[facet] = found
    return Asked(Choice(class_iri, chosen, folded_words(text)), text, "" if sort == sorts[0] else sort, tokens)


def _wanted(args: MultiDict[str, str], class_iri: str, names: Sequence[str]) -> dict[str, list[str]]:
    """Return the values that an address names of each facet, by its name or its short one, each once.

    Raises:
        BadRequest: they are too many.
    """
    short = {facet: alias for alias, facet in SHORT.get(class_iri, {}).items()}
    asked = {name: args.getlist(name) + (args.getlist(short[name]) if name in short else []) for name in names}
    wanted = {name: [value for value in dict.fromkeys(values) if value] for name, values in asked.items()}
    if (many := sum(map(len, wanted.values()))) > MOST_VALUES:
        raise BadRequest(
            Words(
                f"{many} values are chosen; a list is narrowed by up to {MOST_VALUES}. Leave some out, or ask several"
                " times.",
                f"{many} verdier er valgt; en liste snevres inn med inntil {MOST_VALUES}. Utelat noen, eller spør flere"
                " ganger.",
            )
        )
    return wanted


def _value(facet: str, asked: str, tokens: dict[str, str], facets: Facets) -> str:
    """Return the value that an address names, noting how the address writes it.

    Raises:
        BadRequest: it is no value of the facet, and nothing that the release knows by name.
    """
    if asked in tokens:
        return asked
    for value, token in tokens.items():
        if token == asked:
            return value
    for place in dict.fromkeys(value.rpartition("/")[0] for value in tokens if "/" in value):
        if facets.is_named(iri := f"{place}/{asked}"):
            tokens[iri] = asked
            return iri
    if facets.is_named(asked):
        return asked
    raise no_such_value(facet, asked, list(tokens.values()))


def tokens_of(values: Mapping[str, int]) -> dict[str, str]:
    """Return how an address writes each value: by the last part of its IRI, where no other value has the same.

    >>> tokens_of({"https://a/scheme/x/ongoing": 1, "": 2, "2019": 1, "https://a/1/y": 1, "https://b/2/y": 1})
    {'https://a/scheme/x/ongoing': 'ongoing', '': 'not-stated', '2019': '2019', 'https://a/1/y': 'https://a/1/y', \
'https://b/2/y': 'https://b/2/y'}
    """
    lasts = Counter(value.rpartition("/")[2] for value in values)
    found = {}
    for value in values:
        last = value.rpartition("/")[2]
        plain = bool(last) and lasts[last] == 1 and last != NOT_STATED_TOKEN
        found[value] = NOT_STATED_TOKEN if value == NOT_STATED else last if plain else value
    return found
