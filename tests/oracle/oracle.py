"""The oracle: every reading of every target by brute force over the raw streams. No ledger, no sets, no code of `metrics`.

It reads what the settings name (streams, directory, catalogue) once, and answers for any moment after.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from config.duration import Span
from config.schema import Settings, Target
from tests.oracle.acts import gather, join, name_kinds
from tests.oracle.answers import Answer, Tools
from tests.oracle.cases import Case, Shows
from tests.oracle.catalogue import meant_for, read_catalogue
from tests.oracle.day_answers import AgeAnswer, DayAnswer
from tests.oracle.deeds import drawer, find_deed, gather_kinds, hold_out
from tests.oracle.derived import segment_gap
from tests.oracle.directory import Directory
from tests.oracle.given import gather_given, join_given
from tests.oracle.item_answers import ItemAnswer
from tests.oracle.items import gather_items, gather_raisers
from tests.oracle.kinds import DAYS, ITEM, NO_PEOPLE, PERIOD
from tests.oracle.machines import judge_together
from tests.oracle.means import Means
from tests.oracle.period_answers import PeriodAnswer
from tests.oracle.purposes import PurposeAnswer
from tests.oracle.ranks import rank
from tests.oracle.raw import Announced, Heard, RawEvent, is_seen, read_source
from tests.oracle.reading import OracleReading
from tests.oracle.states import States
from tests.oracle.tokens import Tokens, alone, as_tokens
from tests.oracle.traffic import gather_facts
from tests.oracle.units import UnitBuilder
from tests.oracle.windows import Clocks
from tests.oracle.world import World


class Oracle:
    """`shows`: decoder to the actions it can show, for sources that do not say. `key`: that of the pseudonyms, needed only
    where events or rows carry pseudonyms made elsewhere; without it people go by their plain identifiers. `is_past`: the moments asked
    about are of a recorded past."""

    def __init__(
        self,
        settings: Settings,
        *,
        shows: Mapping[str, frozenset[str]],
        key: bytes | None = None,
        is_past: bool = False,
    ) -> None:
        clocks = Clocks(settings.organisation)
        name = lru_cache(maxsize=None)(_namer(key))
        heard = [heard for source in settings.sources for heard in read_source(source, name)]
        self._heard: Sequence[Heard] = as_tokens(heard) if settings.mode == "cells" else heard
        by_cells, by_file = Tokens(self._heard), Directory(settings.directory, clocks, name)
        self._tokens = by_cells if settings.mode == "cells" else None
        directory = self._tokens or by_file
        states = States(settings, Shows(settings, shows), clocks, directory.called)
        builder = UnitBuilder(settings, states, clocks, Means(states, settings.indicators))
        self._settings = settings
        self._is_past = is_past
        self._draw = drawer(key or b"")
        self._tools = Tools(directory, states, builder, clocks, settings.indicators)

    def readings(self, now_us: int) -> list[OracleReading]:
        """Every reading of every target as of a moment (microseconds since 1970 UTC)."""
        world = self._world(now_us)
        return [reading for target in self._settings.targets for reading in self._answer(world, target)]

    def message_readings(self, now_us: int) -> list[OracleReading]:
        """For every target that speaks of messages, every one of them alone, over the whole audience."""
        world = self._world(now_us)
        readings: list[OracleReading] = []
        for target in self._settings.targets:
            if target.indicator not in PERIOD | ITEM | DAYS | NO_PEOPLE | {"segment_gap"}:
                readings += Answer(self._tools, target, world.cases, now_us).each_message()
        return readings

    def _answer(self, world: World, target: Target) -> Iterator[OracleReading]:
        if target.indicator in PERIOD:
            yield from PeriodAnswer(self._tools, world, target).all()
        elif target.indicator in ITEM:
            yield from ItemAnswer(self._tools, world, target).all()
        elif target.indicator in DAYS:
            late = max((self._tools.builder.lateness(each.channel) for each in self._settings.sources), default=0)
            yield from DayAnswer(self._tools, world, target, late).all()
        elif target.indicator == "maturity":
            yield from AgeAnswer(self._tools, world, target).all()
        elif target.indicator == "suppressed":
            return  # of what is published: see `count_suppressed`
        elif target.indicator == "purpose_success":
            targets, k = self._settings.targets, self._settings.disclosure.k
            day = self._tools.clocks.length(Span(1, "days", working=True))
            yield from PurposeAnswer(self._tools, world, target, targets, k=k, working_day=day).all()
        elif target.indicator == "segment_gap":
            of, k = self._settings.indicators.gap_of, self._settings.disclosure.k
            yield from segment_gap(target, of, k, lambda inner: self._answer(world, inner))
        else:
            yield from Answer(self._tools, target, world.cases, world.now_us).all()

    def _world(self, now_us: int) -> World:
        """What is known by now, with every message sent by then."""
        directory = self._tools.directory
        heard = [one for one in self._heard if is_seen(one, now_us, is_past=self._is_past)]
        announced = [one for one in heard if isinstance(one, Announced)]
        events = [one for one in heard if isinstance(one, RawEvent)]
        records, named, kinds = gather(events, directory.person), name_kinds(events), gather_kinds(events)
        given = gather_given(events, directory.person)
        cases = []
        messages = read_catalogue(self._settings.catalogue, announced)
        if self._tokens is not None:
            messages = alone(messages)
        for message in messages:
            if message.sent_us > now_us:
                continue
            references = sorted(message.references)
            record = join(records[reference] for reference in references if reference in records)
            if self._tokens is None:
                meant = meant_for(message, directory, directory.called)
                held = hold_out(message, meant, directory, self._draw)
            else:
                meant, held = self._tokens.meant(message), {}
            audience = {person: row for person, row in meant.items() if person not in held}
            case = Case(
                message=message,
                audience=audience,
                record=judge_together(record, audience, message.links),
                sender=directory.called(message.sender) if message.sender else None,
                named=named,
                everybody=directory.at(message.sent_us),
                rank=rank(message, messages),
                given=join_given(given[reference] for reference in references if reference in given),
            )
            cases.append(replace(case, deed=find_deed(case, held, messages, records, kinds)))
        raisers, facts = gather_raisers(events, directory.person), gather_facts(events, directory, messages)
        return World(now_us, cases, gather_items(events), raisers, named, facts)


def _namer(key: bytes | None) -> Callable[[str], str]:
    """From an identifier as written to the name a person goes by inside: normalised, and hashed where there is a key."""

    def name(identifier: str) -> str:
        normal = unicodedata.normalize("NFKC", identifier.strip()).lower()
        return normal if key is None else hmac.new(key, normal.encode(), hashlib.sha256).hexdigest()

    return name
