"""`./earshot COMMAND`: what each command does. The words of the command line stand in `config.commands`, what runs in `roles`."""

import argparse
import gc
import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from collectors import check as collectors_check
from collectors.build import make_decoder
from collectors.cli import Decoding, run_decode
from collectors.decoders import DECODERS
from collectors.identity import Pseudonymiser, read_key
from collectors.simulation.cli import describe_simulated, simulate_command
from collectors.simulation.live import Live
from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import read_simulated, simulate
from config.commands import make_parser
from config.load import Loaded, find_file, load
from config.problem import format_problems, summarise
from config.progress import Progress
from config.schema import Settings
from config.tried import Tried, read_tried
from dashboards.page.paper import paper
from dashboards.page.server import start
from metrics import check as metrics_check
from metrics import cli
from metrics.document import to_markdown
from metrics.errands import ask
from metrics.indicators import lasting, own_windows
from metrics.ledger.door import LedgerError, WrongKey, open_ledger
from metrics.ledger.lock import AlreadyRunning
from metrics.privacy.statement import statement, title_of
from metrics.rehearsal_text import rehearsal_json, rehearsal_text
from metrics.rehearse import choose, compare
from metrics.snapshot import Snapshot
from metrics.wording import standings, summary
from roles import Service, system_clock
from sites import Site, try_files

WELL, REFUSED, USAGE, DEAD_LETTERS, AWAY = range(5)
_HERE = Path(__file__).resolve().parent
_SAMPLE = _HERE / "config" / "sample.yaml"
_PATIENCE_SECONDS = 120.0


class Refused(Exception):
    """What the user can mend, in a sentence."""


def main(arguments: list[str] | None = None) -> int:
    """The exit status; usage errors end the process with 2 before that."""
    asked = make_parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Records come and go by the million without a cycle among them; looking for cycles as often as by default costs a fifth.
    gc.set_threshold(100_000, 50, 50)
    command: Callable[[argparse.Namespace], int] = globals()[f"do_{asked.command}"]
    try:
        return command(asked)
    except (Refused, AlreadyRunning, WrongKey) as error:
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


def _file(asked: argparse.Namespace) -> Path:
    """The configuration asked for, `earshot.yaml` here, or the simulated company."""
    file = find_file(asked.config, os.environ)
    return file if asked.config is not None or file.exists() or "EARSHOT_CONFIG" in os.environ else _SAMPLE


def _load(file: Path, tried: Tried | None = None) -> Loaded:
    loaded = load(file, os.environ, windows=own_windows(), lasting=lasting(), tried=tried)
    if loaded.understood is None:
        return loaded
    return loaded.joined([*collectors_check.check(loaded.understood.sources), *metrics_check.check(loaded.understood)])


def _sound(file: Path, tried: Tried | None = None) -> Settings:
    loaded = _load(file, tried)
    if loaded.settings is None:
        raise Refused(f"{format_problems(loaded.problems)}\n\n{summarise(loaded.problems, str(file))}")
    return loaded.settings


def _site(asked: argparse.Namespace) -> Site:
    return Site(_sound(_file(asked)), getattr(asked, "as_of", None))


def do_run(asked: argparse.Namespace) -> int:
    site = _site(asked)
    stop, progress = threading.Event(), Progress()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    live = _prepare_sample(site, progress)
    with Service(site, finish=asked.once) as service:
        if asked.once:
            if _catch_up(service, progress, stop) is not None:
                sys.stdout.writelines(_readings(site, as_json=False))
            return WELL
        # From the first moment: who watches over the service has to see that it works, though it is not ready for long.
        server = start(service.app(), site.settings.page.host, site.settings.page.port)
        try:
            snapshot = _catch_up(service, progress, stop)
            if snapshot is not None:
                print(summary(standings(snapshot)), file=sys.stderr)
                print(f"Look at http://{server.host}:{server.port}   (Ctrl-C stops)", file=sys.stderr)
                service.follow(stop, live.append_due if live is not None else lambda _: None)
        finally:
            server.close()
    print("stopped cleanly; starting again resumes here", file=sys.stderr)
    return WELL


def _catch_up(service: Service, progress: Progress, stop: threading.Event) -> Snapshot | None:
    """What is there, read and published; None where it was stopped before."""
    service.catch_up(progress, stop)
    snapshot = None if stop.is_set() else service.tick(progress)
    progress.end()
    return snapshot


