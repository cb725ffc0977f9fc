"""The ledger on PostgreSQL beside a row an event on the same server: recording, evaluating, size, by the CPU time of this process and the
server's together. Both must find the same figures."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bench.crowd import ATTRIBUTES, NOW, SECOND, Crowd, Happenings, write_company
from bench.evaluation import QUESTIONS, Found, compare, deadlines, evaluate, ours
from bench.filling import BATCH
from bench.plain_server import PlainServerTable
from bench.table import Figure
from bench.timing import take_turns
from collectors.events import Collected
from config.progress import Progress
from metrics.evaluation import Evaluation
from metrics.ledger.door import open_ledger
from metrics.ledger.writer import Writer
from sites import Site
from tests.real.postgresql import Server, find_programs

# The server as it comes, but for room: every COMMIT is on the disk.
_SETTINGS = "shared_buffers = 512MB\nwork_mem = 256MB\nmax_wal_size = 4GB\n"
_SLOT = 300 * SECOND
_OPENED = "'opened', 'viewed', 'read'"
_ACTED = "'clicked', 'attended', 'downloaded', 'replied', 'commented', 'reacted', 'shared', 'acknowledged', 'answered', 'rated'"
_SENT = "'queued', 'sent', 'delivered', 'deferred', 'bounced', 'rejected'"
_PERSONS = f"""
CREATE TEMP TABLE acts AS
SELECT event.message, directory.one, bool_or(shows_deliveries) AS shows_deliveries,
    max(at / {_SLOT}) FILTER (WHERE action = 'delivered' AND at < delivered_by) AS delivered,
    max(at / {_SLOT}) FILTER (WHERE action = 'bounced' AND at < delivered_by) AS bounced,
    max(at / {_SLOT}) FILTER (WHERE action = 'delivered' AND at < opened_by) AS delivered_later,
    max(at / {_SLOT}) FILTER (WHERE action = 'bounced' AND at < opened_by) AS bounced_later,
    bool_or(at < delivered_by AND action IN ({_SENT})) AS sent,
    bool_or(at < opened_by AND machine NOT IN ('yes', 'likely') AND action IN ({_OPENED})) AS opened,
    bool_or(at < reached_by AND machine NOT IN ('yes', 'likely') AND action IN ({_OPENED}, {_ACTED})) AS reached
FROM event JOIN message ON message.id = event.message JOIN directory ON directory.number = event.person
GROUP BY event.message, directory.one
"""  # noqa: S608
_SEGMENT = """
SELECT message, {column}, count(*) FILTER (WHERE sent), count(*) FILTER (WHERE delivered > COALESCE(bounced, -1)),
    count(*) FILTER (WHERE reached),
    count(*) FILTER (WHERE opened AND (NOT shows_deliveries OR delivered_later > COALESCE(bounced_later, -1)))
