"""The form of a stored question: a field for each parameter, with what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.ontology.iris import BASE
from msevidence.queries import Parameter, Question
from msevidence.server.labels import Labels, Text
from msevidence.server.pages_lists import CLASSES, instances
from msevidence.server.store import PageLane

CHOSEN = 40
"""Things up to which a field lists them all to choose from; over it they are suggested while one types."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: the parameter, its value as given, and what there is to choose from."""

    parameter: Parameter
    value: str
    options: Sequence[tuple[str, Text]] = ()
    """Values with their names."""

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
    kind = CLASSES.get(f"{parameter.name}s")
    if parameter.type != "IRI" or kind is None:
        return Field(parameter, value)
    things = [(iri.removeprefix(BASE), labels(iri)) for iri in instances(lane, kind)]
    options = sorted(things, key=lambda thing: (thing[1].text.casefold(), thing[0]))
    bare = value[1:-1] if value.startswith("<") and value.endswith(">") else value
    shown = bare.removeprefix(BASE)
    if shown and shown not in dict(options):
        options.insert(0, (shown, Text(shown)))
    return Field(parameter, shown, options)
