"""What the page has to be told about the service. Filled by whoever runs it, shown by `dashboards.page.landing`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from metrics.wording import Definition


@dataclass(frozen=True)
class SourceState:
    """One source. Times are whole microseconds since 1970 UTC, None where nothing has come in yet.

    `failing`: why the last look at it failed, `paused`: why it is paused; both empty where it is not so.
    `events`: recorded by this process; `records`: read by others, None where nobody else reads it. `waiting`: bytes or records known to
    wait, None where the source cannot tell. How late its events come: as `declared_seconds`, and as `measured_seconds`, None while too
    few are known.
    """

    name: str
    channel: str
    last_event_at: int | None = None
    events: int = 0
    records: int | None = None
    dead_letters: int = 0
    gaps: int = 0
    failing: str = ""
    paused: str = ""
    waiting: int | None = None
    declared_seconds: int = 0
    measured_seconds: int | None = None


@dataclass(frozen=True)
class ServiceState:
    """The service at the moment `now` (microseconds since 1970 UTC).

    `not_ready`: why it does not serve yet, in a sentence; empty where it does. `minimum_people`: groups smaller than this
    are hidden. `unmatched`: references that no catalogue describes, None where nobody has looked.
    `definitions`: what each indicator asks and how it is computed, by its id.
    """

    organisation: str
    version: str
    now: int
    minimum_people: int
    zone: tzinfo = UTC
    not_ready: str = ""
    sources: tuple[SourceState, ...] = ()
    unmatched: int | None = None
    definitions: Mapping[str, Definition] = field(default_factory=dict)
