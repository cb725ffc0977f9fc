"""A real access log as an intranet: pages as messages, visitors as people. Taken down the road, and held against the plain count of
`real_log`; what is written of it is left to `real_pages_told`."""

import csv
import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.real_log import SLOT, Hit, Judge, Refer, Viewers, path_alone, path_and, viewers, within
from bench.real_road import Check, Trip, class_readings, message_readings, write_settings
from collectors.decoders.access_log import AccessLog
from collectors.events import Event, Undecodable
from collectors.source import Record
from config.schema import Settings
from metrics.reading import D, E, Reading, State

SITE = "http://www.example.org"
PAGES = 50
DAY, HOUR = 86_400, 3600
WINDOWS = {"opened": 24 * HOUR, "reach": 72 * HOUR, "time_to_reach": 72 * HOUR}
LATENESS = HOUR
K = 10

_TARGETS: list[dict[str, Any]] = [
    {"name": "opened", "indicator": "opened", "window": "24 hours", "period": "message", "value": 0.02},
    {"name": "reach", "indicator": "reach", "window": "72 hours", "period": "message", "value": 0.02},
    {"name": "time_to_reach", "indicator": "time_to_reach", "window": "72 hours", "period": "message"},
    {"name": "all_pages", "indicator": "reach", "window": "72 hours", "period": "rolling 28 days", "value": 0.02},
    {
        **{"name": "by_first_day", "indicator": "reach", "window": "72 hours", "period": "rolling 28 days"},
        **{"by": "first_day", "judge": "count"},
    },
]


@dataclass(frozen=True)
class WebSite:
    """A log as a company. `lines`: as they stand in the file; `pages`: those that are messages; `parameters`: of the query, those
    that tell pages apart; `sent_at`: seconds since 1970 UTC."""

    lines: Sequence[str]
    hits: Sequence[Hit]
    pages: Sequence[str]
    parameters: tuple[str, ...] = ()

    @property
    def refer(self) -> Refer:
        return path_and(self.parameters) if self.parameters else path_alone

    @property
    def sent_at(self) -> int:
        return self.hits[0].at

    @property
    def first_days(self) -> dict[str, str]:
        """Every visitor, and the day of their first line."""
        days: dict[str, str] = {}
        for hit in sorted(self.hits, key=lambda hit: hit.at):
            days.setdefault(hit.visitor, f"{datetime.fromtimestamp(hit.at, UTC):%A}")
        return days


def name_users(lines: Sequence[str]) -> list[str]:
    """The log as if everybody had signed in: the address stands where the user would."""
    return [line.replace(" - - [", f" - visitor-{line.partition(' ')[0]} [", 1) for line in lines]


