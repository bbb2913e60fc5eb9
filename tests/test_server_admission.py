"""Who may run next in a lane: bounds, turns, and what a client with long queries leaves to others."""

from __future__ import annotations

import threading
import time

import pytest

from msevidence.server import admission, errors
from msevidence.server.admission import Admission

PATIENCE = 30.0


def wait(lane: Admission, client: str, entered: list[str]) -> threading.Thread:
    """Start a thread that waits for a slot, notes its client once it has it, and leaves; return when it waits."""

    def enter() -> None:
        with lane.slot(client):
            entered.append(client)

    before = lane.load()
    thread = threading.Thread(target=enter)
    thread.start()
    while lane.load() == before:
        time.sleep(0.001)
    return thread


def test_clients_take_turns_and_no_one_waits_behind_anothers_queue() -> None:
    lane = Admission(slots=1, waiting=10, per_client=5, patience=PATIENCE)
    entered: list[str] = []
    with lane.slot("first"):
        threads = [wait(lane, client, entered) for client in ("many", "many", "many", "one")]
        assert lane.load() == (1, 4)
        assert entered == []
    for thread in threads:
        thread.join()
    assert entered == ["many", "one", "many", "many"]
    assert lane.load() == (0, 0)


def test_a_client_has_only_so_many_requests() -> None:
    lane = Admission(slots=2, waiting=10, per_client=2, patience=PATIENCE)
    with lane.slot("one"), lane.slot("one"):
        with pytest.raises(errors.TooManyRequests) as refusal, lane.slot("one"):
            raise AssertionError("a third request ran")
        assert refusal.value.status == 429
        assert int(refusal.value.headers["Retry-After"]) > 0


def test_a_full_queue_refuses_at_once() -> None:
    lane = Admission(slots=1, waiting=0, per_client=5, patience=PATIENCE)
    with lane.slot("one"):
        with pytest.raises(errors.Overloaded) as refusal, lane.slot("two"):
            raise AssertionError("it ran beside the other")
        assert refusal.value.status == 503
    with lane.slot("two"):
        assert lane.load() == (1, 0)


def test_patience_ends() -> None:
    lane = Admission(slots=1, waiting=5, per_client=5, patience=0.01)
    with lane.slot("one"):
        with pytest.raises(errors.Overloaded), lane.slot("two"):
            raise AssertionError("it ran beside the other")
        assert lane.load() == (1, 0)


def test_a_client_with_a_long_query_leaves_the_last_worker_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LONG", -1.0)  # every query counts as long
    lane = Admission(slots=2, waiting=0, per_client=5, patience=PATIENCE)
    with lane.slot("other"):
        pass
    with lane.slot("slow"), lane.slot("slow"):
        assert lane.load() == (2, 0)
    with lane.slot("slow"):
        with pytest.raises(errors.HeldBack, match="kept for them") as refusal, lane.slot("slow"):
            raise AssertionError("it took the last worker")
        assert refusal.value.status == 429
        assert 0 < int(refusal.value.headers["Retry-After"]) <= admission.PENALTY
        with lane.slot("new"):
            assert lane.load() == (2, 0)
            with (
                pytest.raises(errors.Overloaded, match="All workers are busy, and the queue is full"),
                lane.slot("slow"),
            ):
                raise AssertionError("there is no third worker")


def test_the_last_worker_is_kept_for_nobody_where_nobody_else_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LONG", -1.0)
    lane = Admission(slots=2, waiting=0, per_client=5, patience=PATIENCE)
    for _ in range(3):
        with lane.slot("slow"), lane.slot("slow"):
            assert lane.load() == (2, 0)
    with lane.slot("other"):
        pass
    monkeypatch.setattr(admission, "PENALTY", 0.0)  # as when the other has been away for long
    with lane.slot("slow"), lane.slot("slow"):
        assert lane.load() == (2, 0)


def test_who_waits_in_vain_hears_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LONG", -1.0)
    lane = Admission(slots=2, waiting=5, per_client=5, patience=0.01)
    in_vain = pytest.raises(errors.Overloaded, match=r"none came free in 0\.01 seconds")
    with lane.slot("other"), lane.slot("slow"), in_vain, lane.slot("third"):
        raise AssertionError("there is no third worker")
    with lane.slot("slow"):
        with pytest.raises(errors.HeldBack), lane.slot("slow"):
            raise AssertionError("it took the last worker")
        assert lane.load() == (1, 0)


def test_an_error_inside_gives_the_slot_back() -> None:
    lane = Admission(slots=1, waiting=0, per_client=1, patience=PATIENCE)
    with pytest.raises(KeyError), lane.slot("one"):
        raise KeyError
    with lane.slot("one"):
        assert lane.load() == (1, 0)


def test_who_fills_the_queue_gives_way_to_who_has_little_in_it() -> None:
    lane = Admission(slots=1, waiting=3, per_client=5, patience=PATIENCE)
    entered: list[str] = []
    refused: list[errors.Problem] = []

    def enter() -> None:
        try:
            with lane.slot("many"):
                entered.append("many")
        except errors.Overloaded as refusal:
            refused.append(refusal)

    with lane.slot("first"):
        threads = [threading.Thread(target=enter) for _ in range(3)]
        for thread in threads:
            thread.start()
        while lane.load() != (1, 3):
            time.sleep(0.001)
        with pytest.raises(errors.Overloaded, match="queue is full"), lane.slot("many"):
            raise AssertionError("its own give no way")
        called: list[str] = []
        ticket = lane.enter("one", lambda: called.append("one"))
        assert lane.load() == (1, 3) and not ticket.granted
        while not refused:
            time.sleep(0.001)
        assert "queue is full" in refused[0].detail
    while not called:
        time.sleep(0.001)
    assert ticket.granted
    lane.leave(ticket)
    for thread in threads:
        thread.join()
    assert entered == ["many", "many"] and lane.load() == (0, 0)


