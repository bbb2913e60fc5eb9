"""``msevidence validate --referee``: pyshacl on the same graph, and what each finds that the other does not."""

from pathlib import Path

import pytest

from msevidence.loaders.assembly import Graph
from msevidence.ontology import validation_compared
from msevidence.ontology.validation_compared import Comparison
from msevidence.ontology.validation_report import Violation
from msevidence.server.cli import run


def test_the_referee_says_that_both_find_the_same(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--data", str(data_dir), "--home", str(tmp_path), "--referee"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("conforms: documents: 2")
    assert "referee: pyshacl found the same, 0 results" in said.err


@pytest.mark.parametrize("refused", [(), ("sh:sparql of <urn:s>",)])
def test_a_difference_is_a_fault_with_the_thing_and_its_message(
    refused: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That they differ cannot be brought about with shapes of ours, so the comparison is given."""
    from msevidence.server import cli_build

    broken = Violation("urn:x", "urn:shape", "urn:p", "1", "urn:component", "urn:severe", (("en", "has no label"),))
    found = Comparison(1, () if refused else (broken,), (), refused)
    monkeypatch.setattr(validation_compared, "compared", lambda *data: found)
    assert not cli_build._agree(Graph([], []))
    said = capsys.readouterr().err
    expected = (
        "referee: nothing to compare, the compiler does not cover sh:sparql of <urn:s>"
        if refused
        else "referee: only the compiled shapes: <urn:x>: has no label [1] (urn:component)"
    )
    assert expected in said
