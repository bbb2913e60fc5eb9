"""SSSOM in: rows of other agencies' mapping files as mappings of our keys; faults stay with their row."""

import random
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.exports.conversion import convert
from msevidence.loaders.exports.facts import MappingFact, from_json, to_json
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import formats, recognised
from msevidence.loaders.exports.lines import LINE_BYTES
from msevidence.loaders.exports.mapping_block import mapping_block, mapping_fact
from msevidence.loaders.exports.records import Dated, MappingRecord, Raw
from msevidence.loaders.identity.publication_keys import doi_of_key, publication_key
from msevidence.loaders.identity.sssom import mapping_set, of_store, write_tsv
from msevidence.loaders.identity.sssom_things import HOSTS, thing
from msevidence.loaders.identity.sssom_tsv import FORMAT, HEAD_BYTES, IGNORED, read, recognise, record
from msevidence.ontology.identifiers import normalise_doi
from msevidence.ontology.iris import Kind, graph_iri, mint
from tests.graph import rows

BASE = "https://w3id.org/msevidence/"
BLOCK = """#curie_map:
#  NCT: https://clinicaltrials.gov/study/
#  theirs: https://www.isrctn.com/
#  skos: http://www.w3.org/2004/02/skos/core#
#mapping_set_id: https://hta.example/mappings/trials.sssom.tsv
#license: https://creativecommons.org/licenses/by/4.0/
#mapping_date: 2025-03-01
#mapping_provider: https://hta.example/
"""
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "mapping_justification",
    "author_id",
    "author_label",
    "confidence",
    "comment",
)
HEADER = "\t".join(COLUMNS)


def row(subject: str, predicate: str, obj: str, **more: str) -> str:
    values = {"subject_id": subject, "predicate_id": predicate, "object_id": obj, **more}
    return "\t".join(values.get(name, "") for name in COLUMNS)


SMALL = (
    BLOCK
    + "\n".join(
        [
            HEADER,
            row(
                "NCT:NCT03477500",
                "skos:exactMatch",
                "euclinicaltrials:2017-001362-25",
                subject_label="RAM-MS",
                mapping_justification="semapv:ManualMappingCuration",
                author_id="orcid:0000-0001-2345-6789|orcid:0000-0001-2345-678X",
                author_label=r"Ada \| Co|Bo",
                confidence="0.9",
                comment='"Both are ""RAM-MS"",\nsays x@y.org"',
            ),
            row("theirs:ISRCTN88667898", "owl:sameAs", "NCT:NCT03477501", predicate_modifier="Not"),
            row("clinicaltrials:NCT01854957", "dcterms:isPartOf", "msevidence:study/mesems"),
            row("doi:10.1001/JAMA.2018.18743", "skos:exactMatch", "pubmed:30644983"),
            row("NCT:NCT03477500", "skos:closeMatch", "NCT:NCT03133403"),
        ]
    )
    + "\n"
).encode()


@dataclass
class Outcome:
    records: list[MappingRecord]
    faults: list[RecordError]
    audit: Audit
    lines: list[int | None]


def load(data: bytes) -> Outcome:
    """Read all rows; each is a record or a fault."""
    out = Outcome([], [], Audit(), [])
    for raw in read(BytesIO(data), "file"):
        if isinstance(raw, RecordError):
            out.faults.append(raw)
            continue
        try:
            out.records.append(record(raw.fields, out.audit))
            out.lines.append(raw.line)
        except RecordError as e:
            out.faults.append(RecordError(e.message, raw.line, e.field))
    return out


def one(line: str, block: str = BLOCK, header: str = HEADER) -> MappingRecord:
    found = load(f"{block}{header}\n{line}\n".encode())
    assert [str(f) for f in found.faults] == []
    assert len(found.records) == 1
    return found.records[0]


def fault(line: str, block: str = BLOCK) -> str:
    found = load(f"{block}{HEADER}\n{line}\n".encode())
    assert found.records == []
    assert len(found.faults) == 1
    assert found.faults[0].line == len(block.splitlines()) + 2
    return str(found.faults[0])


