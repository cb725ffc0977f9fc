"""A web server's log counted plainly: nothing of Earshot is used here, only the lines, a dictionary and a loop. What Earshot makes of
the same lines is left to `real_pages`."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

SLOT = 300  # seconds: what Earshot's windows are measured in
_LINE = re.compile(r'(\S+) \S+ (\S+) \[([^]]+)\] "(\S+) (\S+) [^"]*" (\d+) \S+ "[^"]*" "([^"]*)"')
_BROUGHT_ALONG = ("css", "gif", "ico", "jpeg", "jpg", "js", "png", "svg", "ttf", "txt", "woff", "xml", "xsl")
# What a machine says of itself, as somebody who never saw Earshot's table would write it down, and those who say nothing.
_MACHINE = re.compile(
    r"bot|crawl|spider|slurp|feed|rss|fetch|archiv|preview|proxy|validator|link|http://|https://|@|wget|curl|libwww|python|ruby|php"
    r"|^-?$|reader",
    re.IGNORECASE,
)


class Hit(NamedTuple):
    """One line. `at` in seconds since 1970 UTC; `target`: path and query; `number`: of the line, from 0."""

    number: int
    address: str
    user: str
    at: int
    method: str
    target: str
    status: str
    agent: str

    @property
    def visitor(self) -> str:
        """Whom the rewritten log names."""
        return f"visitor-{self.address}"

    @property
    def is_page(self) -> bool:
        """Fetched and shown, and not brought along by a page."""
        name = self.target.partition("?")[0].rpartition("/")[2]
        return (
            self.method == "GET"
            and self.status in ("200", "304")
            and not ("." in name and name.rpartition(".")[2].lower() in _BROUGHT_ALONG)
        )


Judge = Callable[[str], bool]
"""Whether a user agent is a machine's."""

Refer = Callable[[str], str]
"""From a request's target to the page it asks for."""


class Viewers(NamedTuple):
    """Who viewed one page, each person once: `human` where any of their views was; the first view of each in time."""

    human: dict[str, int]
    machine: dict[str, int]


def read_log(lines: Iterable[str]) -> tuple[list[Hit], list[int]]:
    """The lines that read as the combined format, and the numbers (from 0) of those that do not."""
    hits, bad = [], []
    for number, line in enumerate(lines):
        found = _LINE.fullmatch(line.rstrip("\n"))
        if found is None:
            bad.append(number)
            continue
        address, user, time, method, target, status, agent = found.groups()
        at = int(datetime.strptime(time, "%d/%b/%Y:%H:%M:%S %z").timestamp())
        hits.append(Hit(number, address, user, at, method, target, status, agent))
    return hits, bad


def names_a_machine(agent: str) -> bool:
    """By the plain word list."""
    return _MACHINE.search(agent) is not None


def path_alone(target: str) -> str:
    """A page without its query."""
    return target.partition("#")[0].partition("?")[0]


def path_and(parameters: Collection[str]) -> Refer:
    """A page with those parameters of its query that tell it from others."""

    def refer(target: str) -> str:
        query = target.partition("#")[0].partition("?")[2]
        kept = sorted(pair for pair in query.split("&") if pair.partition("=")[0] in parameters)
        return "?".join([path_alone(target), *(["&".join(kept)] if kept else [])])

    return refer


def most_viewed(hits: Iterable[Hit], refer: Refer, count: int) -> list[str]:
    """The pages with the most views, the most viewed first; of equals by name."""
    views: dict[str, int] = {}
    for hit in hits:
        if hit.is_page:
            page = refer(hit.target)
            views[page] = views.get(page, 0) + 1
    return sorted(views, key=lambda page: (-views[page], page))[:count]


def viewers(hits: Sequence[Hit], refer: Refer, is_machine: Judge, *, until: int) -> dict[str, Viewers]:
    """Of every page: who viewed it until a moment (seconds, included) and when first, by slots of five minutes."""
    human: dict[str, dict[str, int]] = {}
    machine: dict[str, dict[str, int]] = {}
    for hit in hits:
        if hit.is_page and hit.at <= until:
            side = machine if is_machine(hit.agent) else human
            first = side.setdefault(refer(hit.target), {})
            slot = hit.at - hit.at % SLOT
            first[hit.visitor] = min(slot, first.get(hit.visitor, slot))
    return {page: Viewers(human.get(page, {}), machine.get(page, {})) for page in human.keys() | machine.keys()}


def within(seen: Viewers, deadline: int) -> tuple[set[str], set[str]]:
    """People, and those of whom only machines' views are known, in slots that begin before the deadline."""
    people = {visitor for visitor, first in seen.human.items() if first < deadline}
    return people, {visitor for visitor, first in seen.machine.items() if first < deadline} - people
