"""An intake with everything around it, for tests of the loop."""

from collections.abc import Sequence

from collectors.events import Collected
from collectors.identity import Pseudonymiser
from collectors.loop import Intake
from collectors.memory import MemorySource
from collectors.source import Poll
from tests.collectors.plain_decoder import PlainDecoder

NOW = 1_793_600_000 * 1_000_000
pseudonym = Pseudonymiser(b"k" * 32)


class Office:
    """An intake with everything around it. `refuse`: how many hand-overs fail before one is taken."""

    def __init__(
        self, *bodies: str, source: MemorySource | None = None, as_of: int | None = None, paused: bool = False
    ) -> None:
        self.source = source or MemorySource("opens")
        for body in bodies:
            self.source.append(body.encode())
        self.handed: list[Collected] = []
        self.refuse = 0
        self.intake = Intake(
            source=self.source,
            decoder=PlainDecoder(),
            name="opens",
            channel="email",
            pseudonym=pseudonym,
            hand_over=self.take,
            now=lambda: NOW,
            as_of=as_of,
            paused=paused,
        )
        self.intake.start({})

    def take(self, collected: Collected) -> None:
        if self.refuse:
            self.refuse -= 1
            raise ConnectionError("the database is away")
        self.handed.append(collected)

    def people(self) -> list[str | None]:
        return [event.person for collected in self.handed for event in collected.events]

    def read(self) -> list[tuple[int, int]]:
        return [(read.start, read.end) for collected in self.handed for read in collected.read]


class Scripted(MemorySource):
    """Polls as they are written down."""

    def __init__(self, polls: Sequence[Poll]) -> None:
        super().__init__("scripted")
        self.polls = list(polls)

    def poll(self, limit: int) -> Poll:
        return self.polls.pop(0) if self.polls and limit else Poll()
