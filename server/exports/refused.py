"""What is said where something can not be exported: in both languages, since pages and the command line say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from msevidence.server.words import Words

TOLD = 100
"""Characters of a name that is repeated, and of the longest that is compared with those that there are."""
_NONE = {"documents": "ikke noe dokument", "studies": "ingen studie"}
"""Kind of things → how Norwegian says that there is none."""


class RefusedError(ValueError):
    """Raised when an export can not be made as asked; the message says why and what to do."""

    def __init__(self, said: str | Words) -> None:
        self.said = said if isinstance(said, Words) else Words(said, said)
        super().__init__(self.said.en)


class UnknownThingError(RefusedError):
    """Raised when something chosen is not in the release; the message says what there is."""


def no_such_thing(kind: str, name: str, there: Iterable[str]) -> UnknownThingError:
    """Return what to say of a document or study that is not there, with those that are called nearly so.

    >>> str(no_such_thing("studies", "MSIT", ["https://kg.example/study/mist"]))
    "this release has none of the studies under the name 'MSIT'; do you mean mist?"
    >>> str(no_such_thing("studies", "NCT00273364", ["https://kg.example/study/mist"])).partition("; ")[2]
    'its name is the last part of its address, such as mist'
    """
    keys = {(key := iri.rpartition("/")[2]).casefold(): key for iri in sorted(there)}
    name = name[:TOLD]
    near = [keys[one] for one in get_close_matches(name.casefold(), keys, 3)]
    en, nb = f"; do you mean {' or '.join(near)}?", f"; mener du {' eller '.join(near)}?"
    if not near:
        such = next(iter(keys.values()), "")
        en = f"; its name is the last part of its address, such as {such}" if such else ""
        nb = f"; navnet er siste del av adressen, for eksempel {such}" if such else ""
    return UnknownThingError(
        Words(
            f"this release has none of the {kind} under the name {name!r}{en}",
            f"denne utgivelsen har {_NONE[kind]} med navnet {name!r}{nb}",
        )
    )


def no_such_status(status: str, there: Collection[str]) -> UnknownThingError:
    """Return what to say of a status that no study has."""
    known, status = ", ".join(sorted(there)), status[:TOLD]
    return UnknownThingError(
        Words(
            f"no study of this release has the status {status!r}; there are: {known}",
            f"ingen studie i denne utgivelsen har statusen {status!r}; disse finnes: {known}",
        )
    )


def none_with_status(statuses: Sequence[str]) -> UnknownThingError:
    """Return what to say where none of the studies that are chosen has a status."""
    return UnknownThingError(
        Words(
            f"none of the studies chosen has the status {' or '.join(statuses)}",
            f"ingen av de valgte studiene har statusen {' eller '.join(statuses)}",
        )
    )


def no_things() -> UnknownThingError:
    """Return what to say of a query that gives nothing to export."""
    return UnknownThingError(
        Words(
            "the query gave no things: it has no solution, or its values are all literals",
            "spørringen ga ingenting: den har ingen løsning, eller alle verdiene er literaler",
        )
    )


def other_things(things: Collection[str], kinds: Sequence[str]) -> UnknownThingError:
    """Return what to say of a query all of whose things are of other kinds than exports are made of."""
    such, of = min(things), ", ".join(kinds)
    return UnknownThingError(
        Words(
            f"none of the {len(things)} things that the query gave, such as {such}, is one of the {of} of this release;"
            " select those",
            f"ingen av de {len(things)} tingene som spørringen ga, for eksempel {such}, er av et slag som eksporteres"
            f" fra denne utgivelsen ({of}); velg slike",
        )
    )
