"""Where in the file (or in which variable) things stand, and what of it is in doubt: problems get their place and order from here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from config.problem import Problem
from config.tree import place_of

_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[\d+\])$")
_ENTRY = re.compile(r"^(\w+)\[(\d+)\]")


@dataclass(frozen=True)
class Whereabouts:
    """All by path, as the file counts. `doubtful`: what could not be read. `kept`: for a list of which entries were left out,
    the numbers of those that stayed: checks see only these, and count otherwise than the file."""

    lines: Mapping[str, int] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    kept: Mapping[str, list[int]] = field(default_factory=dict)

    def place(self, problem: Problem) -> Problem:
        """With the variable or line that its path came from, or else the line of what it would stand in."""
        if problem.place:
            return problem
        variable = self.variables.get(problem.path)
        return replace(problem, place=variable or place_of(self._line(problem.path)))

    def admit(self, problem: Problem) -> Problem | None:
        """What a check found, counted as the file counts; None where the judgement rests on what could not be read."""
        path = self._as_the_file_counts(problem.path)
        rests_on = tuple(self._as_the_file_counts(other) for other in problem.rests_on)
        if any(_related(one, doubtful) for one in (path, *rests_on) for doubtful in self.doubtful):
            return None
        return self.place(replace(problem, path=path, rests_on=rests_on))

    def order(self, problem: Problem) -> tuple[int, Problem]:
        """What to sort problems by: the order of the file."""
        return self._line(problem.path), problem

    def _line(self, path: str) -> int:
        while path and path not in self.lines:
            shorter = _LAST_STEP.sub("", path)
            path = shorter if shorter != path else ""
        return self.lines.get(path, 0)

    def _as_the_file_counts(self, path: str) -> str:
        entry = _ENTRY.match(path)
        if entry is None or entry[1] not in self.kept:
            return path
        return f"{entry[1]}[{self.kept[entry[1]][int(entry[2])]}]{path[entry.end() :]}"


def _related(one: str, other: str) -> bool:
    """Whether two paths are the same, or one lies in the other."""
    short, long = sorted((one, other), key=len)
    return long == short or long.startswith((f"{short}.", f"{short}["))
