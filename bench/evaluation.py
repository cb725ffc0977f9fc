"""Delivered, reach and opened, by message and by segment: the ledger's sets beside SQL over a table with a row an event. Both must find the
same figures, or there is nothing to compare."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.crowd import ATTRIBUTES, NOW, SECOND, Crowd, Happenings, read_settings, write_settings
from bench.filling import BATCH, facts_in, filled
from bench.plain import PlainTable
from bench.table import Figure
from bench.timing import take_turns
from collectors.events import Collected
from config.progress import Progress
from metrics.classes import deadline
from metrics.clock import Clocks
from metrics.evaluation import Evaluation
from metrics.indicators import INDICATORS
from metrics.ledger.door import open_ledger
from metrics.messages import Message
from metrics.reading import State
from sites import Site

_INDICATORS = ("delivered", "reach", "opened")
_SEGMENTED = ("", *ATTRIBUTES)
_SLOT = 300 * SECOND

Found = Mapping[tuple[str, str, str], tuple[int, int]]
"""(indicator, message, segment) -> numerator and denominator."""


def _question(indicator: str, attribute: str) -> dict[str, Any]:
    if not attribute:
        return {"name": indicator, "indicator": indicator, "period": "message"}
    return {"name": f"{indicator}_by_{attribute}", "indicator": indicator, "period": "message", "by": attribute}


QUESTIONS = [_question(indicator, attribute) for indicator in _INDICATORS for attribute in _SEGMENTED]


def measure(crowd: Crowd, cache: Path, progress: Progress, *, rounds: int = 5) -> list[Figure]:
    """Both answer the same questions about the same events, each from its database's file. AssertionError where they differ."""
    folder = filled(crowd, cache, progress)
    write_settings(folder, QUESTIONS)
    site = Site(read_settings(folder))
    evaluation = evaluate(site)
    plain = _fill_plain(crowd, site, evaluation.described.catalogue.messages, progress)
    progress.report("evaluating", 0, 1)
    compare(ours(evaluation), _query(plain))
    best = take_turns({"ours": lambda: evaluate(site), "plain": lambda: _query(plain)}, rounds)
    progress.end()
    what = f"{crowd.people:,} people, {crowd.messages} messages, {len(QUESTIONS)} questions, {facts_in(folder):,} facts"
    ledger = site.folder / "earshot.db"
    return [
        Figure(
            "evaluation from cold",
            best["plain"] / best["ours"],
            "times as fast",
            f"as SQL, a row an event; aim: 10; {what}",
        ),
        Figure("evaluation from cold", best["ours"], "s of CPU", what),
        Figure("database", plain.stat().st_size / ledger.stat().st_size, "times as large", "with a row an event"),
    ]


def evaluate(site: Site) -> Evaluation:
    """As a process does that starts: everything read and counted, and published."""
    engine = open_ledger(site.url, site.secrets)
    evaluation = Evaluation(engine, site.settings, site.surroundings())
    evaluation.start()
    evaluation.import_files(NOW)
    evaluation.publish(NOW, caught_up=False)
    engine.dispose()
    return evaluation


def ours(evaluation: Evaluation) -> Found:
    found = {}
    for _, reading in evaluation.answer(NOW).readings:
        human = int(reading.totals[State.H])
        found[reading.indicator, reading.message or "", reading.segment] = human, int(reading.totals[: State.OUT].sum())
    return found


_TABLES = """
CREATE TABLE message (
    id TEXT PRIMARY KEY, delivered_by INTEGER, opened_by INTEGER, reached_by INTEGER, shows_deliveries INTEGER
) WITHOUT ROWID;
CREATE TABLE directory (number INTEGER PRIMARY KEY, one INTEGER);
CREATE TABLE employee (one INTEGER PRIMARY KEY, department TEXT, site TEXT, grade TEXT);
"""


