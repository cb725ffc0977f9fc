"""What the other rooms know and this one does not, and what the ledger knows of how well they deliver: how late, and with which gaps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.schema import Settings
from metrics.asks import GapSpan
from metrics.clock import Clocks
from metrics.draw import Draw
from metrics.ledger.database import Connection
from metrics.ledger.delays import measure_delays
from metrics.ledger.intervals import read_gaps
from metrics.sight import Sight


@dataclass(frozen=True)
class Outside:
    """`channel_of`: a source to its channel; `lateness`: seconds by channel, as declared; `canonical`: a reference as the intake
    writes it; `draw`: who is in a holdout that is a share."""

    sight: Sight
    channel_of: Mapping[str, str]
    lateness: Mapping[str, int]
    canonical: Callable[[str], str]
    draw: Draw


def find_lateness(
    connection: Connection, outside: Outside, settings: Settings, clocks: Clocks, now: int
) -> dict[str, int]:
    """As long as a channel's sources declare, or as it was measured by `now` (seconds), but no longer than anything late still counts."""
    grace = settings.retention.late_grace.seconds(clocks.working_day_seconds)
    lateness = dict(outside.lateness)
    for source, seconds in measure_delays(connection, now).items():
        channel = outside.channel_of.get(source)
        if channel is not None:
            lateness[channel] = max(lateness.get(channel, 0), min(seconds, grace))
    return lateness


def find_gaps(connection: Connection, outside: Outside) -> list[GapSpan]:
    """Where the intake lost something, and what was gone before it began."""
    return [
        GapSpan(outside.channel_of[found.source], found.gap.after, found.gap.before, found.gap.is_loss)
        for found in read_gaps(connection)
        if found.source in outside.channel_of
    ]
