"""What a CURIE or an address in somebody's mapping file names: a registration, a study or a publication of the graph.

The file's own ``curie_map`` says what its prefixes stand for; for those that it leaves out, the usual ones hold, as in
bioregistry (https://bioregistry.io).
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.identity.publication_keys import publication_key
from msevidence.ontology.identifiers import SCHEMES, FoundNumber, InvalidNumberError, find_numbers, parse_number
from msevidence.ontology.iris import BASE, InvalidKeyError, Kind, parts

REGISTRIES = {
    **{scheme.casefold(): scheme for scheme in SCHEMES},
    **{name: "NCT" for name in ("clinicaltrials", "clinicaltrials.gov", "ctgov", "nctid")},
    **{name: "EudraCT" for name in ("euctr", "euclinicaltrials", "eu-ctr")},
    **{name: "CTIS" for name in ("euct", "eu-ctis")},
    "anzctr": "ACTRN",
}
"""Schemes of registry numbers by the prefixes that are usual for them, without case."""
PUBLICATIONS: Mapping[str, Callable[[str], str | None]] = {
    "doi": lambda text: publication_key(doi=text),
    **dict.fromkeys(("pubmed", "pmid", "medline"), lambda text: publication_key(pmid=text)),
    **dict.fromkeys(("pmc", "pmcid"), lambda text: publication_key(pmcid=text)),
}
RESOLVERS = frozenset({"identifiers.org", "bioregistry.io", "n2t.net"})
"""They take ``prefix:number`` behind their name."""
HOSTS = frozenset(
    {
        *("clinicaltrials.gov", "isrctn.com", "isrctn.org", "clinicaltrialsregister.eu", "euclinicaltrials.eu"),
        *("trialsearch.who.int", "drks.de", "anzctr.org.au", "irct.ir", "irct.behdasht.gov.ir", "chictr.org.cn"),
        *(
            "ctri.nic.in",
            "jrct.niph.go.jp",
            "jrct.mhlw.go.jp",
            "umin.ac.jp",
            "trialregister.nl",
            "onderzoekmetmensen.nl",
        ),
        *("ensaiosclinicos.gov.br", "cris.nih.go.kr", "pactr.samrc.ac.za", "slctr.lk", "thaiclinicaltrials.org"),
        *("rpcec.sld.cu", "lbctr.moph.gov.lb", "itmctr.ccebtcm.org.cn"),
    }
)
"""Registries; the number stands somewhere in the address of a record."""
_KINDS = frozenset({Kind.REGISTRATION, Kind.STUDY, Kind.STUDY_DESCRIPTION, Kind.PUBLICATION, Kind.DOCUMENT})
_IRI = re.compile(r"https?://", re.IGNORECASE)
_PUBMED = re.compile(r"^/(?:m/)?(?:pubmed/)?(\d+)/?$", re.ASCII)
_PMC = re.compile(r"^/(?:pmc/)?articles/(PMC\d+)/?$", re.IGNORECASE | re.ASCII)
_PREFIX = re.compile(r"[A-Za-z_][\w.-]*")
_LONGEST = 500  # a reference has a few dozen characters


def thing(printed: str, prefixes: Mapping[str, str], field: str) -> str:
    """Return kind and key of what ``printed`` names (``registration/NCT00273364``).

    ``prefixes`` are those of the file.

    Raises:
        RecordError: when it names nothing that the graph has a kind for, about ``field``.
    """
    text = printed.strip().removeprefix("<").removesuffix(">")
    if len(text) > _LONGEST:
        raise RecordError(f"has {len(text)} characters; write a CURIE such as NCT:NCT00273364", field=field)
    if _IRI.match(text):
        return _address(text, printed, field)
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes:
        iri = prefixes[prefix] + local
        if not _IRI.match(iri):
            raise RecordError(
                f"{printed!r} stands for {iri!r}, which is no address; correct the curie_map", field=field
            )
        return _address(iri, printed, field)
    if colon and (found := _usual(prefix, local, printed, field)):
        return found
    if not colon and (found := _bare(text)):
        return found
    why = (
        f"the prefix {prefix!r} is not known; give it in the curie_map" if colon else "it has no prefix; write a CURIE"
    )
    raise RecordError(f"{printed!r} names no registration, study or publication: {why}", field=field)


def _address(iri: str, printed: str, field: str) -> str:
    if iri.startswith(BASE):
        try:
            kind, key = parts(iri)
        except InvalidKeyError as e:
            raise RecordError(f"{printed!r}: {e}; correct it in the source", field=field) from e
        if kind not in _KINDS:
            raise RecordError(
                f"{printed!r} is a {kind}; mappings are of registrations, studies and publications", field=field
            )
        return f"{kind}/{key}"
    try:
        address = urlsplit(iri)
        host = (address.hostname or "").removeprefix("www.")
    except ValueError as e:
        raise RecordError(f"{printed!r} is no address ({e}); correct it in the source", field=field) from e
    path = unquote(address.path)
    found = None
    if host in RESOLVERS:
        match = re.match(r"/([^:/]+)[:/](.+)$", path)
        found = _usual(match[1], match[2], printed, field) if match else None
    elif host in ("doi.org", "dx.doi.org"):
        found = _publication("doi", path.lstrip("/"))
    elif (host == "pubmed.ncbi.nlm.nih.gov" or host == "ncbi.nlm.nih.gov") and (match := _PUBMED.match(path)):
        found = _publication("pubmed", match[1])
    elif host.endswith("ncbi.nlm.nih.gov") and (match := _PMC.match(path)):
        found = _publication("pmc", match[1])
    elif any(host == h or host.endswith(f".{h}") for h in HOSTS):
        numbers = {n.key for n in find_numbers(unquote(iri))}
        found = f"registration/{numbers.pop()}" if len(numbers) == 1 else None
    if found is None:
        raise RecordError(
            f"{printed!r} names no registration, study or publication; write a CURIE such as NCT:NCT00273364, or leave"
            " the row out",
            field=field,
        )
    return found


def _usual(prefix: str, local: str, printed: str, field: str) -> str | None:
    name = prefix.casefold()
    if name == "msevidence":
        return _address(BASE + local, printed, field)
    if name in PUBLICATIONS:
        found = _publication(name, local)
        if found is None:
            raise RecordError(
                f"{printed!r} does not follow the pattern of {prefix}; correct it in the source", field=field
            )
        return found
    if name not in REGISTRIES:
        return None
    scheme = REGISTRIES[name]
    faults = []
    for text in (local, f"{SCHEMES[scheme].starts}{local}"):  # NCT:NCT00273364, NCT:00273364
        try:
            number = parse_number(text)
        except InvalidNumberError as e:
            faults.append(str(e))
            continue
        if number.scheme == scheme:
            return _registration(number)
    raise RecordError(
        faults[0] if faults else f"{printed!r} is no number of {scheme}; correct it in the source", field=field
    )


def _publication(prefix: str, local: str) -> str | None:
    key = PUBLICATIONS[prefix](local)
    return f"publication/{key}" if key else None


def _bare(text: str) -> str | None:
    try:
        number = parse_number(text)
    except InvalidNumberError:
        return None
    return _registration(number) if number.scheme in SCHEMES else None


def _registration(number: FoundNumber) -> str:
    return f"registration/{number.key}"


def expanded(curie: str, prefixes: Mapping[str, str]) -> str:
    """Return a CURIE written out, as it is where its prefix is not known."""
    prefix, colon, local = curie.partition(":")
    if not colon or _IRI.match(curie) or not _PREFIX.fullmatch(prefix):
        return curie
    start = prefixes.get(prefix) or BUILT_IN.get(prefix)
    return curie if start is None else start + local


BUILT_IN = {
    "dcterms": "http://purl.org/dc/terms/",
    "dct": "http://purl.org/dc/terms/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "orcid": "https://orcid.org/",
    "schema": "https://schema.org/",
}
"""Prefixes of predicates, justifications and authors that files leave out (SSSOM: the first ones are built in)."""
