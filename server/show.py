"""What ``msevidence show`` tells of a claim: what it rests on.

The core path: claim ``mse:hasPointer`` pointer, ``c4o:denotes`` reference, ``biro:references`` publication,
``mse:reportsOn`` study, ``mse:registeredAs`` registration.
"""

from dataclasses import dataclass, field

from msevidence.ontology.namespaces import FABIO, MSE, PRISM
from msevidence.server.show_find import Sentence
from msevidence.server.show_findings import Said, findings_about
from msevidence.server.show_reader import Reader, Row


@dataclass(frozen=True)
class Registered:
    """A registration of a study."""

    iri: str
    number: str
    registry: str | None


@dataclass
class Studied:
    """A study that a publication reports, with its registrations."""

    iri: str
    label: str
    registrations: list[Registered] = field(default_factory=list)


@dataclass
class Published:
    """A publication that a reference names."""

    iri: str
    label: str
    doi: str | None
    pmid: str | None
    studies: list[Studied] = field(default_factory=list)


@dataclass(frozen=True)
class Inferred:
    """What the document lets a reader infer about a number without an entry; a curator's, with its reason."""

    what: str
    because: str


@dataclass
class Cited:
    """One citation of a claim: the number, the marker as printed, the entry, and what it names."""

    number: int | None
    marker: str | None
    inherited: bool
    missing: bool
    reference: str
    printed: str | None
    publications: list[Published] = field(default_factory=list)
    inferences: list[Inferred] = field(default_factory=list)


@dataclass(frozen=True)
class Supported:
    """A claim, or a passage without one, and what it rests on."""

    passage: str
    text: str
    document: str
    document_title: str
    claim: str | None
    kind: str | None
    support: str | None
    cites: list[Cited]
    about: list[str]
    findings: list[Said]


def supported(reader: Reader, sentence: Sentence) -> Supported:
    """Return what a sentence rests on."""
    claim = sentence.claim
    concept = {name: reader.value(claim, MSE[name]) if claim else None for name in ("claimKind", "support")}
    return Supported(
        passage=sentence.passage,
        text=sentence.said or sentence.text,
        document=sentence.document,
        document_title=reader.label(sentence.document),
        claim=claim,
        kind=_name(reader, concept["claimKind"]),
        support=(concept["support"] or "").rpartition("/")[2] or None,
        cites=_cites(reader, claim) if claim else [],
        about=[reader.label(study) for study in reader.values(claim, MSE.about)] if claim else [],
        findings=findings_about(reader, *filter(None, (claim, sentence.passage))),
    )


def _cites(reader: Reader, claim: str) -> list[Cited]:
    cited: dict[str, Cited] = {}
    publications: dict[tuple[str, str], Published] = {}
    studies: dict[tuple[str, str, str], Studied] = {}
    for row in reader.rows("support", resource=claim):
        pointer, reference = row["pointer"].value, row["reference"].value
        if pointer not in cited:
            cited[pointer] = Cited(
                number=int(row["number"].value) if "number" in row else None,
                marker=_marker(reader, row),
                inherited="inherited" in row,
                missing=row["missing"].value == "true",
                reference=reference,
                printed=_entry(reader, reference),
                inferences=_inferences(reader, reference),
            )
        if "publication" not in row:
            continue
        publication = row["publication"].value
        if (pointer, publication) not in publications:
            published = publications[pointer, publication] = _published(reader, publication)
            cited[pointer].publications.append(published)
        if "study" not in row:
            continue
        study = row["study"].value
        if (pointer, publication, study) not in studies:
            studied = studies[pointer, publication, study] = Studied(study, reader.label(study))
            publications[pointer, publication].studies.append(studied)
        if "registration" in row:
            studies[pointer, publication, study].registrations.append(_registered(reader, row["registration"].value))
    return list(cited.values())


def _marker(reader: Reader, row: Row) -> str | None:
    """Return the marker as printed: that of the column's head where the citation is inherited from it."""
    if "printed" in row:
        return row["printed"].value
    return reader.value(row["inherited"].value, MSE.printed) if "inherited" in row else None


def _published(reader: Reader, iri: str) -> Published:
    doi, pmid = reader.value(iri, PRISM.doi), reader.value(iri, FABIO.hasPubMedId)
    return Published(iri, reader.label(iri), doi, pmid)


def _registered(reader: Reader, iri: str) -> Registered:
    registry = reader.value(iri, MSE.inRegistry)
    return Registered(iri, reader.label(iri), reader.label(registry) if registry else None)


def _entry(reader: Reader, reference: str) -> str | None:
    passage = reader.value(reference, MSE.statedIn)
    return reader.value(passage, MSE.text) if passage else None


def _inferences(reader: Reader, reference: str) -> list[Inferred]:
    found = []
    for row in reader.rows("show_inferences", resource=reference):
        what = reader.label(row["publication"].value) if "publication" in row else row["name"].value
        found.append(Inferred(what, row["because"].value))
    return found


def _name(reader: Reader, iri: str | None) -> str | None:
    return reader.label(iri) if iri else None