def write_site(
    site: WebSite, folder: Path, *, lines: Sequence[str] | None = None, shows: Sequence[str] | None = None
) -> Settings:
    """Catalogue, directory and configuration; the stream too, where its lines are given. `shows`: what the source claims."""
    (folder / "logs").mkdir(parents=True)
    if lines is not None:
        (folder / "logs" / "access.log.gz").write_bytes(gzip.compress("".join(lines).encode()))
    entries = [
        {
            **{"id": f"page-{number:02d}", "ids": [f"{SITE}{page}"], "channel": "intranet", "audience": "all"},
            **{"sent_at": datetime.fromtimestamp(site.sent_at, UTC).isoformat(), "title": page[:80]},
        }
        for number, page in enumerate(site.pages)
    ]
    (folder / "catalogue.json").write_text(json.dumps(entries), encoding="utf-8")
    with (folder / "visitors.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("address", "first_day"), *site.first_days.items()])
    source = {
        **{"name": "site", "decoder": "access_log", "from": {"files": "logs"}, "channel": "intranet"},
        **{"delivered": False, "lateness": "1 hour", "options": {"site": SITE, "parameters": list(site.parameters)}},
        **({} if shows is None else {"shows": list(shows)}),
    }
    written = {
        "organisation": {"name": "the visitors of a web site"},
        "sources": [source],
        "catalogue": {"files": ["catalogue.json"]},
        "directory": {"files": ["visitors.csv"], "segments": ["first_day"]},
        "targets": _TARGETS,
        "page": {"messages": 1000},
    }
    return write_settings(folder, written)


def judge_lines(lines: Sequence[str], hits: Sequence[Hit]) -> tuple[dict[str, bool], Check]:
    """What the road's decoder says of every user agent that viewed a page: a machine's or not. The check: it takes the same lines
    for views of pages."""
    decoder = AccessLog({})
    machines: dict[str, bool] = {}
    check = Check("which lines are views of pages")
    for hit in hits:
        record = Record(hit.number, lines[hit.number].encode())
        try:
            (decoded,) = decoder.decode(record)
        except Undecodable as why:
            check.hold(f"line {hit.number + 1}", why.reason, "a line that can be read")
            continue
        event = decoded.outcome
        check.hold(f"line {hit.number + 1}", isinstance(event, Event), hit.is_page)
        if isinstance(event, Event):
            machines[hit.agent] = event.machine == "likely"
    return machines, check


def compare(site: WebSite, trip: Trip, is_machine: Judge, *, as_of: int) -> list[Check]:
    """Every figure of every page, before disclosure and after, as of a moment (seconds)."""
    seen = viewers(site.hits, site.refer, is_machine, until=as_of)
    everybody = len(site.first_days)
    checks = []
    for indicator, window in WINDOWS.items():
        check = Check(f"{indicator}, every page, as of {moment(as_of)}")
        deadline = site.sent_at + window
        readings = message_readings(trip.answers, indicator)
        check.hold("pages", sorted(readings), [f"page-{number:02d}" for number in range(len(site.pages))])
        for number, page in enumerate(site.pages):
            reading = readings[f"page-{number:02d}"]
            people, machines = within(seen.get(page, Viewers({}, {})), deadline)
            _hold_counts(check, page, reading, (len(people), len(machines), everybody))
            check.hold(f"{page}: settled", reading.settled, deadline + LATENESS <= as_of)
            if indicator == "time_to_reach":
                _hold_times(check, page, reading, (seen.get(page), site.sent_at, deadline))
        checks.append(check)
    return [*checks, _compare_days(site, trip, seen, as_of), _compare_published(site, trip, seen, as_of)]


def _hold_counts(check: Check, page: str, reading: Reading, counted: tuple[int, int, int]) -> None:
    people, machines, everybody = counted
    row = reading.units[0].tolist()
    check.hold(f"{page}: people", row[State.H], people)
    check.hold(f"{page}: machines alone", row[State.S_LIKELY], machines)
    check.hold(f"{page}: nobody in between", (row[State.P], row[State.S], row[State.U], row[State.OUT]), (0, 0, 0, 0))
    check.hold(f"{page}: audience and deliveries", (row[E], row[D]), (everybody, everybody))
    if reading.unit == "ratio":
        figures = (reading.value, reading.lower, reading.upper)
        check.hold(f"{page}: figures", figures, (people / everybody,) * 2 + ((people + machines) / everybody,))


def _hold_times(check: Check, page: str, reading: Reading, known: tuple[Viewers | None, int, int]) -> None:
    """How many people the page reached after each delay, to the second."""
    seen, sent_at, deadline = known
    delays: dict[int, int] = {}
    for first in (seen.human if seen else {}).values():
        if first < deadline:
            delay = max(first + SLOT - sent_at, 0)
            delays[delay] = delays.get(delay, 0) + 1
    (times,) = reading.times
    check.hold(
        f"{page}: delays",
        dict(zip(times.seconds.tolist(), times.reached.tolist(), strict=True)),
        dict(sorted(delays.items())),
    )


def _compare_days(site: WebSite, trip: Trip, seen: dict[str, Viewers], as_of: int) -> Check:
    """The class of all pages, and the same by the day on which visitors were first seen."""
    check = Check(f"all pages together, and by the visitors' first day, as of {moment(as_of)}")
    deadline = site.sent_at + WINDOWS["reach"]
    settled = deadline + LATENESS <= as_of
    days = site.first_days
    readings = class_readings(trip.answers, "all_pages") | class_readings(trip.answers, "by_first_day")
    for segment in ("all", *(f"first_day={day}" for day in sorted(set(days.values())))):
        members = {visitor for visitor, day in days.items() if segment in ("all", f"first_day={day}")}
        found = [within(seen.get(page, Viewers({}, {})), deadline) for page in site.pages] if settled else []
        totals = readings[segment].totals
        check.hold(f"{segment}: people", int(totals[State.H]), sum(len(people & members) for people, _ in found))
        machines = sum(len(machines & members) for _, machines in found)
        check.hold(f"{segment}: machines alone", int(totals[State.S_LIKELY]), machines)
        check.hold(f"{segment}: audience", int(totals[E]), len(members) * len(found))
    return check


def _compare_published(site: WebSite, trip: Trip, seen: dict[str, Viewers], as_of: int) -> Check:
    """What shows: fewer than three people are "at most 3", and a verdict is given once the window has closed. What is hidden shows
    nothing at all; something has to show."""
    check = Check(f"what is published of every page's reach, as of {moment(as_of)}")
    deadline = site.sent_at + WINDOWS["reach"]
    published = {each.message: each for each in trip.snapshot.message_readings if each.indicator == "reach"}
    for number, page in enumerate(site.pages):
        people, machines = (len(group) for group in within(seen.get(page, Viewers({}, {})), deadline))
        reading = published[f"page-{number:02d}"]
        if reading.verdict == "suppressed":  # lest another page, or a day's visitors, could be reckoned out of it
            check.hold(f"{page}: nothing shows", (reading.numerator, reading.lower, reading.upper), (None,) * 3)
            continue
        shown = (max(people, 3), "at_most" if people < 3 else "")
        check.hold(f"{page}: people", (reading.numerator, reading.coarse), shown)
        check.hold(f"{page}: machines", reading.parts.S, 3 if 0 < machines < 3 else machines)
        check.hold(f"{page}: verdict", reading.verdict, _verdict(reading.lower, reading.upper, deadline, as_of))
    check.hold("some page shows", any(each.verdict != "suppressed" for each in published.values()), True)
    return check


def _verdict(lower: float | None, upper: float | None, deadline: int, as_of: int) -> str:
    """By the published range alone."""
    assert lower is not None
    assert upper is not None
    if lower >= 0.02:
        return "met"  # reach over the audience can only grow: no need to wait
    if as_of < deadline + LATENESS:
        return "immature"
    return "missed" if upper < 0.02 else "undetermined"


def moment(seconds: int) -> str:
    """As the report writes it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%d %B %Y %H:%M} UTC"


def choose_judge(machines: dict[str, bool]) -> Callable[[str], bool]:
    """The road's own judgement of agents, for counting plainly what is counted after it."""
    return lambda agent: machines.get(agent, False)
