"""From ``data/`` to a validated release: read, state, validate, publish.

Any fault of the input stops the build before anything is published; the release served before stays served.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from msevidence.loaders.assembly import Graph, Progress, assemble, silent
from msevidence.loaders.collecting import looking_once
from msevidence.loaders.errors import LoadError
from msevidence.loaders.ontology_graph import ontology_files
from msevidence.loaders.release import Release, Stage, publish
from msevidence.loaders.release_manifest import Source
from msevidence.ontology.namespaces import BASE
from msevidence.ontology.validation import ValidationOutcome
from msevidence.ontology.validation import validate as shacl

EPOCH = "SOURCE_DATE_EPOCH"
STAGES = "MSEVIDENCE_STAGES"


class InvalidGraphError(LoadError):
    """Raised when the graph breaks a shape or a rule, or uses a term that is not declared."""

    def __init__(self, data: Path, outcome: ValidationOutcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.summary(), data)


def build_time(environment: Mapping[str, str]) -> datetime:
    """Return the time that a release states: ``SOURCE_DATE_EPOCH`` (seconds since 1970) where it is set, else now.

    With it, two builds of the same input are the same in every file that is handed out
    (https://reproducible-builds.org/specs/source-date-epoch/).

    Raises LoadError when it is set to what is no such number.
    """
    given = environment.get(EPOCH)
    if given is None:
        return datetime.now(UTC)
    try:
        if not (given.isascii() and given.isdigit()):
            raise ValueError
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as e:
        raise LoadError(f"{given!r} is no whole number of seconds since 1970; mend or unset it", EPOCH) from e


def told(environment: Mapping[str, str]) -> Stage:
    """Return what tells the stages of publishing: a line each, as it is reached, to the file ``MSEVIDENCE_STAGES``.

    Whoever wants to know how long a stage takes, or to stop a build there, names a file or a pipe; else nobody is told.
    """
    given = environment.get(STAGES)
    if given is None:
        return lambda name: None
    path = Path(given)

    def tell(name: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(name + "\n")

    return tell


@dataclass(frozen=True)
class BuildOutcome:
    """What a build gave: the release, what SHACL said, and how much there is of what."""

    release: Release
    validation: ValidationOutcome
    counts: dict[str, int]


def validate(data: Path, progress: Progress = silent, home: Path | None = None) -> tuple[Graph, ValidationOutcome]:
    """Build the graph of ``data``, and of what was loaded into ``home``, and validate it, without publishing anything.

    Records of loaded sources have been checked against the shapes when they were converted.

    Raises LoadError as :func:`assemble`; what SHACL finds is in the outcome.
    """
    graph = assemble(data, progress, home)
    progress("validate", 0, 1)
    outcome = shacl(graph.own_quads(), graph.names_elsewhere(), described=graph.described())
    progress("validate", 1, 1)
    return graph, outcome


def build(data: Path, home: Path, progress: Progress | None = None) -> BuildOutcome:
    """Build, validate and publish the graph of ``data`` and of what was loaded, as the current release of ``home``.

    Raises LoadError for faults of the input, InvalidGraphError for a broken shape, ReleaseError for store and disk.
    """
    with looking_once():
        return _built(data, home, progress or silent)


def _built(data: Path, home: Path, tell: Progress) -> BuildOutcome:
    graph, outcome = validate(data, tell, home)
    if not outcome.conforms:
        raise InvalidGraphError(data, outcome)
    tell("publish", 0, 1)
    release = publish(
        graph.lines,
        home,
        base=BASE,
        version=version("msevidence"),
        sources=[Source(f.path, f.sha256) for f in graph.sources],
        validation_report=outcome.turtle,
        built=build_time(os.environ),
        extra_files=ontology_files(),
        stage=told(os.environ),
    )
    tell("publish", 1, 1)
    return BuildOutcome(release, outcome, graph.counts)