def _prepare_sample(site: Site, progress: Progress) -> Live | None:
    """The simulated company, made where it is not there yet; None where the configuration has none."""
    sample = site.settings.sample
    if sample is None:
        return None
    try:
        if read_simulated(sample.directory) is None:
            parameters = Parameters(sample.people, sample.days, sample.seed, system_clock())
            made = simulate(sample.directory, parameters, lambda what, share: progress.report(what, share, 1.0))
            progress.end()
            print(describe_simulated(made, sample.directory), file=sys.stderr)
        return Live(sample.directory) if site.as_of is None else None
    except ValueError as error:
        raise Refused(error) from None


def do_check(asked: argparse.Namespace) -> int:
    file = _file(asked)
    loaded = _load(file)
    notes: list[str] = []
    promised: list[str] = []
    sample = loaded.understood.sample if loaded.understood is not None else None
    if sample is not None and read_simulated(sample.directory) is None:
        notes = [f"the simulated company is made by ./earshot run, in {sample.directory}"]
    elif loaded.understood is not None:
        found, notes, promised = try_files(loaded.understood, system_clock(), promise=loaded.settings is not None)
        loaded = loaded.joined(found)
    if loaded.settings is not None:
        notes += metrics_check.unseen(loaded.settings, Site(loaded.settings).sight())
        absent = [source.name for source in loaded.settings.sources if not source.origin.files.exists()]
        notes += [f"source {name}: nothing is there yet" for name in absent]
    if loaded.problems:
        print(format_problems(loaded.problems) + "\n")
    print(summarise(loaded.problems, str(file)))
    for note in notes:
        print(f"note: {note}")
    if promised and not loaded.problems:
        print("\nWhat these targets may promise:", *promised, sep="\n  ")
    return REFUSED if loaded.problems else WELL


def do_readings(asked: argparse.Namespace) -> int:
    sys.stdout.writelines(_readings(_site(asked), as_json=asked.json))
    return WELL


def _readings(site: Site, *, as_json: bool) -> list[str]:
    _must_exist(site)
    snapshot = cli.find_snapshot(site.url)
    if snapshot is None:
        raise Refused("nothing is published yet: ./earshot run publishes")
    width = shutil.get_terminal_size((120, 24)).columns
    lines = cli.print_readings(snapshot, as_json=as_json, zone=site.settings.organisation.zone, width=width)
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _must_exist(site: Site) -> None:
    if not site.has_ledger():
        run = "./earshot run" if site.as_of is None else "./earshot run --once --as-of with the same time"
        raise Refused(f"nothing is in {site.folder} yet: {run} makes it")


def do_unmatched(asked: argparse.Namespace) -> int:
    site = _site(asked)
    _must_exist(site)
    for line in cli.print_unmatched(site.url, site.canonical):
        print(line)
    return WELL


def do_privacy(asked: argparse.Namespace) -> int:
    given = _site(asked).given()
    blocks = statement(given)
    if asked.html is None:
        sys.stdout.write(to_markdown(blocks))
    else:
        asked.html.write_text(paper(title_of(given), blocks), encoding="utf-8")
    return WELL


def do_holdout(asked: argparse.Namespace) -> int:
    site = _site(asked)
    _must_exist(site)
    with asked.file.open(encoding="utf-8") if asked.file is not None else sys.stdin as stream:
        names = [line.strip() for line in stream]
    try:
        held = cli.held_out(site.url, site.canonical, site.draw, asked.message, map(site.pseudonym_or_none, names))
    except cli.NoHoldout as error:
        raise Refused(error) from None
    sys.stdout.writelines(f"{name}\n" for name, chosen in zip(names, held, strict=True) if chosen)
    return WELL


def do_rehearse(asked: argparse.Namespace) -> int:
    site, progress = _site(asked), Progress()
    _must_exist(site)
    tried = _tried(asked)
    chosen = choose(site.settings.targets, tried.targets, asked.target)
    found = compare(site.url, chosen, site.settings, site.outside(), progress=progress.report)
    progress.end()
    if found is None:
        raise Refused("nothing is published yet: ./earshot run publishes")
    as_of, comparisons = found
    if asked.json:
        sys.stdout.writelines(f"{line}\n" for line in rehearsal_json(comparisons, as_of))
    else:
        width = shutil.get_terminal_size((120, 24)).columns
        zone = site.settings.organisation.zone
        print(rehearsal_text(comparisons, as_of=as_of, zone=zone, width=width), end="")
    return WELL


