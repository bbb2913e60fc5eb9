"""All assertions heard together: in descending confidence, and each only as far as what was heard before allows.

What contradicts is stopped, stays visible, and becomes a finding. The outcome does not depend on the order of the
assertions: they are sorted first, the negative ones before the positive ones that are trusted as much.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from msevidence.loaders.identity.clusters import Clusters
from msevidence.loaders.identity.messages import Messages
from msevidence.loaders.identity.model import Assertion, Decision, IdentityFinding, Relation, Resolution
from msevidence.loaders.identity.records import Records, rank_of
from msevidence.loaders.identity.shared_numbers import shared_numbers
from msevidence.loaders.identity.studies import studies_of
from msevidence.ontology.iris import Kind, parts

_NEGATIVE_FIRST: dict[Relation, int] = {"not-same": 0, "part-of": 1, "same-study": 2}


def resolve(assertions: Iterable[Assertion], records: Records | None = None, known: Iterable[str] = ()) -> Resolution:
    """Return which study each registration is of, and what became of each assertion.

    ``records`` has what registrations and studies of the catalogue say of themselves; ``known`` are further
    registrations, such as numbers that are only printed: each denotes a study, too.
    """
    records = records or Records()
    hearing = _Hearing(records)
    heard = sorted(set(assertions), key=_order)
    hearing.shared = shared_numbers(heard, records, hearing.messages)
    hearing.clusters.add_all(sorted({*records.known(), *known}))
    for said in heard:
        hearing.hear(said)
    hearing.second_hearing()
    findings = [*hearing.placeholders(records), *hearing.shared.values()]
    findings += [d.stopped_by for d in hearing.decisions if d.stopped_by is not None]
    return studies_of(hearing.clusters, records, hearing.decisions, tuple(dict.fromkeys(findings)))


def _order(said: Assertion) -> tuple[object, ...]:
    rest = (said.rule, said.because, said.document or "", said.date or "", said.decided_by or "", said.through or "")
    ends = (rank_of(said.subject), rank_of(said.object))
    return -said.confidence, _NEGATIVE_FIRST.get(said.relation, 2), *ends, *rest, said.sources, said.passages


@dataclass
class _Doubted:
    said: Assertion
    what: str
    finding: IdentityFinding


@dataclass
class _Hearing:
    records: Records
    decisions: list[Decision] = field(default_factory=list)
    doubted: list[_Doubted] = field(default_factory=list)
    shared: dict[Assertion, IdentityFinding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clusters = Clusters(self.records)
        self.messages = Messages(self.records)

    def hear(self, said: Assertion) -> None:
        match said.relation:
            case "not-same":
                self._decided(said, self.clusters.keep_apart(said))
            case "part-of":
                self._decided(said, self.clusters.make_part(said))
            case "same-study":
                self._same(said)
            case "same-publication":
                raise ValueError(f"{said.subject} is no study: decisions on publications are not heard here")

    def _same(self, said: Assertion) -> None:
        if self.clusters.together(said):
            self._decided(said, None)
        elif said in self.shared:
            self.doubted.append(_Doubted(said, "shared", self.shared[said]))
        elif (obstacle := self.clusters.obstacle(said)) is not None:
            self._decided(said, obstacle)
        elif (doubt := self.clusters.doubt(said)) is not None:
            self.doubted.append(_Doubted(said, *doubt))
        else:
            self.clusters.join(said)
            self._decided(said, None)

    def second_hearing(self) -> None:
        """Hear again what was in doubt: another sponsor is no matter where two say independently that it is one study.

        What others have joined meanwhile needs no help; the rest is stopped.
        """
        voices: dict[tuple[str, str], set[str]] = {}
        for doubt in self.doubted:
            if doubt.what == "sponsor":
                voices.setdefault(self._ends(doubt.said), set()).add(_voice(doubt.said))
        backed = {id(d) for d in self.doubted if d.what == "sponsor" and len(voices[self._ends(d.said)]) > 1}
        for doubt in self.doubted:
            said = doubt.said
            obstacle = None if self.clusters.together(said) else self.clusters.obstacle(said) or doubt.finding
            if id(doubt) in backed and obstacle == doubt.finding:
                self.clusters.join(said)
                obstacle = None
            self._decided(said, obstacle)

    def _ends(self, said: Assertion) -> tuple[str, str]:
        one, other = sorted((self.clusters.add(said.subject), self.clusters.add(said.object)))
        return one, other

    def _decided(self, said: Assertion, stopped: IdentityFinding | None) -> None:
        self.decisions.append(Decision(said, "applied" if stopped is None else "stopped", stopped))

    def placeholders(self, records: Records) -> list[IdentityFinding]:
        """Return a finding for each placeholder that a record gives."""
        return [
            self.messages.placeholder(record, printed)
            for record in sorted(records, key=lambda r: rank_of(r.iri))
            for printed in sorted({printed for printed, _ in record.placeholders})
        ]


def _voice(said: Assertion) -> str:
    """Return who says it: two decisions of one document, or what two records share, are one voice."""
    if said.document is not None:
        return said.document
    if parts(said.subject)[0] is Kind.REGISTRATION and said.rule == "secondary-number":
        return said.subject
    return "" if said.through is not None or said.rule == "recorded-link" else said.rule
