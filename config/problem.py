"""One thing wrong with a configuration, as people read it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """`path`: where in the file (`targets[2].value`); `found`: the value there, as written;
    `allowed`: what may stand there; `mend`: what to do about it, where there is more to say."""

    path: str
    found: str
    allowed: str
    mend: str = ""

    def __str__(self) -> str:
        sentence = f"{self.path}: found {self.found}; allowed: {self.allowed}"
        return f"{sentence}. {self.mend}" if self.mend else sentence
