"""When so much cannot be understood that the fault is ours, not the records'. Pausing is left to the loop."""

from collections import deque

WINDOW = 1000
MOST_IN_WINDOW = WINDOW // 10
MOST_IN_A_ROW = 100


class StopRule:
    """Trips at the 100th bad element in a row, or at the 101st among the last 1,000.

    A source with fewer than 1,000 elements behind it is not judged by its share (60 bad of the first 300 may pass:
    a beginning is often rough), but the 101st bad one trips at once: whatever follows, 10 % is already passed.
    """

    def __init__(self) -> None:
        self.tripped: str | None = None
        self._seen = 0
        self._in_a_row = 0
        self._bad: deque[int] = deque()

    def count_good(self, elements: int) -> None:
        if elements:
            self._seen += elements
            self._in_a_row = 0

    def count_bad(self) -> None:
        self._seen += 1
        self._in_a_row += 1
        self._bad.append(self._seen)
        while self._bad[0] <= self._seen - WINDOW:
            self._bad.popleft()
        if self._in_a_row >= MOST_IN_A_ROW:
            self.tripped = f"{MOST_IN_A_ROW} in a row could not be understood"
        elif len(self._bad) > MOST_IN_WINDOW:
            self.tripped = f"more than 10 % of the last {WINDOW:,} could not be understood"

    def copy(self) -> "StopRule":
        """The same state, apart: a batch that could not be recorded is counted again from here."""
        twin = StopRule()
        twin.tripped = self.tripped
        twin._seen = self._seen
        twin._in_a_row = self._in_a_row
        twin._bad = self._bad.copy()
        return twin
