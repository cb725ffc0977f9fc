"""One thing wrong with a configuration, and how people read it. Finding problems is left to `config.load` and to the rooms' checks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

_LONGEST = 60
_URL_BODY = re.compile(r"://\S+")
HIDDEN = "a value that is not shown"


@dataclass(frozen=True, order=True)
class Problem:
    """`path`: where in the file (`targets[2].value`); `found`: the value there (`written` makes it fit to print; empty: as it is
    written in the file); `allowed`: what may stand there; `mend`: what to do about it, where there is more to say.

    `place` (`line 41`, or the variable it came from) is filled in by `config.load`. `rests_on`: other paths that the
    judgement rests on; where one of those could not be read, the problem is withheld, since it might be none.
    """

    path: str
    found: str
    allowed: str
    mend: str = ""
    place: str = field(default="", compare=False)
    rests_on: tuple[str, ...] = field(default=(), compare=False)

    @property
    def where(self) -> str:
        return f"{self.path}, {self.place}" if self.place else self.path

    def __str__(self) -> str:
        sentence = f"{self.where}: found {self.found}; allowed: {self.allowed}"
        return f"{sentence}. {self.mend}" if self.mend else sentence


def written(value: Any) -> str:
    """A value as people read it in a problem: as written, shortened, on one line; of lists and mappings the size alone,
    and of a URL its scheme, since there may be a password in the rest."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return f"a mapping of {len(value)} key{'' if len(value) == 1 else 's'}"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    line = _URL_BODY.sub("://...", " ".join(printable(str(value)).split()))
    if not line:
        return "an empty text"
    return f"`{line}`" if len(line) <= _LONGEST else f"`{line[: _LONGEST - 3]}...`"


def printable(text: str) -> str:
    """The text without what a terminal would obey or could not print; line ends and tabs become spaces."""
    spaced = re.sub(r"[\t\r\n]", " ", text)
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in spaced)


def choices(words: Sequence[str]) -> str:
    """What may stand somewhere, as a list in words: "`a`, `b` or `c`"; "nothing" for an empty one."""
    quoted = [f"`{word}`" for word in words]
    if not quoted:
        return "nothing"
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, whatever its case; empty where none is near."""
    words = {name.lower(): name for name in known}
    near = get_close_matches(word[:80].lower(), list(words), n=1, cutoff=0.6)
    return f"Did you mean `{words[near[0]]}`?" if near else ""


def format_problems(problems: Sequence[Problem]) -> str:
    """All problems, one block each, as `./earshot check` prints them (without a line end after the last)."""
    return "\n\n".join(_block(problem) for problem in problems)


def summarise(problems: Sequence[Problem], file: str) -> str:
    """The sentence under the problems, or the one that says there are none."""
    if not problems:
        return f"{file}: no problems found."
    number = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return f"{file}: {number}. Nothing runs on a configuration with problems."


def _block(problem: Problem) -> str:
    lines = [f"{problem.where}: found {problem.found}", f"    allowed: {problem.allowed}"]
    if problem.mend:
        lines.append(f"    to mend: {problem.mend}")
    return "\n".join(lines)
