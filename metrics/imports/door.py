"""What a reader of files is handed so that nothing plain passes: who makes these functions is no matter of this room."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any, NamedTuple


class Door(NamedTuple):
    """`zone`: the organisation's. `pseudonym`: identifier to 64 hex digits; ValueError where nobody can be meant.
    `tombstone`: pseudonym to the mark that an erased person leaves. `hash_entry`: a catalogue entry with pseudonyms for the
    people in it, given the entry and `pseudonym`; Undecodable where it names them in no known way."""

    zone: tzinfo
    pseudonym: Callable[[str], str]
    tombstone: Callable[[str], bytes]
    hash_entry: Callable[[Mapping[str, Any], Callable[[str], str]], dict[str, Any]]