def long_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every query run for long, and for more than a moment."""
    monkeypatch.setattr(admission, "LONG", -1.0)
    monkeypatch.setattr(admission, "MOMENT", -1.0)


def test_what_runs_for_more_than_a_moment_makes_room_where_there_is_a_slow_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lane = Admission(slots=1, waiting=5, per_client=5, patience=PATIENCE, slow=1)
    lowered: list[str] = []
    granted: list[str] = []
    first = lane.enter("first", lambda: None)
    first.lower = lambda: lowered.append("first")
    second = lane.enter("second", lambda: granted.append("second"))
    second.lower = lambda: lowered.append("second")
    third = lane.enter("third", lambda: granted.append("third"))
    lane.look()
    assert (lowered, granted) == ([], [])  # the moment is not over
    monkeypatch.setattr(admission, "MOMENT", -1.0)
    lane.look()
    assert (lowered, granted) == (["first"], ["second"])
    assert first.slow and not second.slow and lane.load() == (2, 1)
    lane.look()  # the place is taken: the second goes on with less, and keeps its slot
    assert (lowered, granted) == (["first", "second"], ["second"])
    assert not second.slow and not third.granted
    lane.leave(second)
    assert granted == ["second", "third"]
    lane.leave(first)
    lane.leave(third)
    assert lane.load() == (0, 0)


def test_nobody_makes_room_where_nobody_else_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MOMENT", -1.0)
    lane = Admission(slots=1, waiting=5, per_client=5, patience=PATIENCE, slow=1)
    lowered: list[str] = []
    first, second = (lane.enter("one", lambda: None) for _ in range(2))
    first.lower = lambda: lowered.append("first")
    lane.look()
    assert lowered == [] and not second.granted and lane.load() == (1, 1)


def test_a_client_with_long_queries_has_the_slow_place_and_no_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    long_before(monkeypatch)
    lane = Admission(slots=2, waiting=1, per_client=5, patience=PATIENCE, slow=1)
    with lane.slot("slow"):
        pass
    with lane.slot("other") as other:
        assert not other.slow
        with lane.slot("slow") as own:
            assert own.slow
            waiting = lane.enter("slow", lambda: None)
            assert not waiting.granted  # though a slot is free
            with lane.slot("new") as new:
                assert not new.slow and lane.load() == (3, 1)
            with pytest.raises(errors.HeldBack, match="a place of their own, which is taken now") as refusal:
                lane.let_in("slow")
            assert 0 < int(refusal.value.headers["Retry-After"]) <= admission.PENALTY
        assert waiting.granted and waiting.slow
    lane.leave(waiting)
    assert lane.load() == (0, 0)


def test_who_would_be_refused_is_told_from_who_would_wait() -> None:
    lane = Admission(slots=1, waiting=1, per_client=2, patience=PATIENCE)
    with lane.slot("one"):
        lane.let_in("one")
        lane.enter("one", lambda: None)
        with pytest.raises(errors.TooManyRequests):
            lane.let_in("one")
        with pytest.raises(errors.Overloaded, match="the queue is full"):
            lane.let_in("two")
        assert lane.load() == (1, 1)


def test_a_query_that_ends_while_it_is_looked_at_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread sets `lower` to None at any moment, without the lock."""
    monkeypatch.setattr(admission, "MOMENT", -1.0)
    lane = Admission(slots=2, waiting=5, per_client=5, patience=PATIENCE, slow=1)
    lane.leave(lane.enter("other", lambda: None))
    ticket = lane.enter("one", lambda: None)
    ticket.lower = lambda: None
    others = lane._others_than

    def ended_meanwhile(client: str) -> bool:
        ticket.lower = None
        return others(client)

    monkeypatch.setattr(lane, "_others_than", ended_meanwhile)
    lane.look()
    assert not ticket.lowered and not ticket.slow


def test_whose_time_of_waiting_is_over_is_let_in_by_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(admission.time, "monotonic", lambda: now[0])
    lane = Admission(slots=2, waiting=16, per_client=8, patience=PATIENCE, slow=1)
    lane.leave(lane.enter("b", lambda: None))
    first = lane.enter("a", lambda: None)
    now[0] += 2
    lane.leave(first)  # it ran long: a is held until 1,062
    now[0] = 1_050
    lane.leave(lane.enter("b", lambda: None))
    now[0] = 1_055
    slow, waiting = lane.enter("a", lambda: None), lane.enter("a", lambda: None)
    assert slow.slow and not waiting.granted
    now[0] = 1_063
    lane.look()
    assert waiting.granted and lane.enter("b", lambda: None).granted


def test_what_was_lowered_in_its_slot_goes_to_a_slow_place_that_is_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(admission.time, "monotonic", lambda: now[0])
    lane = Admission(slots=2, waiting=16, per_client=8, patience=PATIENCE, slow=1)
    first, second, third, fourth = (lane.enter(name, lambda: None) for name in "abcd")
    for ticket in (first, second, third):
        ticket.lower = lambda: None
    for _ in range(2):
        now[0] += 0.2
        lane.look()
    assert first.slow and second.lowered and third.lowered and not fourth.granted
    lane.leave(first)
    lane.look()
    assert second.slow and fourth.granted
