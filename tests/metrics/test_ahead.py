"""One step ahead: the order stays, failures arrive, and no more is made than one thing ahead."""

import threading
from collections.abc import Callable, Iterable, Iterator

import pytest

from metrics.ahead import after, ahead

Look = Callable[[Callable[[int], int], Iterable[int]], Iterator[tuple[int, int]]]


@pytest.mark.parametrize("look", [ahead, after])
def test_each_comes_with_what_was_made_of_it_in_order(look: Look) -> None:
    assert list(look(lambda number: number * number, [3, 1, 2])) == [(3, 9), (1, 1), (2, 4)]
    assert list(look(lambda number: number, [])) == []


def test_the_next_is_made_while_the_last_is_used() -> None:
    made = threading.Event()

    def make(name: str) -> str:
        if name == "second":
            made.set()
        return name

    for name, _ in ahead(make, ["first", "second"]):
        if name == "first":
            assert made.wait(10)


def test_no_more_is_asked_for_than_one_thing_ahead() -> None:
    asked: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(5):
            asked.append(number)
            yield number

    made = ahead(str, numbers())
    next(made)
    assert asked == [0, 1]
    made.close()


def test_a_failure_arrives_where_its_turn_is() -> None:
    def make(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number

    made = ahead(make, [1, 2, 3])
    assert next(made) == (1, 1)
    with pytest.raises(ValueError, match="two"):
        next(made)


def test_who_closes_it_early_may_use_what_the_making_used() -> None:
    at_work, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def make(number: int) -> int:
        if number == 2:
            at_work.set()
            go_on.wait(10)
            done.set()
        return number

    made = ahead(make, [1, 2, 3])
    next(made)
    assert at_work.wait(10)
    threading.Timer(0.05, go_on.set).start()
    made.close()
    assert done.is_set()
