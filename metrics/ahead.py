"""One step ahead: what comes next is made while what came last is still being used. What is made, and of what, is the caller's."""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def after(make: Callable[[Given], Made], given: Iterable[Given]) -> Generator[tuple[Given, Made]]:
    """Each with what `make` makes of it, one after the other."""
    for each in given:
        yield each, make(each)


def ahead(make: Callable[[Given], Made], given: Iterable[Given]) -> Generator[tuple[Given, Made]]:
    """Each with what `make` makes of it, in order; `make` runs in one thread of its own, at most one further than was asked for.

    Worth it where both sides let others run, as numpy, zlib and databases do. What `make` uses, nobody else may
    meanwhile: close the generator where it is not used to its end.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as thread:
        waiting: tuple[Given, Future[Made]] | None = None
        for each in given:
            coming = (each, thread.submit(make, each))
            if waiting is not None:
                yield waiting[0], waiting[1].result()
            waiting = coming
        if waiting is not None:
            yield waiting[0], waiting[1].result()
