"""SSSOM out: what another implementation (sssom-py) reads in it, and that the same release gives the same bytes."""

import io
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from sssom.constants import SchemaValidationType, _get_sssom_schema_object
from sssom.parsers import parse_sssom_rdf, parse_tsv
from sssom.util import MappingSetDataFrame
from sssom.validators import validate

from msevidence.loaders.errors import LoadError
from msevidence.loaders.identity.sssom import (
    COLUMNS,
    Mapping,
    MappingSet,
    mapping_set,
    of_store,
    slots,
    write_tsv,
    write_turtle,
)
from msevidence.server.cli_sssom import sssom
from msevidence.server.releases import NoReleaseError, current
from tests.graph import rows

BASE = "https://w3id.org/msevidence/"
EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
TRICKY = Mapping(
    subject=f"{BASE}registration/NCT00273364",
    object=f"{BASE}study/mist",
    predicate=EXACT,
    negated=True,
    rule=f"{BASE}scheme/identity-rule/curated",
    decision=f"{BASE}identity/0123456789",
    justification="https://w3id.org/semapv/vocab/ManualMappingCuration",
    because='It says "one\ttwo"\nand then: a|b, æøå #1',
    subject_label="# no comment",
    object_label="MIST",
    confidence="0.95",
    date="2026-11-20",
    author="A. Person|B. Person",
    document=f"{BASE}document/fhi-2021",
    rests_on=("fhi-2021, table 3 | row 5", "https://example.org/a?b=c", f"{BASE}passage/fhi-2021.aaaa.1"),
)
PLAIN = Mapping(
    f"{BASE}study/mesems-italy",
    f"{BASE}study/mesems",
    "http://purl.org/dc/terms/isPartOf",
    False,
    f"{BASE}scheme/identity-rule/site-list",
    f"{BASE}identity/abcdef0123",
    "https://w3id.org/semapv/vocab/UnspecifiedMatching",
    "A site.",
    date="2021-05",
)
SMALL = MappingSet("f00d", (TRICKY, PLAIN), stopped=2)


def tsv(found: MappingSet) -> str:
    out = io.StringIO()
    write_tsv(found, out)
    return out.getvalue()


def turtle(found: MappingSet) -> bytes:
    out = io.BytesIO()
    write_turtle(found, out)
    return out.getvalue()


def read(text: str) -> MappingSetDataFrame:
    # Not `strict`: sssom-py 0.4.21 mistakes metadata that are all known for unknown ones there.
    return parse_tsv(io.StringIO(text))


def records(found: MappingSetDataFrame) -> dict[str, dict[str, Any]]:
    """Return the rows by their record, empty cells left out."""
    return {
        row["record_id"]: {k: v for k, v in row.items() if v == v and v not in (None, "")}
        for row in found.df.to_dict("records")
    }


@pytest.fixture(scope="module")
def real(real_store: ox.Store) -> MappingSet:
    return mapping_set(of_store(real_store), "f00d")


def test_sssom_py_finds_no_fault(real: MappingSet, caplog: pytest.LogCaptureFixture) -> None:
    checks = [
        SchemaValidationType.JsonSchema,
        SchemaValidationType.PrefixMapCompleteness,
        SchemaValidationType.StrictCurieFormat,
    ]
    for found in (real, SMALL, MappingSet("f00d", (PLAIN,))):
        reports = validate(read(tsv(found)), checks, fail_on_error=False)
        assert len(reports) == 3
        assert [r.message for report in reports.values() for r in report.results] == []
    told = [record.getMessage() for record in caplog.records]
    # The day of the latest decision is not lent to those without one, which sssom-py says.
    assert {t for t in told if "'mapping_date'" not in t} == set()


def test_its_validator_does_find_faults() -> None:
    """The check above passes on what is right, not on whatever it is given."""
    wrong = tsv(SMALL).replace("\t0.95\t", "\t1.95\t")
    report = validate(read(wrong), [SchemaValidationType.JsonSchema], fail_on_error=False)
    assert report[SchemaValidationType.JsonSchema].results


def test_columns_are_slots_in_the_order_of_the_schema() -> None:
    order = list(_get_sssom_schema_object().mapping_slots)
    assert sorted(COLUMNS, key=order.index) == list(COLUMNS)
    header = next(line for line in tsv(SMALL).splitlines() if not line.startswith("#"))
    assert header == "\t".join(COLUMNS)


