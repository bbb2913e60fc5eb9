"""The measurement of growth: what an exponent is fitted to, and which are held against the limit."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from tests.bench import growth_asked
from tests.bench.growth import fitted, measures, table
from tests.bench.servers import Server


def results(cpu: float, wall: float) -> dict[str, dict[str, Any]]:
    """Return results of three sizes: what grows by these exponents, above what there is without any study."""

    def of(size: int) -> dict[str, Any]:
        part = {"cpu_s": 2 + size**cpu, "wall_s": 5 + size**wall, "peak_bytes": 1_000_000 * (1 + size)}
        return {"build": {"parts": {"review": part}}, "serve": {"parts": {"page": {"median_ms": 3.0, "cpu_ms": 2.0}}}}

    return {str(size): of(size) for size in (0, 10, 100)}


def test_each_clock_is_fitted_apart_from_what_there_is_without_a_study() -> None:
    found = measures(results(cpu=1.0, wall=1.5))
    assert found["build: review, cpu_s"] == {0: 2, 10: 12, 100: 102}
    assert fitted(found["build: review, cpu_s"]) == pytest.approx(1.0)
    assert fitted(found["build: review, wall_s"]) == pytest.approx(1.5)
    assert fitted(found["build: review, peak_bytes"]) == pytest.approx(1.0)
    assert set(found["serve: page, cpu_ms"].values()) == {2.0}
    assert fitted(found["serve: page, cpu_ms"]) is None, "what does not grow has no exponent"


@pytest.mark.parametrize(("cpu", "marked"), [(1.05, False), (1.2, True)])
def test_cpu_time_is_held_against_the_limit_and_wall_time_is_not(cpu: float, marked: bool) -> None:
    out = StringIO()
    Console(width=120, file=out).print(table(results(cpu=cpu, wall=1.5)))
    rows = [line for line in out.getvalue().splitlines() if "build: review" in line]
    shown = {line.split(",")[1].split("│")[0].strip(): line for line in rows}
    assert set(shown) == {"CPU s", "s", "MB"}
    assert ("!" in shown["CPU s"]) is marked
    assert "1.50" in shown["s"] and "!" not in shown["s"]


def test_what_is_asked_is_measured_in_the_processes_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Response:
        status = 200

        def read(self) -> bytes:
            return b"body"

    class Connection:
        def __init__(self, *of: Any, **more: Any) -> None: ...

        def request(self, *of: Any, **more: Any) -> None: ...

        def getresponse(self) -> Response:
            return Response()

        def close(self) -> None: ...

    clock = iter((10.0, 10.5))
    monkeypatch.setattr(growth_asked.http.client, "HTTPConnection", Connection)
    monkeypatch.setattr(Server, "cpu", lambda self: next(clock))
    told = growth_asked._timed(Server("ours", "localhost", 1, "/", 1), ["/a", "/b", "/c", "/d", "/e"], "text/html")
    assert (told["asked"], told["body_bytes"]) == (5, 4)
    assert told["cpu_ms"] == pytest.approx(100)
