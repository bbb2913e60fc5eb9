"""What documents and registries say of each study, as the evidence map needs it: each value with its source and date.

Where sources differ nothing is merged: the rules here say only which value is shown first, and the rest stands beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from msevidence.loaders.index_facets import ANY, NONE
from msevidence.ontology.index_rules import facets
from msevidence.ontology.iris import BASE
from msevidence.server import studies_told
from msevidence.server.labels import PREFIXES, RDF_TYPE
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane

MSE, SCHEME = PREFIXES["mse"], BASE + "scheme/"
PHASES = ("planned", "ongoing", "completed", "stopped", "unknown", "not-stated")
"""What statuses come to, so that a document's and a registry's can be compared."""
REPORTED: Mapping[str, str] = {
    "planned": "planned",
    "ongoing": "ongoing",
    "completed": "completed",
    "completed-unpublished": "completed",
    "results-published": "completed",
    "terminated": "stopped",
    "unknown": "unknown",
}
"""Status as reported → phase."""
REGISTERED: Mapping[str, str] = {
    **dict.fromkeys(("not-yet-recruiting", "authorised", "under-evaluation"), "planned"),
    **dict.fromkeys(("recruiting", "enrolling-by-invitation", "active-not-recruiting", "not-recruiting"), "ongoing"),
    **dict.fromkeys(("ongoing", "restarted", "suspended", "temporarily-halted"), "ongoing"),
    **dict.fromkeys(("completed", "ended"), "completed"),
    **dict.fromkeys(("terminated", "prematurely-ended", "withdrawn", "prohibited", "revoked"), "stopped"),
    **dict.fromkeys(("cancelled", "expired", "not-authorised"), "stopped"),
}
"""Status as registered → phase; the others, such as "transitioned", say nothing of how the study goes."""
DESIGNS: Mapping[str, Sequence[str]] = {
    "synthesis": ("meta-analysis", "systematic-review", "scoping-review"),
    "randomised": ("randomised-controlled-trial",),
    "controlled": ("controlled-trial",),
    "single-arm": ("single-arm", "pilot-study"),
    "observational": (
        *("observational-study", "registry-study", "cohort-study", "matched-cohort", "case-series"),
        *("retrospective", "prospective"),
    ),
    "other": (),
}
"""Kind of design → concepts of the scheme study-design that tell it. The first that fits; "other" is none of them."""
_FACET = next(one for one in facets() if one.name == "has-results")
_WITHOUT = {kind.value: {v for one in kind.without for v in one.values} for kind in _FACET.kinds}
NO_RESULT = frozenset(f"{SCHEME}outcome/{name}" for name in _WITHOUT["stated"])
"""Outcomes whose number says who or how many there were, and not how they fared: as the facet of lists has it."""
_SCHEMES = {"publicationKind": "publication-kind", "workKind": "work-kind"}
NO_REPORT = frozenset(
    f"{SCHEME}{_SCHEMES[one.path[-1].rpartition('#')[2]]}/{name}"
    for kind in _FACET.kinds
    if kind.value == "publication"
    for one in kind.without
    for name in one.values
)
"""Kinds of publication, and of work, that report no results of a study."""
RESULTS = tuple(dict.fromkeys(kind.value for kind in _FACET.kinds))
"""What counts as having results, each apart."""


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """A value with whose word it is."""

    at: str
    """Date of the word, empty where it has none."""
    by: str
    value: str
    kind: str = ""
    printed: str = ""
    node: str = ""


@dataclass
class Profile:
    """One study."""

    study: str
    told: dict[str, list[Told]] = field(default_factory=dict)
    """Local name of the property → its values, in the order of their dates."""
    parts: list[Profile] = field(default_factory=list)

    def all(self, name: str) -> list[Told]:
        """Return the values of a property."""
        return self.told.get(name, [])

    def values(self, name: str) -> list[str]:
        """Return the distinct values of a property."""
        return list(dict.fromkeys(one.value for one in self.all(name)))

    @property
    def whole(self) -> str:
        """What it is a part of, empty where it is no part."""
        return next(iter(self.values("partOf")), "")

    @cached_property
    def design(self) -> str:
        """The kind of its design: a key of DESIGNS."""
        there = {concept.rsplit("/", 1)[-1] for concept in self.values("studyDesign")}
        return next((kind for kind, concepts in DESIGNS.items() if there.intersection(concepts)), "other")

    @cached_property
    def reported(self) -> list[Told]:
        """Its status as documents report it, the newest first, one a document and status."""
        return _newest(self.all("statusAsReported"))

    @cached_property
    def registered(self) -> list[Told]:
        """Its status as registries have it, the newest of each registration first."""
        return _newest(self.all("registeredStatus"))

    @cached_property
    def phase(self) -> str:
        """Where it stands: by the newest document that says so, else by the newest registry record that does."""
        for one in self.reported:
            return phase(one)
        return next((p for one in self.registered if (p := phase(one)) != "unknown"), self._unsaid)

    @property
    def _unsaid(self) -> str:
        return "unknown" if self.registered else "not-stated"

    @cached_property
    def status_differs(self) -> bool:
        """Whether a document and the newest record of a registration differ on where it stands."""
        newest = {one.by: phase(one) for one in reversed(self.registered)}
        reported = {phase(one) for one in self.reported[:1]} - {"unknown"}
        return bool(reported) and bool(set(newest.values()) - {"unknown"} - reported)

    @cached_property
    def sizes(self) -> list[Told]:
        """Every number of participants, the one to show first: documents, then registries, then what was planned."""
        kinds = {(one.by, one.at): one.printed for one in self.all("enrolmentKind")}
        found = _newest([one for one in self.all("participants") if number(one.value) is not None])
        enrolled = [
            Told(
                one.at, one.by, one.value, (one.kind or kinds.get((one.by, one.at), "")).lower(), one.printed, one.node
            )
            for one in self.all("enrolment")
            if number(one.value) is not None
        ]
        found += sorted(_newest(enrolled), key=lambda one: one.kind != "actual")
        planned = [one for one in self.all("plannedParticipants") if number(one.value) is not None]
        return found + [Told(one.at, one.by, one.value, "planned", one.printed, one.node) for one in _newest(planned)]

    @property
    def participants(self) -> int | None:
        """The first of its sizes."""
        return number(self.sizes[0].value) if self.sizes else None

    @property
    def sizes_differ(self) -> bool:
        """Whether sources differ on how many take part, what was planned left aside."""
        return len({number(one.value) for one in self.sizes if one.kind not in ("planned", "estimated")}) > 1

    @cached_property
    def results(self) -> Mapping[str, Sequence[Told]]:
        """What there is of results, by how: a key of RESULTS → where; for the registry also records of its parts."""
        stated = [one for one in self.all("outcome") if one.kind not in NO_RESULT]
        published = [one for one in self.all("reportsOn") if one.kind not in NO_REPORT]
        held = [one for profile in (self, *self.parts) for one in profile.posted]
        every = (stated, self.all("conclusion"), published, held)
        found = {key: list({one.by: one for one in all}.values()) for key, all in zip(RESULTS, every, strict=True)}
        return {key: all for key, all in found.items() if all}

    @property
    def result_kinds(self) -> Sequence[str]:
        """What there is of results, as the facet of lists says it."""
        return [ANY, *self.results] if self.results else [NONE]

    @property
    def posted(self) -> list[Told]:
        """The registrations of which a record says that the registry holds results, or when they were posted."""
        held = [one for one in self.all("hasResults") if one.value.lower() in ("true", "1")]
        return [*held, *self.all("resultsPosted")]


def phase(one: Told) -> str:
    """Return what a status comes to."""
    scheme, _, name = one.value.removeprefix(SCHEME).partition("/")
    return (REPORTED if scheme == "status-as-reported" else REGISTERED).get(name, "unknown")


def number(text: str) -> int | None:
    """Return a number of participants; exports of tables write 110 as 110.0.

    >>> number("110.0"), number("about 30")
    (110, None)
    """
    whole = text.removesuffix(".0")
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 10 else None


def _newest(told: Iterable[Told]) -> list[Told]:
    """Return these without repetition, the newest first; those without a date last."""
    once = {(one.by, one.value, one.at): one for one in sorted(told)}
    return sorted(sorted(once.values(), key=lambda one: one.by), key=lambda one: one.at, reverse=True)


def read(lane: PageLane, studies: Sequence[str]) -> dict[str, Profile]:
    """Return these studies; one that is part of another knows it, and the other has it among its parts."""
    found: dict[str, Profile] = {}
    rows = studies_told.rows(lane, "map", studies)
    names = ("at", "by", "value", "kind", "printed", "node")
    for study, what, told in sorted({(of(r, "study"), of(r, "what"), Told(*(of(r, n) for n in names))) for r in rows}):
        profile = found.setdefault(study, Profile(study))
        if what != RDF_TYPE:
            profile.told.setdefault(what.removeprefix(MSE), []).append(told)
    for profile in found.values():
        if profile.whole in found:
            found[profile.whole].parts.append(profile)
    return found