def test_every_field_of_a_row() -> None:
    found = load(SMALL)
    assert found.faults == []
    assert found.lines == [10, 12, 13, 14, 15]  # the first comment has two lines
    assert found.records[0] == MappingRecord(
        subject="registration/NCT03477500",
        object="registration/EudraCT-2017-001362-25",
        relation="same-study",
        predicate="http://www.w3.org/2004/02/skos/core#exactMatch",
        printed={
            "subject": "NCT:NCT03477500",
            "predicate": "skos:exactMatch",
            "object": "euclinicaltrials:2017-001362-25",
            "confidence": "0.9",
            "date": "2025-03-01",
        },
        justification="https://w3id.org/semapv/vocab/ManualMappingCuration",
        confidence=0.9,
        authors=["orcid:0000-0001-2345-6789", "orcid:0000-0001-2345-678X", "Ada | Co", "Bo"],
        date=Dated("2025-03-01", "2025-03-01"),
        comment='Both are "RAM-MS", says *******',
        sources=["https://hta.example/", "https://hta.example/mappings/trials.sssom.tsv"],
        licence="https://creativecommons.org/licenses/by/4.0/",
        empty=["predicate_modifier"],
    )
    assert [(r.subject, r.relation, r.object, r.negated) for r in found.records[1:]] == [
        ("registration/ISRCTN88667898", "not-same", "registration/NCT03477501", True),
        ("registration/NCT01854957", "part-of", "study/mesems", False),
        ("publication/doi-10.1001-jama.2018.18743", "same-publication", "publication/pmid-30644983", False),
        ("registration/NCT03477500", None, "registration/NCT03133403", False),
    ]
    assert dict(found.audit.unknown) == {"predicate_id=skos:closeMatch": 1}


