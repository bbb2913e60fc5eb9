"""From clusters to studies: each registration gets exactly one, which is minted where nothing else makes it known."""

from collections.abc import Sequence

from msevidence.loaders.identity.clusters import Clusters, is_catalogued, node_of
from msevidence.loaders.identity.model import Decision, IdentityFinding, MintedStudy, Resolution
from msevidence.loaders.identity.records import Record, Records, name_of, rank_of
from msevidence.ontology.iris import Kind, mint, parts

_TITLES = ("public", "short", "scientific")
"""Kinds of titles, the one to show first."""
_SHOWN = "en"


def studies_of(
    clusters: Clusters, records: Records, decisions: Sequence[Decision], findings: tuple[IdentityFinding, ...]
) -> Resolution:
    """Return the resolution that ``clusters`` are, after ``decisions``."""
    study_of: dict[str, str] = {}
    study_of_node: dict[str, str] = {}
    replaced: dict[str, str] = {}
    minted: list[MintedStudy] = []
    for members in clusters.members():
        registrations = sorted((m for m in members if parts(m)[0] is Kind.REGISTRATION), key=rank_of)
        studies = [m for m in members if parts(m)[0] is Kind.STUDY]
        if studies:
            study = next((s for s in studies if is_catalogued(s)), studies[0])
        elif registrations:
            new = _minted(registrations, records)
            minted.append(new)
            study = new.iri
        else:
            continue
        study_of.update(dict.fromkeys(registrations, study))
        study_of_node.update(dict.fromkeys(members, study))
        replaced.update((other, study) for other in studies if other != study)
    for decision in decisions:
        for iri in (decision.assertion.subject, decision.assertion.object):
            if (node := node_of(iri)) != iri and iri != study_of_node[node]:
                replaced[iri] = study_of_node[node]
    return Resolution(
        dict(sorted(study_of.items())),
        tuple(sorted(minted, key=lambda m: m.iri)),
        dict(sorted(replaced.items())),
        _parts(decisions, study_of_node),
        tuple(decisions),
        findings,
    )


def _parts(decisions: Sequence[Decision], study_of: dict[str, str]) -> tuple[tuple[str, str], ...]:
    applied = [d.assertion for d in decisions if d.assertion.relation == "part-of" and d.outcome == "applied"]
    ends = {(study_of.get(node_of(a.subject)), study_of.get(node_of(a.object))) for a in applied}
    return tuple(sorted((part, whole) for part, whole in ends if part and whole and part != whole))


def _minted(registrations: Sequence[str], records: Records) -> MintedStudy:
    representative = registrations[0]
    known = [records.of[r] for r in registrations if r in records.of]
    label, language = next((t for r in known if (t := _title(r))), (name_of(representative, records), _SHOWN))
    acronym = next((min(r.acronyms) for r in known if r.acronyms), None)
    iri = str(mint(Kind.STUDY, parts(representative)[1]))
    return MintedStudy(iri, representative, label, language, acronym)


def _title(record: Record) -> tuple[str, str] | None:
    """Return the title to show: of the newest version, public before scientific, English before others."""

    def place(title: tuple[str, str, str]) -> tuple[int, bool, str]:
        kind, text, language = title
        return _TITLES.index(kind) if kind in _TITLES else len(_TITLES), language != _SHOWN, text

    shown = min(record.shown, key=place, default=None)
    return None if shown is None else (shown[1], shown[2])
