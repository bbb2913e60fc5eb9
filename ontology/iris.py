"""The one place where IRIs of the data are minted: ``https://w3id.org/msevidence/<kind>/<key>``, flat.

A key comes from the fewest stable fields of the source, so that parsing a document again does not rename its parts.
A changed IRI is a breaking change. Parts are checked, never escaped: what would need escaping is refused.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from rdflib import URIRef

from msevidence.ontology.identifiers import FoundNumber

BASE = "https://w3id.org/msevidence/"

_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_HASH_LENGTH = 10  # 40 bits: 5,000 passages of one document collide once in 90,000 documents, and then the build stops
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "đ": "d"})


class InvalidKeyError(ValueError):
    """Raised when a part of an IRI holds what an IRI of this project may not."""


class IriCollisionError(ValueError):
    """Raised when two different texts of one document would get the same IRI."""


class Kind(StrEnum):
    """The kinds of things that have IRIs; the value is the path segment."""

    ACTIVITY = "activity"
    ANCHOR = "anchor"
    ARM = "arm"
    AUTHOR_NAME = "author-name"
    BOX_COUNT = "box-count"
    CHECKSUM = "checksum"
    CLAIM = "claim"
    COMMISSION = "commission"
    COMMUNICATION = "communication"
    COMPARED_VALUE = "compared-value"
    CRITERION = "criterion"
    DATASET = "dataset"
    DATATYPE = "datatype"
    DECISION = "decision"
    DEFINITION = "definition"
    DISAGREEMENT = "disagreement"
    DISTRIBUTION = "distribution"
    DOCUMENT = "document"
    EXCLUSION_REASON = "exclusion-reason"
    EXPECTATION = "expectation"
    FIGURE = "figure"
    FINDING = "finding"
    FLOW_BOX = "flow-box"
    FOOTNOTE = "footnote"
    GRAPH = "graph"
    IDENTITY = "identity"
    INFERENCE = "inference"
    INTEREST = "interest"
    LISTED_REFERENCE = "listed-reference"
    MAPPING = "mapping"
    MENTION = "mention"
    NUMBER_MENTION = "number-mention"
    ORGANISATION = "organisation"
    OTHER_NUMBER = "other-number"
    PARTITION = "partition"
    PASSAGE = "passage"
    PERSON = "person"
    POINTER = "pointer"
    POINTER_LIST = "pointer-list"
    PREFIX = "prefix"
    PUBLICATION = "publication"
    QUERY = "query"
    QUESTION = "question"
    QUOTATION = "quotation"
    RECORD_VERSION = "record-version"
    REFERENCE = "reference"
    REFERENCE_LIST = "reference-list"
    REGISTRATION = "registration"
    REGISTRY = "registry"
    RELEASE = "release"
    REPORT = "report"
    REPORT_LINK = "report-link"
    RESULT = "result"
    REVIEW_DECISION = "review-decision"
    REVIEW_RULE = "review-rule"
    ROLE = "role"
    RULE_STATE = "rule-state"
    SEARCH = "search"
    SEARCH_LINE = "search-line"
    SEARCH_TOTAL = "search-total"
    SECTION = "section"
    SELECTOR = "selector"
    SERVICE = "service"
    SOURCE = "source"
    SOURCED_VALUE = "sourced-value"
    SOURCE_QUOTE = "source-quote"
    STUDY = "study"
    STUDY_DESCRIPTION = "study-description"
    TABLE = "table"
    VALUE_PLACE = "value-place"
    VERDICT = "verdict"
    WORK = "work"


def slug(name: str) -> str:
    """Return a key made from a name: ``Haukeland universitetssjukehus`` gives ``haukeland-universitetssjukehus``.

    Norwegian letters become ``ae``, ``o`` and ``a``; other accents are dropped; what is left and is no letter or digit
    becomes a hyphen.

    Raises:
        InvalidKeyError: when nothing is left.
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    key = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
    if not key:
        raise InvalidKeyError(f"no key can be made from the name {name!r}: give one that has Latin letters or digits")
    return key


def mint(kind: Kind, key: str, *, base: str = BASE) -> URIRef:
    """Return the IRI of the thing of ``kind`` with ``key``.

    Raises:
        InvalidKeyError: when ``key`` has other characters than ASCII letters, digits and ``.``, ``_``, ``-``.
    """
    if not _KEY.fullmatch(key):
        raise InvalidKeyError(
            f"{kind} key {key!r} may hold only ASCII letters and digits, with '.', '_' or '-' between them"
            " (slug() makes one from a name)"
        )
    return URIRef(f"{base}{kind}/{key}")


