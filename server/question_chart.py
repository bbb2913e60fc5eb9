"""The answer to a stored question as a figure: which columns are drawn, what else could be, or why nothing can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.queries import Question
from msevidence.server import chart_drawing, i18n, result_chart
from msevidence.server.errors import BadRequest, Words
from msevidence.server.exhibits import Figure
from msevidence.server.result_chart import ROWS
from msevidence.server.result_page import Result


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the chart view of a question shows."""

    figure: Figure | None
    why: str = ""
    """Why there is no figure."""
    of: str = ""
    by: str = ""
    figures: Sequence[str] = ()
    """What could be drawn: columns of figures, and the count of rows."""
    names: Sequence[str] = ()
    """Columns that could name the bars."""


def drawing(question: Question, result: Result, language: str, query: str, of: str, by: str) -> Drawing:
    """Return the answer to a question as a figure.

    Args:
        question: that was asked.
        result: its answer.
        language: the reader's.
        query: the SPARQL as it was asked, with its values.
        of: the column of figures that the address names, or empty.
        by: the column that names the bars, or empty.

    Raises:
        BadRequest: the answer has no such columns.
    """
    try:
        chart = result_chart.chart(result, of, by)
    except result_chart.UnknownColumnError as error:
        raise BadRequest(
            Words(
                f"The answer has no column {str(error)[:60]!r} that could be drawn so.",
                f"Svaret har ingen kolonne {str(error)[:60]!r} som kan tegnes slik.",
            )
        ) from error
    except result_chart.NoChartError as error:
        return Drawing(None, i18n.text(str(error), language, most=result_chart.MOST), of, by)
    counted, by_name = i18n.text("chart-rows", language), " + ".join(chart.by)
    of_name = counted if chart.of == ROWS else chart.of
    title = i18n.text("chart-title", language, of=of_name, by=by_name)
    ends = [min(chart.bars, key=lambda bar: bar.value), max(chart.bars, key=lambda bar: bar.value)]
    said = {"bars": len(chart.bars), "question": question.titles[language]}
    said |= {"low": ends[0].shown, "lowest": ends[0].label.text, "high": ends[1].shown, "highest": ends[1].label.text}
    description = i18n.text("chart-description", language, **said)
    figure = Figure(
        key="chart",
        title=title,
        description=description,
        svg=chart_drawing.draw(chart, title, description),
        table=result_chart.table(chart, title, counted),
        query=query,
        style="chart",
        note=i18n.text("chart-counted", language) if chart.of == ROWS else "",
    )
    return Drawing(figure, "", chart.of, chart.by[0], [*chart.figures, ROWS], chart.names)
