"""Work of which there is one at a time, statements that end, and addresses that are too long."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from msevidence.server import errors, index, turns
from msevidence.server.count_numbers import read_numbers
from msevidence.server.index import Index
from msevidence.server.releases import current
from msevidence.server.turns import Turns
from tests.pages_site import client_of, publish_pages

SAID = errors.Words("it is being done", "det blir gjort")


def test_one_has_the_turn_and_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Turns(SAID)
    inside, refused, order = threading.Event(), [], []
    end = threading.Event()

    def hold(number: int) -> None:
        try:
            with one.turn(), one.turn():  # who has it may take it again
                order.append(number)
                inside.set()
                end.wait(30)
        except errors.Unavailable as error:
            refused.append(error.detail)

    threads = [threading.Thread(target=hold, args=(number,)) for number in range(turns.WAITING + 3)]
    threads[0].start()
    assert inside.wait(30)
    for thread in threads[1:]:
        thread.start()
    while len(refused) < 3:
        threads[-1].join(0.01)
    assert len(order) == 1
    end.set()
    for thread in threads:
        thread.join(30)
    assert len(order) == turns.WAITING and refused == [SAID.en] * 3
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    end.clear()
    inside.clear()
    first = threading.Thread(target=hold, args=(9,))
    first.start()
    assert inside.wait(30)
    with pytest.raises(errors.Unavailable), one.turn():
        pass
    end.set()
    first.join(30)
    with one.turn():
        pass


def test_a_statement_that_runs_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_pages(tmp_path)
    opened = Index(current(tmp_path).index)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n"
    monkeypatch.setattr(index, "STATEMENT", 0.05)
    some = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 900000) SELECT COUNT(x) FROM n"
    assert opened.rows(some) == [(900_000,)], "a command is not ended"
    with client_of(tmp_path) as client:
        app = client.application
        monkeypatch.setattr(index, "REQUEST", 0.14)
        with app.test_request_context("/"):
            for _ in range(2):
                with pytest.raises(errors.SearchTimedOut):
                    opened.rows(endless)
            with pytest.raises(errors.SearchTimedOut):
                for _ in range(1_000):
                    opened.rows(
                        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 90000) SELECT x FROM n"
                    )
        with app.test_request_context("/"):
            assert opened.rows("SELECT 1") == [(1,)]


def test_long_runs_of_signs_in_a_list_of_numbers_are_read_once() -> None:
    """Each of these took minutes of Python's lock when a run was read anew from each of its signs."""
    for run in (".", "#", " .", "-", ":-", "EU CT"):
        read = read_numbers("NCT" + run * (99_000 // len(run)) + "x")
        assert not read.numbers


def test_the_address_of_a_page_has_an_end(tmp_path: Path) -> None:
    publish_pages(tmp_path)
    with client_of(tmp_path) as client:
        assert client.get("/studies?q=" + "a" * 20_000).status_code == 414
        assert client.get("/count?numbers=NCT00273364" + "+" * 20_000).status_code == 200
        asked = client.get("/search?q=" + "%22" * 5_000)
        assert asked.status_code == 200 and len(asked.data) < 200_000
        assert len(client.get("/dataset?format=" + "x" * 10_000).data) < 5_000
