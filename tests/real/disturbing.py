"""What one disturbance after another is made of, whatever they are, and what is told of them. Those of workers, database and one broker are
`disturbances`, those of several brokers `leaders`."""

import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from tests.real.tortured import Tortured, some_seconds

Way = tuple[int, str, Callable[[], None]]
"""How often in comparison, what, and how it is done."""


class Disturbing:
    """`latest`: what was begun last; `done`: how often each was; `seconds`: how long all of a kind took; `missed`: how many came to
    nothing, since a named point or a COMMIT was not come to; `badly_ended`: what workers told that did not end well on SIGTERM; `workers`:
    how many there are at once."""

    def __init__(self, tortured: Tortured, seed: int, ways: Sequence[Way], *, workers: int) -> None:
        self.latest = "the beginning"
        self.done: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.missed = 0
        self.badly_ended: list[str] = []
        self.workers = workers
        self._tortured = tortured
        self._rng = random.Random(seed)
        self._ways = ways

    def run(self, length: int, minutes: float) -> None:
        """So many, or fewer where the minutes are over."""
        late = time.monotonic() + 60 * minutes
        for _ in range(self.workers):
            self._tortured.start()
        for number in range(length):
            if time.monotonic() > late:
                break
            (way,) = self._rng.choices(self._ways, [weight for weight, *_ in self._ways])
            began, self.latest = time.monotonic(), way[1]
            way[2]()
            took = time.monotonic() - began
            print(f"{number + 1} of {length}: {way[1]}, {took:.1f} s", file=sys.stderr)
            self.done[way[1]] += 1
            self.seconds[way[1]] += took
            self._fill_up()
            time.sleep(some_seconds(self._rng, 3))

    def living(self) -> list[subprocess.Popen[bytes]]:
        return [worker for worker in self._tortured.workers if worker.poll() is None]

    def _fill_up(self) -> None:
        for _ in range(self.workers - len(self.living())):
            self._tortured.start()

    def _one(self) -> subprocess.Popen[bytes] | None:
        return self._rng.choice(self.living() or [None])
