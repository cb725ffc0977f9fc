"""What is recorded in the mode that keeps no person: what was handed over, without anybody in it. What can still be told is left to
`metrics.totals`."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from collectors.events import Collected, DeadLetter, Events

_PSEUDONYM = re.compile("[0-9a-f]{64}")
_PERSONAL = frozenset({"sender", "holdout"})


def without_people(collected: Collected) -> Collected:
    """Steps of feedback items and entries of the catalogue, nobody in them; of what was not understood the place and the reason, since its
    bytes may hold anybody."""
    events = Events.of(collected.events).but_for(person=[None] * len(collected.events))
    return without_names(msgspec.structs.replace(collected, events=events))


def without_names(collected: Collected) -> Collected:
    """Entries and letters with nobody in them."""
    return msgspec.structs.replace(
        collected,
        published=[
            msgspec.structs.replace(each, entry=entry_without_people(each.entry)) for each in collected.published
        ],
        dead=[_emptied(letter) for letter in collected.dead],
    )


def _emptied(letter: DeadLetter) -> DeadLetter:
    return msgspec.structs.replace(letter, body=b"", headers=None)


def entry_without_people(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Without its sender and holdout, an owner that is a pseudonym, and an audience that is not said in words of many."""
    kept = {key: value for key, value in entry.items() if key not in _PERSONAL}
    if _PSEUDONYM.fullmatch(str(kept.get("owner"))):
        del kept["owner"]
    if not isinstance(kept.get("audience"), str | Mapping):
        kept.pop("audience", None)
    return kept
