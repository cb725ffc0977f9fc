"""Readings of delivered, reach and opened, by message and by segment: the ledger's sets beside plain SQL over a row an event."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bench.crowd import ATTRIBUTES, NOW, Crowd, Happenings, read_settings, write_settings
from bench.filling import filled
from bench.table import Figure
from config.progress import Progress
from metrics.evaluation import Evaluation
from metrics.ledger.door import open_ledger
from roles import Site

_QUESTIONS = [
    {"name": f"{indicator}_by_{attribute}" if attribute else indicator, "indicator": indicator, **({"by": attribute} if attribute else {})}
    for indicator in ("delivered", "reach", "opened")
    for attribute in (None, *ATTRIBUTES)
]  # fmt: skip
_EXPOSED = "'opened','viewed','clicked','replied','attended','reacted','commented','acknowledged'"


def measure(crowd: Crowd, cache: Path, progress: Progress) -> list[Figure]:
    """Both answer the same questions of the same events, from the database's file; the best of three, taking turns."""
    folder = filled(crowd, cache, progress)
    write_settings(folder, _QUESTIONS)
    plain = _fill_plain(crowd, folder, progress)
    best: dict[str, float] = {}
    for _ in range(3):
        runs: dict[str, Callable[[], None]] = {"ours": lambda: _evaluate(folder), "plain": lambda: _query(plain)}
        for name, run in runs.items():
            began = time.process_time()
            run()
            best[name] = min(time.process_time() - began, best.get(name, float("inf")))
    what = f"{crowd.people:,} people, {crowd.messages} messages, 12 questions"
    return [
        Figure(
            "evaluation from cold",
            best["plain"] / best["ours"],
            "times as fast",
            f"as plain SQL, a row an event ({what})",
        ),
        Figure("evaluation from cold", best["ours"], "s of CPU", what),
    ]


def _evaluate(folder: Path) -> None:
    from_disk = Site(read_settings(folder))
    engine = open_ledger(from_disk.url, from_disk.secrets)
    evaluation = Evaluation(engine, from_disk.settings, from_disk.surroundings())
    evaluation.start()
    evaluation.import_files(NOW)
    evaluation.publish(NOW, caught_up=False)
    engine.dispose()


def _fill_plain(crowd: Crowd, folder: Path, progress: Progress) -> Path:
    """The same events as rows, the directory beside them, sensible indexes."""
    file = folder / "plain.db"
    if file.exists():
        return file
    draft = folder / "plain.draft"
    draft.unlink(missing_ok=True)
    site = Site(read_settings(folder))
    happenings = Happenings(crowd, site.pseudonym)
    database = sqlite3.connect(draft)
    database.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "CREATE TABLE event (message TEXT, kind TEXT, person TEXT, at INTEGER, PRIMARY KEY (message, kind, person, at)) WITHOUT ROWID;"
        "CREATE TABLE person (pseudonym TEXT PRIMARY KEY, one INTEGER, department TEXT, site TEXT, grade TEXT) WITHOUT ROWID;"
        "CREATE TABLE message (id TEXT PRIMARY KEY, sent_at INTEGER) WITHOUT ROWID;"
    )
    with (folder / "directory" / "people.csv").open(encoding="utf-8") as rows, database:
        for number, line in enumerate(list(rows)[1:]):
            address, login, *values = line.rstrip("\n").split(",")
            for name in (address, login):
                database.execute("INSERT INTO person VALUES (?, ?, ?, ?, ?)", (site.pseudonym(name), number, *values))
    for message in range(crowd.messages):
        progress.report("filling the plain table", message, crowd.messages)
        with database:
            database.execute("INSERT INTO message VALUES (?, ?)", (crowd.reference(message), crowd.sent_at(message)))
            database.executemany(
                "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)",
                (
                    (one.message, one.action, one.person, (one.occurred_at or 0) // 1_000_000)
                    for one in happenings.of_message(message)
                ),
            )
    database.execute("ANALYZE")
    database.close()
    draft.rename(file)
    return file


def _query(file: Path) -> None:
    """Three indicators, each by message, whole and by three attributes: people counted once, inside the window."""
    database = sqlite3.connect(file)
    for kinds, window in (("'delivered'", 86_400), (_EXPOSED, 7 * 86_400), ("'opened','viewed'", 2 * 86_400)):
        for group in ("", *ATTRIBUTES):
            columns = f"event.message{', person.' + group if group else ''}"
            database.execute(
                f"SELECT {columns}, COUNT(DISTINCT person.one) FROM event JOIN person ON person.pseudonym = event.person "  # noqa: S608
                f"JOIN message ON message.id = event.message WHERE event.kind IN ({kinds}) "
                f"AND event.at < message.sent_at + {window} GROUP BY {columns}"
            ).fetchall()
    database.close()
