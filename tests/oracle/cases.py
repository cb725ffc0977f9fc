"""One message with all that its readings need, and which of its people could have been seen doing something."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from config.schema import Settings
from tests.oracle.acts import NO_FACT, TRACKED, Act, Record
from tests.oracle.catalogue import Message
from tests.oracle.directory import Row
from tests.oracle.given import Given

if TYPE_CHECKING:
    from tests.oracle.deeds import Deed

IMAGES = frozenset({"opened", "read", "attended"})
Named = Mapping[str, set[str]]


@dataclass
class Case:
    """`audience`: E, each person with the row valid at the sending; `everybody`: all rows valid then; `given`: the newest answer
    of each person to each question; `named`: by channel, the kinds of all acts of which any source ever said whose they were,
    about whatever message; `deed`: what it wants done, if anything; `rank`: how hard it is to read, among others."""

    message: Message
    audience: Mapping[int, Row]
    record: Record
    sender: int | None
    named: Named
    everybody: Mapping[int, Row] = field(default_factory=dict)
    given: Mapping[int, Mapping[str, Given]] = field(default_factory=dict)
    deed: "Deed | None" = None
    rank: Fraction | None = None

    def seen(self, person: int) -> list[Act]:
        """What may be looked at of a person's acts: of those who object, nothing that is tracked."""
        acts = self.record.acts.get(person, [])
        row = self.audience.get(person) or self.everybody.get(person)
        return [act for act in acts if act.kind not in TRACKED] if row is not None and row.objects else acts

    def channels(self, deadline: int) -> set[str]:
        """The message's own, and those on which anybody of the audience did something with it before the deadline."""
        acts = (act for person in self.audience for act in self.seen(person) if act.kind not in NO_FACT)
        heard = {act.channel for act in acts if act.slot is not None and act.slot < deadline}
        return heard | {self.message.channel}


class Shows:
    """What the configured sources of each channel can show."""

    def __init__(self, settings: Settings, decoders: Mapping[str, frozenset[str]]) -> None:
        self.by_channel: dict[str, set[str]] = {}
        for source in settings.sources:
            shown = set(decoders[source.decoder] if source.shows is None else source.shows)
            self.by_channel.setdefault(source.channel, set()).update(
                shown if source.delivered else shown - {"delivered"}
            )

    def deliveries(self, channel: str) -> bool:
        return "delivered" in self.by_channel.get(channel, ())

    def is_told(self, named: Named, kinds: frozenset[str], channels: Iterable[str] | None = None) -> bool:
        """Whether any of the channels (None: of all) tells who did none of these. A source is believed for what it has shown:
        somebody, once, doing something of these kinds on its channel."""
        return any(self._is_told(named, kinds, channel) for channel in channels or self.by_channel)

    def _is_told(self, named: Named, kinds: frozenset[str], channel: str) -> bool:
        claimed = self.by_channel.get(channel, set()) & kinds
        shown = named.get(channel, set())
        # Seconds engaged are what a source that shows reading reports.
        is_proven = shown & kinds or ("engaged" in shown and kinds & {"read", "attended"})
        return bool(claimed and is_proven)

    def is_visible(self, case: Case, row: Row, kinds: frozenset[str], deadline: int, *, anywhere: bool) -> bool:
        """Whether a person who did none of these kinds by the deadline would have been seen doing so, on the message's own
        channel (`anywhere`: on any)."""
        if not self.is_told(case.named, kinds, None if anywhere else [case.message.channel]):
            return False
        if row.objects and kinds & TRACKED:
            return False
        shown_by_mail = self.by_channel.get("email", set()) & kinds & IMAGES
        return not (row.images_blocked and shown_by_mail and "email" in case.channels(deadline))
