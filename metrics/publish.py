"""From answers to the published snapshot: coarsened, judged, the latest messages beside the classes."""

from collections.abc import Iterable, Iterator, Sequence

from config.baseline import Baseline
from config.schema import Settings, Target
from metrics.aims import Aims, direction_of
from metrics.disclosure import disclose, shown
from metrics.evaluate import Answers
from metrics.indicators import INDICATORS
from metrics.messages import Message
from metrics.reading import Judge, Reading
from metrics.readings import choose_judge
from metrics.snapshot import MessageInfo, PublishedReading, Snapshot, TargetInfo, Versions
from metrics.targets import judge, settling


class Publisher:
    """Turns readings into what may be seen, by the configuration's k, targets and page."""

    def __init__(self, settings: Settings, aims: Aims) -> None:
        self._settings = settings
        self._aims = aims

    def snapshot(
        self,
        answers: Answers,
        messages: Iterable[Message],
        *,
        as_of: int,
        versions: Versions,
        notes: tuple[str, ...] = (),
    ) -> Snapshot:
        """`as_of` in microseconds. For a target per message its readings are those of the message that settled last."""
        published = [self.publish(target, reading) for target, reading in _one_a_series(answers.readings)]
        latest = self._latest(messages, as_of)
        kept = {info.message for info in latest}
        of_messages = [self.publish(target, reading) for target, reading in answers.messages if reading.message in kept]
        return Snapshot(
            as_of=as_of,
            versions=versions,
            targets=tuple(self.target_info(target) for target in self._settings.targets),
            readings=tuple(published),
            messages=tuple(latest),
            message_readings=tuple(sorted(of_messages, key=lambda reading: (reading.message or "", reading.indicator))),
            notes=(*notes, *_say_rules([*published, *of_messages], versions)),
        )

    def publish(self, target: Target, reading: Reading) -> PublishedReading:
        """One reading, coarsened and judged."""
        disclosed = disclose(reading, k=self._settings.disclosure.k)
        aim = self._aims.of(target, reading)
        verdict, reason = judge(reading, disclosed, aim)
        return PublishedReading(
            target=reading.target,
            indicator=reading.indicator,
            unit=reading.unit,
            channel=reading.channel,
            segment=reading.segment,
            message=reading.message,
            period=reading.period,
            value=shown(disclosed.value),
            numerator=disclosed.numerator,
            denominator=disclosed.denominator,
            lower=shown(disclosed.lower),
            upper=shown(disclosed.upper),
            raw=shown(disclosed.raw),
            coarse=disclosed.coarse,
            maturity=None if disclosed.hidden else reading.maturity,
            verdict=verdict,
            reason=reason,
            parts=disclosed.parts,
            target_value=aim.value,
            messages=0 if disclosed.hidden else len(reading.units),
            settle=settling(reading, disclosed, aim) if reason == "straddles" else "",
            rules=" and ".join(reading.rules),
            target_from=aim.said,
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
            window=str(target.window or ("due date" if indicator.due else indicator.window)),
            value=self._aims.fixed(target.value),
            what_to_do=target.what_to_do,
            assume=target.assume,
            goes_by=str(target.value) if isinstance(target.value, Baseline) else "",
        )

    def _latest(self, messages: Iterable[Message], as_of: int) -> list[MessageInfo]:
        sent = [message for message in messages if message.sent_at is not None and message.sent_at <= as_of]
        sent.sort(key=lambda message: (message.sent_at or 0, message.id), reverse=True)
        return [
            MessageInfo(
                message=message.id,
                title=(message.title or "") if self._settings.page.titles else "",
                channel=message.channel or "",
                topic=message.topic or "",
                target_owner=message.owner or "",
                sent_at=message.sent_at or 0,
            )
            for message in sent[: self._settings.page.messages]
        ]


def judge_of(target: Target) -> Judge:
    """Which of the two questions a target's verdict answers."""
    return choose_judge(target, INDICATORS[target.indicator])


def _say_rules(readings: Sequence[PublishedReading], versions: Versions) -> Iterator[str]:
    """Where other rules on machines than today's had a part in readings: their times are gone, and cannot be judged anew."""
    others = [reading.rules for reading in readings if reading.rules not in ("", versions.rules)]
    if others:
        yield (
            f"{len(others):,} of {len(readings):,} readings rest, in part or whole, on facts that other rules on machines judged, and whose"
            f" times are forgotten: {'; '.join(sorted(set(others)))}. Today's are {versions.rules}."
        )


def _one_a_series(readings: list[tuple[Target, Reading]]) -> list[tuple[Target, Reading]]:
    """A target per message has one series a segment: the message that settled last, else the youngest."""
    chosen: dict[tuple[str, str, str], tuple[Target, Reading]] = {}
    for target, reading in readings:
        key = (reading.target, reading.channel, reading.segment)
        standing = chosen.get(key)
        if standing is None or _rank(reading) >= _rank(standing[1]):
            chosen[key] = (target, reading)
    return list(chosen.values())


def _rank(reading: Reading) -> tuple[bool, int, str]:
    return reading.settled, reading.settled_at, reading.message or ""
