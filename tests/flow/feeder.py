"""What workers do, on files: read a company's streams into its database from the first hole on, in small turns, beside others."""

from collections.abc import Mapping, Sequence

import collectors.rounds
from collectors import build
from collectors.events import Collected, Interval
from collectors.rounds import Rounds
from collectors.source import Position
from front import system_clock
from metrics.ledger.door import LedgerError, open_ledger
from metrics.ledger.intervals import read_intervals
from metrics.ledger.source_state import list_paused
from metrics.ledger.writer import Writer
from sites import Site

_RECORDS_A_TURN = 400


class Feeder:
    """To be asked for turn after turn; done when `turn` says so."""

    def __init__(self, site: Site) -> None:
        collectors.rounds.RECORDS_A_TURN = _RECORDS_A_TURN
        secrets = site.secrets
        self.engine = open_ledger(site.url, secrets)
        writer = Writer(self.engine, tombstone=secrets.tombstone, seal=secrets.seal, now=system_clock)

        def record(collected: Collected) -> None:
            writer.record(collected)

        needs = build.Needs(site.pseudonym, record, system_clock, None, True)
        sources = site.settings.sources
        self._rounds = Rounds(
            [build.make_intake(each, needs, build.make_source(each, needs), paused=False) for each in sources],
            self._read_so_far,
        )

    def _read_so_far(self, source: str) -> Mapping[Position, Sequence[Interval]]:
        with self.engine.connect() as connection:
            return read_intervals(connection, source)

    def turn(self) -> bool:
        """Record some of what waits; whether everything was. Where the database is away, or was, it is asked again what was read."""
        try:
            turn = self._rounds.turn()
            # As workers do every few seconds: who has nothing to record would not hear of another database otherwise.
            with self.engine.connect() as connection:
                list_paused(connection)
        except LedgerError:
            self._rounds.restart()
            return False
        return turn.caught_up