def _tried(asked: argparse.Namespace) -> Settings:
    """The configuration whose targets are tried."""
    if asked.file is not None:
        if asked.changes:
            raise Refused("either --file or KEY=VALUE: which of the two is to be tried?")
        settings = _sound(asked.file)
        if asked.target is not None and asked.target not in {target.name for target in settings.targets}:
            raise Refused(f"{asked.file}: no target is called {asked.target}")
        return settings
    try:
        return _sound(_file(asked), None if asked.target is None else read_tried(asked.target, asked.changes))
    except ValueError as error:
        raise Refused(error) from None


def do_decode(asked: argparse.Namespace) -> int:
    settings = _site(asked).settings if _file(asked) != _SAMPLE or asked.source not in DECODERS else Settings()
    configured = {source.name: source for source in settings.sources}
    if asked.source not in configured and asked.source not in DECODERS:
        raise Refused(f"no decoder or source is called {asked.source}: decoders are {', '.join(sorted(DECODERS))}")
    source = configured.get(asked.source)
    decoder = make_decoder(source) if source is not None else DECODERS[asked.source]({})
    decoding = Decoding(
        name=asked.source,
        decoder=decoder,
        pseudonym=_pseudonymiser(asked, settings),
        channel=source.channel if source is not None else None,
        received_at=asked.received_at,
    )
    stream = asked.file.open("rb") if asked.file is not None else sys.stdin.buffer
    with stream:
        return run_decode(decoding, stream, sys.stdout, sys.stderr)


def _pseudonymiser(asked: argparse.Namespace, settings: Settings) -> Pseudonymiser:
    """With the key asked for, else the data directory's, else one that is thrown away."""
    for file in (asked.key_file, settings.key_file, settings.data / "earshot.key"):
        if file is not None and (file.exists() or file == asked.key_file):
            try:
                return Pseudonymiser(read_key(file))
            except ValueError as error:
                raise Refused(f"{file}: {error}") from None
    print("no key file: pseudonyms are made with a throw-away key", file=sys.stderr)
    return Pseudonymiser(os.urandom(32))


def do_forget(asked: argparse.Namespace) -> int:
    site = _site(asked)
    try:
        return _ask(site, "forget", site.pseudonym(asked.person))
    except ValueError as error:
        raise Refused(error) from None


def do_replay(asked: argparse.Namespace) -> int:
    return _ask(_site(asked), "replay", asked.source or "")


def do_resume(asked: argparse.Namespace) -> int:
    return _ask(_site(asked), "resume", asked.source)


def _ask(site: Site, kind: str, argument: str) -> int:
    """Done here where nobody writes, else by the service that runs."""
    _must_exist(site)
    try:
        with Service(site) as service:
            done = service.errands.do(kind, argument)
    except AlreadyRunning:
        engine = open_ledger(site.url, site.secrets)
        answered = ask(engine, kind, argument, patience_seconds=_PATIENCE_SECONDS)
        if answered is None:
            raise Refused("the running service has not answered yet; it will do it when it comes to it") from None
        done = answered
    print(done.text)
    return REFUSED if done.refused else WELL


def do_import(asked: argparse.Namespace) -> int:
    with Service(_site(asked)) as service:
        changed = service.evaluation.import_files(system_clock())
        problems, notes = service.evaluation.problems, service.evaluation.notes
        catalogue, people = service.evaluation.described
    if problems:
        print(format_problems(problems) + "\n")
    for note in notes:
        print(f"note: {note}")
    size = people.size if people is not None else 0
    print(f"{'Imported' if changed else 'Nothing changed'}: {size:,} people, {len(catalogue.messages):,} messages.")
    return REFUSED if problems else WELL


def do_migrate(asked: argparse.Namespace) -> int:
    with Service(_site(asked)):
        print("The tables are those of this version.")
    return WELL


def do_simulate(asked: argparse.Namespace) -> int:
    progress = Progress()
    try:
        text = simulate_command(
            asked, now_us=system_clock(), progress=lambda what, share: progress.report(what, share, 1.0)
        )
    except (ValueError, FileExistsError) as error:
        raise Refused(error) from None
    finally:
        progress.end()
    print(text)
    return WELL


if __name__ == "__main__":
    sys.exit(main())
