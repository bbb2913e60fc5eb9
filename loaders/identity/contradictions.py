"""When what two sets of records say speaks against their being one study: another condition, acronym or sponsor.

A contradiction needs both sides to say something. A title or an acronym in common outweighs it: registries differ in
how they name a sponsor and a disease.
"""

from collections.abc import Sequence
from typing import Literal

from msevidence.loaders.identity.names import (
    MS,
    UMBRELLA,
    about_other_things,
    agree,
    same_sponsor,
    share,
    titles_agree,
)
from msevidence.loaders.identity.records import Record

Contradiction = Literal["condition", "acronym", "sponsor"]
COMPARED = 12
"""Records of a cluster that are compared with the other side's: more would make one huge cluster quadratic."""


def corroborated(one: Record, other: Record) -> bool:
    """Say whether a title or an acronym speaks for the two being one study."""
    return (
        agree(one.acronyms, other.acronyms)
        or one.has_acronym_in_title(other.acronyms)
        or other.has_acronym_in_title(one.acronyms)
        or titles_agree(one.texts(), other.texts())
    )


def other_condition(one: Record, other: Record) -> bool:
    """Say whether conditions and titles of two records have no word in common, or one of them alone is of MS.

    In different languages the absence of a common word says nothing.
    """
    (one_conditions, one_words), (other_conditions, other_words) = one.topics(), other.topics()
    spoken, heard = one.languages(), other.languages()
    if spoken and heard and not spoken & heard:
        return False
    if one_conditions and other_conditions:
        if (MS in one_words) != (MS in other_words) and not share(one_conditions, other_conditions):
            return not any(w.startswith(UMBRELLA) for w in one_conditions | other_conditions)
        return not share(one_words, other_words)
    return about_other_things(one_words, other_words)


def other_sponsor(one: Record, other: Record) -> bool:
    """Say whether both records have sponsors, and none of them is the same."""
    return bool(one.sponsors and other.sponsors) and not any(
        same_sponsor(a, b) for a in one.sponsors for b in other.sponsors
    )


def other_acronym(one: Record, other: Record) -> bool:
    """Say whether both have acronyms; that none is the same is what :func:`corroborated` has said before."""
    return bool(one.acronyms and other.acronyms)


def contradiction(ones: Sequence[Record], others: Sequence[Record]) -> tuple[Contradiction, Record, Record] | None:
    """Return what speaks against joining two clusters, with the two records; ``None`` where nothing does.

    One pair that a title or an acronym corroborates is enough: then nothing does. One pair of records with one sponsor,
    or about one condition, also outweighs the pairs that differ in it.
    """
    pairs = [(a, b) for a in ones[:COMPARED] for b in others[:COMPARED]]
    if any(corroborated(a, b) for a, b in pairs):
        return None
    spoken_of = [(a, b) for a, b in pairs if a.topics()[1] and b.topics()[1]]
    sponsored = [(a, b) for a, b in pairs if a.sponsors and b.sponsors]
    if spoken_of and all(other_condition(a, b) for a, b in spoken_of):
        return ("condition", *spoken_of[0])
    for a, b in pairs:
        if other_acronym(a, b):
            return "acronym", a, b
    if sponsored and all(other_sponsor(a, b) for a, b in sponsored):
        return ("sponsor", *sponsored[0])
    return None
