"""``data/identity.yaml``: decisions of people about identity, each undone by deleting its entry."""

from pathlib import Path
from typing import Literal, Protocol

from rdflib import URIRef

from msevidence.loaders.errors import CurationError
from msevidence.loaders.identity.decisions import decide
from msevidence.loaders.schema import Entry, PartialDateText, Text
from msevidence.loaders.statements import Statements
from msevidence.loaders.yamlfile import line_of, parse
from msevidence.ontology.iris import InvalidKeyError, Kind, mint


class IdentityEntry(Entry):
    """One decision: ``subject`` and ``object`` are written ``study/mesems`` or ``registration/NCT02035514``.

    Of publications, ``publication/burt-2019``; they are ``same-publication`` or ``not-same``.
    """

    subject: Text
    relation: Literal["same-study", "same-publication", "part-of", "not-same"]
    object: Text
    because: Text
    sources: list[Text] = []
    """Addresses, or document and place."""
    date: PartialDateText
    """When it was decided."""
    decided_by: Text


class IdentityFile(Entry):
    """The whole file."""

    decisions: list[IdentityEntry] = []


class KnownThings(Protocol):
    """What there is to decide about."""

    def has(self, kind: Kind, key: str) -> bool:
        """Say whether there is such a thing."""

    def near(self, kind: Kind, key: str) -> list[str]:
        """Return the keys of this kind that are nearly like one that there is not."""


def identity_decisions(identity: Statements, data: Path, known: KnownThings | None = None) -> None:
    """State the decisions of ``data/identity.yaml``, if there is such a file.

    Raises CurationError where the file is not valid, or decides about what is not ``known``.
    """
    path = data / "identity.yaml"
    if not path.exists():
        return
    content, positions = parse(path, IdentityFile)
    for i, entry in enumerate(content.decisions):
        _check_relation(entry, path, positions, ("decisions", i, "relation"))
        things = [(name, text) for name, text in (("subject", entry.subject), ("object", entry.object))]
        sides = {name: _thing(text, path, positions, ("decisions", i, name)) for name, text in things}
        if known is not None:
            for name, text in things:
                _check_known(text, known, path, positions, ("decisions", i, name))
        decide(
            identity,
            sides["subject"],
            entry.relation,
            sides["object"],
            rule="curated",
            because=entry.because,
            sources=entry.sources,
            date=entry.date,
            decided_by=entry.decided_by,
        )


def _check_relation(entry: IdentityEntry, path: Path, positions: object, at: tuple[int | str, ...]) -> None:
    """Raise CurationError where a publication is related to a study, or by what relates studies."""
    publications = [text.startswith(("publication/", "document/")) for text in (entry.subject, entry.object)]
    relations = ("same-publication", "not-same") if all(publications) else ("same-study", "part-of", "not-same")
    if any(publications) == all(publications) and entry.relation in relations:
        return
    named = f"{entry.subject!r} and {entry.object!r}"
    if any(publications) != all(publications):
        message = f"{named} are of two kinds; relate publications with each other only"
    else:
        message = f"{entry.relation!r} does not relate {named}; write one of {', '.join(relations)}"
    raise CurationError(message, path, line_of(positions, at), ".".join(map(str, at)))


def _check_known(text: str, known: KnownThings, path: Path, positions: object, at: tuple[int | str, ...]) -> None:
    """Raise CurationError where there is no such thing: a decision about it would be one about nothing."""
    kind, _, key = text.partition("/")
    if known.has(Kind(kind), key):
        return
    near = [f"{kind}/{one}" for one in known.near(Kind(kind), key)]
    message = f"{text}: there is no such {kind}; " + (f"near: {', '.join(near)}" if near else "correct the key")
    raise CurationError(message, path, line_of(positions, at), ".".join(map(str, at)))


def _thing(text: str, path: Path, positions: object, at: tuple[int | str, ...]) -> URIRef:
    kind, _, key = text.partition("/")
    try:
        if kind not in ("study", "registration", "publication", "document"):
            raise ValueError(f"{kind!r} is neither study nor registration nor publication")
        return mint(Kind(kind), key)
    except (InvalidKeyError, ValueError) as e:
        message = f"{text!r} names nothing: {e}; write study/<key>, registration/<number> or publication/<key>"
        raise CurationError(message, path, line_of(positions, at), ".".join(map(str, at))) from e
