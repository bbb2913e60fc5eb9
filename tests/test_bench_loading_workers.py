"""The benchmark of loading by several processes: every number of them gives the same bytes, and each is measured."""

from io import StringIO

from rich.console import Console

from tests.bench.loading_workers import measure, show


def test_each_number_of_processes_is_measured_on_the_same_outcome() -> None:
    cells = measure([30], ["csv"], [1, 2], 1, Console(file=StringIO()))
    assert [(cell.size, cell.workers, len(cell.runs)) for cell in cells] == [(30, 1, 1), (30, 2, 1)]
    for cell in cells:
        (run,) = cell.runs
        assert run.statements > 250
        assert run.cpu > 0
        assert run.peaks["puts together"] > 0
        assert run.peaks["reads"] > 0
    assert cells[0].runs[0].digest == cells[1].runs[0].digest
    said = StringIO()
    show(cells, Console(file=said, width=120))
    assert "Memory at most" in said.getvalue()
