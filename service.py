"""`./earshot COMMAND`: what the commands do that change anything. Those that go on running are left to `running`, those that only tell to
`reports`, the words of the command line to `config.commands`."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress

import publishing
import reports
import running
from collectors.kafka_held import Unfit, read_held
from collectors.kafka_play import play
from collectors.simulation.cli import simulate_command
from config.commands import AWAY, REFUSED, WELL, make_parser
from config.problem import format_problems
from config.progress import Progress
from front import VERSION, system_clock
from metrics.errands import ask
from metrics.imports.files import Held, name_of
from metrics.ledger.database import is_embedded
from metrics.ledger.door import LedgerError, WrongLedger, open_ledger
from metrics.ledger.lock import AlreadyRunning
from replica import Importer
from roles import Service
from sites import Refused, Site, must_exist, site_of

_PATIENCE_SECONDS = 120.0


def main(arguments: list[str] | None = None) -> int:
    """The exit status; usage errors end the process with 2 before that."""
    asked = make_parser(VERSION).parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Records come and go by the million without a cycle among them; looking for cycles as often as by default costs a fifth.
    gc.set_threshold(100_000, 50, 50)
    command = COMMANDS[asked.command]
    try:
        return command(asked)
    except (Refused, AlreadyRunning, WrongLedger) as error:
        return _complain(error, REFUSED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; what is still buffered has nowhere to go.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WELL
    except LedgerError as error:
        return _complain(
            f"the database is away or refuses: {getattr(error, 'orig', None) or type(error).__name__}", AWAY
        )
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}" if error.filename else error, AWAY)


def _complain(error: object, status: int) -> int:
    print(f"earshot: {error}", file=sys.stderr)
    return status


def do_forget(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    try:
        return _ask(site, "forget", site.pseudonym(asked.person))
    except ValueError as error:
        raise Refused(error) from None


def do_replay(asked: argparse.Namespace) -> int:
    return _ask(site_of(asked), "replay", asked.source or "")


def do_resume(asked: argparse.Namespace) -> int:
    return _ask(site_of(asked), "resume", asked.source)


def _ask(site: Site, kind: str, argument: str) -> int:
    """Done here where nobody writes, else by the service that runs."""
    must_exist(site)
    try:
        with Service(site) as service:
            done = service.errands.do(kind, argument)
    except AlreadyRunning:
        engine = open_ledger(site.url, site.secrets, site.settings.mode)
        answered = ask(engine, kind, argument, patience_seconds=_PATIENCE_SECONDS)
        if answered is None:
            raise Refused("the running service has not answered yet; it will do it when it comes to it") from None
        done = answered
    print(done.text)
    return REFUSED if done.refused else WELL


def do_import(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    held = _read_topics(site)
    # Beside those who evaluate, where the database lets several write.
    opened = Service(site) if is_embedded(site.url) else Importer(site)
    with opened as service:
        service.evaluation.import_files(system_clock(), held=held)
        described = service.evaluation.described
    if described.problems:
        print(format_problems(described.problems) + "\n")
    for note in described.notes:
        print(f"note: {note}")
    people, messages = described.known_people, described.catalogue.messages
    size = people.size if people is not None else 0
    changed = described.changed
    done = f"Imported: {' and '.join(changed)} changed" if changed else "Nothing new"
    print(f"{done}. {size:,} people, {len(messages):,} messages.")
    return REFUSED if described.problems else WELL


def _read_topics(site: Site) -> list[Held]:
    """The topics that hold a list, each read whole, as files that are nowhere on a disk."""
    topics = (*site.settings.catalogue.topics, *site.settings.directory.topics)
    try:
        return [Held(name_of(topic), read_held(site.settings.kafka, topic)) for topic in topics]
    except Unfit as error:
        raise Refused(f"{error}; nothing was imported") from None


def do_migrate(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    if is_embedded(site.url) and (asked.worker or asked.reader):
        raise Refused("the embedded database knows no roles")
    with Service(site) if is_embedded(site.url) else Importer(site) as opened:
        print("The tables suit this version.")
        if isinstance(opened, Importer):
            opened.allow(workers=asked.worker, readers=asked.reader)
    return WELL


def do_simulate(asked: argparse.Namespace) -> int:
    progress = Progress()
    try:
        text = simulate_command(
            asked, now_us=system_clock(), progress=lambda what, share: progress.report(what, share, 1.0)
        )
        if asked.to == "kafka":
            text += f"\n{_play(asked, progress)}"
    except (ValueError, FileExistsError) as error:
        raise Refused(error) from None
    finally:
        progress.end()
    print(text)
    return WELL


def _play(asked: argparse.Namespace, progress: Progress) -> str:
    kafka = site_of(asked).settings.kafka
    if not kafka.brokers:
        raise Refused("the configuration names no brokers: write where Kafka is, `kafka: {brokers: [...]}`")
    report = lambda what, share: progress.report(what, share, 1.0)  # noqa: E731
    return play(asked.directory, kafka, asked.topics, asked.partitions, report)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    **running.COMMANDS,
    "migrate": do_migrate,
    **reports.COMMANDS,
    "replay": do_replay,
    "resume": do_resume,
    "forget": do_forget,
    "import": do_import,
    "simulate": do_simulate,
    "dashboards": publishing.do_dashboards,
}

if __name__ == "__main__":
    sys.exit(main())
