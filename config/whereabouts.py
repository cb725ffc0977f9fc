"""Where in the file (or in which variable) things stand, and what of it is in doubt: problems get their place, their order and
what was written from here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from config.problem import Problem

_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[\d+\])$")


@dataclass(frozen=True)
class Whereabouts:
    """All by path. `places`: in the order of the file; `written`: values fit to print; `doubtful`: what could not be read."""

    places: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()

    def complete(self, problem: Problem) -> Problem:
        """With its place (or that of what it would stand in) and what was found there, where those are not said."""
        return replace(
            problem,
            found=problem.found or self.written.get(problem.path, "nothing"),
            place=problem.place or self.places.get(self._nearest(problem.path), ""),
        )

    def in_doubt(self, problem: Problem) -> bool:
        """Whether it rests on what could not be read."""
        return any(_related(path, doubtful) for path in (problem.path, *problem.rests_on) for doubtful in self.doubtful)

    def arrange(self, problems: list[Problem]) -> list[Problem]:
        """In the order of the file; first what stands nowhere in it."""
        order = {path: number for number, path in enumerate(self.places)}
        return sorted(problems, key=lambda problem: (order.get(self._nearest(problem.path), -1), problem))

    def _nearest(self, path: str) -> str:
        while path and path not in self.places:
            shorter = _LAST_STEP.sub("", path)
            path = shorter if shorter != path else ""
        return path


def _related(one: str, other: str) -> bool:
    """Whether two paths are the same, or one lies in the other."""
    short, long = sorted((one, other), key=len)
    return long == short or long.startswith((f"{short}.", f"{short}["))