def parts(iri: str) -> tuple[Kind, str]:
    """Return kind and key of an IRI minted here, whatever its base.

    Raises:
        InvalidKeyError: when it is no such IRI.
    """
    head, _, key = iri.rpartition("/")
    try:
        kind = Kind(head.rpartition("/")[2])
    except ValueError as error:
        raise InvalidKeyError(f"{iri} is not an IRI of this project: it has no known kind before its key") from error
    if not _KEY.fullmatch(key):
        raise InvalidKeyError(f"{iri} is not an IRI of this project: its key {key!r} holds other characters")
    return kind, key


def under(kind: Kind, parent: str, *more: str | int) -> URIRef:
    """Return the IRI of a part of ``parent`` (an IRI of this project): its key, then ``more``, joined by dots.

    ``under(Kind.POINTER, passage, 3)`` is the third pointer of that passage.
    """
    _, key = parts(parent)
    return mint(kind, ".".join([key, *map(str, more)]), base=_base(parent))


def _base(iri: str) -> str:
    return iri.rsplit("/", 2)[0] + "/"


def document_iri(key: str, *, base: str = BASE) -> URIRef:
    """Return the IRI of the document in the folder ``key`` of ``data/``."""
    return mint(Kind.DOCUMENT, key, base=base)


def passage_iris(document: str, texts: Iterable[str], *, base: str = BASE) -> list[URIRef]:
    """Return the IRIs of all passages of the document ``document`` (its key), given their normalised texts in order.

    A key is the document, the first ten digits of the SHA-256 of the text, and the ordinal among equal texts, from 1.

    Raises:
        IriCollisionError: when two different texts share those ten digits.
    """
    texts_of: dict[str, str] = {}
    seen: dict[str, int] = {}
    iris: list[URIRef] = []
    for text in texts:
        digest = short_hash(text)
        if texts_of.setdefault(digest, text) != text:
            raise IriCollisionError(
                f"two passages of {document} share the hash {digest}: {texts_of[digest]!r} and {text!r}."
                " Lengthen the hash in ontology/iris.py, and say in the change log that all IRIs of passages change."
            )
        seen[digest] = seen.get(digest, 0) + 1
        iris.append(mint(Kind.PASSAGE, f"{document}.{digest}.{seen[digest]}", base=base))
    return iris


def short_hash(text: str) -> str:
    """Return the first ten hexadecimal digits of the SHA-256 of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def claim_iri(passage: str, number: int) -> URIRef:
    """Return the IRI of claim ``number`` (from 1) of the passage with the IRI ``passage``."""
    return under(Kind.CLAIM, passage, number)


def pointer_list_iri(passage: str, number: int) -> URIRef:
    """Return the IRI of the citation marker ``number`` (from 1) of the passage with the IRI ``passage``."""
    return under(Kind.POINTER_LIST, passage, number)


def pointer_iri(passage: str, number: int) -> URIRef:
    """Return the IRI of pointer ``number`` (from 1, over all markers) of the passage with the IRI ``passage``."""
    return under(Kind.POINTER, passage, number)


def reference_iri(document: str, number: int, *, base: str = BASE) -> URIRef:
    """Return the IRI of entry ``number`` of the reference list of the document with key ``document``."""
    return mint(Kind.REFERENCE, f"{document}.{number}", base=base)


def registration_iri(number: FoundNumber, *, base: str = BASE) -> URIRef:
    """Return the IRI of the registry record that ``number`` names; the country suffix is no part of it."""
    return mint(Kind.REGISTRATION, number.key, base=base)


def registration_label(number: FoundNumber) -> str:
    """Return the name that people see of the record: the number, after its scheme where it has no letters itself."""
    return number.normalised if number.normalised[:1].isalpha() else f"{number.scheme} {number.normalised}"


def graph_iri(name: str, key: str | None = None, *, base: str = BASE) -> URIRef:
    """Return the IRI of a named graph: ``graph/meta``, or with ``key``, ``graph/document-nygaard-2024``."""
    return mint(Kind.GRAPH, name if key is None else f"{name}-{key}", base=base)
