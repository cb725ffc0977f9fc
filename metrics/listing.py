"""What stands in a snapshot beside its readings: the latest messages, and by whose rules machines were told from people. Readings are left
to `publish`."""

from collections.abc import Iterable, Iterator, Sequence

from config.schema import Page
from metrics.messages import Message
from metrics.snapshot import MessageInfo, PublishedReading, Versions


def list_latest(messages: Iterable[Message], page: Page, as_of: int) -> list[MessageInfo]:
    """As many as the page shows, the last first; `as_of` in microseconds."""
    sent = [message for message in messages if message.sent_at is not None and message.sent_at <= as_of]
    sent.sort(key=lambda message: (message.sent_at or 0, message.id), reverse=True)
    return [
        MessageInfo(
            message=message.id,
            title=(message.title or "") if page.titles else "",
            channel=message.channel or "",
            topic=message.topic or "",
            target_owner=message.owner or "",
            sent_at=message.sent_at or 0,
        )
        for message in sent[: page.messages]
    ]


def say_rules(readings: Sequence[PublishedReading], versions: Versions) -> Iterator[str]:
    """Where other rules on machines than today's had a part in readings: their times are gone, and cannot be judged anew."""
    others = [reading.rules for reading in readings if reading.rules not in ("", versions.rules)]
    if others:
        yield (
            f"{len(others):,} of {len(readings):,} readings rest, in part or whole, on facts that other rules on machines judged, and whose"
            f" times are forgotten: {'; '.join(sorted(set(others)))}. Today's are {versions.rules}."
        )
