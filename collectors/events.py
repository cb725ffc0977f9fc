"""The event and what travels with it: the one page of this room that others read.

Decoding bytes is left to `collectors.decoders`, turning events into facts to `metrics.facts`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, get_args, overload

import msgspec
from msgspec.structs import astuple

Channel = Literal["email", "intranet", "chat", "survey"]
CHANNELS: tuple[str, ...] = get_args(Channel)

Machine = Literal["yes", "likely", "no", "unknown"]
MACHINE: tuple[str, ...] = get_args(Machine)

Stance = Literal["critical", "neutral", "supportive"]
STANCES: tuple[str, ...] = get_args(Stance)

# Contract, section 1, in its order: transport, attention, answers, automatic, feedback items.
ACTIONS: tuple[str, ...] = (
    *("queued", "sent", "delivered", "deferred", "bounced", "rejected", "complained", "unsubscribed"),
    *("opened", "read", "clicked", "viewed", "attended", "downloaded"),
    *("reacted", "unreacted", "replied", "commented", "shared", "acknowledged", "answered", "rated"),
    *("autoreplied", "not_read"),
    *("raised", "decided", "implemented", "recognised"),
)
PUBLISHED = "message.published"


class Event(msgspec.Struct, gc=False):
    """Who did what with which message, when.

    There is no field for a name, an address, free text, an IP or a full user agent: `person` is a pseudonym
    (64 lower-case hex digits) that the decoder's caller makes from the identifier before anybody else sees the event.

    Times are whole microseconds since 1970-01-01 UTC; None where the source gives none (never invented).
    `message` is the reference as emitted, None only where `item` is set. `cell`: where `person` is a token that says nothing of who it is,
    the values of the directory that hold for them: `department=Sales&site=Lyon`, sorted, escaped.
    """

    action: str
    message: str | None = None
    person: str | None = None
    channel: str | None = None
    occurred_at: int | None = None
    received_at: int | None = None
    id: str | None = None
    evidence: str | None = None
    machine: str = "unknown"
    agent: str | None = None
    engaged_seconds: float | None = None
    link: str | None = None
    item: str | None = None
    question: str | None = None
    choice: str | None = None
    value: float | None = None
    version: str | None = None
    stance: str | None = None
    source: str | None = None
    cell: str | None = None


class Events(Sequence[Event]):
    """Many events, field by field: whoever works through them by columns needs no object for each. As a sequence it gives them one by one,
    each made anew: what is changed in it changes nothing here."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._columns: dict[str, list[Any]] = {name: [] for name in Event.__struct_fields__}
        self._single = list(events)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Events":
        """Themselves where they are columns already."""
        return events if isinstance(events, cls) else cls(events)

    @property
    def columns(self) -> dict[str, list[Any]]:
        """A list for each field of `Event`, in its order, all of one length. Not to be changed."""
        if self._single:
            for column, values in zip(
                self._columns.values(), zip(*map(astuple, self._single), strict=True), strict=True
            ):
                column += values
            self._single = []
        return self._columns

    def append(self, event: Event) -> None:
        self._single.append(event)

    def extend(self, columns: Iterable[Iterable[Any]]) -> None:
        """By many at once, given as columns."""
        for column, values in zip(self.columns.values(), columns, strict=True):
            column += values

    def but_for(self, **columns: list[Any]) -> "Events":
        """The same with other columns of these names."""
        made = Events()
        made._columns = self.columns | columns
        return made

    def at(self, places: Sequence[int]) -> list[Event]:
        """Those that stand there."""
        return list(map(Event, *[[column[place] for place in places] for column in self.columns.values()]))

    def newest(self) -> int:
        """When the last of them happened, where that is unknown came; 0 where nothing is known."""
        columns = self.columns
        return max(map(_first_known, columns["occurred_at"], columns["received_at"]), default=0)

    def __len__(self) -> int:
        return len(self._columns["action"]) + len(self._single)

    @overload
    def __getitem__(self, place: int) -> Event: ...

    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...

    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        columns = self.columns.values()
        if isinstance(place, slice):
            return list(map(Event, *[column[place] for column in columns]))
        return Event(*[column[place] for column in columns])

    def __iter__(self) -> Iterator[Event]:
        return map(Event, *self.columns.values())


def _first_known(occurred_at: int | None, received_at: int | None) -> int:
    return occurred_at or received_at or 0


class Published(msgspec.Struct):
    """A catalogue entry that arrived as an event: `entry` has the keys of the contract, section 2, unchecked;
    identifiers inside it (sender, audience lists) are already pseudonyms."""

    entry: dict[str, Any]
    occurred_at: int | None = None
    received_at: int | None = None
    id: str | None = None
    source: str | None = None


KILLS = "kills"
"""The reason of a record that has ended every process which had it in hand."""

# Why records are dead letters. Each is a label, whose series stands at 0 from the start: a counter that begins at 500 shows no rise.
REASONS = (
    *("bad_entry", "bad_json", "bad_line", "bad_number", "bad_person", "bad_text", "bad_time", "bad_utf8"),
    *("bad_value", "bomb", "compression", "contradiction", "damaged", "damaged_batch", "decoder_failed"),
    *("empty", KILLS, "long_text", "missing_field", "no_subject", "not_an_object", "old_format"),
    *("repeated_name", "time_out_of_range", "too_deep", "too_large", "too_many_values", "unknown_action"),
    *("unknown_channel", "unknown_codec", "unknown_type", "unreadable", "unsupported"),
)


class Undecodable(Exception):
    """Why a record, or one element of an array, is not an event.

    `reason` is one of a short, fixed list of words (`REASONS`), `detail` a sentence for a person.
    The sentence never quotes the record: it may hold an address.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class Interval(msgspec.Struct, frozen=True):
    """Positions [start, end) of one stream and partition that have been read.

    `check` lets a source recognise on its next start that `end` still means the same place (a file's source keeps
    a digest of the last bytes there); empty where the stream's id is proof enough.
    """

    stream: str
    partition: int
    start: int
    end: int
    check: str = ""


BEFORE_START = "before_start"
"""The reason of a gap of what was gone before anybody of ours looked: nothing was lost, and what was there nobody knows."""


class Gap(msgspec.Struct, frozen=True):
    """Positions [start, end) that are gone before they were read; `after` and `before` are the times (microseconds)
    of the last record read before it and the first after it, None where unknown. One of `BEFORE_START` has no time after which."""

    stream: str
    partition: int
    start: int
    end: int
    reason: str
    after: int | None = None
    before: int | None = None

    @property
    def is_loss(self) -> bool:
        """Whether it was ours to read."""
        return self.reason != BEFORE_START


class DeadLetter(msgspec.Struct, frozen=True):
    """What could not be understood: a record, or element `index` of one that holds several (0 for a bare one)."""

    stream: str
    partition: int
    offset: int
    index: int
    reason: str
    detail: str
    body: bytes
    received_at: int | None = None
    headers: dict[str, str] | None = None


class Collected(msgspec.Struct):
    """What one source handed over in one go: recorded in one transaction, or not at all.

    `skipped` counts, by action, what was understood and is of no use to us; `drift` unknown keys that were ignored.
    """

    source: str
    events: Sequence[Event] = ()
    published: Sequence[Published] = ()
    dead: Sequence[DeadLetter] = ()
    read: Sequence[Interval] = ()
    gaps: Sequence[Gap] = ()
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    drift: int = 0