@pytest.mark.parametrize(
    ("predicate", "modifier", "relation", "turned"),
    [
        ("skos:exactMatch", "", "same-study", False),
        ("owl:sameAs", "", "same-study", False),
        ("http://www.w3.org/2004/02/skos/core#exactMatch", "", "same-study", False),
        ("<http://www.w3.org/2002/07/owl#sameAs>", "", "same-study", False),
        ("skos:exactMatch", "Not", "not-same", False),
        ("skos:exactMatch", "not", "not-same", False),
        ("owl:differentFrom", "", "not-same", False),
        ("owl:differentFrom", "Not", "same-study", False),
        ("dcterms:isPartOf", "", "part-of", False),
        ("skos:broadMatch", "", "part-of", False),
        ("dcterms:hasPart", "", "part-of", True),
        ("skos:narrowMatch", "", "part-of", True),
        ("skos:broadMatch", "Not", None, False),
        ("skos:closeMatch", "", None, False),
        ("skos:closeMatch", "Not", None, False),
        ("skos:relatedMatch", "", None, False),
        ("rdfs:seeAlso", "", None, False),
        ("nobody:knows", "", None, False),
    ],
)
def test_what_a_predicate_asserts(predicate: str, modifier: str, relation: str | None, turned: bool) -> None:
    line = row("NCT:NCT00273364", predicate, "msevidence:study/mist", predicate_modifier=modifier)
    found = load(f"{BLOCK}{HEADER}\n{line}\n".encode())
    assert found.faults == []
    sides = ("registration/NCT00273364", "study/mist")
    assert (found.records[0].subject, found.records[0].object) == (sides[::-1] if turned else sides)
    assert found.records[0].relation == relation
    assert found.records[0].printed["predicate"] == predicate
    told = f"predicate_id={'not ' if modifier else ''}{predicate}"
    assert dict(found.audit.unknown) == ({told: 1} if relation is None else {})


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("NCT:NCT00273364", "registration/NCT00273364"),
        ("NCT:00273364", "registration/NCT00273364"),
        ("nct:NCT00273364", "registration/NCT00273364"),
        ("clinicaltrials:NCT00273364", "registration/NCT00273364"),
        ("ClinicalTrials.gov:NCT00273364", "registration/NCT00273364"),
        ("NCT00273364", "registration/NCT00273364"),
        ("isrctn:ISRCTN88667898", "registration/ISRCTN88667898"),
        ("ISRCTN:88667898", "registration/ISRCTN88667898"),
        ("euclinicaltrials:2017-001362-25", "registration/EudraCT-2017-001362-25"),
        ("EudraCT:2017–001362–25", "registration/EudraCT-2017-001362-25"),
        ("EUCTR:2017-001362-25-NO", "registration/EudraCT-2017-001362-25"),
        ("ctis:2022-502694-26-00", "registration/CTIS-2022-502694-26-00"),
        ("doi:10.1001/jama.2018.18743", "publication/doi-10.1001-jama.2018.18743"),
        ("DOI:10.1001/JAMA.2018.18743", "publication/doi-10.1001-jama.2018.18743"),
        ("pubmed:30644983", "publication/pmid-30644983"),
        ("PMID:30644983", "publication/pmid-30644983"),
        ("pmc:PMC6439765", "publication/pmcid-6439765"),
        ("msevidence:study/mist", "study/mist"),
        ("msevidence:publication/burt-2019", "publication/burt-2019"),
        ("msevidence:document/fhi-2021", "document/fhi-2021"),
        (f"{BASE}registration/NCT00273364", "registration/NCT00273364"),
        ("https://clinicaltrials.gov/study/NCT00273364", "registration/NCT00273364"),
        ("https://www.clinicaltrials.gov/ct2/show/NCT00273364?term=x", "registration/NCT00273364"),
        ("<https://www.isrctn.com/ISRCTN88667898>", "registration/ISRCTN88667898"),
        (
            "https://www.clinicaltrialsregister.eu/ctr-search/trial/2017-001362-25/NO",
            "registration/EudraCT-2017-001362-25",
        ),
        ("https://euclinicaltrials.eu/ctis-public/view/2022-502694-26-00", "registration/CTIS-2022-502694-26-00"),
        ("https://identifiers.org/clinicaltrials:NCT00273364", "registration/NCT00273364"),
        ("https://identifiers.org/doi:10.1001/jama.2018.18743", "publication/doi-10.1001-jama.2018.18743"),
        ("https://bioregistry.io/isrctn:ISRCTN88667898", "registration/ISRCTN88667898"),
        ("https://doi.org/10.1001/jama.2018.18743", "publication/doi-10.1001-jama.2018.18743"),
        ("http://dx.doi.org/10.1001%2Fjama.2018.18743", "publication/doi-10.1001-jama.2018.18743"),
        ("https://pubmed.ncbi.nlm.nih.gov/30644983/", "publication/pmid-30644983"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/30644983", "publication/pmid-30644983"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC6439765/", "publication/pmcid-6439765"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6439765", "publication/pmcid-6439765"),
    ],
)
def test_what_a_reference_names(printed: str, key: str) -> None:
    assert thing(printed, {}, "subject_id") == key


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("MONDO:0005301", "the prefix 'MONDO' is not known; give it in the curie_map"),
        ("multiple sclerosis", "it has no prefix"),
        ("NCT:NCT0027336", "does not follow the pattern of NCT"),
        ("NCT:NCT00000000", "placeholder"),
        ("NCT:ISRCTN88667898", "no number of NCT"),
        ("isrctn:NCT00273364", "no number of ISRCTN"),
        ("doi:jama.2018", "does not follow the pattern of doi"),
        ("pubmed:PMC12", "does not follow the pattern of pubmed"),
        ("msevidence:passage/x.1", "is a passage; mappings are of registrations, studies and publications"),
        ("msevidence:study/a b", "correct it in the source"),
        ("msevidence:nothing", "not an IRI of this project"),
        ("https://example.org/NCT00273364", "names no registration, study or publication"),
        ("https://clinicaltrials.gov.example.org/study/NCT00273364", "names no registration"),
        ("https://clinicaltrials.gov/about", "names no registration"),
        ("https://clinicaltrials.gov/compare?NCT00273364,NCT03133403", "names no registration"),
        ("https://identifiers.org/", "names no registration"),
        ("https://[::1/NCT00273364", "is no address"),
        ("odd:x", "stands for 'urn:x', which is no address"),
        ("NCT:" + "9" * 600, "604 characters"),
        (":", "is not known"),
    ],
)
def test_what_names_nothing_is_told(printed: str, said: str) -> None:
    with pytest.raises(RecordError, match="subject_id: ") as told:
        thing(printed, {"odd": "urn:"}, "subject_id")
    assert said in str(told.value)


