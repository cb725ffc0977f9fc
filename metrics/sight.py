"""What can be seen on each channel: what its sources claim to show, held against what they ever showed. Who of an audience could not be
seen is left to `metrics.view`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What somebody leaves who meets a message and does nothing more. A channel without any of these tells who acted, not who was reached.
TRACES = frozenset({"opened", "viewed", "read", "attended"})
_READING = frozenset({"read", "attended"})


@dataclass(frozen=True)
class Sight:
    """`kinds`: channel to actions that its configured sources claim to show; `delivered`: channels whose deliveries show;
    `words_per_minute`: by language, with `default`; `seen`: channel to kinds of facts that anybody at all was ever recorded with."""

    kinds: Mapping[str, frozenset[str]]
    delivered: frozenset[str]
    words_per_minute: Mapping[str, float]
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def shows(self, kinds: frozenset[str], channel: str | None) -> bool:
        """Whether a channel (None: any) can tell who did none of `kinds`: its sources claim to show one of them, and have named
        somebody who did one. Before that, nothing tells a log without users from a message without readers."""
        # The seconds that somebody was engaged, whatever event reports them, show reading.
        proofs = kinds | {"engaged"} if kinds & _READING else kinds
        return any(
            bool(claimed & kinds) and bool(self.seen.get(name, frozenset()) & proofs)
            for name, claimed in self.kinds.items()
            if channel in (None, name)
        )

    def say_unproven(self, channel: str) -> str:
        """A sentence where a channel's sources claim to show who was reached, and never named anybody; else ""."""
        if not self.kinds.get(channel, frozenset()) & TRACES or self.shows(TRACES, channel):
            return ""
        return (
            f"{channel}: no record ever named anybody who opened, viewed or read something there, so who was not reached cannot be told."
            " Does its stream come in, and does it say who people are?"
        )
