"""What the findings of identity resolution say, in English and in Norwegian bokmål."""

from collections.abc import Sequence

from msevidence.loaders.identity.contradictions import Contradiction
from msevidence.loaders.identity.model import Assertion, IdentityFinding
from msevidence.loaders.identity.records import Record, Records, name_of
from msevidence.ontology.iris import Kind, parts

_SHOWN = 5
"""Records that a message names; ``about`` has them all."""
_KINDS = {"condition": "other-condition", "acronym": "two-acronyms", "sponsor": "other-sponsor"}


class Messages:
    """Findings about assertions, with the names that records and catalogues give."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def kept_apart(self, said: Assertion, apart: Assertion) -> IdentityFinding:
        """Return that two things are said to be the same which a decision keeps apart."""
        a, b, x, y = self._names(said.subject, said.object, apart.subject, apart.object)
        return _finding(
            "kept-apart-yet-joined",
            (said.subject, said.object, apart.subject, apart.object),
            f"{a} and {b} are said to be one study, but a decision keeps {x} and {y} apart: not joined.",
            f"{a} og {b} sies å være én studie, men en beslutning holder {x} og {y} fra hverandre: ikke slått sammen.",
        )

    def joined_already(self, apart: Assertion) -> IdentityFinding:
        """Return that two things are kept apart which are the same by what is trusted more."""
        a, b = self._names(apart.subject, apart.object)
        return _finding(
            "kept-apart-yet-joined",
            (apart.subject, apart.object),
            f"{a} and {b} are kept apart, but what is trusted more makes them one study: without effect.",
            f"{a} og {b} holdes fra hverandre, men det som veier tyngre, gjør dem til én studie: uten virkning.",
        )

    def part_and_whole(self, said: Assertion, part: str, whole: str) -> IdentityFinding:
        """Return that two things are said to be the same, where ``part`` is a part of ``whole``."""
        a, b, p, w = self._names(said.subject, said.object, part, whole)
        return _finding(
            "part-and-whole",
            (said.subject, said.object, part, whole),
            f"{a} and {b} are said to be one study, but {p} is a part of {w}: not joined.",
            f"{a} og {b} sies å være én studie, men {p} er en del av {w}: ikke slått sammen.",
        )

    def part_of_itself(self, part: Assertion) -> IdentityFinding:
        """Return that a thing is said to be a part of what is the same study, or of a part of it."""
        a, b = self._names(part.subject, part.object)
        return _finding(
            "cycle-of-parts",
            (part.subject, part.object),
            f"{a} is said to be a part of {b}, but {b} is the same study or a part of it: without effect.",
            f"{a} sies å være en del av {b}, men {b} er samme studie eller en del av den: uten virkning.",
        )

    def two_studies(self, said: Assertion, one: str, other: str) -> IdentityFinding:
        """Return that two studies of the catalogue would be joined."""
        a, b, s, t = self._names(said.subject, said.object, one, other)
        return _finding(
            "two-studies-joined",
            (said.subject, said.object, one, other),
            f"{a} and {b} are said to be one study, but that would join {s} and {t}: not joined.",
            f"{a} og {b} sies å være én studie, men det ville gjort {s} og {t} til én: ikke slått sammen.",
        )

    def contradicted(self, said: Assertion, what: Contradiction, one: Record, other: Record) -> IdentityFinding:
        """Return that the records of two things that are said to be the same contradict it."""
        a, b = self._names(said.subject, said.object)
        x, y = one.name, other.name
        first, second = (_values(what, r) for r in (one, other))
        english = {
            "condition": f"the record of {x} is about {first}, and that of {y} about {second}",
            "acronym": f"{x} is called {first}, and {y} {second}",
            "sponsor": f"{x} has the sponsor {first}, and {y} {second}; nothing else speaks for it",
        }[what]
        norwegian = {
            "condition": f"posten for {x} gjelder {first}, og den for {y} {second}",
            "acronym": f"{x} heter {first}, og {y} {second}",
            "sponsor": f"{x} har sponsoren {first}, og {y} {second}; ingenting annet taler for det",
        }[what]
        return _finding(
            _KINDS[what],
            (said.subject, said.object, one.iri, other.iri),
            f"{a} and {b} are said to be one study, but {english}: not joined.",
            f"{a} og {b} sies å være én studie, men {norwegian}: ikke slått sammen.",
            "warning" if what == "sponsor" else "error",
        )

    def shared(self, number: str, listing: Sequence[str]) -> IdentityFinding:
        """Return that one number is given by records that do not agree, or by too many."""
        (name,) = self._names(number)
        named = ", ".join(self._names(*listing[:_SHOWN])) + (" …" if len(listing) > _SHOWN else "")
        return _finding(
            "number-shared-by-many",
            (number, *listing),
            f"{len(listing)} records give {name} as another number ({named}), and do not agree or are too many:"
            " it joins none that it does not list itself.",
            f"{len(listing)} poster oppgir {name} som et annet nummer ({named}), og stemmer ikke overens eller er for"
            " mange: nummeret slår ikke sammen noen som det ikke selv fører opp.",
            "warning",
        )

    def placeholder(self, record: Record, printed: str) -> IdentityFinding:
        """Return that a record gives a number that is nobody's."""
        return _finding(
            "placeholder-number",
            (record.iri,),
            f"{record.name} gives {printed} as another number, which is a placeholder: it joins nothing.",
            f"{record.name} oppgir {printed} som et annet nummer, som er en plassholder: det slår ikke sammen noe.",
            "note",
        )

    def _names(self, *iris: str) -> list[str]:
        return [name_of(iri, self._records) for iri in iris]


def _finding(
    kind: str, about: tuple[str, ...], english: str, norwegian: str, severity: str = "error"
) -> IdentityFinding:
    things = {iri for iri in about if parts(iri)[0] in (Kind.REGISTRATION, Kind.STUDY)}
    return IdentityFinding(kind, tuple(sorted(things)), english, norwegian, severity)


def _values(what: Contradiction, record: Record) -> str:
    values = {"condition": record.conditions or set(record.texts()), "acronym": record.acronyms}
    return "; ".join(sorted(values.get(what, record.sponsors))[:2])