def test_the_files_own_prefixes_go_before_the_usual_ones() -> None:
    assert thing("NCT:00273364", {"NCT": "https://clinicaltrials.gov/study/NCT"}, "f") == "registration/NCT00273364"
    assert thing("doi:ISRCTN88667898", {"doi": "https://www.isrctn.com/"}, "f") == "registration/ISRCTN88667898"
    with pytest.raises(RecordError):
        thing("NCT:NCT00273364", {"NCT": "https://example.org/"}, "f")
    assert len(HOSTS) > 15


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (row("", "skos:exactMatch", "NCT:NCT00273364"), "subject_id: is empty"),
        (row("NCT:NCT00273364", "", "NCT:NCT03133403"), "predicate_id: is empty"),
        (row("NCT:NCT00273364", "skos:exactMatch", "sssom:NoTermFound"), "object_id: says that no match was found"),
        (row("NCT:NCT00273364", "skos:exactMatch", "doi:10.1/x"), "object_id: 'doi:10.1/x' does not follow"),
        (row("NCT:NCT00273364", "skos:exactMatch", "pubmed:1"), "of which one is a publication"),
        (row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT00273364", predicate_modifier="Not"), "not itself"),
        (row("NCT:NCT00273364", "dcterms:isPartOf", "NCT:NCT00273364"), "a part of itself"),
        (row("NCT:NCT00273364", "skos:exactMatch", "pubmed:1", predicate_modifier="Maybe"), "is no modifier"),
        (row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403", confidence="1.5"), "no number from 0 to 1"),
        (row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403", confidence="-0.1"), "no number from 0 to 1"),
        (row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403", confidence="nan"), "no number from 0 to 1"),
        (row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403", confidence="high"), "no number from 0 to 1"),
        ("NCT:NCT00273364\tskos:exactMatch", "has 2 fields under a header of 10"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_its_line_and_how_to_mend_it(line: str, said: str) -> None:
    assert said in fault(line)


def test_a_date_that_does_not_exist() -> None:
    header = f"{HEADER}\tmapping_date"
    good = row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403")
    found = load(f"{BLOCK}{header}\n{good}\t2025-02-30\n{good}\t2025-02\n{good}\t\n".encode())
    assert [str(f) for f in found.faults] == [
        "mapping_date: '2025-02-30' is no date of the calendar; correct it in the source"
    ]
    # A row that has the column and leaves it empty is not lent the date of the set.
    assert [r.date for r in found.records] == [Dated("2025-02", "2025-02"), None]


def test_of_one_thing_in_two_spellings_nothing_is_asserted() -> None:
    found = load(f"{HEADER}\n{row('NCT:NCT00273364', 'skos:exactMatch', 'clinicaltrials:NCT00273364')}\n".encode())
    assert (found.records[0].relation, dict(found.audit.unknown)) == (None, {"subject_id=object_id": 1})


def test_publications_have_no_parts_here() -> None:
    assert one(row("pubmed:1", "dcterms:isPartOf", "pubmed:2")).relation is None


def test_without_a_block_the_usual_prefixes_hold() -> None:
    found = one(row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403"), block="")
    assert (found.relation, found.date, found.sources, found.licence) == ("same-study", None, [], None)


def test_commas_instead_of_tabs() -> None:
    data = b'subject_id,predicate_id,object_id,comment\nNCT:NCT00273364,skos:exactMatch,NCT:NCT03133403,"a, b"\n'
    assert recognise(data)
    assert load(data).records[0].comment == "a, b"


def test_a_mark_at_the_beginning_and_ends_of_windows() -> None:
    for data in (b"\xef\xbb\xbf" + SMALL, SMALL.replace(b"\n", b"\r\n")):
        assert recognise(data)
        found = load(data)
        assert found.faults == []
        assert [r.subject for r in found.records] == [r.subject for r in load(SMALL).records]


def test_unknown_columns_are_audited_and_known_ones_are_not() -> None:
    extra = [*IGNORED, "ext_of_theirs"]
    header = "\t".join([*COLUMNS, *(c for c in extra if c not in COLUMNS)])
    line = row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403")
    line += "\tx" * (len(header.split("\t")) - len(COLUMNS))
    found = load(f"{BLOCK}{header}\n{line}\n".encode())
    assert len(found.records) == 1
    assert dict(found.audit.unknown) == {"ext_of_theirs": 1}


def test_every_slot_of_the_schema_is_read_or_ignored_with_a_reason() -> None:
    from sssom.constants import _get_sssom_schema_object

    read_ones = {*COLUMNS, "license", "mapping_date", "mapping_provider", "mapping_source", "see_also", "comment"}
    assert set(_get_sssom_schema_object().mapping_slots) - read_ones - set(IGNORED) == set()
    assert all(reason for reason in IGNORED.values())


class TestWholeFiles:
    def test_recognised_by_content(self) -> None:
        assert recognise(SMALL)
        assert recognise(SMALL[:60])
        assert recognise(HEADER.encode())
        assert recognise(b"\n \n" + SMALL)
        assert recognise(b"#mapping_set_id: x\n" + b"#x: y\n" * 9000)
        assert recognise(b"subject_id\tpredicate_id\tother_id\n")  # so that the missing column can be told

    @pytest.mark.parametrize(
        "head",
        [
            *(b"", b"#", b"# remark\nNCT Number,Study Title\n", b"NCT Number,Study Title\n", b'{"subject_id": 1}'),
            *(b"<html>subject_id predicate_id</html>", b"subject_id\n", b"TY  - JOUR\n", b"PMID- 1\n", b"\xff\xfe#\0"),
        ],
    )
    def test_not_recognised(self, head: bytes) -> None:
        assert not recognise(head)

    @pytest.mark.shared
    def test_no_sample_of_another_format_is_taken_for_it(self, shared_dir: Path) -> None:
        found = [p for p in sorted((shared_dir / "samples").glob("*/*")) if p.is_file()]
        assert len(found) >= 20
        assert [p.name for p in found if recognise(p.read_bytes()[: 64 * 1024])] == []

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (
                b"subject_id\tpredicate_id\tother\nx\ty\tz\n",
                "has no column object_id, but subject_id, predicate_id, other",
            ),
            (b"subject_id\tsubject_id\tpredicate_id\tobject_id\n", "columns of one name (subject_id)"),
            (b"#curie_map:\n", "ends before its header"),
            (b"", "ends before its header"),
            (b"#curie_map: [\n" + HEADER.encode(), "metadata that are no YAML"),
            (b"#curie_map: &a [*a]\n" + HEADER.encode(), "curie_map that does not give an address"),
            (b"#curie_map: {a: 1}\n" + HEADER.encode(), "curie_map that does not give an address"),
            (b"#a: 1\n#a: 2\n" + HEADER.encode(), "no YAML"),
            (b"#a: !!python/object/apply:os.system [x]\n" + HEADER.encode(), "no YAML"),
            (b"#a: " + b"[" * 9000 + b"\n" + HEADER.encode(), "no YAML"),
            (b"#a: \xff\n" + HEADER.encode(), "not in UTF-8"),
            (b"#" + b"x" * HEAD_BYTES + b"\n" + HEADER.encode(), "bytes of metadata"),
            (b"#x: y\n" * HEAD_BYTES, "bytes of metadata"),
            ("#a: b\n".encode("utf-16"), "UTF-16"),
            (HEADER.encode() + b"\n" + b"x" * (LINE_BYTES + 2), "is longer than"),
        ],
        ids=range(15),
    )
    def test_a_file_that_cannot_be_read(self, data: bytes, said: str) -> None:
        with pytest.raises(ExportError) as told:
            load(data)
        assert said in str(told.value)

    def test_aliases_in_the_block_do_not_unfold(self) -> None:
        bomb = "#a: &a [x,x]\n" + "".join(
            f"#{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
            for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        found = load(f"{bomb}{HEADER}\n{row('NCT:NCT00273364', 'skos:exactMatch', 'NCT:NCT03133403')}\n".encode())
        assert len(found.records) == 1

    @pytest.mark.parametrize("bad", [b"\0", b"\xff"])
    def test_a_bad_line_leaves_its_neighbours(self, bad: bytes) -> None:
        lines = SMALL.split(b"\n")
        at = next(n for n, line in enumerate(lines) if line.startswith(b"theirs:"))
        lines[at] = lines[at].replace(b"ISRCTN", b"ISR" + bad, 1)
        found = load(b"\n".join(lines))
        assert [f.line for f in found.faults] == [at + 1]
        assert found.records == [r for n, r in enumerate(load(SMALL).records) if n != 1]

    def test_a_quotation_mark_that_is_not_closed_takes_no_neighbour(self) -> None:
        lines = SMALL.split(b"\n")
        at = next(n for n, line in enumerate(lines) if line.startswith(b"theirs:"))
        lines[at] = lines[at][:-1] + b'"open'
        found = load(b"\n".join(lines))
        assert [f.line for f in found.faults] == [at + 1]
        assert found.records == [r for n, r in enumerate(load(SMALL).records) if n != 1]

    def test_cut_off_anywhere(self) -> None:
        whole = load(SMALL).records
        start = SMALL.index(HEADER.encode()) + len(HEADER) + 1
        counts = set()
        for end in [*range(start, len(SMALL), 7), len(SMALL)]:
            found = load(SMALL[:end])
            kept = found.records[:-1] if len(found.records) > len(found.faults) else found.records
            assert kept == whole[: len(kept)]
            assert len(found.faults) <= 1
            counts.add(len(found.records))
        assert counts == {0, 1, 2, 3, 4, 5}
        for end in range(0, start - 1, 11):
            try:
                assert load(SMALL[:end]).records == []
            except ExportError:
                continue

    def test_bytes_at_random_end_in_records_and_faults_only(self) -> None:
        rng = random.Random(5)
        outcomes = set()
        for _ in range(400):
            data = bytearray(SMALL)
            for _ in range(rng.randrange(1, 12)):
                at = rng.randrange(len(data))
                data[at : at + rng.randrange(3)] = rng.choice(
                    [b"\t", b"\n", b'"', b"|", b":", b"\0", b"\xff", b"#", b"", b"{", b"\\", b"&a", "æ".encode()]
                )
            try:
                found = load(bytes(data))
                outcomes.add(("read", bool(found.faults)))
            except ExportError:
                outcomes.add(("refused", True))
        assert outcomes == {("read", True), ("read", False), ("refused", True)}

    def test_memory_does_not_grow_with_the_file(self) -> None:
        line = (row("NCT:NCT00273364", "skos:exactMatch", "NCT:NCT03133403", comment="x" * 200) + "\n").encode()

        class Endless:
            """More rows than fit into memory, made as they are asked for."""

            def __init__(self) -> None:
                self.given = 0

            def readline(self, limit: int = -1) -> bytes:
                self.given += 1
                return HEADER.encode() + b"\n" if self.given == 1 else line

        stream = Endless()
        rows = read(stream, "file")  # type: ignore[arg-type]
        for _ in range(1000):
            assert isinstance(next(rows), Raw)
        assert stream.given < 1010


def test_a_fact_comes_back_from_its_line() -> None:
    for n, found in enumerate(load(SMALL).records):
        fact = mapping_fact(found, f"mapping.{n}", f"line {n}")
        assert from_json(to_json(fact)) == fact
        assert fact.key == f"{found.subject} {found.object}"
    bare = replace(fact, relation=None, confidence=0.0, comment=None, sources=(), date=None)
    assert from_json(to_json(bare)) == bare


def test_a_row_as_statements() -> None:
    graph, source = graph_iri("export-x"), mint(Kind.SOURCE, "f00d")
    store = ox.Store()
    for n, found in enumerate(load(SMALL).records):
        block, fact = mapping_block(found, graph, source, f"line {n}")
        store.load(block.encoded(), ox.RdfFormat.N_QUADS)
        assert fact.version is not None and fact.place == f"line {n}"
        name, _, digest = fact.version.rpartition(".")
        assert name == f"mapping-{digest}"  # rows clash with none: one pair may have several
    store.extend([ox.Quad(q.subject, q.predicate, q.object) for q in list(store)])
    assert rows(
        store,
        "SELECT ?s ?o ?c ?place (BOUND(?m) AS ?not) { ?x a sssom:Mapping ; sssom:subject_id ?s ; sssom:object_id ?o ;"
        " sssom:predicate_id ?p ;"
        " mse:exportPlace ?place OPTIONAL { ?x sssom:confidence ?c } OPTIONAL { ?x sssom:predicate_modifier ?m } }"
        " ORDER BY ?place LIMIT 2",
    ) == [
        (
            f"{BASE}registration/NCT03477500",
            f"{BASE}registration/EudraCT-2017-001362-25",
            *("0.9", "line 0", "false"),
        ),
        (f"{BASE}registration/ISRCTN88667898", f"{BASE}registration/NCT03477501", None, "line 1", "true"),
    ]


def test_a_mapping_file_is_a_source_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "theirs.tsv"
    line = row("NCT:NCT00273364", "skos:exactMatch", "MONDO:0005301")
    file.write_bytes(SMALL + SMALL.split(b"\n")[11] + b"\n" + line.encode() + b"\n")
    target = tmp_path / "out"
    target.mkdir()
    report = convert(file, file.name, "0" * 64, target)
    assert report.formats == {"sssom-tsv": 1}
    assert (report.read, report.loaded, len(report.quarantined), report.duplicate) == (7, 5, 1, 1)
    assert report.quarantined[0].place == "line 17"
    facts = [from_json(line) for line in (target / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [f.relation for f in facts if isinstance(f, MappingFact)] == [
        *("same-study", "not-same", "part-of", "same-publication", None)
    ]


def test_it_is_among_the_formats() -> None:
    assert FORMAT in formats()
    assert recognised(SMALL, "theirs.tsv") is FORMAT
    assert [f.key for f in formats() if f.recognise(SMALL)] == ["sssom-tsv"]


def test_what_we_write_we_read(real_store: ox.Store) -> None:
    ours = mapping_set(of_store(real_store), "f00d")
    out = StringIO()
    write_tsv(ours, out)
    found = load(out.getvalue().encode())
    assert found.faults == []
    assert dict(found.audit.unknown) == {}
    assert len(found.records) == len(ours.mappings) > 40
    for theirs, mapping in zip(found.records, ours.mappings, strict=True):
        assert (BASE + theirs.subject, BASE + theirs.object) == (mapping.subject, mapping.object)
        assert theirs.negated is mapping.negated
        assert theirs.comment == mapping.because
        assert theirs.justification == mapping.justification
        assert theirs.authors == ([mapping.author] if mapping.author else [])
        assert theirs.confidence == (float(mapping.confidence) if mapping.confidence else None)
    assert {r.relation for r in found.records} >= {"same-study", "part-of", "not-same"}


class TestKeys:
    DOIS = (
        *("10.1000/a.b", "10.1000/a-b", "10.1000/a_b", "10.1000/a/b", "10.1000/ab", "10.1000/a(b)", "10.1000/a%5fb"),
        *("10.1000/a_5fb", "10.10001/a", "10.1000/1/a", "10.1000/1-a", "10.1000/å", "10.1000/a-", "10.1000/-a"),
        "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
    )

    def test_two_dois_never_share_a_key(self) -> None:
        rng = random.Random(7)
        signs = "ab1-._/()<>;:%å\U0001f9e0"
        dois = {
            *self.DOIS,
            *("10.1000/x" + "".join(rng.choices(signs, k=rng.randrange(6))) + "y" for _ in range(20_000)),
        }
        normal = {n for d in dois if (n := normalise_doi(d))}
        keys = {publication_key(doi=d): d for d in normal}
        assert len(keys) == len(normal) > 9_000
        for key, doi in keys.items():
            assert key is not None
            mint(Kind.PUBLICATION, key)
            assert doi_of_key(key) == doi

    def test_case_is_no_difference_and_length_no_limit(self) -> None:
        assert publication_key("10.1000/AbC") == publication_key("doi:10.1000/aBc") == "doi-10.1000-abc"
        long = ["10.1000/" + "x" * 300 + end for end in "ab"]
        keys = [publication_key(d) for d in long]
        assert keys[0] != keys[1]
        assert all(key is not None and key.startswith("doi-sha256-") and len(key) < 80 for key in keys)

    def test_the_first_that_follows_its_pattern_counts(self) -> None:
        assert publication_key("10.1000/a", "1", "PMC1", "x") == "doi-10.1000-a"
        assert publication_key("no doi", "1", "PMC1", "x") == "pmid-1"
        assert publication_key("10.1000/...", "0", "PMC1.2", "x") == "pmcid-1"
        assert publication_key(None, None, None, "Burt|2019|JAMA|165") == "work-burt-2019-jama-165-fdc9286b8f9c8214"
        assert publication_key(None, None, None, "の") == "work-x-3b2e79bc71937994"
        assert publication_key("", " ", None, "") is None


def test_the_format_says_what_it_is() -> None:
    assert (FORMAT.key, FORMAT.recognise, FORMAT.read, FORMAT.record) == ("sssom-tsv", recognise, read, record)
