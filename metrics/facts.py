"""Facts: what sets and rows are made of, their slots and details. Making them of events is left to `translation`, keeping them to
`ledger`.

A fact is (message reference, channel, kind, detail, slot, person). Slots are counted in ticks of 10 seconds since
1970-01-01 UTC whatever their width, so that slots of all kinds compare.
"""

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import msgspec

TICK_SECONDS = 10
_TICK = TICK_SECONDS * 1_000_000
COARSE_TICKS = 30  # 5 minutes: what every window and delay is measured in
DAY_TICKS = 8640
UNTIMED = 2**32 - 1  # the slot of a fact whose source gives no time at all: later than everything
COLLAPSED = 0  # the slot of a fact whose time was forgotten: earlier than everything

# Kinds that show scanners by their bursts keep their ten seconds; who raised an item keeps the day alone, so that
# the item's own history (minutes) does not name its author.
_FINE = frozenset({"opened", "viewed", "clicked", "attended"})
_WHOLE_DAY = frozenset({"raised"})

TRACKED = frozenset({"opened", "viewed", "read", "clicked", "attended", "engaged", "downloaded"})
"""What is observed of people without their doing anything for it: not looked at where they object."""


class Key(NamedTuple):
    reference: str
    channel: str
    kind: str
    detail: str


class Row(msgspec.Struct, frozen=True):
    """The order in which rows that contradict each other stand: time (microseconds), id, content hash."""

    time: int
    id: str
    hash: str


class Answer(msgspec.Struct, frozen=True):
    """Newest wins for one (reference, person, question). `rated`: whether it is a rating of the message."""

    reference: str
    person: str
    question: str
    choice: str | None
    value: float | None
    rated: bool
    order: Row


class Reaction(msgspec.Struct, frozen=True):
    """Newest wins for one (reference, person, reaction); `stands` is false where it was taken back."""

    reference: str
    person: str
    reaction: str
    stands: bool
    order: Row


class ItemStep(msgspec.Struct, frozen=True):
    """Earliest wins for one (item, action). Nobody's name: items keep no author."""

    item: str
    action: str
    channel: str
    reference: str | None
    stance: str | None
    order: Row


class Facts(msgspec.Struct):
    """What a batch of events comes to. `sets`: key -> (slots, pseudonyms), two lists of one length.
    `anonymous`: events that no person can be counted for (traffic, not reach)."""

    sets: dict[Key, tuple[list[int], list[str]]]
    answers: list[Answer]
    reactions: list[Reaction]
    items: list[ItemStep]
    anonymous: int = 0


def _engaged_steps() -> list[int]:
    steps = list(range(61))
    grown = 60.0
    while steps[-1] < 86_400:
        grown *= 1.05
        steps.append(int(grown))
    return steps


_STEPS = _engaged_steps()


def engaged_step(seconds: float) -> int:
    """Seconds, whole to 60, then in steps of 5 %, rounded down; a day at most."""
    return _STEPS[max(bisect_right(_STEPS, seconds) - 1, 0)]


@lru_cache(maxsize=65_536)
def detail_text(
    machine: str, agent: str | None, untimed: bool, name: str | None = None, value: str | None = None
) -> str:
    """A fact's detail as one string: what says nothing is left out, so most details are empty."""
    pairs = []
    if machine != "unknown":
        pairs.append(("machine", machine))
    if agent is not None:
        pairs.append(("agent", agent))
    if untimed:
        pairs.append(("untimed", "1"))
    if name is not None and value is not None:
        pairs.append((name, value))
    return urlencode(pairs)


@lru_cache(maxsize=65_536)
def read_detail(detail: str) -> dict[str, str]:
    """The parts of a detail: machine, agent, untimed, and one of link, version, seconds, choice. Not to be changed."""
    return dict(parse_qsl(detail, keep_blank_values=True))


def slot_of(kind: str, microseconds: int) -> int:
    """The slot a moment lies in, in ticks, aligned to UTC."""
    tick = microseconds // _TICK
    return tick - tick % slot_width(kind)


def slot_width(kind: str) -> int:
    """How many ticks a slot of this kind is wide."""
    if kind in _FINE:
        return 1
    return DAY_TICKS if kind in _WHOLE_DAY else COARSE_TICKS
