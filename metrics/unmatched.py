"""References that nobody described, with a draft of the entry that would describe each."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from metrics.ledger.sets import ReferenceSize
from metrics.masking import mask
from metrics.messages import Catalogue


class Unmatched(NamedTuple):
    """`reference`: as recorded; `draft`: an entry in YAML to complete.
    `channels`: those on which it was met, the one with the most facts first."""

    reference: str
    facts: int
    channels: tuple[str, ...]
    draft: str


def find_unmatched(sizes: Iterable[ReferenceSize], catalogue: Catalogue) -> list[Unmatched]:
    """The references of the ledger that no message of the catalogue has, nor wants acted on, the largest first."""
    counts: dict[str, dict[str, int]] = {}
    for size in sizes:
        known = size.reference in catalogue.message_of_reference or size.reference in catalogue.wanted_by
        if size.reference and not known:
            by_channel = counts.setdefault(size.reference, {})
            by_channel[size.channel] = by_channel.get(size.channel, 0) + size.facts
    found = []
    for reference, by_channel in counts.items():
        channels = tuple(sorted(by_channel, key=lambda channel: (-by_channel[channel], channel)))
        found.append(Unmatched(reference, sum(by_channel.values()), channels, _draft(reference, channels[0])))
    return sorted(found, key=lambda each: (-each.facts, each.reference))


def _draft(reference: str, channel: str) -> str:
    """An entry that can be read as it stands; what it lacks is written as comments. An address in a URL is masked, it is
    somebody's page; a Message-ID only looks like one, and without it nobody could describe the message."""
    written = json.dumps(mask(reference) if "/" in reference else reference, ensure_ascii=False)  # as YAML reads it too
    return f"""\
- id: {written}
  title: ""
  channel: {channel}
  # owner: internal communications   (a role or a team)
  # sent_at: 2026-11-02 09:00        (without it nothing is judged)
  # audience: all                    (or {{department: [Sales]}}; without it there is no reach)
  # topic, goal, purpose, words, expects, due_at: see the manual
"""