def _fill_plain(crowd: Crowd, site: Site, messages: Mapping[str, Message], progress: Progress) -> Path:
    """The same events as rows; the directory, and when each message's windows close, beside them."""
    file = site.folder / "plain.db"
    if file.exists():
        return file
    draft = site.folder / "plain.draft"
    draft.unlink(missing_ok=True)
    with PlainTable(draft) as table:
        table.database.executescript(_TABLES)
        rows = (site.folder.parent / "directory" / "people.csv").read_text(encoding="utf-8").splitlines()[1:]
        employees = [row.split(",") for row in rows]
        table.number(site.pseudonym(name) for row in employees for name in row[:2])
        with table.database as database:
            for one, row in enumerate(employees):
                database.execute("INSERT INTO employee VALUES (?, ?, ?, ?)", (one, *row[2:]))
                pairs = ((table.number_of(site.pseudonym(name)), one) for name in row[:2])
                database.executemany("INSERT INTO directory VALUES (?, ?)", pairs)
            database.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?)", deadlines(site, messages))
        happenings = Happenings(crowd, site.pseudonym)
        for message in range(crowd.messages):
            progress.report("filling the plain table", message, crowd.messages)
            events = happenings.of_message(message)
            for start in range(0, len(events), BATCH):
                table.insert(Collected("", events[start : start + BATCH]))
        table.database.execute("ANALYZE")
        table.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    draft.rename(file)
    return file


def deadlines(site: Site, messages: Mapping[str, Message]) -> list[tuple[object, ...]]:
    """Facts count by the five minutes they lie in: those of the slot that a deadline cuts are inside."""
    clocks = Clocks(site.settings.organisation)
    rows: list[tuple[object, ...]] = []
    for message in messages.values():
        ends = [deadline(message, INDICATORS[name], None, clocks) or 0 for name in ("delivered", "opened", "reach")]
        inside = [-(-end * SECOND // _SLOT) * _SLOT for end in ends]
        rows.append((message.id, *inside, message.channel in site.sight().delivered))
    return rows


_SENT = "'queued', 'sent', 'delivered', 'deferred', 'bounced', 'rejected'"
_OPENED = "'opened', 'viewed', 'read'"
_ACTED = "'clicked', 'attended', 'downloaded', 'replied', 'commented', 'reacted', 'shared', 'acknowledged', 'answered', 'rated'"
_REACHED = f"{_OPENED}, {_ACTED}"
# Each event is looked at once; what it says of a person is summed by segment afterwards.
_PERSONS = f"""
CREATE TEMP TABLE acts AS
SELECT event.message, directory.one, MAX(shows_deliveries) AS shows_deliveries,
    MAX(CASE WHEN action = 'delivered' AND at < delivered_by THEN at / {_SLOT} END) AS delivered,
    MAX(CASE WHEN action = 'bounced' AND at < delivered_by THEN at / {_SLOT} END) AS bounced,
    MAX(CASE WHEN action = 'delivered' AND at < opened_by THEN at / {_SLOT} END) AS delivered_later,
    MAX(CASE WHEN action = 'bounced' AND at < opened_by THEN at / {_SLOT} END) AS bounced_later,
    MAX(at < delivered_by AND action IN ({_SENT})) AS sent,
    MAX(at < opened_by AND machine NOT IN ('yes', 'likely') AND action IN ({_OPENED})) AS opened,
    MAX(at < reached_by AND machine NOT IN ('yes', 'likely') AND action IN ({_REACHED})) AS reached
FROM event JOIN message ON message.id = event.message JOIN directory ON directory.number = event.person
GROUP BY event.message, directory.one
"""  # noqa: S608
_SEGMENT = """
SELECT message, {columns}, SUM(sent), SUM(delivered > COALESCE(bounced, -1)), SUM(reached),
    SUM(opened AND (NOT shows_deliveries OR delivered_later > COALESCE(bounced_later, -1)))
FROM acts JOIN employee USING (one) GROUP BY message, {columns}
"""


def _query(file: Path) -> Found:
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA cache_size = -262144")
        database.execute("PRAGMA temp_store = MEMORY")
        database.execute(_PERSONS)
        for attribute in _SEGMENTED:
            for message, value, *sums in database.execute(_SEGMENT.format(columns=attribute or "'all'")):
                sent, delivered, reached, opened = (number or 0 for number in sums)
                segment = f"{attribute}={value}" if attribute else value
                found["delivered", message, segment] = delivered, sent
                found["reach", message, segment] = reached, 0
                found["opened", message, segment] = opened, 0
    return found


def compare(ours: Found, plain: Found) -> None:
    """The audience, and what no source shows, is not in the events: there the numerators alone are held against each other."""
    for key, (human, people) in ours.items():
        numerator, denominator = plain.get(key, (0, 0))
        if human != numerator or (key[0] == "delivered" and people != denominator):
            raise AssertionError(f"{key}: {human} of {people} by sets, {numerator} of {denominator} by rows")
