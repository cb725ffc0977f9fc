"""Whose managers stand above somebody. What these did is left to `states`."""

from collections.abc import Callable, Mapping

from tests.oracle.directory import Row


def managers_above(person: int, everybody: Mapping[int, Row], called: Callable[[str], int | None]) -> list[int] | None:
    """The managers above a person, the nearest first, among everybody there is at a moment; nobody above the top. None where
    one of them is not in the directory, or where the chain bites its own tail: nobody can tell."""
    chain = [person]
    while everybody[chain[-1]].manager:
        manager = called(everybody[chain[-1]].manager)
        if manager is None or manager not in everybody or manager in chain:
            return None
        chain.append(manager)
    return chain[1:]
