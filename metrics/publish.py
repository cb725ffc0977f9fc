"""From answers to the published snapshot: coarsened, judged, the latest messages beside the classes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice, repeat

from msgspec import structs

from config.baseline import Baseline
from config.schema import USUAL_K, Settings, Target
from metrics.aims import Aims, direction_of
from metrics.clock import MICROSECONDS, Clocks
from metrics.disclosing.blocks import Block
from metrics.disclosing.cases import Asked, Case
from metrics.disclosing.round import Round
from metrics.disclosure import Disclosed, disclose, shown, shown_ahead
from metrics.evaluate import Answers
from metrics.hidden import hidden_readings
from metrics.history import Past
from metrics.indicators import INDICATORS
from metrics.listing import list_latest, say_rules
from metrics.messages import Message
from metrics.reading import CountOf, Judge, Reading
from metrics.readings import choose_judge
from metrics.siblings import chance_of, hold_siblings, one_a_series
from metrics.snapshot import PublishedReading, Snapshot, TargetInfo, Versions
from metrics.targets import hangs_on_one, judge, settling
from metrics.trend import NO_TREND, Trend, Trends

Keep = Callable[[Target, str, date, Sequence[PublishedReading]], None]
"""What becomes of a target's readings of a period that has become past."""


class Publisher:
    """Turns readings into what may be seen, by the configuration's k, targets and page. `teams`: attributes that tell nothing but
    who manages whom; `blocks`: segments that are made of others; `erased`: how many people have been."""

    def __init__(self, settings: Settings, aims: Aims, trends: Trends, clocks: Clocks) -> None:
        self._settings = settings
        self._aims = aims
        self._trends = trends
        self._clocks = clocks
        self.teams: frozenset[str] = frozenset()
        self.blocks: tuple[Block, ...] = ()
        self.erased = 0

    def snapshot(
        self,
        answers: Answers,
        messages: Mapping[str, Message],
        *,
        as_of: int,
        versions: Versions,
        notes: tuple[str, ...] = (),
        last: Snapshot | None = None,
        past: Sequence[Past] = (),
        keep: Keep = lambda _target, _period, _start, _published: None,
    ) -> Snapshot:
        """`as_of` in microseconds. For a target per message its readings are those of the message that settled last. `last`: what
        was published before, by which the figures of small groups stand. `past`: what is published for good beside today's, and kept
        before any of these is judged: targets may go by it."""
        latest = list_latest(messages.values(), self._settings.page, as_of)
        kept = {info.message for info in latest}
        classes = one_a_series(answers.readings)
        asked = [*classes, *((target, reading) for target, reading in answers.messages if reading.message in kept)]
        became = [(each.target, reading) for each in past for reading in each.readings]
        round = self._decide(asked, answers.count, last, as_of, became)
        todays, pasts = round.cases[: len(asked)], round.cases[len(asked) :]
        self._keep_past(past, round, pasts, keep)
        self._trends.look(answers.asks, messages, as_of // MICROSECONDS)
        published = self._publish_all(asked, round, todays, [self._trends.of(reading) for _, reading in classes])
        of_classes, of_messages = published[: len(classes)], published[len(classes) :]
        of_classes += self._of_readings(of_classes)
        return Snapshot(
            as_of=as_of,
            versions=versions,
            targets=tuple(self.target_info(target) for target in self._settings.targets),
            readings=tuple(of_classes),
            messages=tuple(latest),
            message_readings=tuple(sorted(of_messages, key=lambda reading: (reading.message or "", reading.indicator))),
            notes=(*notes, *say_rules(published, versions)),
            epoch=round.epoch,
            remembered=round.remembered(),
        )

    @property
    def threshold(self) -> str:
        """The size under which groups are hidden, with who agreed to it where it is under the usual one."""
        disclosure = self._settings.disclosure
        agreed = f", agreed by {' and '.join(disclosure.lowered_by)}" if disclosure.k < USUAL_K else ""
        return f"{disclosure.k}{agreed}"

    def publish_together(
        self, asked: Sequence[tuple[Target, Reading]], count: CountOf, *, last: Snapshot | None, as_of: int
    ) -> list[PublishedReading]:
        """Readings outside of a snapshot, as they may stand beside each other and beside what was published `last`."""
        round = self._decide(asked, count, last, as_of)
        return self._publish_all(asked, round, round.cases)

    def _keep_past(self, past: Sequence[Past], round: Round, cases: Sequence[Case], keep: Keep) -> None:
        """One after the other: a target may go by the period before."""
        rest = iter(cases)
        for each in past:
            asked = [(each.target, reading) for reading in each.readings]
            published = self._publish_all(asked, round, list(islice(rest, len(asked))))
            keep(each.target, each.period, each.start, published)

    def _of_readings(self, published: Sequence[PublishedReading]) -> Iterator[PublishedReading]:
        """What targets say of all other readings."""
        targets = {target.name: target for target in self._settings.targets}
        asked = [target for target in targets.values() if INDICATORS[target.indicator].of_readings]
        for target, reading in hidden_readings(asked, targets, published):
            disclosed = Disclosed(hidden=True) if self._is_secret(target, reading) else disclose(reading, k=0)
            yield self._judged(target, reading, disclosed, NO_TREND)

    def _decide(
        self,
        asked: Sequence[tuple[Target, Reading]],
        count: CountOf,
        last: Snapshot | None,
        as_of: int,
        became: Sequence[tuple[Target, Reading]] = (),
    ) -> Round:
        k = self._settings.disclosure.k
        coarsened = [
            Asked(reading, disclose(reading, k=k), self._is_secret(target, reading), past=place >= len(asked))
            for place, (target, reading) in enumerate((*asked, *became))
        ]
        epoch = self._clocks.local_date(as_of // MICROSECONDS).isoformat()
        return Round(coarsened, count, last, epoch=epoch, k=k, blocks=self.blocks, erased=self.erased)

    def _publish_all(
        self, asked: Sequence[tuple[Target, Reading]], round: Round, cases: Sequence[Case], trends: Sequence[Trend] = ()
    ) -> list[PublishedReading]:
        """`cases`: of each; `trends`: of the first of them."""
        published = [
            self._publish(target, case, round.maturity(case), trend)
            for (target, _), case, trend in zip(asked, cases, chain(trends, repeat(NO_TREND)), strict=False)
        ]
        return self._hold_siblings(asked, cases, published)

    def _hold_siblings(
        self, asked: Sequence[tuple[Target, Reading]], cases: Sequence[Case], published: list[PublishedReading]
    ) -> list[PublishedReading]:
        """The parts of a target beside each other; those whose figures are held back keep their verdict too."""
        families: dict[tuple[str, str | None], dict[int, float]] = {}
        for place, ((target, reading), case) in enumerate(zip(asked, cases, strict=True)):
            aim = self._aims.of(target, reading)
            if target.by is None or judge_of(target) != "process" or aim.value is None or not reading.settled:
                continue
            if case.standing == "shown" and len(reading.units) and not hangs_on_one(reading, aim):
                chance = chance_of(reading, aim, missing_at_random=target.assume == "missing_at_random")
                families.setdefault((target.name, reading.message), {})[place] = chance
        for family in families.values():
            held = hold_siblings([published[place] for place in family], list(family.values()))
            for place, part in zip(family, held, strict=True):
                published[place] = part
        return published

    def _publish(self, target: Target, case: Case, maturity: float | None, trend: Trend) -> PublishedReading:
        if case.standing == "held" and case.before is not None:
            return structs.replace(case.before, stands_since=case.since) if case.since else case.before
        hidden = Disclosed(hidden=True)
        reading = replace(case.reading, maturity=maturity)
        return self._judged(target, reading, hidden if case.standing == "hidden" else case.disclosed, trend)

    def _is_secret(self, target: Target, reading: Reading) -> bool:
        """What judges a role that few people hold is for these people; and a manager's team is no segment."""
        few = {f"owner={role}" for role in self._settings.disclosure.roles_of_few}
        return reading.segment in few or f"owner={target.scope.owner}" in few or reading.place[0] in self.teams

    def _judged(self, target: Target, reading: Reading, disclosed: Disclosed, trend: Trend) -> PublishedReading:
        trend = NO_TREND if disclosed.hidden else trend
        aim = self._aims.of(target, reading)
        verdict, reason = judge(reading, disclosed, aim)
        # A mean is no share of the people behind it: how many of them it was known of would be taken for what it was made of.
        is_share = reading.is_share or reading.unit == "seconds"
        is_ready = bool(reading.message) and reading.settled and not disclosed.hidden
        is_open = reason == "one_message" or (reason == "straddles" and not disclosed.coarse)
        return PublishedReading(
            target=reading.target,
            indicator=reading.indicator,
            unit=reading.unit,
            channel=reading.channel,
            segment=reading.segment,
            message=reading.message,
            period=reading.period,
            value=shown(disclosed.value),
            numerator=disclosed.numerator if is_share else None,
            denominator=disclosed.denominator,
            lower=shown(disclosed.lower),
            upper=shown(disclosed.upper),
            raw=shown(disclosed.raw),
            coarse=disclosed.coarse if is_share or reading.compared else "",
            maturity=None if disclosed.hidden else reading.maturity,
            verdict=verdict,
            reason=reason,
            parts=disclosed.parts,
            # A target that goes by the past of a hidden reading would tell of that.
            target_value=None if disclosed.hidden and aim.said else aim.value,
            messages=0 if disclosed.hidden else len(reading.units),
            settle=settling(reading, disclosed, aim) if is_open else "",
            rules=" and ".join(reading.rules),
            target_from="" if disclosed.hidden else aim.said,
            falling=trend.falling,
            at_risk=trend.at_risk(aim),
            ahead=shown_ahead(trend.worst(aim)),
            of=reading.of,
            note="" if disclosed.hidden else reading.note,
            settled_at=reading.settled_at * MICROSECONDS if is_ready else None,
        )

    def target_info(self, target: Target) -> TargetInfo:
        indicator = INDICATORS[target.indicator]
        return TargetInfo(
            target=target.name,
            indicator=target.indicator,
            unit=indicator.unit,
            title=target.title or indicator.title,
            target_owner=target.owner,
            severity=target.severity,
            direction=direction_of(target),
            judge=judge_of(target),
            period=target.period,
            window=self._window(target),
            value=self._aims.fixed(target.value),
            what_to_do=target.what_to_do,
            assume=target.assume,
            goes_by=str(target.value) if isinstance(target.value, Baseline) else "",
        )

    def _window(self, target: Target) -> str:
        indicator = INDICATORS[target.indicator]
        measured = INDICATORS[self._settings.indicators.gap_of] if indicator.between_segments else indicator
        return str(target.window or ("due date" if measured.due else measured.window or ""))


def judge_of(target: Target) -> Judge:
    """Which of the two questions a target's verdict answers."""
    return choose_judge(target, INDICATORS[target.indicator])
