"""What an event must be, whatever its decoder made of it: the judgement that none can get around. What it becomes on its way in is left to
the door, whether its times can be true to `event_time`."""

import sys
from collections.abc import Mapping

from collectors.column import Column, Odd, note_odd
from collectors.events import ACTIONS, CHANNELS, MACHINE, STANCES, Event, Undecodable

LONGEST_TEXT = 1024
# Beyond it whole numbers lose digits as floats, and databases refuse them.
LARGEST_VALUE = 10**15

_ACTIONS = frozenset(ACTIONS)
_CHANNELS = frozenset(CHANNELS)
_MACHINE = frozenset(MACHINE)
_STANCES = frozenset(STANCES)


def check_text(text: str, longest: int = LONGEST_TEXT) -> None:
    """Undecodable where a text could not be stored: too long, with a NUL (PostgreSQL has none), or with half a
    surrogate pair. One such text would fail the whole batch, again and again. `longest`: in bytes, since two texts are a key,
    and a key of PostgreSQL's has 2,704 at most."""
    if len(text) > longest:
        raise Undecodable("bad_text", f"an id or word is longer than {longest:,} bytes")
    if "\x00" in text:
        raise Undecodable("bad_text", "an id or word holds a NUL character")
    if not text.isascii():
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            raise Undecodable("bad_text", "an id or word holds half a surrogate pair") from None
        if size > longest:
            raise Undecodable("bad_text", f"an id or word is longer than {longest:,} bytes")


def judge(event: Event) -> None:
    """Undecodable where an event is none: what every decoder's events are held against, in one place.
    Channel must have been given; times are judged by `event_time`, texts by the door."""
    if event.action not in _ACTIONS:
        raise Undecodable("unknown_action", "the action is none of the contract's")
    if event.channel not in _CHANNELS:
        raise Undecodable("unknown_channel", "the channel is none of email, intranet, chat, survey")
    if not event.message and not event.item:
        raise Undecodable("no_subject", "neither a message nor an item is named")
    if event.machine not in _MACHINE:
        raise Undecodable("bad_value", "machine is none of yes, likely, no, unknown")
    if event.stance is not None and event.stance not in _STANCES:
        raise Undecodable("bad_value", "stance is none of critical, neutral, supportive")
    if event.engaged_seconds is not None and not 0 <= event.engaged_seconds < float("inf"):
        raise Undecodable("bad_value", "engaged_seconds is negative or no finite number")
    if event.value is not None and not -LARGEST_VALUE <= event.value <= LARGEST_VALUE:
        raise Undecodable("bad_value", "value is no number between -10^15 and 10^15")


def judge_many(columns: Mapping[str, Column], odd: Odd) -> None:
    """Note as odd whichever of many events, given field by field, `judge` refuses."""
    words = {"action": _ACTIONS, "channel": _CHANNELS, "machine": _MACHINE, "stance": _STANCES | {None}}
    for name, allowed in words.items():
        if not allowed.issuperset(columns[name]):
            note_odd(odd, (word not in allowed for word in columns[name]))
    if not all(columns["message"]):
        pairs = zip(columns["message"], columns["item"], strict=True)
        note_odd(odd, (not message and not item for message, item in pairs))
    for name, least, most in (("engaged_seconds", 0, sys.float_info.max), ("value", -LARGEST_VALUE, LARGEST_VALUE)):
        if any(columns[name]):  # neither nothing nor 0
            note_odd(odd, (number is not None and not least <= number <= most for number in columns[name]))
