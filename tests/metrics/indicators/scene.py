"""One message with people and what they did, made by hand: a view on it, for tests of single indicators."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from config.schema import Organisation
from metrics.answers import collect_answers
from metrics.audiences import find_audience
from metrics.clock import Clocks
from metrics.draw import drawer
from metrics.entries import read_entry
from metrics.facts import UNTIMED, Key, detail_text, slot_of
from metrics.indicator import Indicator
from metrics.ledger.directory_store import DirectoryRow
from metrics.ledger.sets import AnswerRow
from metrics.ledger.slots import SlotSet
from metrics.moments import read_moment
from metrics.reading import State
from metrics.sight import Sight
from metrics.view import Behind, View
from tests.metrics.test_people import people_of, pseudonym, register, row

SENT = "2026-03-02T09:00:00Z"  # a Monday
AT = read_moment(SENT, None)
HOUR = 3_600_000_000
_SHOWN = frozenset(
    {"delivered", "opened", "viewed", "read", "clicked", "attended", "acknowledged", "answered", "rated"}
)
_CLOCKS = Clocks(Organisation())


@dataclass
class Scene:
    """`people`: names, or rows of the directory; all of them are meant. `shows`: what the message's channel can show."""

    people: tuple[str | DirectoryRow, ...]
    shows: frozenset[str] = _SHOWN
    entry: Mapping[str, Any] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    rank: int | None = None

    def __post_init__(self) -> None:
        rows = [each if isinstance(each, DirectoryRow) else row(each) for each in self.people]
        self._names = [each.main.rstrip(b"\0").decode() for each in rows]
        self._directory = people_of(rows, register(*self._names))
        self._facts: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        self._answers: list[AnswerRow] = []

    def did(self, kind: str, *names: str, hours: float | None = 1, machine: str = "unknown", **detail: str) -> None:
        """At so many hours after the sending; None: nobody knows when."""
        slot = UNTIMED if hours is None else slot_of(kind, AT + int(hours * HOUR))
        (named, value), *_ = (*detail.items(), (None, None))
        key = Key("m", "intranet", kind, detail_text(machine, None, hours is None, named, value))
        self._facts[key] += [(slot, self._names.index(name) + 1) for name in names]

    def answered(
        self, name: str, question: str, choice: str | None = None, *, value: float | None = None, hours: float = 1
    ) -> None:
        """A choice, or a rating."""
        time = AT + int(hours * HOUR)
        number = self._names.index(name) + 1
        self._answers.append(AnswerRow("m", number, question, choice, value, time, "", "", value is not None))

    def view(self, **entry: Any) -> View:
        said = {"id": "m", "channel": "intranet", "sent_at": SENT, "audience": "all", **self.entry, **entry}
        message = read_entry(said)
        audience = find_audience(message, self._directory, drawer(b"")).audience
        assert audience is not None
        seen = {"intranet": self.shows}
        delivered = frozenset({"intranet"}) if "delivered" in self.shows else frozenset()
        sight = Sight(seen, delivered, {"default": 240.0}, seen)
        given = collect_answers(self._answers, audience, self._directory)
        behind = Behind(self._directory, self._directory.roster(AT), given, self.apart, rank=self.rank)
        view = View(message, audience, sight=sight, clocks=_CLOCKS, behind=behind)
        sets = {key: SlotSet.from_pairs(*np.array(facts).T) for key, facts in self._facts.items()}
        view.take(sets, self._directory, {})
        return view


def states(indicator: Indicator, view: View) -> list[State]:
    """Of everybody in the order of the directory, at the end of the indicator's own window."""
    assert indicator.classify is not None
    return [State(state) for state in indicator.classify(view, _end(indicator)).tolist()]


def sums(indicator: Indicator, *views: View) -> list[list[int]]:
    """What they come to, messages judged as one."""
    assert indicator.sums is not None
    people = np.unique(np.concatenate([view.audience.person for view in views]))
    found: list[list[int]] = indicator.sums([(view, _end(indicator)) for view in views], people).tolist()
    return found


def _end(indicator: Indicator) -> int:
    assert indicator.window is not None
    return _CLOCKS.deadline(AT // 1_000_000, indicator.window)


def named(name: str) -> str:
    """As an entry names somebody."""
    return pseudonym(name).hex()
