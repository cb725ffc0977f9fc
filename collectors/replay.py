"""Dead letters, tried again: through the decoder and the door that every record goes through. Keeping and removing letters is
left to the ledger."""

from collections.abc import Callable

from collectors.build import make_decoder
from collectors.door import Door
from collectors.events import Event, Published, Undecodable
from collectors.identity import Pseudonymiser
from collectors.source import Record
from config.schema import SourceSettings

Understood = tuple[list[Event], list[Published]]


class SecondReader:
    """Reads one source's letters again. `now`: microseconds since 1970 UTC."""

    def __init__(self, settings: SourceSettings, pseudonym: Pseudonymiser, now: Callable[[], int]) -> None:
        self._decoder = make_decoder(settings)
        self._door = Door(source=settings.name, channel=settings.channel, pseudonym=pseudonym, now=now)

    def read(self, body: bytes, headers: dict[str, str] | None, received_at: int | None) -> Understood | None:
        """What a letter holds, or None where any of it is still not understood: then the letter stays whole."""
        events: list[Event] = []
        published: list[Published] = []
        try:
            for element in self._decoder.decode(Record(0, body, received_at, headers)):
                outcome = element.outcome
                if isinstance(outcome, Event):
                    self._door.admit_event(outcome, element.identifier, received_at)
                    events.append(outcome)
                elif isinstance(outcome, Published):
                    self._door.admit_published(outcome, received_at)
                    published.append(outcome)
                elif isinstance(outcome, Undecodable):
                    return None
        except Undecodable:
            return None
        return events, published
