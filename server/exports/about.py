"""What an export says of itself: which release it is of, where that is published, and who may use what of it.

Every export carries these facts in its own way: a comment at the head of a file, a sheet, a paragraph, properties.
:func:`about` gives them as facts with a heading and a value; :func:`lines` as lines of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.loaders.identity.sssom import LICENCE
from msevidence.ontology.iris import BASE
from msevidence.server import i18n
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.rights import Rights, SourceRights, rights

OWN_LICENCE = LICENCE
"""Address of the licence of msevidence's own statements: identity, review, curation's judgements, terms."""
OWN_LICENCE_NAME = "Apache-2.0"
"""The same as an SPDX identifier (https://spdx.org/licenses/)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an export says of itself."""

    name: str
    """Which fact, the same in every language: ``release``, ``version``, ``built``, ``address``, ``part``, ``source``,
    ``licence``, ``quotations``, ``unregistered``."""
    heading: str
    """In the language of the export."""
    value: str
    """A statement of rights as its source states it; all else in the language of the export, on one line."""
    link: str = ""
    """The address that the value stands for, where there is one."""


def about(handover: Handover) -> Sequence[Fact]:
    """Return what an export says of itself, in the language of the export, in the order to show it."""
    release, language = handover.release, handover.language
    held = rights(handover.lane, handover.labels)
    address = f"{handover.site}releases/{release.id}/"
    said = [
        Fact("release", i18n.text("export-release", language), release.id),
        Fact("version", i18n.text("export-version", language), release.version),
        Fact("built", i18n.text("export-built", language), release.built),
        Fact("address", i18n.text("export-address", language), address, address),
    ]
    if not handover.scope.whole:
        part = ", ".join(handover.scope.named)
        said.append(Fact("part", i18n.text("export-part", language), part))
    said += [_source(source, language) for source in held.sources]
    own = i18n.text("export-licence-is", language, licence=OWN_LICENCE_NAME)
    said.append(Fact("licence", i18n.text("export-licence", language), own, OWN_LICENCE))
    if quoted := quotations(held, language):
        said.append(Fact("quotations", i18n.text("export-quotations", language), quoted))
    if release.base == BASE:
        unregistered = i18n.text("export-unregistered-is", language, base=BASE)
        said.append(Fact("unregistered", i18n.text("export-unregistered", language), unregistered, BASE))
    return said


def lines(handover: Handover) -> list[str]:
    """Return the facts as lines of text, ``Heading: value``, with the address after a value that stands for one."""
    return [
        f"{fact.heading}: {fact.value}" + (f" ({fact.link})" if fact.link not in fact.value else "")
        for fact in about(handover)
    ]


def part_title(handover: Handover) -> str:
    """Return what a part of a release is called: what was chosen, by its label where it has one, of which release."""
    scope, labels = handover.scope, handover.labels
    called = {iri.rpartition("/")[2].casefold(): iri for iri in (*scope.studies, *scope.asked)}
    named = ", ".join(labels(called[name]).text if name in called else name for name in scope.named)
    release = handover.release.id[:12]
    return i18n.text("export-part-title", handover.language, named=named, release=release)


def quotations(held: Rights, language: str) -> str:
    """Return the sentence on what is withheld, with the documents that it is of; empty where every one is open."""
    closed = [source.label.text for source in held.sources if source.document and not source.open]
    return i18n.text("export-quotations-only", language, documents="; ".join(closed)) if closed else ""


def _source(source: SourceRights, language: str) -> Fact:
    heading = i18n.text("export-source", language, source=source.label.text)
    stated = [*source.rights, *source.licences] or [i18n.text("export-no-rights", language)]
    return Fact("source", heading, " ".join(" · ".join(stated).split()), source.iri)