FROM acts JOIN employee USING (one) GROUP BY 1, 2
"""


def measure(crowd: Crowd, progress: Progress, *, rounds: int = 3) -> list[Figure]:
    """AssertionError where the two differ, or PostgreSQL is not here."""
    programs = find_programs()
    assert programs is not None, "PostgreSQL is not here (Debian's package postgresql)"
    server = Server(programs, _SETTINGS)
    try:
        server.start()
        with TemporaryDirectory() as folder:
            return _measure(server, crowd, Path(folder), progress, rounds)
    finally:
        server.remove()
        progress.end()


def _measure(server: Server, crowd: Crowd, folder: Path, progress: Progress, rounds: int) -> list[Figure]:
    for name in ("ledger", "plain"):
        server.create(name)
    site = Site(write_company(crowd, folder / "company", QUESTIONS).model_copy(update={"store": server.url("ledger")}))
    site.folder.mkdir()
    table = PlainServerTable(server.conninfo("plain"))
    taken = _record(server, site, table, crowd, progress)
    size = _settle(site, table)
    compare(ours(evaluate(site)), _query(table))
    ways = {"ledger": lambda: evaluate(site), "plain": lambda: _query(table)}
    best = take_turns(ways, rounds, lambda: _cpu_seconds(server))
    what = f"{crowd.people:,} people, {crowd.messages} messages, {taken.events:,} events, {taken.facts:,} facts"
    figures = _figures(taken, best, what)
    figures += [
        Figure("PostgreSQL: a fact", size / taken.facts, "bytes", f"sets with their times, index included; {what}"),
        Figure("PostgreSQL: database", table.size() / size, "times as large", "a row an event, indexes included"),
    ]
    table.close()
    return figures


@dataclass
class _Taken:
    """What recording everything in both ways came to: `seconds` of CPU and bytes `logged` by way."""

    seconds: Mapping[str, float]
    logged: Mapping[str, float]
    events: int = 0
    facts: int = 0


def _record(server: Server, site: Site, table: PlainServerTable, crowd: Crowd, progress: Progress) -> _Taken:
    """A batch here, the same batch there, so that both feel the same machine."""
    engine = open_ledger(site.url, site.secrets)
    evaluation = Evaluation(engine, site.settings, site.surroundings())
    evaluation.import_files(NOW)
    _describe(table, site, evaluation)
    writer = Writer(engine, tombstone=site.secrets.tombstone, seal=site.secrets.seal, now=lambda: NOW)
    watch, logged = _Watch(lambda: _cpu_seconds(server)), _Watch(server.logged_bytes)
    happenings, taken = Happenings(crowd, site.pseudonym), _Taken(watch.sums, logged.sums)
    for message in range(crowd.messages):
        for batch in _batches(happenings, message):
            with watch.timing("ledger"), logged.timing("ledger"):
                writer.record(batch)
            with watch.timing("plain"), logged.timing("plain"):
                table.insert(batch)
            taken.events += len(batch.events)
        with watch.timing("ledger"), logged.timing("ledger"):
            taken.facts += evaluation.fold().new
        progress.report("recording into PostgreSQL", message + 1, crowd.messages)
    engine.dispose()
    return taken


def _cpu_seconds(server: Server) -> float:
    return time.process_time() + server.cpu_seconds()


def _settle(site: Site, table: PlainServerTable) -> int:
    """Both databases as their own upkeep would leave them; bytes of our sets."""
    engine = open_ledger(site.url, site.secrets)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        size: int = connection.execute(text("SELECT pg_total_relation_size('fact_set')")).scalar_one()
    engine.dispose()
    table.database.execute("ANALYZE")
    table.database.commit()
    return size


def _figures(taken: _Taken, best: Mapping[str, float], what: str) -> list[Figure]:
    recording = taken.seconds["plain"] / taken.seconds["ledger"]
    written = taken.logged["plain"] / taken.logged["ledger"]
    return [
        Figure("postgresql_recording", recording, "times as fast", f"as COPY into a row an event; aim: 10; {what}"),
        Figure(
            "postgresql_recording",
            taken.events / taken.seconds["ledger"],
            "events/s",
            f"folding included, CPU time of both; {what}",
        ),
        Figure(
            "postgresql_evaluation",
            best["plain"] / best["ledger"],
            "times as fast",
            f"as SQL over rows; aim: 10; {what}",
        ),
        Figure(
            "postgresql_evaluation",
            best["ledger"],
            "s",
            f"from cold, CPU time of both; {len(QUESTIONS)} questions; {what}",
        ),
        Figure("PostgreSQL: log", written, "times as much", f"written with a row an event; {what}"),
    ]


def _batches(happenings: Happenings, message: int) -> Iterator[Collected]:
    events = happenings.of_message(message)
    for start in range(0, len(events), BATCH):
        yield Collected(events[0].source or "", events[start : start + BATCH])


def _describe(table: PlainServerTable, site: Site, evaluation: Evaluation) -> None:
    """The directory, and when each message's windows close."""
    rows = (site.folder.parent / "directory" / "people.csv").read_text(encoding="utf-8").splitlines()[1:]
    employees = [row.split(",") for row in rows]
    table.number(site.pseudonym(name) for row in employees for name in row[:2])
    table.copy("employee", ((one, *row[2:]) for one, row in enumerate(employees)))
    pairs = [(table.number_of(site.pseudonym(name)), one) for one, row in enumerate(employees) for name in row[:2]]
    table.copy("directory", pairs)
    table.copy("message", deadlines(site, evaluation.described.catalogue.messages))
    table.database.commit()


def _query(table: PlainServerTable) -> Found:
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    table.database.execute(_PERSONS)
    for attribute in ("", *ATTRIBUTES):
        rows: Sequence[tuple[str, str, int, int, int, int]]
        rows = table.database.execute(_SEGMENT.format(column=attribute or "'all'")).fetchall()
        for message, value, sent, delivered, reached, opened in rows:
            segment = f"{attribute}={value}" if attribute else value
            found["delivered", message, segment] = delivered, sent
            found["reach", message, segment] = reached, 0
            found["opened", message, segment] = opened, 0
    table.database.rollback()
    return found


class _Watch:
    """Sums what a clock, or whatever else only grows, says of some stretches among many others."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.sums: dict[str, float] = {}

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        began = self._clock()
        yield
        self.sums[name] = self.sums.get(name, 0.0) + self._clock() - began