def test_every_decision_that_holds_is_there_once(real: MappingSet, real_store: ox.Store) -> None:
    decisions = rows(real_store, "SELECT ?d { ?d a mse:IdentityDecision }")
    stopped = rows(
        real_store,
        "SELECT ?d { ?d mse:outcomeOfDecision <https://w3id.org/msevidence/scheme/identity-outcome/stopped> }",
    )
    assert len(real.mappings) == len(decisions) - len(stopped) > 40
    assert real.stopped == len(stopped)
    assert len({m.decision for m in real.mappings}) == len(real.mappings)
    read_back = records(read(tsv(real)))
    assert len(read_back) == len(real.mappings)
    assert Counter(r["predicate_id"] for r in read_back.values()).keys() == {"skos:exactMatch", "dcterms:isPartOf"}


def test_a_negative_decision_with_all_its_parts(real: MappingSet) -> None:
    found = [
        r
        for r in records(read(tsv(real))).values()
        if r["subject_id"] == "msevidence:registration/EudraCT-2010-024381-21"
        and r["object_id"] == "msevidence:study/mesems"
    ]
    assert len(found) == 1
    row = {k: v for k, v in found[0].items() if k not in ("record_id", "see_also")}
    assert row == {
        "subject_id": "msevidence:registration/EudraCT-2010-024381-21",
        "subject_label": "EudraCT 2010-024381-21",
        "predicate_id": "skos:exactMatch",
        "predicate_modifier": "Not",
        "object_id": "msevidence:study/mesems",
        "object_label": "MESEMS",
        "mapping_justification": "semapv:UnspecifiedMatching",
        "mapping_provider": f"{BASE}document/fhi-2021",
        "confidence": 0.9,
        "curation_rule": "identity_rule:link-leads-to-other-number",
        "other": "date=2021-09",
        "comment": "The document prints EudraCT 2010-024081-21, and the link beside it leads to EudraCT 2010-024381-21:"
        " no number of MESEMS, beside which it stands.",
        # Propagated from the set:
        "subject_type": "owl named individual",
        "subject_source": "msevidence:dataset/msevidence",
        "subject_source_version": "f00d",
        "object_type": "owl named individual",
        "object_source": "msevidence:dataset/msevidence",
        "object_source_version": "f00d",
    }
    passage, link = sorted(found[0]["see_also"].split("|"), key=len)
    assert passage.startswith(f"{BASE}passage/fhi-2021.")
    assert link == "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2010-024381-21"


def test_the_block_says_what_the_set_is() -> None:
    metadata = read(tsv(SMALL)).metadata
    assert metadata["mapping_set_id"] == f"{BASE}graph/identity"
    assert metadata["mapping_set_version"] == "f00d"
    assert metadata["license"] == "http://www.apache.org/licenses/LICENSE-2.0"
    assert str(metadata["sssom_version"]) == "1.1"
    assert str(metadata["mapping_date"]) == "2026-11-20"  # of the latest decision, not of today
    assert metadata["comment"] == "Left out, since other decisions contradict them: 2. They are in the graph."
    none = read(tsv(MappingSet("f00d", (PLAIN,)))).metadata
    assert "mapping_date" not in none
    assert "comment" not in none


def test_a_date_is_not_lent_to_decisions_without_one() -> None:
    found = records(read(tsv(SMALL)))
    assert found["msevidence:identity/0123456789"]["mapping_date"] == "2026-11-20"
    assert "mapping_date" not in found["msevidence:identity/abcdef0123"]
    assert found["msevidence:identity/abcdef0123"]["other"] == "date=2021-05"


def test_tabs_line_ends_quotes_and_pipes_come_back() -> None:
    row = records(read(tsv(SMALL)))["msevidence:identity/0123456789"]
    assert row["comment"] == TRICKY.because
    assert row["subject_label"] == "# no comment"
    assert row["author_label"] == r"A. Person\|B. Person"
    assert row["other"] == r"source=fhi-2021, table 3 \| row 5"
    assert row["see_also"] == f"https://example.org/a?b=c|{BASE}passage/fhi-2021.aaaa.1"
    assert row["mapping_provider"] == f"{BASE}document/fhi-2021"


def test_labels_and_dates_of_the_store(real_store: ox.Store) -> None:
    store = ox.Store()
    mse = f"{BASE}ontology#"
    store.load(
        f"""@prefix mse: <{mse}> . @prefix sssom: <https://w3id.org/sssom/> . @prefix d: <http://purl.org/dc/terms/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @base <{BASE}> .
        <identity/1> a mse:IdentityDecision ; sssom:subject_id <study/b> ; sssom:object_id <study/a> ;
          sssom:predicate_id <{EXACT}> ; sssom:mapping_justification <http://x/j> ; mse:because "so"@en ;
          mse:rule <scheme/identity-rule/curated> ; d:source "p. 1", "http://x/y" .
        <identity/0> a mse:IdentityDecision ; sssom:subject_id <study/b> ; sssom:object_id <study/a> ;
          sssom:predicate_id <{EXACT}> ; sssom:mapping_justification <http://x/j> ; mse:because "no"@en ;
          mse:rule <scheme/identity-rule/curated> ; mse:outcomeOfDecision <scheme/identity-outcome/stopped> .
        <study/a> rdfs:label "norsk"@nb, "English"@en . <study/b> rdfs:label "svensk"@sv, "norsk"@nb .""".encode(),
        ox.RdfFormat.TURTLE,
    )
    found = mapping_set(of_store(store), "x")
    assert found.stopped == 1
    assert [(m.subject_label, m.object_label, m.rests_on) for m in found.mappings] == [
        ("norsk", "English", ("http://x/y", "p. 1"))
    ]


