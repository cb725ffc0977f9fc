"""What the loop asks of any decoder, and what it gets back. Decoders themselves stand one file a system in `decoders/`."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import msgspec

from collectors.column import Column, Odd
from collectors.events import Event, Published, Undecodable
from collectors.source import Record


class Skipped(msgspec.Struct, frozen=True):
    """A type of event that is understood, stands on the decoder's written list, and is of no use to us."""

    action: str


class Decoded(msgspec.Struct, gc=False):
    """One element of a record. `identifier` is the person as the source names them (an address, a login): the decoder's
    caller turns it into `event.person` at once and forgets it. `drift`: unknown keys that were ignored.
    `body`: the element's own bytes where the record holds several and this one could not be understood."""

    outcome: Event | Published | Skipped | Undecodable
    identifier: str | None = None
    drift: int = 0
    body: bytes | None = None


class Decoder(Protocol):
    """Bytes to events, for one outside system. Pure: asks no clock, keeps no state, raises nothing but Undecodable
    (for a whole record; an element of an array that is bad is an outcome beside its good neighbours)."""

    shows: frozenset[str]
    """The actions that this system is able to show at all."""

    def decode(self, record: Record) -> Sequence[Decoded]:
        """Every element of the record in order. May raise Undecodable; never returns an empty sequence for a non-empty record
        unless it holds an empty array."""


class DecodedMany(NamedTuple):
    """What many records say, one event each. `columns`: by the names of `Event`'s fields, those that hold anything; `identifiers`: the
    persons as the source names them, None where it names none at all; `odd`: the places of records that have to be looked at by themselves,
    where columns hold anything."""

    columns: dict[str, Column]
    identifiers: Sequence[str | None] | None
    odd: Odd


@runtime_checkable
class DecodesMany(Protocol):
    """A decoder that can tell many plain records together, which takes a fraction of the time."""

    def decode_many(self, records: Sequence[Record]) -> DecodedMany:
        """Of each record that is not odd the one event that `decode` would give. A few hundred at a time are best."""


class MakeDecoder(Protocol):
    def __call__(self, options: Mapping[str, Any]) -> Decoder:
        """The decoder with an operator's options (`sources[].options`). ValueError names the option and what is allowed."""
