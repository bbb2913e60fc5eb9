"""The identity decisions of a release as SSSOM: TSV with its metadata block, and RDF, for other agencies.

SSSOM 1.1 (https://mapping-commons.github.io/sssom/): slots stand in the order of its schema, CURIEs are those of the
block's ``curie_map``, values with tabs, line ends or quotation marks are quoted as in RFC 4180, and a ``|`` in a value
of a slot with several is ``\\|``. What a resolution stopped is no mapping: it is left out, and how many such there are
stands in the block.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, TextIO

import pyoxigraph as ox
from rdflib import DCTERMS, OWL, RDF, RDFS, XSD

from msevidence.loaders.stores.asked import AskedStore
from msevidence.ontology.iris import BASE, Kind, graph_iri, mint
from msevidence.ontology.namespaces import SCHEME, SSSOM

LICENCE = "http://www.apache.org/licenses/LICENSE-2.0"
"""Of the decisions, which are this project's own; the sources that they name keep their rights."""
COLUMNS = (
    *("record_id", "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "author_label", "mapping_provider", "mapping_date", "confidence", "curation_rule"),
    *("see_also", "other", "comment"),
)
"""All of them, always, in the order of the schema: a file of the next release differs in its rows only."""
_SEVERAL = frozenset({"author_label", "curation_rule", "see_also"})
_PREFIXES = {
    "dcterms": str(DCTERMS),
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_RULES = f"{SCHEME}identity-rule/"
_STOPPED = f"{SCHEME}identity-outcome/stopped"
_URL = re.compile(r"https?://[^\s|<>\"{}^`\\]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ONE = """
PREFIX mse: <https://w3id.org/msevidence/ontology#>
PREFIX sssom: <https://w3id.org/sssom/>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?decision ?subject ?predicate ?object ?modifier ?justification ?rule ?because ?confidence ?date ?author
  ?document ?outcome
{
  ?decision a mse:IdentityDecision ; sssom:subject_id ?subject ; sssom:predicate_id ?predicate ;
    sssom:object_id ?object ; sssom:mapping_justification ?justification ; mse:rule ?rule ; mse:because ?because .
  OPTIONAL { ?decision sssom:predicate_modifier ?modifier }
  OPTIONAL { ?decision sssom:confidence ?confidence }
  OPTIONAL { ?decision dcterms:date ?date }
  OPTIONAL { ?decision mse:decidedByName ?author }
  OPTIONAL { ?decision mse:inDocument ?document }
  OPTIONAL { ?decision mse:outcomeOfDecision ?outcome }
}
"""
_MANY = """
PREFIX mse: <https://w3id.org/msevidence/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?decision ?value { ?decision a mse:IdentityDecision ; mse:statedIn|dcterms:source ?value }
"""
_OF_ONE = (
    *("decision", "subject", "predicate", "object", "modifier", "justification", "rule", "because"),
    *("confidence", "date", "author", "document", "outcome"),
)
_OF_MANY = ("decision", "value")
_LABELS = """
PREFIX mse: <https://w3id.org/msevidence/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sssom: <https://w3id.org/sssom/>
SELECT DISTINCT ?thing ?label
{ ?decision a mse:IdentityDecision ; sssom:subject_id|sssom:object_id ?thing . ?thing rdfs:label ?label }
"""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One decision, with IRIs as they stand in the graph."""

    subject: str
    object: str
    predicate: str
    negated: bool
    rule: str
    decision: str
    justification: str
    because: str
    subject_label: str | None = None
    object_label: str | None = None
    confidence: str | None = None
    date: str | None = None
    author: str | None = None
    document: str | None = None
    rests_on: tuple[str, ...] = ()
    """Passages, addresses, and words that say where."""

    @property
    def order(self) -> tuple[str | bool, ...]:
        return (self.subject, self.object, self.predicate, self.negated, self.rule, self.decision)


@dataclass(frozen=True, slots=True)
class MappingSet:
    """The mappings of one release, in an order that does not change."""

    release: str
    mappings: tuple[Mapping, ...] = ()
    stopped: int = 0
    """Decisions that contradict others, and do not hold."""
    base: str = BASE
    prefixes: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        own = {"identity_rule": _RULES, "msevidence": self.base}
        object.__setattr__(self, "prefixes", dict(sorted({**own, **_PREFIXES}.items())))

    @property
    def metadata(self) -> dict[str, str]:
        """Return the slots of the set, in the order of the schema, with CURIEs where the schema wants references."""
        source = self.curie(mint(Kind.DATASET, "msevidence", base=self.base))
        days = [m.date for m in self.mappings if m.date is not None and _DAY.fullmatch(m.date)]
        slots = {
            "sssom_version": "1.1",
            "mapping_set_id": str(graph_iri("identity", base=self.base)),
            "mapping_set_version": self.release,
            "mapping_set_title": "Identity of studies and publications on stem-cell treatment for multiple sclerosis",
            "mapping_set_description": "Which registrations and studies are one study, a part of one, or not the same,"
            " and which records are of one publication, each by a rule with a name.",
            "license": LICENCE,
            "subject_type": "owl named individual",
            "subject_source": source,
            "subject_source_version": self.release,
            "object_type": "owl named individual",
            "object_source": source,
            "object_source_version": self.release,
        }
        if days:  # of the latest decision; the decisions have their own
            slots["mapping_date"] = max(days)
        if self.stopped:
            slots["comment"] = (
                f"Left out, since other decisions contradict them: {self.stopped}. They are in the graph."
            )
        return slots

    def curie(self, iri: str) -> str:
        """Return the CURIE of an IRI, by the longest prefix that fits; the IRI where none does."""
        fits = [(len(start), name) for name, start in self.prefixes.items() if iri.startswith(start)]
        if not fits:
            return iri
        length, name = max(fits)
        return f"{name}:{iri[length:]}"


Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Select = Callable[[str], Iterable[dict[str, Term]]]
"""Runs a SELECT: a mapping a solution, without the variables that are unbound in it."""


def of_store(store: AskedStore) -> Select:
    """Return what asks a store in this process."""

    def select(query: str) -> Iterator[dict[str, Term]]:
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: term for name in names if (term := solution[name]) is not None}

    return select


def mapping_set(select: Select, release: str, base: str = BASE) -> MappingSet:
    """Return the decisions that a release holds in its default graph."""
    rests_on: dict[str, set[str]] = {}
    for decision, value in _rows(select, _MANY, _OF_MANY):
        rests_on.setdefault(decision or "", set()).add(value or "")
    labels = _labels(select)
    found = []
    stopped = set()
    for row in _rows(select, _ONE, _OF_ONE):
        decision, subject, predicate, obj, modifier, justification, rule, because, *more = row
        confidence, date, author, document, outcome = more
        assert decision and subject and predicate and obj and justification and rule and because
        if outcome == _STOPPED:
            stopped.add(decision)
            continue
        found.append(
            Mapping(
                subject=subject,
                object=obj,
                predicate=predicate,
                negated=modifier is not None,
                rule=rule,
                decision=decision,
                justification=justification,
                because=because,
                subject_label=labels.get(subject),
                object_label=labels.get(obj),
                confidence=confidence,
                date=date,
                author=author,
                document=document,
                rests_on=tuple(sorted(rests_on.get(decision, ()))),
            )
        )
    return MappingSet(release, tuple(sorted(found, key=lambda m: m.order)), len(stopped), base)


def _rows(select: Select, query: str, names: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
    for solution in select(query):
        terms = (solution.get(name) for name in names)
        yield tuple(None if isinstance(v, ox.Triple | None) else v.value for v in terms)


def _labels(select: Select) -> dict[str, str]:
    """Return one label a thing: in English, else in Norwegian, else the first by language and text."""
    found: dict[str, tuple[bool, bool, str, str]] = {}
    for solution in select(_LABELS):
        thing, label = solution["thing"], solution["label"]
        if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
            language = label.language or ""
            candidate = (language != "en", language != "nb", language, label.value)
            found[thing.value] = min(found.get(thing.value, candidate), candidate)
    return {thing: label for thing, (_, _, _, label) in found.items()}


def slots(mapping: Mapping, of: MappingSet) -> dict[str, str | list[str]]:
    """Return the slots of one mapping that have a value, with IRIs; of those in ``_SEVERAL`` a list."""
    day = mapping.date is not None and _DAY.fullmatch(mapping.date) is not None
    addresses = [v for v in mapping.rests_on if _URL.fullmatch(v)]
    words = [f"source={v}" for v in mapping.rests_on if not _URL.fullmatch(v)]
    if mapping.date is not None and not day:  # a year or a month, which the slot for dates cannot hold
        words.append(f"date={mapping.date}")
    values: dict[str, str | list[str] | None] = {
        "record_id": mapping.decision,
        "subject_id": mapping.subject,
        "subject_label": mapping.subject_label,
        "predicate_id": mapping.predicate,
        "predicate_modifier": "Not" if mapping.negated else None,
        "object_id": mapping.object,
        "object_label": mapping.object_label,
        "mapping_justification": mapping.justification,
        "author_label": [mapping.author] if mapping.author else None,
        "mapping_provider": mapping.document,
        "mapping_date": mapping.date if day else None,
        "confidence": mapping.confidence,
        "curation_rule": [mapping.rule],
        "see_also": addresses,
        "other": "|".join(map(_piped, words)),
        "comment": mapping.because,
    }
    return {name: value for name, value in values.items() if value}


_REFERENCES = frozenset({"record_id", "subject_id", "predicate_id", "object_id", "mapping_justification"})


def write_tsv(of: MappingSet, out: TextIO) -> None:
    """Write a mapping set as TSV with its metadata as a block of YAML at the top."""
    out.write("#curie_map:\n")
    for name, start in of.prefixes.items():
        out.write(f"#  {name}: {json.dumps(start, ensure_ascii=False)}\n")
    for name, text in of.metadata.items():
        out.write(f"#{name}: {json.dumps(text, ensure_ascii=False)}\n")  # a string of JSON is one of YAML
    out.write("\t".join(COLUMNS) + "\n")
    for mapping in of.mappings:
        values = slots(mapping, of)
        out.write("\t".join(_field(name, values.get(name, ""), of) for name in COLUMNS) + "\n")


def _field(name: str, value: str | list[str], of: MappingSet) -> str:
    if name in _REFERENCES and isinstance(value, str):
        value = of.curie(value)
    if name == "curation_rule":
        value = [of.curie(v) for v in value]
    text = "|".join(map(_piped, value)) if isinstance(value, list) else value
    return '"' + text.replace('"', '""') + '"' if re.search(r'["\t\n\r]', text) else text


def _piped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|") if "|" in text else text


_IRI_SLOTS = {
    "subject_id": str(OWL.annotatedSource),
    "predicate_id": str(OWL.annotatedProperty),
    "object_id": str(OWL.annotatedTarget),
    "see_also": str(RDFS.seeAlso),
    "license": str(DCTERMS.license),
    **{
        name: str(SSSOM) + name
        for name in ("mapping_justification", "mapping_provider", "curation_rule", "subject_source", "object_source")
    },
}
_TEXT_SLOTS = {
    "comment": str(RDFS.comment),
    "mapping_set_version": str(OWL.versionInfo),
    "mapping_set_title": str(DCTERMS.title),
    "mapping_set_description": str(DCTERMS.description),
}
_NAMED_VALUES = {"owl named individual": str(OWL.NamedIndividual), "Not": f"{SSSOM}NegatedPredicate"}


def write_turtle(of: MappingSet, out: BinaryIO) -> None:
    """Write a mapping set as RDF: a node for the set, and for each mapping the node of its decision, an owl:Axiom."""
    prefixes = {**of.prefixes, "owl": str(OWL), "rdfs": str(RDFS), "sssom": str(SSSOM), "xsd": str(XSD)}
    del prefixes["identity_rule"]  # a part of another one: which of two fits, the engine decides anew each time
    document = ox.serialize(_triples(of), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    lines = document.splitlines(keepends=True)
    head = [line for line in lines if line.startswith(b"@prefix ")]
    out.writelines(sorted(head) + lines[len(head) :])  # so is the order of prefixes


def _triples(of: MappingSet) -> Iterator[ox.Triple]:
    this = ox.NamedNode(of.metadata["mapping_set_id"])
    yield ox.Triple(this, _node(RDF.type), _node(f"{SSSOM}MappingSet"))
    for name, text in of.metadata.items():
        if name != "mapping_set_id":
            full = text.replace("msevidence:", of.base, 1) if name in ("subject_source", "object_source") else text
            yield _triple(this, name, full)
    for mapping in of.mappings:
        yield ox.Triple(this, _node(f"{SSSOM}mappings"), _node(mapping.decision))
    for mapping in of.mappings:
        node = _node(mapping.decision)
        yield ox.Triple(node, _node(RDF.type), _node(OWL.Axiom))
        for name, value in slots(mapping, of).items():
            if name != "record_id":
                for text in value if isinstance(value, list) else [value]:
                    yield _triple(node, name, text)


def _triple(subject: ox.NamedNode, name: str, text: str) -> ox.Triple:
    if name in _IRI_SLOTS:
        return ox.Triple(subject, _node(_IRI_SLOTS[name]), _node(text))
    if text in _NAMED_VALUES and name in ("subject_type", "object_type", "predicate_modifier"):
        return ox.Triple(subject, _node(f"{SSSOM}{name}"), _node(_NAMED_VALUES[text]))
    if name == "sssom_version":
        return ox.Triple(subject, _node(f"{SSSOM}{name}"), _node(f"{SSSOM}version{text}"))
    if name == "mapping_date":
        return ox.Triple(subject, _node(DCTERMS.created), ox.Literal(text, datatype=_node(XSD.date)))
    if name == "confidence":
        return ox.Triple(subject, _node(f"{SSSOM}{name}"), ox.Literal(text, datatype=_node(XSD.double)))
    return ox.Triple(subject, _node(_TEXT_SLOTS.get(name, f"{SSSOM}{name}")), ox.Literal(text))


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(str(iri))
