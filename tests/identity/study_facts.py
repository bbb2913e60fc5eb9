"""Records of studies for tests, as short as the rule that they are for."""

from collections.abc import Iterable

from msevidence.loaders.exports.facts import NumberFact, RegistrationFact
from msevidence.loaders.identity import Assertion, Records, Resolution, assertions_of_facts, resolve
from msevidence.loaders.identity.confidence import confidence
from msevidence.loaders.identity.model import Relation
from msevidence.loaders.identity.records import Record
from msevidence.ontology.identifiers import parse_number

BASE = "https://w3id.org/msevidence/"
CELLS = "Autologous cells in relapsing-remitting multiple sclerosis"
KIDNEY = "Everolimus in paediatric renal transplantation"


def given(printed: str, role: str = "secondary") -> NumberFact:
    number = parse_number(printed)
    return NumberFact(printed, role, None, None if number.scheme == "other" else number.key, number.scheme)


def fact(
    printed: str,
    *numbers: NumberFact | str,
    title: str = "",
    acronym: str = "",
    sponsor: str = "",
    conditions: Iterable[str] = (),
    updated: str = "",
    place: str = "",
    language: str = "en",
    placeholders: Iterable[str] = (),
) -> RegistrationFact:
    number = parse_number(printed)
    return RegistrationFact(
        number.key,
        f"{number.key}.{updated or 0}",
        number.normalised,
        number.scheme,
        titles=(("scientific", title, language),) if title else (),
        acronyms=(acronym,) if acronym else (),
        sponsors=(sponsor,) if sponsor else (),
        conditions=tuple(conditions),
        numbers=tuple(n if isinstance(n, NumberFact) else given(n) for n in numbers),
        dates={"updated": (updated, updated, None)} if updated else {},
        place=place,
        placeholders=tuple(placeholders),
    )


def iri(thing: str) -> str:
    """Return the IRI of ``study/mist`` or of a printed number."""
    if "/" in thing and thing.split("/")[0] in ("study", "registration", "document", "passage", "study-description"):
        return BASE + thing
    return f"{BASE}registration/{parse_number(thing).key}"


def word(subject: str, relation: Relation, other: str, rule: str = "printed-in-one-row", **more: str) -> Assertion:
    return Assertion(iri(subject), relation, iri(other), rule, "A test.", confidence(rule), ("a test",), **more)  # type: ignore[arg-type]


def study(key: str, *names: str, acronym: str = "") -> Record:
    titles = {("short", name, "en") for name in names}
    return Record(iri(f"study/{key}"), number=key, titles=titles, acronyms={acronym} if acronym else set())


def resolved(
    facts: Iterable[RegistrationFact], *words: Assertion, studies: Iterable[Record] = (), known: Iterable[str] = ()
) -> Resolution:
    records = Records(facts, studies)
    return resolve([*words, *assertions_of_facts(records)], records, map(iri, known))


def same(found: Resolution, *printed: str) -> bool:
    """Say whether all numbers are of one study."""
    return len({found.study_of[iri(n)] for n in printed}) == 1


def said(found: Resolution) -> set[tuple[str, str, str, str, str]]:
    """Return the decisions: the last parts of their IRIs, rule and outcome."""
    return {
        (
            d.assertion.subject.rsplit("/", 1)[1],
            d.assertion.relation,
            d.assertion.object.rsplit("/", 1)[1],
            d.assertion.rule,
            d.outcome,
        )
        for d in found.decisions
    }


def kinds(found: Resolution) -> list[str]:
    return sorted(f.kind for f in found.findings)


def parts(found: Resolution) -> list[tuple[str, str]]:
    return [(part.rsplit("/", 1)[1], whole.rsplit("/", 1)[1]) for part, whole in found.parts]
