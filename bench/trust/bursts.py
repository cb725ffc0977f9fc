"""How well the rules find scanners: over the traces of simulated companies, in which the truth knows who clicked, and over scanners and
readers of other paces than the simulation's. Through whose hands the traces come to the rules is tried elsewhere (`traces`)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import Tell
from bench.trust.road import UNTIL
from bench.trust.told import Size, Told, percent
from collectors.simulation.hours import day_of
from collectors.simulation.parameters import Parameters
from collectors.simulation.plan import Message
from collectors.simulation.traces import SIGN_LIST, Rows, Sign
from collectors.simulation.world import World
from metrics.facts import Key, detail_text, slot_of
from metrics.machines import LINKS, Sightings, find_likely

SEEDS = 3000
_DAYS = 42
_SCANNER_SECONDS = (5, 10, 20, 40, 60, 120)  # in which five links are followed
_READER_SECONDS = (5, 10, 20, 40, 60)  # between one of three links and the next, on average
_MOST_LINKS = 5
_SECOND = 1_000_000


class Found(NamedTuple):
    """Clicks: a person, a link, a slot, each once."""

    scanners: int = 0
    people: int = 0
    scanners_found: int = 0
    people_found: int = 0

    def __add__(self, other: object) -> "Found":
        if not isinstance(other, Found):
            return NotImplemented
        return Found(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        return self.scanners_found / max(self.scanners_found + self.people_found, 1)

    @property
    def recall(self) -> float:
        return self.scanners_found / max(self.scanners, 1)


def measure(size: Size, tell: Tell) -> Told:
    """The simulation's scanners, then scanners and readers by their pace."""
    found = {"bursts": Found(), "prompt": Found()}
    for number in range(size.roads):
        tell("scanners", number / size.roads)
        for message, rows in _mails(Parameters(size.people, _DAYS, SEEDS + number, UNTIL)):
            rule = "bursts" if message.template.links >= LINKS else "prompt"
            found[rule] += judge(rows, message.template.links)
    rows_ = [
        (
            f"`{rule}`",
            each.scanners,
            each.people,
            percent(each.precision),
            percent(each.recall),
            percent(each.scanners / max(each.scanners + each.people, 1)),
        )
        for rule, each in found.items()
    ]
    dice = np.random.default_rng(SEEDS)
    scanners = [(each, percent(_pace_found(_scanner(each, dice), size.classes))) for each in _SCANNER_SECONDS]
    readers = [(each, percent(_pace_found(_reader(each, dice), size.classes))) for each in _READER_SECONDS]
    tables = {
        "scanners": table(
            ("rule", "clicks of scanners", "of people", "precision", "recall", "naive: clicks that are nobody's"), rows_
        ),
        "scanner pace": table(("five links within, seconds", "clicks found"), scanners),
        "reader pace": table(("between two of three links, seconds", "clicks taken for a scanner's"), readers),
    }
    figures = [
        Figure(f"{rule}: {name}", getattr(each, name), "share", "")
        for rule, each in found.items()
        for name in ("precision", "recall")
    ]
    return Told(tables, (), figures)


def _mails(parameters: Parameters) -> Iterator[tuple[Message, Rows]]:
    world = World(parameters)
    first = day_of(parameters.start_us)
    for day in range(parameters.days):
        for message in world.messages(first + timedelta(days=day)):
            if message.template.channel == "email" and message.template.links:
                rows = world.rows(message, world.acts(message))
                yield message, rows[rows["damage"] == 0]


def judge(rows: Rows, links: int) -> Found:
    """What the rules say of one mail's traces, as the service lays them before them."""
    parts: dict[Key, Rows] = {}
    for code in np.unique(rows["sign"]).tolist():
        sign, some = SIGN_LIST[code], rows[rows["sign"] == code]
        for link in np.unique(some["detail"]).tolist() if sign.action == "clicked" else [0]:
            key = _key(sign, link)
            if key is not None:
                chosen = some[some["detail"] == link] if sign.action == "clicked" else some
                parts[key] = np.concatenate([parts[key], chosen]) if key in parts else chosen
    facts = np.concatenate(list(parts.values()))
    ends = np.cumsum([len(part) for part in parts.values()], dtype=np.intp)
    kinds = np.repeat([key.kind for key in parts], [len(part) for part in parts.values()])
    slots = np.array(
        [slot_of(kind, at) for kind, at in zip(kinds.tolist(), facts["at"].tolist(), strict=True)], dtype=np.uint32
    )
    people = facts["person"].astype(np.intp)
    likely = np.zeros(len(facts), dtype=np.bool_)
    likely[find_likely(Sightings(list(parts), ends, slots, people), links)] = True
    clicked = kinds == "clicked"
    scanned = np.array([sign.scanned for sign in SIGN_LIST])[facts["sign"]]
    return _count(np.stack([people, facts["detail"], slots], axis=1)[clicked], scanned[clicked], likely[clicked])


def _key(sign: Sign, link: int) -> Key | None:
    if sign.stream != "email" or sign.action not in ("clicked", "opened", "delivered"):
        return None
    detail = (
        detail_text("unknown", None, False, "link", f"https://example.org/{link}") if sign.action == "clicked" else ""
    )
    return Key("m", "email", sign.action, detail)


def _count(clicks: NDArray[np.int64], scanned: NDArray[np.bool_], likely: NDArray[np.bool_]) -> Found:
    """Whatever a person did too is a person's."""
    each, place = np.unique(clicks, axis=0, return_inverse=True)
    mine = np.bincount(place.reshape(-1), ~scanned, len(each)) > 0
    found = np.bincount(place.reshape(-1), likely, len(each)) > 0
    return Found(int((~mine).sum()), int(mine.sum()), int((found & ~mine).sum()), int((found & mine).sum()))


class _Pace(NamedTuple):
    """How one comes by some links: seconds from one moment, an array each time."""

    links: int
    mean: float
    spread_evenly: bool
    dice: np.random.Generator

    def draw(self) -> NDArray[np.float64]:
        begin = self.dice.uniform(0, 3600)
        if self.spread_evenly:
            return begin + self.dice.uniform(0, self.mean, self.links)
        return begin + np.cumsum(self.dice.exponential(self.mean, self.links))


def _scanner(seconds: float, dice: np.random.Generator) -> _Pace:
    return _Pace(_MOST_LINKS, seconds, spread_evenly=True, dice=dice)


def _reader(seconds: float, dice: np.random.Generator) -> _Pace:
    return _Pace(LINKS, seconds, spread_evenly=False, dice=dice)


def _pace_found(pace: _Pace, number: int) -> float:
    """The share of clicks, over so many people with one message each, that the rule takes for a scanner's."""
    seconds = np.stack([pace.draw() for _ in range(number)])
    slots = (seconds // 10).astype(np.uint32) + 100_000
    keys = [
        Key("m", "email", "clicked", detail_text("unknown", None, False, "link", f"https://example.org/{link}"))
        for link in range(pace.links)
    ]
    ends = np.arange(1, pace.links + 1, dtype=np.intp) * number
    people = np.tile(np.arange(number, dtype=np.intp), pace.links)
    return len(find_likely(Sightings(keys, ends, slots.T.reshape(-1), people), _MOST_LINKS)) / slots.size
