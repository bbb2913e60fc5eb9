"""The form of a stored question: a field for each parameter, with what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.ontology.iris import BASE
from msevidence.queries import Parameter, Question
from msevidence.server.facets import Choice, Facets
from msevidence.server.labels import Labels, Text
from msevidence.server.pages_links import MSE
from msevidence.server.pages_lists import CLASSES
from msevidence.server.store import PageLane

CHOSEN = 40
"""Things up to which a field lists them all to choose from; over it they are suggested while one types."""
SUGGESTED = 500
"""Things up to which they are suggested: a browser gets all of them with the page. Of more, the list is linked."""
LISTS = {iri.removeprefix(MSE): name for name, iri in CLASSES.items()}
"""What a parameter is of → the list that has what there is of it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: the parameter, its value as given, and what there is to choose from."""

    parameter: Parameter
    value: str
    options: Sequence[tuple[str, Text]] = ()
    """Values with their names."""
    listed: str = ""
    """Name of the list that has what there is to choose from, where that is too much for the form."""
    total: int = 0
    """Things in that list."""

    @property
    def closed(self) -> bool:
        """Whether the options are few enough to be all that is shown."""
        return 0 < len(self.options) <= CHOSEN


def fields(lane: PageLane, labels: Labels, question: Question, values: Mapping[str, str]) -> list[Field]:
    """Return the fields of a question, filled with these values or the defaults."""
    return [_field(lane, labels, p, values.get(p.name, p.default or "")) for p in question.params]


def _field(lane: PageLane, labels: Labels, parameter: Parameter, value: str) -> Field:
    if parameter.type == "boolean":
        return Field(parameter, value, [(word, Text(word)) for word in ("true", "false")])
    name = LISTS.get(parameter.of)
    if name is None:
        return Field(parameter, value)
    kind = CLASSES[name]
    facets, bare = Facets(lane.release, "en"), _bare(value)
    if (total := facets.count(kind)) > SUGGESTED:
        return Field(parameter, bare, (), name, total)
    things = [(iri.removeprefix(BASE), labels(iri)) for iri in facets.ordered(Choice(kind))]
    options = sorted(things, key=lambda thing: (thing[1].text.casefold(), thing[0]))
    if bare and bare not in dict(options):
        options.insert(0, (bare, Text(bare)))
    return Field(parameter, bare, options)


def _bare(value: str) -> str:
    """Return a value as a field shows it: an IRI without brackets and without the base of ours.

    >>> _bare("<https://w3id.org/msevidence/study/mist>")
    'study/mist'
    """
    inside = value[1:-1] if value.startswith("<") and value.endswith(">") else value
    return inside.removeprefix(BASE)
