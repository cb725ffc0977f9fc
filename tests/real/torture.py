"""`python -m tests.real.torture LENGTH`: workers on a real Kafka and a real PostgreSQL, under everything that goes wrong, one disturbance
after another, while events go on coming; then what was lost is counted, and docs/reliability.md written."""

import argparse
import math
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import psycopg
from kafka.errors import KafkaError

from metrics.ledger.door import LedgerError
from tests.real.broker import Broker, needs_kafka
from tests.real.disturbances import Disturbances
from tests.real.disturbing import Disturbing
from tests.real.groups import count_rebalances
from tests.real.postgresql import Server, find_programs
from tests.real.proxy import Proxy
from tests.real.topics import Topics
from tests.real.tortured import ROOT, Tortured

A_SECOND = 300
PAGE = ROOT / "docs" / "reliability.md"
_BAD = ("events lost", "facts that nobody wrote", "workers that SIGTERM did not end well")
_BROKEN = "ended early, by a fault of the torture's own"
_BEGIN, _END = "<!-- the last run -->\n", "<!-- end of the last run -->"


class Longest:
    """The longest time in which nothing was read although events went on coming, in seconds, and what was done last when it ended."""

    def __init__(self, tortured: Tortured, run: Disturbing) -> None:
        self.seconds = 0.0
        self.after = ""
        self._tortured = tortured
        self._run = run

    def watch(self, stop: threading.Event) -> None:
        reached, moved = -1, time.monotonic()
        while not stop.wait(0.5):
            try:
                found = self._tortured.count_offsets()
            except LedgerError:
                found = reached
            if found != reached:
                reached, moved = found, time.monotonic()
            if time.monotonic() - moved > self.seconds:
                self.seconds, self.after = time.monotonic() - moved, self._run.latest


def torture(length: int, minutes: float, seed: int) -> dict[str, str]:
    """What was found, as it is reported."""
    programs = find_programs()
    assert programs is not None, "no PostgreSQL here: make setup-dev installs it"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="earshot-torture-")))
        server = Server(programs, settings="")  # as on disk, with all that makes it safe
        stack.callback(server.remove)
        server.start()
        proxy = stack.enter_context(Proxy(server))
        (folder / "kafka").mkdir()
        broker = Broker(folder / "kafka")
        stack.callback(broker.stop)
        topics = Topics(broker.start().address)
        stack.callback(topics.close)
        tortured = Tortured(folder, topics, server, proxy)
        stack.callback(tortured.end)
        return go_through(tortured, Disturbances(tortured, broker, proxy, seed), length, minutes) | {"seed": str(seed)}


def go_through(tortured: Tortured, run: Disturbing, length: int, minutes: float) -> dict[str, str]:
    """One disturbance after another while events are written, and what came of it."""
    stop, longest = threading.Event(), Longest(tortured, run)
    threads = [
        threading.Thread(target=tortured.write_on, args=(stop, A_SECOND)),
        threading.Thread(target=longest.watch, args=(stop,)),
    ]
    began, broken = time.monotonic(), ""
    try:
        for thread in threads:
            thread.start()
        run.run(length, minutes)
    except (AssertionError, KafkaError, LedgerError, OSError, psycopg.Error) as error:
        # A fault of the torture's own: what the workers came to until then is still counted.
        traceback.print_exc()
        broken = type(error).__name__
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    calm = time.monotonic()
    written, lost, excess = tortured.wait_until_read(180)
    done = ", ".join(f"{count} x {what}" for what, count in run.done.most_common())
    return {
        "disturbances": f"{run.done.total()} ({done}), of which {run.missed} came to nothing",
        "events written": f"{written:,}",
        "events lost": f"{lost:,}",
        "facts that nobody wrote": f"{excess:,}",
        "offsets that the broker holds and the database does not know as read": f"{tortured.count_unread():,}",
        "events that the producer gave up and that were sent again": f"{tortured.sent_again:,}",
        "workers that SIGTERM did not end well": str(len(run.badly_ended)),
        "longest stall, in seconds": f"{longest.seconds:.0f} (after: {longest.after})",
        "seconds until everything was read, after the last": f"{time.monotonic() - calm:.0f}",
        **({_BROKEN: broken} if broken else {}),
        "minutes": f"{(time.monotonic() - began) / 60:.0f}",
        "workers at once, and started in all": f"{run.workers}, {len(tortured.workers)}",
        "times that the broker put them together anew": _rebalances(tortured),
    }


def _rebalances(tortured: Tortured) -> str:
    try:
        return f"{count_rebalances(tortured.topics.address, tortured.group):,}"
    except KafkaError as error:  # what an hour came to is not lost for this
        return f"not known ({type(error).__name__})"


def ask(program: str, description: str | None) -> argparse.Namespace:
    """How many disturbances, how long at most, from which seed."""
    parser = argparse.ArgumentParser(program, description=description)
    parser.add_argument("length", type=int, help="how many disturbances")
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most so long")
    parser.add_argument("--seed", type=int, default=1)
    needs_kafka()
    return parser.parse_args()


def as_table(found: Mapping[str, str]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {what} | {value} |" for what, value in found.items())])


def is_well(found: Mapping[str, str]) -> bool:
    return all(found[what] == "0" for what in _BAD) and _BROKEN not in found


def main() -> int:
    asked = ask("python -m tests.real.torture", __doc__)
    found = torture(asked.length, asked.minutes, asked.seed)
    rows = as_table(found)
    print(rows)
    before, rest = PAGE.read_text(encoding="utf-8").split(_BEGIN)
    _, after = rest.split(_END)
    PAGE.write_text(f"{before}{_BEGIN}\n{rows}\n\n{_END}{after}", encoding="utf-8")
    return 0 if is_well(found) else 1


if __name__ == "__main__":
    sys.exit(main())
