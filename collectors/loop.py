"""Poll, decode, hand over, acknowledge: what turns one source's records into what the ledger records. Which elements
may come in is left to `door`, when to stop to `stop_rule`, keeping it all to whoever takes what is handed over."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from collectors.decoder import Decoded, Decoder, Skipped
from collectors.door import Door
from collectors.events import Collected, Event, Interval, Published, Undecodable
from collectors.harvest import Harvest
from collectors.identity import Pseudonymiser
from collectors.source import Block, Poll, Position, Record, Source
from collectors.stop_rule import StopRule
from collectors.together import read_together


class Step(msgspec.Struct, frozen=True):
    """What one step did. `records` were read, of which came `events` and `published` entries, `dead` letters, `skipped`
    elements of no use and `left_out` ones (later than the as-of time); `tripped`: why the source is paused, where it
    has just been. `caught_up`, `pending` and `begin_again` as the source's poll told them."""

    records: int = 0
    events: int = 0
    published: int = 0
    dead: int = 0
    skipped: int = 0
    left_out: int = 0
    caught_up: bool = True
    pending: int | None = None
    begin_again: bool = False
    tripped: str | None = None


class Intake:
    """One source's way in. `step` hands over all that a poll brought in one go and acknowledges only what was taken;
    where `hand_over` raises, nothing is acknowledged and the next step tries the same records again.

    `channel`: of events that name none. `as_of`, `now`: microseconds since 1970 UTC.
    """

    def __init__(
        self,
        *,
        source: Source,
        decoder: Decoder,
        name: str,
        channel: str,
        pseudonym: Pseudonymiser,
        hand_over: Callable[[Collected], None],
        now: Callable[[], int],
        as_of: int | None = None,
        paused: bool = False,
    ) -> None:
        self.name = name
        self.paused = paused
        self._source = source
        self._decoder = decoder
        self._hand_over = hand_over
        self._as_of = as_of
        self._door = Door(source=name, channel=channel, pseudonym=pseudonym, now=now, as_of=as_of)
        self._rule = StopRule()
        self._waiting: Poll | None = None
        self._last: dict[Position, int] = {}

    def start(self, read: Mapping[Position, Sequence[Interval]]) -> None:
        """Begin at the first hole of each stream, before the first step and after the database was away."""
        # Records come again by themselves; a gap is told once.
        gaps = self._waiting.gaps if self._waiting is not None else ()
        self._waiting = Poll((), gaps, caught_up=False) if gaps else None
        self._source.start(read)

    def resume(self) -> None:
        """Go on after a pause, with the record behind the one that tripped, and judge afresh."""
        self.paused = False
        self._rule = StopRule()

    def hold(self) -> None:
        """Stay in touch with the broker, and read nothing. May raise OSError."""
        self._source.poll(0)

    def close(self) -> None:
        self._source.close()

    def step(self, limit: int) -> Step:
        """Bring in about `limit` records. Raises what `hand_over` raises, and OSError from the source.
        While paused nothing is read (the source is polled for 0 records, which keeps it in touch with its broker)."""
        if self.paused:
            return Step(caught_up=False, pending=self._source.poll(0).pending)
        # Kept until it is safe, so that after a failed hand-over the same records are tried again.
        poll = self._waiting = self._waiting or self._source.poll(limit)
        work = self._bring_in(poll)
        self._deliver(poll, work)
        self._rule = work.rule
        self._waiting = Poll(work.rest, (), poll.caught_up, poll.pending) if work.rest else None
        self.paused = work.rule.tripped is not None
        return Step(
            records=work.records,
            events=len(work.events),
            published=len(work.published),
            dead=len(work.dead),
            skipped=sum(work.skipped.values()),
            left_out=work.left_out,
            caught_up=poll.caught_up and not work.rest,
            pending=poll.pending,
            begin_again=poll.begin_again,
            tripped=work.rule.tripped,
        )

    def _deliver(self, poll: Poll, work: Harvest) -> None:
        gaps = [work.date(gap, self._last) for gap in poll.gaps]
        if not (gaps or poll.begun or work.read or work.events or work.published or work.dead):
            return
        collected = Collected(
            source=self.name,
            events=work.events,
            published=work.published,
            dead=work.dead,
            read=[*poll.begun, *work.read],
            gaps=gaps,
            skipped=work.skipped,
            drift=work.drift,
        )
        self._hand_over(collected)
        if work.read:
            self._source.acknowledge(work.read)
        for read, _, last in work.heard:
            self._last[read.stream, read.partition] = last

    def _bring_in(self, poll: Poll) -> Harvest:
        work = Harvest(self._rule.copy())
        for number, block in enumerate(poll.blocks):
            earlier = len(work.events)
            done = self._bring_in_block(block, work)
            work.hear(block.read, earlier)
            read = block.read
            if done < len(block.records):
                read = self._source.cut(block, done)
                rest = Interval(read.stream, read.partition, read.end, block.read.end, block.read.check)
                work.rest.append(Block(block.records[done:], rest))
            # An empty interval covers nothing: what a source could not open at all leaves a dead letter alone.
            if read.end > read.start:
                work.read.append(read)
            if work.rule.tripped is not None:
                work.rest += poll.blocks[number + 1 :]
                break
        work.count_good()
        return work

    def _bring_in_block(self, block: Block, work: Harvest) -> int:
        """How many of the block's records were brought in: all, or those up to where the stop rule tripped."""
        done = 0
        for records, columns in read_together(block.records, self._decoder, self._door):
            if columns is not None:
                work.events.extend(columns)
                done += len(records)
                continue
            for record in records:
                self._bring_in_one(record, block.read, work)
                done += 1
                if work.rule.tripped is not None:
                    work.records += done
                    return done
        work.records += done
        return done

    def _bring_in_one(self, record: Record, read: Interval, work: Harvest) -> None:
        if self._as_of is not None and record.received_at is not None and record.received_at > self._as_of:
            work.left_out += 1
            return
        try:
            if record.refused is not None:
                raise Undecodable(*record.refused)
            self._sort(self._decoder.decode(record), record, read, work)
        except Undecodable as why:
            work.bury(read, record, 0, why, record.body)
        # A decoder that fails has a fault of its own; its record waits as a dead letter until that is mended.
        # Only the failure's name is kept: its text may quote the record.
        except Exception as failure:  # noqa: BLE001
            fault = Undecodable("decoder_failed", f"the decoder failed with {type(failure).__name__}")
            work.bury(read, record, 0, fault, record.body)

    def _sort(self, elements: Sequence[Decoded], record: Record, read: Interval, work: Harvest) -> None:
        """Put each element of a record where it belongs."""
        for index, element in enumerate(elements):
            outcome = element.outcome
            if element.drift:
                work.drift += element.drift
            try:
                if isinstance(outcome, Event):
                    if self._door.admit_event(outcome, element.identifier, record.received_at):
                        work.events.append(outcome)
                    else:
                        work.left_out += 1
                elif isinstance(outcome, Published):
                    if self._door.admit_published(outcome, record.received_at):
                        work.published.append(outcome)
                    else:
                        work.left_out += 1
                elif isinstance(outcome, Skipped):
                    work.skipped[outcome.action] = work.skipped.get(outcome.action, 0) + 1
                else:
                    raise outcome
            except Undecodable as why:
                work.bury(read, record, index, why, record.body if element.body is None else element.body)