def test_rdf_says_the_same(real: MappingSet, tmp_path: Path) -> None:
    for number, found in enumerate((real, SMALL)):
        file = tmp_path / f"{number}.ttl"
        file.write_bytes(turtle(found))
        from_rdf, from_tsv = parse_sssom_rdf(file), read(tsv(found))

        def plain(table: MappingSetDataFrame) -> dict[str, dict[str, Any]]:
            return {
                key: {
                    k: float(v)
                    if k == "confidence"
                    else "|".join(sorted(str(v).split("|")))
                    if k == "see_also"
                    else str(v)
                    for k, v in row.items()
                    # sssom-py neither escapes nor unescapes a | in RDF, and shortens no rule to its CURIE
                    if k not in ("author_label", "curation_rule")
                }
                for key, row in records(table).items()
            }

        assert plain(from_rdf) == plain(from_tsv)
        assert {k: str(v) for k, v in from_rdf.metadata.items()} == {k: str(v) for k, v in from_tsv.metadata.items()}


def test_the_same_decisions_give_the_same_bytes(real: MappingSet) -> None:
    shuffled = MappingSet("f00d", tuple(sorted(reversed(real.mappings), key=lambda m: m.order)), real.stopped)
    assert tsv(shuffled) == tsv(real)
    code = "import sys; from tests.identity.test_sssom import SMALL, turtle; sys.stdout.buffer.write(turtle(SMALL))"
    root = Path(__file__).resolve().parents[2]
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=root, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        assert run.stdout == turtle(SMALL)


def test_another_base() -> None:
    here = "https://hta.example/graph/"
    moved = MappingSet(
        "f00d",
        (Mapping(**{**{k: getattr(PLAIN, k) for k in Mapping.__slots__}, "subject": f"{here}study/x"}),),
        0,
        here,
    )
    text = tsv(moved)
    assert '#  msevidence: "https://hta.example/graph/"' in text
    assert "\tmsevidence:study/x\t" in text
    assert '#mapping_set_id: "https://hta.example/graph/graph/identity"' in text
    assert b"<https://hta.example/graph/>" in turtle(moved)


def test_an_empty_set_is_a_file_too() -> None:
    text = tsv(MappingSet("f00d"))
    assert text.endswith("\t".join(COLUMNS) + "\n")
    assert turtle(MappingSet("f00d")).count(b"mappings") == 0


def test_slots_without_a_value_are_left_out() -> None:
    assert set(slots(PLAIN, SMALL)) == {
        *("record_id", "subject_id", "predicate_id", "object_id", "mapping_justification", "curation_rule"),
        *("other", "comment"),
    }


class TestCommand:
    def test_writes_to_standard_output(self, release_home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        sssom.main(["--home", str(release_home)], standalone_mode=False)
        sys.stdout.flush()
        out = capfdbinary.readouterr().out.decode()
        release = current(release_home)
        assert out.startswith("#curie_map:\n")
        assert f'#mapping_set_version: "{release.id}"\n' in out
        assert len(records(read(out))) > 40

    @pytest.mark.parametrize("format_", ["tsv", "ttl"])
    def test_writes_a_file_the_same_each_time(self, release_home: Path, tmp_path: Path, format_: str) -> None:
        written = []
        for name in ("a", "b"):
            file = tmp_path / name
            sssom.main(["--home", str(release_home), "--format", format_, "--output", str(file)], standalone_mode=False)
            written.append(file.read_bytes())
        assert written[0] == written[1]
        assert written[0].startswith(b"#curie_map" if format_ == "tsv" else b"@prefix")
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]

    def test_a_file_that_cannot_be_written_is_told(self, release_home: Path, tmp_path: Path) -> None:
        from click import ClickException

        with pytest.raises(ClickException, match="cannot be written") as told:
            sssom.main(
                ["--home", str(release_home), "--output", str(tmp_path / "none" / "x.tsv")], standalone_mode=False
            )
        assert told.value.exit_code == 3

    def test_without_a_release(self, tmp_path: Path) -> None:
        with pytest.raises((NoReleaseError, LoadError), match="no release is published"):
            sssom.main(["--home", str(tmp_path)], standalone_mode=False)
