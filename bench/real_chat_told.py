"""The story of the message network: which runs are made, what they are held against, and the tables that tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.real_chat import DAY, HOUR, WINDOWS, ZONE, Network, compare, settled_bundles, stream, write_network
from bench.real_network import NEVER, Line, bundles, count, delay_within, read_network
from bench.real_report import Told, agreement, percent, table
from bench.real_road import Check, Trip, class_readings, disturb, hold_equal, travel
from config.progress import Progress
from metrics.reading import E, Reading

EARLY_SHARE = 0.48  # of the lines: while the network was busiest, with windows open
AFTER = 10 * DAY


@dataclass(frozen=True)
class Trips:
    """As of two moments (seconds); `disturbed`: the later, with the stream shuffled and twice over."""

    early_at: int
    late_at: int
    early: Trip
    late: Trip
    disturbed: Trip


def tell(lines: Sequence[str], folder: Path, progress: Progress) -> Told:
    """Run everything, compare, and tell."""
    network = Network(read_network(lines))
    trips = _run(network, folder, progress)
    equal = Check("the stream twice over and shuffled: every reading before disclosure, to the last bit")
    hold_equal(equal, trips.late.answers, trips.disturbed.answers)
    checks = [
        *compare(network, trips.late, as_of=trips.late_at),
        *compare(network, trips.early, as_of=trips.early_at),
        equal,
    ]
    figures = {
        "network": _tell_network(network.lines),
        "responses": _tell_responses(network, trips),
        "times": _tell_times(network, trips),
        "slots": _tell_slots(network.lines),
        "agreement on the network": agreement(checks),
    }
    return Told(figures, checks)


def _run(network: Network, folder: Path, progress: Progress) -> Trips:
    events = stream(network.lines)
    plain = write_network(network, folder / "plain")
    (folder / "plain" / "chat" / "chat.ndjson").write_bytes(b"".join(events))
    shuffled = write_network(network, folder / "disturbed")
    disturb(events, folder / "disturbed" / "chat", seed=2)
    early_at = network.lines[int(len(network.lines) * EARLY_SHARE)].at
    late_at = network.lines[-1].at + AFTER
    return Trips(
        early_at=early_at,
        late_at=late_at,
        early=travel(plain, early_at, progress),
        late=travel(plain, late_at, progress),
        disturbed=travel(shuffled, late_at, progress),
    )


def _tell_network(lines: Sequence[Line]) -> str:
    late = lines[-1].at + AFTER
    whole = bundles(lines, DAY, until=late, zone=ZONE)
    return table(
        ("the file", ""),
        [
            ("messages", len(lines)),
            ("that are there twice, to the second", len(lines) - len({line[1:4] for line in lines})),
            ("members", len({member for line in lines for member in (line.sender, line.receiver)})),
            ("days", round((lines[-1].at - lines[0].at) / DAY)),
            ("messages that open a conversation", sum(line.opens for line in lines)),
            ("messages that were ever answered", sum(line.answered is not None for line in lines)),
            ("what a sender wrote in a week (campaigns)", len(whole)),
            ("of those, to ten people or more", sum(len(bundle.receivers) >= 10 for bundle in whole.values())),
            ("most people in one", max(len(bundle.receivers) for bundle in whole.values())),
        ],
    )


def _tell_responses(network: Network, trips: Trips) -> str:
    rows = []
    late, early = trips.late.answers, trips.early.answers
    for target in ("response", "response_by_topic", "response_by_joined"):
        at_first = class_readings(early, target)
        published = {each.segment: each for each in trips.late.snapshot.readings if each.target == target}
        for segment, reading in class_readings(late, target).items():
            shown = published[segment]
            figures = (shown.denominator, shown.numerator, percent(shown.value))
            said = ("hidden", "hidden", "hidden") if shown.verdict == "suppressed" else figures
            different = _different(network, segment, trips.late_at)
            rows.append((segment, different, reading.people, *said, _share(at_first.get(segment))))
    headings = ("scope", "different people", "most in one campaign", "people, once a campaign")
    return table((*headings, "answered within a day", "share", "share at the earlier moment"), rows)


def _different(network: Network, segment: str, until: int) -> int:
    """Plainly, how many different people stand behind a reading."""
    word, _, value = segment.partition("=")
    lines = network.kinds[value] if word == "topic" else network.lines
    met = set().union(*(bundle.receivers for bundle in settled_bundles(network, "response", until, lines)))
    return sum(word != "joined" or network.joined[member] == value for member in met)


def _share(reading: Reading | None) -> str:
    if reading is None or not len(reading.units) or reading.value is None:
        return "no data"
    return f"{percent(reading.value)} of {reading.totals[E]:,}, {percent(reading.maturity)} mature"


def _tell_times(network: Network, trips: Trips) -> str:
    rows = []
    whole = class_readings(trips.late.answers, "time_to_reach")
    by_topic = class_readings(trips.late.answers, "time_to_reach_by_topic")
    for name, lines in (("all", network.lines), *network.kinds.items()):
        reading = whole["all"] if name == "all" else by_topic[f"topic={name}"]
        settled = count(settled_bundles(network, "time_to_reach", trips.late_at, lines))
        finely = bundles(lines, WINDOWS["time_to_reach"], until=trips.late_at, zone=ZONE, slot=1)
        medians = (reading.value, settled.median, count(finely.values()).median)
        rows.append((name, *map(_seconds, medians)))
    return table(("messages", "the road's median", "plainly, in slots", "plainly, to the second"), rows)


def _seconds(median: float | None) -> str:
    return "not reached" if median is None or median == NEVER else f"{median:,.0f} s ({median / HOUR:.1f} h)"


def _tell_slots(lines: Sequence[Line]) -> str:
    late = lines[-1].at + AFTER
    rows = []
    for name, window in (("an hour", HOUR), ("a day", DAY), ("two days", 2 * DAY), ("a week", 7 * DAY)):
        slots, seconds = (
            sum(delay_within(line, window, until=late, slot=slot) is not None for line in lines) for slot in (300, 1)
        )
        rows.append((name, seconds, slots, f"{(slots / seconds - 1) * 100:.3f} %" if seconds else "-"))
    return table(("answered within", "to the second", "in slots of five minutes", "more"), rows)
