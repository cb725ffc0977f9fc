"""Who a message was meant for, and who was held out of it: people of the directory as it was when it was sent. Storing an audience once its
windows have closed is left to `metrics.ledger.audiences`; what is written here is what it keeps."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from config.problem import did_you_mean
from metrics.draw import Draw
from metrics.entry_values import GROUP, Condition
from metrics.masking import shown
from metrics.messages import Message
from metrics.people import Coded, People, Roster
from metrics.rosters import Flags, Persons

_VERSION = 1


@dataclass(frozen=True)
class Audience:
    """People as they were when the message was sent: arrays of one length, sorted by `person` (dense numbers). The sender is one
    of them where the condition says so: E is who it was meant for, and the sender's own acts are left out of responses. `marks`: what
    periods still ask about them when the times are forgotten. `holdout`: who was not sent it, so that its effect shows; None of
    these is one of the others, and it has none of its own. None where the entry names none."""

    person: Persons
    attributes: dict[str, Coded]
    images_blocked: Flags
    objects: Flags
    marks: Mapping[str, NDArray[np.int32]] = field(default_factory=dict)
    holdout: "Audience | None" = None


class Meant(NamedTuple):
    """`audience`: None where the entry does not say when, or for whom. `problems`: what in it does not fit the directory."""

    audience: Audience | None
    problems: tuple[str, ...] = ()


def find_audience(message: Message, people: People, draw: Draw) -> Meant:
    """Those in the directory at `sent_at` whom the entry names: all, by attributes and groups (each must have one of the values
    named), or by identifier; and of these, apart, those whom its holdout names."""
    if message.sent_at is None or message.audience is None:
        return Meant(None)
    roster = people.roster(message.sent_at)
    match message.audience:
        case str():
            chosen, unfit = np.ones(len(roster.person), dtype=np.bool_), []
        case dict() as condition:
            chosen, unfit = _fits(condition, roster), list(_misfits(condition, people))
        case pseudonyms:
            named = people.persons_of_pseudonyms(pseudonyms)
            chosen = np.isin(roster.person, named)
            unfit = _absent(int((~np.isin(named, roster.person)).sum()), len(named))
    if not len(roster.person):
        unfit.append("nobody was in the directory when it was sent")
    audience = _pick(roster, chosen)
    if message.holdout is not None:
        held = _held(message, chosen, roster, people, draw)
        unfit += _misfits(message.holdout, people) if isinstance(message.holdout, dict) else []
        unfit += [] if held.any() else ["nobody is in its holdout"]
        audience = replace(_pick(roster, chosen & ~held), holdout=_pick(roster, held))
    return Meant(audience, tuple(f"{shown(message.id)}: {each}" for each in unfit))


def _held(message: Message, chosen: Flags, roster: Roster, people: People, draw: Draw) -> Flags:
    """A share: drawn from those chosen. A condition: everybody who fits it, and otherwise what the audience asks for."""
    match message.holdout, message.audience:
        case float(share), _:
            held = np.zeros(len(roster.person), dtype=np.bool_)
            held[chosen] = draw(message.id, people.pseudonyms_of(roster.person[chosen])) < share
            return held
        case dict(condition), dict(meant):
            return _fits({**meant, **condition}, roster)
        case dict(condition), _:
            return chosen & _fits(condition, roster)
    return np.zeros(len(roster.person), dtype=np.bool_)


def _pick(roster: Roster, chosen: Flags) -> Audience:
    if chosen.all():
        # The same arrays for every message to everybody: what was made of them need not be made again.
        return Audience(roster.person, roster.attributes, roster.images_blocked, roster.objects)
    return Audience(
        person=roster.person[chosen],
        attributes={name: coded.take(chosen) for name, coded in roster.attributes.items()},
        images_blocked=roster.images_blocked[chosen],
        objects=roster.objects[chosen],
    )


def _fits(condition: Condition, roster: Roster) -> Flags:
    chosen = np.ones(len(roster.person), dtype=np.bool_)
    for name, wanted in condition.items():
        if name == GROUP:
            chosen &= np.logical_or.reduce([roster.groups.members(group) for group in wanted])
        elif name in roster.attributes:
            coded = roster.attributes[name]
            codes = [code for code, value in enumerate(coded.values) if value in wanted]
            chosen &= np.isin(coded.codes, codes)
        else:
            chosen[:] = False
    return chosen


def _misfits(condition: Condition, people: People) -> Iterator[str]:
    """Attributes and values that no row of the directory ever had: a slip of the pen, most likely."""
    known: dict[str, Collection[str]] = {GROUP: people.groups, **people.values}
    for name, wanted in condition.items():
        if name not in known:
            yield f"the directory has no attribute {shown(name)}. {did_you_mean(name, sorted(known))}".strip()
            continue
        for value in wanted:
            if value not in known[name]:
                near = did_you_mean(value, sorted(known[name]))
                yield f"nobody in the directory ever had {shown(f'{name}={value}')}. {near}".strip()


def _absent(absent: int, named: int) -> list[str]:
    return [f"{absent:,} of {named:,} identifiers were not in the directory when it was sent"] if absent else []


class _Stored(msgspec.Struct, array_like=True):
    """Sets of person numbers as Roaring bitmaps; `attributes`: name to value to set. Numbers, since dense ones change with the
    directory."""

    people: bytes
    attributes: dict[str, dict[str, bytes]]
    images_blocked: bytes
    objects: bytes
    version: int = _VERSION
    marks: dict[str, dict[int, bytes]] = {}
    holdout: bytes = b""


def to_bytes(audience: Audience, people: People) -> bytes:
    numbers = people.number_of_person[audience.person]
    attributes = {
        name: {
            value: _pack(numbers[coded.codes == code]) for code, value in enumerate(coded.values) if code in coded.codes
        }
        for name, coded in audience.attributes.items()
    }
    stored = _Stored(
        _pack(numbers),
        attributes,
        _pack(numbers[audience.images_blocked]),
        _pack(numbers[audience.objects]),
        marks={
            name: {value: _pack(numbers[each == value]) for value in np.unique(each).tolist()}
            for name, each in audience.marks.items()
        },
        holdout=b"" if audience.holdout is None else to_bytes(audience.holdout, people),
    )
    return msgspec.msgpack.encode(stored)


def numbers_in(body: bytes) -> Persons:
    """The numbers of everybody in a stored audience, those held out included."""
    stored = _decode(body)
    held = [numbers_in(stored.holdout)] if stored.holdout else []
    found: Persons = np.concatenate([_unpack(stored.people), *held])
    return found


def from_bytes(body: bytes, people: People) -> Audience:
    """The stored audience in today's dense numbers. Who was erased is left out; two whom the directory has since found to be one
    count once, by the lower number, and object if either did. ValueError where another version wrote it."""
    stored = _decode(body)
    numbers = _unpack(stored.people)
    everybody = people.persons_of(numbers)
    person, first = np.unique(everybody, return_index=True)
    person, first = person[person >= 0], first[person >= 0]
    objecting = people.persons_of(_unpack(stored.objects))
    return Audience(
        person=person,
        attributes={name: _code(values, numbers).take(first) for name, values in stored.attributes.items()},
        images_blocked=np.isin(numbers, _unpack(stored.images_blocked))[first],
        objects=np.isin(person, objecting),
        marks={name: _mark(values, numbers)[first] for name, values in stored.marks.items()},
        holdout=from_bytes(stored.holdout, people) if stored.holdout else None,
    )


def _mark(values: dict[int, bytes], numbers: NDArray[np.uint32]) -> NDArray[np.int32]:
    marks = np.zeros(len(numbers), dtype=np.int32)
    for value, packed in values.items():
        marks[np.searchsorted(numbers, _unpack(packed))] = value
    return marks


def leave_out(body: bytes, numbers: Collection[int]) -> bytes:
    """A stored audience without a person, by their numbers; the same bytes where none of them is in it."""
    stored, gone = _decode(body), BitMap(numbers)
    holdout = leave_out(stored.holdout, numbers) if stored.holdout else b""
    if holdout == stored.holdout and BitMap.deserialize(stored.people).isdisjoint(gone):
        return body

    def without(packed: bytes) -> bytes:
        return bytes((BitMap.deserialize(packed) - gone).serialize())

    attributes = {
        name: {value: without(packed) for value, packed in values.items()} for name, values in stored.attributes.items()
    }
    left = _Stored(
        without(stored.people),
        attributes,
        without(stored.images_blocked),
        without(stored.objects),
        marks={
            name: {value: without(packed) for value, packed in values.items()} for name, values in stored.marks.items()
        },
        holdout=holdout,
    )
    return msgspec.msgpack.encode(left)


def _decode(body: bytes) -> _Stored:
    stored = msgspec.msgpack.decode(body, type=_Stored)
    if stored.version != _VERSION:
        raise ValueError(f"an audience of version {stored.version}, not {_VERSION}")
    return stored


def _pack(numbers: Persons) -> bytes:
    bitmap = BitMap(numbers)
    bitmap.run_optimize()
    return bytes(bitmap.serialize())


def _unpack(packed: bytes) -> NDArray[np.uint32]:
    return np.array(BitMap.deserialize(packed), dtype=np.uint32)


def _code(values: dict[str, bytes], numbers: NDArray[np.uint32]) -> Coded:
    codes = np.full(len(numbers), -1, dtype=np.int16)
    for code, packed in enumerate(values.values()):
        codes[np.searchsorted(numbers, _unpack(packed))] = code
    return Coded(tuple(values), codes)
