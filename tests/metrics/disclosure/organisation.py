"""Random organisations for the attack: people who come, go and are erased, messages to many and to few, and the snapshots that the real
evaluator and publisher make of them. Who did what is drawn, everything after that is the product's own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from config.schema import Disclosure, Page, Settings, Target
from metrics.aims import Aims
from metrics.asks import Heard
from metrics.cells import Classed, Segments, count, merge
from metrics.classes import split
from metrics.clock import Clocks
from metrics.counting import Counted
from metrics.curves import Curves
from metrics.disclosing.blocks import find_blocks
from metrics.evaluate import Answers, Evaluator
from metrics.history import History
from metrics.looking_back import LookingBack
from metrics.messages import Catalogue, Message
from metrics.people import Coded
from metrics.publish import Publisher
from metrics.raised import Raised
from metrics.reading import State
from metrics.sight import Sight
from metrics.snapshot import PublishedReading, Snapshot, Versions
from metrics.traffic import Traffic
from metrics.trend import Trends
from metrics.units import find_units
from tests.metrics.disclosure.asked import EFFECTS, OF_DEEDS, PAST, TARGETS
from tests.metrics.disclosure.attacker import Public
from tests.metrics.disclosure.past import Became, footprints, settled_at, staff
from tests.metrics.disclosure.sent import Sent, only_named

DAY = 86_400
START = 1_790_640_000  # a midnight in UTC, as everything here is
ATTRIBUTES = ("department", "site", "area")
_IN_AREA = 3  # departments
_NEVER = np.iinfo(np.int64).max


class World:
    """One organisation. `people` about, `targets` or some of those above; the same seed gives the same."""

    def __init__(self, seed: int, people: int, targets: tuple[Target, ...] = ()) -> None:
        self.rng = np.random.default_rng(seed)
        rng = self.rng
        self.days = int(rng.integers(3, 9))
        self.size = people
        self._came = np.where(rng.random(people) < 0.9, -_NEVER, START + rng.integers(0, 30 * DAY, people))
        self._went = np.where(rng.random(people) < 0.9, _NEVER, START + rng.integers(0, 40 * DAY, people))
        self.codes = {"department": self._split(int(rng.integers(3, 10))), "site": self._split(int(rng.integers(2, 6)))}
        self.codes["area"] = np.where(self.codes["department"] < 0, -1, self.codes["department"] // _IN_AREA)
        self._misfits = int(rng.choice([0, 0, 2]))
        self.codes["area"][rng.integers(0, people, self._misfits)] = 0
        self._erased = np.zeros(people, dtype=np.bool_)
        wanted = rng.choice(len(TARGETS), int(rng.integers(3, 8)), replace=False)
        drawn = tuple(TARGETS[place] for place in sorted(wanted.tolist()))
        # Drawn apart, so that a seed's organisation is the same with and without them.
        self._more = np.random.default_rng((seed, 1))
        effects = self._more.choice(len(EFFECTS), int(self._more.integers(0, 3)), replace=False)
        drawn += tuple(EFFECTS[place] for place in sorted(effects.tolist()))
        self._later = np.random.default_rng((seed, 2))
        past = self._later.choice(len(PAST), int(self._later.integers(0, 5)), replace=False)
        drawn += tuple(PAST[place] for place in sorted(past.tolist()))
        self.settings = Settings(
            targets=targets or drawn,
            disclosure=Disclosure(k=int(rng.choice([5, 10]))),
            page=Page(messages=int(rng.choice([0, 3, 20]))),
        )
        self.clocks = Clocks(self.settings.organisation)
        self.sent = [self._hold_out(self._send(number)) for number in range(int(rng.integers(4, 26)))]
        self.catalogue = self._describe()
        self._evaluator = Evaluator(self.settings, clocks=self.clocks, lateness={})
        self._evaluator.describe(self.catalogue)
        nobody = np.zeros(0, dtype=np.int64)
        raised = Raised(nobody.astype(np.int32), nobody)
        sight = Sight({}, frozenset(), {})
        traffic = Traffic(self.clocks.local_date, wanted=False)
        self._evaluator.hear(
            Heard(
                sight,
                lambda _begin, _end: staff(self.codes, ~self._erased),
                raised,
                (),
                lambda _reference: None,
                (),
                {},
                traffic,
            )
        )
        self.moments = list(self._draw_moments())
        self._history = History(self.clocks)
        self._looking_back = LookingBack(self._history, self.clocks, self._evaluator.ask)
        self.became_past: list[Became] = []
        aims, trends = Aims(self.clocks, self._history), Trends(self.clocks, Curves())
        self.publisher = Publisher(self.settings, aims, trends, self.clocks)
        values = tuple(f"{code}" for code in range(64))
        self.publisher.blocks = find_blocks(
            {name: Coded(tuple(name[0] + value for value in values), codes) for name, codes in self.codes.items()}
        )

    def _split(self, parts: int) -> NDArray[np.int16]:
        """Segments of very different sizes, some of a few people; some people have none."""
        weights = self.rng.pareto(1.0, parts) + 0.02
        codes = self.rng.choice(parts, self.size, p=weights / weights.sum()).astype(np.int16)
        codes[self.rng.random(self.size) < 0.02 * self.rng.integers(0, 2)] = -1
        return codes

    @property
    def _complete(self) -> dict[str, list[str]]:
        """Attributes of which everybody has a value, with all that somebody has."""
        return {
            name: [f"{name[0]}{code}" for code in sorted(set(codes.tolist()))]
            for name, codes in self.codes.items()
            if codes.min() >= 0
        }

    @property
    def public(self) -> Public:
        """What everybody knows without any figure."""
        departments = sorted(set(self.codes["department"].tolist()) - {-1})
        return Public(
            sent_at={sent.message.id: (sent.message.sent_at or 0) // 1_000_000 for sent in self.sent}
            | settled_at(self.sent, self.clocks),
            complete=self._complete,
            inside={("department", f"d{code}"): ("area", f"a{code // _IN_AREA}") for code in departments},
            misfits=self._misfits,
        )

    def _send(self, number: int) -> Sent:
        rng = self.rng
        at = START + int(rng.integers(0, 30 * DAY + self.days * DAY))
        meant = (self._came <= at) & (self._went > at)
        kind = rng.random()
        if kind < 0.2:
            meant &= rng.random(self.size) < rng.random()
        elif kind < 0.35:
            name = str(rng.choice(ATTRIBUTES[:2]))
            meant &= np.isin(self.codes[name], rng.integers(0, self.codes[name].max() + 1, 2))
        person = np.flatnonzero(meant).astype(np.int32)
        entry = Message(
            id=f"m{number}",
            title="",
            channel="email",
            topic=str(rng.choice(["brand", "goals", "safety"])),
            sent_at=f"{np.datetime64(at, 's')}Z",
            campaign=f"c{number // 2}" if rng.random() < 0.2 else None,
        )
        eager = {
            name: rng.random() * rng.random() if name == "response" else rng.random() for name in ("reach", "response")
        }
        by_department = rng.random(64) * 1.5
        lift = by_department[self.codes["department"][person]]
        when = at + rng.exponential(DAY / 2, len(person)).astype(np.int64)
        did = {name: np.where(rng.random(len(person)) < share * lift, when, _NEVER) for name, share in eager.items()}
        did["reach"] = np.minimum(did["reach"], did["response"])
        did["opened"] = np.where(rng.random(len(person)) < 0.9, did["reach"], _NEVER)
        dark = rng.random(64) < rng.choice([0.0, 0.2])  # sites of which nothing is seen
        return Sent(
            entry,
            person,
            {
                name: Coded(tuple(f"{name[0]}{code}" for code in range(64)), codes[person])
                for name, codes in self.codes.items()
            },
            rng.random(len(person)) < rng.choice([0.8, 0.98, 1.0]),
            (rng.random(len(person)) < rng.choice([0.0, 0.1])) | dark[self.codes["site"][person]],
            did,
        )

    def _hold_out(self, sent: Sent) -> Sent:
        """Half of the messages want something done, and have a share of their audience held out."""
        rng = self._more
        wanted, share, lift = rng.random() < 0.5, rng.choice([0.1, 0.3]), rng.random()
        people = len(sent.person)
        held = rng.random(people) < share
        when = (sent.message.sent_at or 0) // 1_000_000 + rng.exponential(DAY / 2, people).astype(np.int64)
        eager = rng.random() * np.where(held, lift, 1.0)
        if not wanted:
            return sent
        sent.did["action"] = np.where(rng.random(people) < eager, when, _NEVER)
        return replace(sent.take(~held), held=sent.take(held))

    def _describe(self) -> Catalogue:
        messages = {sent.message.id: sent.message for sent in self.sent}
        units, _ = find_units(messages, {})
        unit_of = {id: unit for unit, ids in units.items() for id in ids}
        return Catalogue(messages, {id: id for id in messages}, units, (), 0, "", unit_of)

    def erase(self, people: int) -> None:
        self._erased[self.rng.integers(0, self.size, people)] = True
        self.publisher.erased += people

    def _class(self, sent: Sent, indicator: str, now: int, hours: int) -> Classed:
        kept = ~self._erased[sent.person]
        closes = min(now, int((sent.message.sent_at or 0) // 1_000_000) + hours * 3600)
        held = (
            None if sent.held is None or indicator != "action_effect" else self._class(sent.held, "action", now, hours)
        )
        if indicator == "delivered":
            states = np.where(sent.delivered, State.H, State.NOT)
        else:
            did = sent.did["action" if indicator in OF_DEEDS else indicator]
            states = np.where(did < closes, State.H, np.where(sent.unseen, State.U, State.NOT))
            states = states if indicator in ("reach", *OF_DEEDS) else np.where(sent.delivered, states, State.OUT)
        attributes = {name: only_named(coded.take(kept)) for name, coded in sent.attributes.items()}
        classed = Classed(sent.person[kept], attributes, states[kept].astype(np.uint8), sent.delivered[kept])
        return replace(classed, held=held)

    def _count(self, now: int) -> dict[str, Counted]:
        found: dict[str, Counted] = {unit: {} for unit in self.catalogue.units}
        by_id = {sent.message.id: sent for sent in self.sent if (sent.message.sent_at or 0) <= now * 1_000_000}
        measures = {(target.indicator, str(target.window)) for target in self.settings.targets if target.window}
        for indicator, window in measures:
            for unit, ids in self.catalogue.units.items():
                classed = {
                    id: self._class(by_id[id], indicator, now, int(window.split()[0]))
                    for id in ids
                    if id in by_id and (indicator not in OF_DEEDS or by_id[id].held is not None)
                }
                batches: set[tuple[str, ...]] = {(id,) for id in classed}
                for target in self.settings.targets:
                    parts = split([by_id[id].message for id in classed], target).values()
                    batches |= {tuple(message.id for message in part) for part in parts if part}
                for batch in batches:
                    merged = merge([classed[id] for id in batch])
                    segments = Segments(merged.attributes, ATTRIBUTES, len(merged.person))
                    found[unit][batch, f"{indicator}|{window}"] = count(merged, segments)
        return found

    def answer(self, now: int) -> Answers:
        self._evaluator.describe(self.catalogue, footprints(self.sent, self.clocks, now))
        self._evaluator.freeze(self._count(now))
        return self._evaluator.answer(now)

    def publish(self, answers: Answers, now: int, last: Snapshot | None) -> Snapshot:
        """With what has become past since, which stands in `became_past`."""
        self.became_past = []
        past = self._looking_back.find(self.settings.targets, (), now=now)
        readings = iter([reading for each in past for reading in each.readings])

        def keep(target: Target, period: str, start: date, published: Sequence[PublishedReading]) -> None:
            self._history.take(target, period, start, published)
            self.became_past += [(next(readings), each) for each in published]

        return self.publisher.snapshot(
            answers,
            self.catalogue.messages,
            as_of=now * 1_000_000,
            versions=Versions("1", "1", "1"),
            last=last,
            past=past,
            keep=keep,
        )

    def _draw_moments(self) -> Iterator[int]:
        """Up to three ticks a day, after the first month."""
        for day in range(30, 30 + self.days):
            for hour in sorted(self.rng.choice(24, int(self.rng.integers(1, 4)), replace=False).tolist()):
                yield START + day * DAY + hour * 3600 + 1800
