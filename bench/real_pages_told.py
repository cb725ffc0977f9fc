"""The story of the access log: which runs are made, what they are held against, and the tables that tell of it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from bench.real_log import Hit, most_viewed, names_a_machine, path_alone, path_and, read_log
from bench.real_pages import (
    PAGES,
    SITE,
    WebSite,
    choose_judge,
    compare,
    judge_lines,
    name_users,
    write_site,
)
from bench.real_report import Told, agreement, percent, table
from bench.real_road import Check, Trip, disturb, hold_equal, message_readings, travel
from config.progress import Progress
from metrics.reading import State

EARLY, LATE = 1_432_036_800, 1_432_252_800  # 19 May 2015 12:00, 22 May 2015 00:00 UTC
_HOME = "/"
_SHOWN = 12
_AGENT_LENGTH = 70
_ADDRESS = re.compile(r"[^\s()]+@[^\s()]+")


@dataclass(frozen=True)
class Trips:
    """`late`, `early`: the named log as of two moments; `apart`: with feeds told from pages; `disturbed`: shuffled and twice
    over; `bare`: as it is; `honest`: as it is, by a source that does not claim to show viewers."""

    late: Trip
    early: Trip
    apart: Trip
    disturbed: Trip
    bare: Trip
    honest: Trip


def tell(lines: Sequence[str], folder: Path, progress: Progress) -> Told:
    """Run everything, compare, and tell."""
    hits, bad = read_log(lines)
    site = WebSite(lines, hits, most_viewed(hits, path_alone, PAGES))
    apart = WebSite(lines, hits, most_viewed(hits, path_and(["flav"]), PAGES), ("flav",))
    machines, same_views = judge_lines(lines, hits)
    trips = _run(site, apart, folder, progress)
    checks = [
        same_views,
        _check_letters(trips, lines, bad),
        _check_unmatched(trips.late, site),
        *compare(site, trips.late, choose_judge(machines), as_of=LATE),
        *compare(site, trips.early, choose_judge(machines), as_of=EARLY),
        *_named("with feeds apart", compare(apart, trips.apart, choose_judge(machines), as_of=LATE)),
    ]
    equal = Check("the log twice over and shuffled: every reading before disclosure, to the last bit")
    hold_equal(equal, trips.late.answers, trips.disturbed.answers)
    checks += [equal, _check_bare(trips)]
    figures = {
        "log": _tell_log(lines, hits, bad),
        "log as it is": _tell_bare(trips),
        "pages": _tell_pages(site, trips.late),
        "machines": _tell_machines(hits, machines),
        "feeds": _tell_feeds((site, trips.late), (apart, trips.apart)),
        "agreement on the log": agreement(checks),
    }
    return Told(figures, checks)


def _named(name: str, checks: Iterable[Check]) -> list[Check]:
    return [replace(check, what=f"{check.what}, {name}") for check in checks]


def _run(site: WebSite, apart: WebSite, folder: Path, progress: Progress) -> Trips:
    named = name_users(site.lines)
    plain = write_site(site, folder / "named", lines=named)
    shuffled = write_site(site, folder / "disturbed")
    disturb([line.encode() for line in named], folder / "disturbed" / "logs", seed=1)
    return Trips(
        late=travel(plain, LATE, progress),
        early=travel(plain, EARLY, progress),
        apart=travel(write_site(apart, folder / "apart", lines=named), LATE, progress),
        disturbed=travel(shuffled, LATE, progress),
        bare=travel(write_site(site, folder / "bare", lines=site.lines), LATE, progress),
        honest=travel(write_site(site, folder / "honest", lines=site.lines, shows=()), LATE, progress),
    )


def _check_letters(trips: Trips, lines: Sequence[str], bad: Sequence[int]) -> Check:
    """What no parser accepts is a dead letter, at the byte at which its line begins; the same line again is another."""
    check = Check("lines that cannot be read: position and reason")
    named = name_users(lines)
    for trip, stood in ((trips.late, named), (trips.bare, lines)):
        places = [sum(len(line.encode()) for line in stood[:number]) for number in bad]
        check.hold(
            "dead letters", [(each.offset, each.reason) for each in trip.letters], [(at, "bad_line") for at in places]
        )
    check.hold("dead letters of the log twice over", len(trips.disturbed.letters), 2 * len(bad))
    return check


def _check_unmatched(trip: Trip, site: WebSite) -> Check:
    """The pages that are no messages are what `unmatched` lists."""
    check = Check("pages that nobody described")
    viewed = {site.refer(hit.target) for hit in site.hits if hit.is_page}
    check.hold("pages", sorted(trip.unmatched), sorted(f"{SITE}{page}" for page in viewed - set(site.pages)))
    return check


def _tell_log(lines: Sequence[str], hits: Sequence[Hit], bad: Sequence[int]) -> str:
    views = [hit for hit in hits if hit.is_page]
    return table(
        ("the file", ""),
        [
            ("lines", len(lines)),
            ("lines that cannot be read", f"{len(bad)} (line {', '.join(f'{number + 1:,}' for number in bad)})"),
            ("lines that are there twice", len(lines) - len(set(lines))),
            (
                "lines older than the one before",
                sum(earlier.at > later.at for earlier, later in pairwise(hits)),
            ),
            ("minutes of the hour that occur", len({hit.at // 60 % 60 for hit in hits})),
            ("with a signed-in user", sum(hit.user != "-" for hit in hits)),
            ("views of pages (GET, 200 or 304, nothing that pages bring along)", len(views)),
            ("pages viewed, with their query", len({hit.target for hit in views})),
            ("pages viewed, without it", len({path_alone(hit.target) for hit in views})),
            ("visitors (addresses)", len({hit.visitor for hit in hits})),
            ("visitors who viewed a page", len({hit.visitor for hit in views})),
        ],
    )


def _verdicts(trip: Trip) -> Counter[str]:
    """How often each verdict was given on the reach of a page."""
    readings = (each for each in trip.snapshot.message_readings if each.indicator == "reach")
    return Counter(f"{each.verdict} {each.reason}".strip() for each in readings)


def _check_bare(trips: Trips) -> Check:
    """A source that never named anybody is not believed when it claims to show viewers."""
    check = Check("verdicts on a log without users, whatever its source claims to show")
    for name, trip in (("`viewed`", trips.bare), ("nothing", trips.honest)):
        readings = sum(each.indicator == "reach" for each in trip.snapshot.message_readings)
        check.hold(name, dict(_verdicts(trip)), {"undetermined no_value": readings})
    return check


def _tell_bare(trips: Trips) -> str:
    rows = []
    for name, trip in (("as the decoder claims (`viewed`)", trips.bare), ("`shows: []`", trips.honest)):
        verdicts = _verdicts(trip)
        rows.append(
            (
                name,
                int(trip.series['earshot_events_total{outcome="anonymous",source="site"}']),
                int(trip.series['earshot_events_total{outcome="recorded",source="site"}']),
                ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())),
            )
        )
    return table(("what the source shows", "anonymous views", "views by somebody", "verdicts on reach"), rows)


def _tell_pages(site: WebSite, trip: Trip) -> str:
    readings = message_readings(trip.answers, "reach")
    views = Counter(site.refer(hit.target) for hit in site.hits if hit.is_page)
    rows = []
    for number, page in enumerate(site.pages[:_SHOWN]):
        reading = readings[f"page-{number:02d}"]
        people, machines = int(reading.totals[State.H]), int(reading.totals[State.S_LIKELY])
        share = f"{percent(reading.lower)} to {percent(reading.upper)}"
        rows.append((f"`{page}`", views[page], people, machines, percent(reading.value), share))
    return table(("page", "views", "people", "machines alone", "reach", "range"), rows)


def _tell_machines(hits: Sequence[Hit], machines: Mapping[str, bool]) -> str:
    views = [hit for hit in hits if hit.is_page]
    sides = Counter((machines[hit.agent], names_a_machine(hit.agent)) for hit in views)
    rows: list[tuple[object, ...]] = [
        ("views of pages by machines, as the service and the plain list say", sides[True, True]),
        ("views of pages by people, as both say", sides[False, False]),
        ("a machine to the service alone", sides[True, False]),
        ("a machine to the plain list alone", sides[False, True]),
    ]
    unlike = Counter(hit.agent for hit in views if machines[hit.agent] != names_a_machine(hit.agent))
    for agent, count in sorted(unlike.items(), key=lambda item: (-item[1], item[0])):
        said = "no agent at all" if agent == "-" else f"`{_ADDRESS.sub('...', agent)[:_AGENT_LENGTH]}`"
        rows.append((f"{'service' if machines[agent] else 'plain list'} alone: {said}", count))
    polite = {(hit.address, hit.agent) for hit in hits if hit.target == "/robots.txt"}
    disguised = [hit for hit in views if (hit.address, hit.agent) in polite and not machines[hit.agent]]
    rows += [
        ("visitors (address and agent) who asked for `/robots.txt`, as crawlers do", len(polite)),
        ("of their views of pages, counted as people's", len(disguised)),
        ("distinct visitors (address and agent) behind those", len({(hit.address, hit.agent) for hit in disguised})),
    ]
    return table(("", ""), rows)


def _tell_feeds(*told: tuple[WebSite, Trip]) -> str:
    rows = []
    for site, trip in told:
        place = site.pages.index(_HOME)
        totals = message_readings(trip.answers, "reach")[f"page-{place:02d}"].totals
        option = ", ".join(site.parameters) or "none"
        rows.append((option, int(totals[State.H]), int(totals[State.S_LIKELY])))
    return table(("`parameters`", "people who viewed `/`", "machines alone"), rows)
