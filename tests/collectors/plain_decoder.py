"""A decoder for tests of the loop: each word of a record is one element, and says what becomes of it."""

from collections.abc import Sequence

from collectors.decoder import Decoded, Skipped
from collectors.events import ACTIONS, Event, Published, Undecodable
from collectors.source import Record


class PlainDecoder:
    """`bad`, `skip`, `entry`, or else `PERSON` or `PERSON@MICROSECONDS` who opened message m. A record that begins with
    `broken` is refused whole, one that begins with `crash` makes the decoder fail."""

    shows = frozenset(ACTIONS)

    def decode(self, record: Record) -> Sequence[Decoded]:
        text = record.body.decode()
        if text.startswith("broken"):
            raise Undecodable("no_json", "the record is no JSON")
        if text.startswith("crash"):
            raise KeyError(text)
        return [_decode(word) for word in text.split()]


def _decode(word: str) -> Decoded:
    if word == "bad":
        return Decoded(Undecodable("bad_element", "the element is no event"), body=b"only this: bad")
    if word == "skip":
        return Decoded(Skipped("processed"), drift=1)
    if word == "entry":
        return Decoded(Published({"id": "m", "sender": "anna@example.org"}))
    person, _, occurred_at = word.partition("@")
    event = Event("opened", message="m", occurred_at=int(occurred_at) if occurred_at else None)
    return Decoded(event, identifier=person)
