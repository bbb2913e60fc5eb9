"""What is known of files: looked at when they change, and now and then aside, where nobody waits for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from msevidence.server.whole import Whole


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file as it was written."""
    path = tmp_path / "file"
    path.write_text("right")
    return path


def test_a_file_is_looked_at_once_and_again_when_it_changes(file: Path) -> None:
    whole, looks = Whole(), []

    def find() -> str | None:
        looks.append(file.read_text())
        return None if looks[-1] == "right" else "wrong"

    assert [whole.fault(file, "hash", find) for _ in range(3)] == [None] * 3
    assert looks == ["right"]
    assert whole.fault(file, "hash", find, anew=True) is None and len(looks) == 2
    file.write_text("turned")
    assert whole.fault(file, "hash", find) == "wrong"
    with pytest.raises(FileNotFoundError):
        whole.fault(file.with_name("none"), "hash", find)


def test_an_old_finding_is_returned_while_one_thread_looks_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msevidence.server.whole.CHECKED_FOR", -1.0)
    whole, gate, looked = Whole(), threading.Event(), threading.Semaphore(0)
    threads: list[int] = []

    def find() -> str | None:
        threads.append(threading.get_ident())
        assert gate.wait(20)
        looked.release()
        return "turned" if len(threads) > 1 else None

    gate.set()
    assert whole.fault(file, "hash", find) is None
    looked.acquire()
    gate.clear()
    assert [whole.fault(file, "hash", find) for _ in range(5)] == [None] * 5, "nobody waits"
    gate.set()
    assert looked.acquire(timeout=20)
    assert len(set(threads)) == 2 and len(threads) == 2, "one looks for all"
    for _ in range(1000):
        if whole.fault(file, "hash", find) == "turned":
            return
        threading.Event().wait(0.01)
    raise AssertionError("what was found aside is never told")


def test_many_who_ask_first_wait_for_one_finding(file: Path) -> None:
    whole, gate, begun = Whole(), threading.Event(), threading.Semaphore(0)
    looks, found = [], []

    def find() -> str | None:
        looks.append(1)
        assert gate.wait(20)
        return "wrong"

    def ask() -> None:
        begun.release()
        found.append(whole.fault(file, "hash", find))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert begun.acquire(timeout=20)
    gate.wait(0.1)  # until all are there: who comes later has the finding before it
    gate.set()
    for thread in threads:
        thread.join(20)
    assert (found, len(looks)) == (["wrong"] * 8, 1)
