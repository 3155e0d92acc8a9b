"""The fair queue of page scripts: their order, their length; no way of ending holds others back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from time import monotonic, sleep

import pytest

from onemind.ui.base.fair_queue import (
    FOLD,
    MOST_PATIENCE,
    REMEMBERED,
    FairQueue,
    Line,
)

LONG = 30.0  # seconds; nothing here takes so long unless somebody is held back


def test_whoever_came_first_begins_first() -> None:
    line: Line[str] = Line(places=1, patience=1.0)
    line.waiting.extend("abc")
    assert [line.call(0.0), line.call(0.5)] == [["a"], []]
    line.leave("a")
    assert line.call(0.5) == ["b"]
    line.leave("b")
    assert line.call(0.6) == ["c"]


def test_as_many_begin_as_there_are_places() -> None:
    line: Line[str] = Line(places=2, patience=1.0)
    line.waiting.extend("abc")
    assert line.call(0.0) == ["a", "b"]


def test_a_turn_past_its_patience_does_not_count() -> None:
    line: Line[str] = Line(places=1, patience=1.0)
    line.waiting.extend("abc")
    line.call(5.0)
    assert line.wait(5.25) == 0.75
    assert [line.call(5.99), line.call(6.0)] == [[], ["b"]]
    line.leave("a")  # late: this must not end the turn of b
    assert line.call(6.5) == []


def test_patience_is_a_few_times_what_turns_take() -> None:
    line: Line[str] = Line(places=1, patience=0.05)
    for _ in range(5):
        line.took(0.004)
    assert line.patience == 0.05  # a quick machine
    for _ in range(REMEMBERED):
        line.took(0.06)
    assert line.patience == pytest.approx(FOLD * 0.06)
    line.took(9.0)  # one that waited for the database
    assert line.patience == pytest.approx(FOLD * 0.06)
    for _ in range(REMEMBERED):
        line.took(3.0)
    assert line.patience == MOST_PATIENCE


def test_a_slow_machine_does_not_let_everybody_begin() -> None:
    turns, together, most = FairQueue(places=1, patience=0.01), [], []

    def take(place: int) -> None:
        with turns.turn():
            together.append(place)
            most.append(len(together))
            sleep(0.03)
            together.remove(place)

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(take, range(30), timeout=LONG))
    assert most[-10:] == [1] * 10


def test_whoever_leaves_before_the_turn_is_not_called() -> None:
    line: Line[str] = Line(places=1, patience=1.0)
    line.waiting.extend("abc")
    line.call(0.0)
    line.leave("b")
    line.leave("a")
    assert line.call(0.1) == ["c"]


def test_a_free_place_is_not_waited_for() -> None:
    assert Line(places=1, patience=1.0).wait(9.0) == 0.0


def _queue(turns: FairQueue, number: int, done: list[int]) -> list[Thread]:
    """Let threads queue up, one after the other."""
    made = []
    for place in range(number):
        thread = Thread(target=_take, args=(turns, place, done), daemon=True)
        thread.start()
        made.append(thread)
        while len(turns._line.waiting) <= place:
            sleep(0.001)
    return made


def _take(turns: FairQueue, place: int, done: list[int]) -> None:
    with turns.turn():
        done.append(place)


def test_threads_run_in_the_order_in_which_they_came() -> None:
    turns = FairQueue(places=1, patience=LONG)
    done: list[int] = []
    with turns.turn():
        made = _queue(turns, 40, done)
        assert done == []
    for thread in made:
        thread.join(LONG)
    assert done == list(range(40))


def test_a_slow_script_holds_others_back_for_its_patience_only() -> None:
    turns = FairQueue(places=1, patience=0.02)
    done: list[int] = []
    with turns.turn():
        start = monotonic()
        made = [Thread(target=_take, args=(turns, place, done), daemon=True) for place in (0, 1)]
        for thread in made:
            thread.start()
        for thread in made:
            thread.join(LONG)
        assert sorted(done) == [0, 1]
        assert monotonic() - start >= 0.02


def test_slow_scripts_do_not_stop_the_line_however_many_they_are() -> None:
    turns, begun, over = FairQueue(places=1, patience=0.01), [], Event()

    def wait(place: int) -> None:
        with turns.turn():
            begun.append(place)
            over.wait(LONG)

    made = [Thread(target=wait, args=(place,), daemon=True) for place in range(6)]
    for thread in made:
        thread.start()
    until = monotonic() + LONG
    while len(begun) < len(made) and monotonic() < until:
        sleep(0.001)
    assert sorted(begun) == list(range(6))
    over.set()
    for thread in made:
        thread.join(LONG)
    assert not turns._line._begun


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt])
def test_a_script_that_is_stopped_frees_its_turn(error: type[BaseException]) -> None:
    turns = FairQueue(places=1, patience=LONG)
    done: list[int] = []
    with pytest.raises(error), turns.turn():
        raise error
    thread = Thread(target=_take, args=(turns, 1, done), daemon=True)
    thread.start()
    thread.join(LONG)
    assert done == [1]
    assert not turns._line.waiting


def test_a_turn_within_a_turn_is_part_of_it() -> None:
    turns = FairQueue(places=1, patience=LONG)
    done: list[int] = []
    with turns.turn():
        _take(turns, 1, done)
        other = Thread(target=_take, args=(turns, 2, done), daemon=True)
        other.start()
        while not turns._line.waiting:
            sleep(0.001)
        assert done == [1]
    other.join(LONG)
    assert done == [1, 2]


def test_no_more_run_at_once_than_there_are_places() -> None:
    turns, together, most, start = FairQueue(places=2, patience=LONG), [], [], Barrier(60)

    def take(place: int) -> None:
        start.wait(LONG)
        for _ in range(20):
            with turns.turn():
                together.append(place)
                most.append(len(together))
                together.remove(place)

    with ThreadPoolExecutor(60) as pool:
        list(pool.map(take, range(60), timeout=LONG))
    assert len(most) == 60 * 20
    assert max(most) <= 2
    assert not turns._line.waiting
