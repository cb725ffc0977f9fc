"""The commands that only tell: what the configuration says, what is published, who is held out, what a decoder makes of a record.
What a command changes is left to `service`, the words of the command line to `config.commands`."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from collectors.build import make_decoder
from collectors.cli import Decoding, run_decode
from collectors.decoders import DECODERS
from collectors.identity import Pseudonymiser, read_key
from collectors.simulation.simulate import read_simulated
from config.commands import REFUSED, WELL
from config.problem import Problem, format_problems, summarise
from config.progress import Progress
from config.schema import Settings
from config.tried import read_tried
from dashboards.page.paper import paper
from front import system_clock
from metrics import check, check_directory, cli
from metrics.clock import Clocks
from metrics.document import to_markdown
from metrics.draw import drawer
from metrics.evaluation import Evaluation
from metrics.last_ranges import promises_by_range
from metrics.ledger.door import LedgerError, open_ledger, sqlite_url
from metrics.messages import Catalogue
from metrics.people import People
from metrics.privacy.statement import statement, title_of
from metrics.promise import Before, promises
from metrics.rehearsal_text import rehearsal_json, rehearsal_text
from metrics.rehearse import choose, compare
from metrics.snapshot import PublishedReading
from sites import SAMPLE, Refused, Site, choose_file, find_lateness, load_checked, load_sound, must_exist, site_of


def do_check(asked: argparse.Namespace) -> int:
    file = choose_file(asked)
    loaded = load_checked(file, with_files=not asked.without_files)
    notes: list[str] = []
    promised: list[str] = []
    sample = loaded.understood.sample if loaded.understood is not None else None
    if sample is not None and read_simulated(sample.directory) is None:
        notes = [f"the simulated company is made by ./earshot run, in {sample.directory}"]
    elif asked.without_files:
        notes = _unchecked(loaded.understood) if loaded.understood is not None else []
    elif loaded.understood is not None:
        found, notes, promised = _try_files(loaded.understood, system_clock(), promise=loaded.settings is not None)
        loaded = loaded.joined(found)
    if loaded.settings is not None:
        notes += check.unshown(loaded.settings, Site(loaded.settings).sight()).values()
        read = {source.name: source.origin.files for source in loaded.settings.sources}
        absent = [name for name, files in read.items() if files is not None and not files.exists()]
        notes += [f"source {name}: nothing is there yet" for name in absent if not asked.without_files]
    if loaded.problems:
        print(format_problems(loaded.problems) + "\n")
    print(summarise(loaded.problems, str(file)))
    for note in notes:
        print(f"note: {note}")
    if promised and not loaded.problems:
        print("\nWhat these targets may promise:", *promised, sep="\n  ")
    return REFUSED if loaded.problems else WELL


def _unchecked(settings: Settings) -> list[str]:
    """What the configuration points to and nobody has looked at, by key."""
    kafka, named = settings.kafka, [("store_file", settings.store_file)]
    named += [("key_file", settings.key_file), ("erasure_key_file", settings.erasure_key_file)]
    named += [("kafka.password_file", kafka.password_file), ("kafka.ca_file", kafka.ca_file)]
    named += [("kafka.certificate_file", kafka.certificate_file), ("grafana.token_file", settings.grafana.token_file)]
    named += [("catalogue.files", file) for file in settings.catalogue.files]
    named += [("directory.files", file) for file in settings.directory.files]
    named += [(f"source {source.name}", source.origin.files) for source in settings.sources]
    return [f"not checked: {key}, {file}" for key, file in named if file is not None]


def _try_files(settings: Settings, now: int, *, promise: bool) -> tuple[list[Problem], list[str], list[str]]:
    """What is wrong with the directory's and the catalogue's files, what is worth knowing, and what each target may promise, tried in a
    database of the moment. `now`: microseconds; `promise`: whether the targets are sound, so that anything can be said of them."""
    with tempfile.TemporaryDirectory() as folder:
        # Only files are tried here, so nothing of what else may be wrong stands in the way.
        bare = {"data": Path(folder), "key_file": None, "erasure_key_file": None, "sources": (), "targets": ()}
        site = Site(settings.model_copy(update=bare))
        engine = open_ledger(sqlite_url(Path(folder)), site.secrets, settings.mode)
        trial = Evaluation(engine, site.settings, site.surroundings())
        trial.import_files(now)
        described, catalogue, people = trial.described, trial.described.catalogue, trial.described.known_people
        engine.dispose()
    values = people.values if people is not None else {}
    promised: list[str] = []
    if promise and settings.mode != "people":
        promised = promises_by_range(settings, _published(settings))
    elif promise and people is not None:
        promised = promises(_before(settings, catalogue, people, now))
    found = [*described.problems, *check_directory.check_series(settings, values)]
    if people is not None and people.size:
        found += [
            *check_directory.check_segments(settings, values),
            *check_directory.check_teams(settings, people, now),
        ]
    return found, [*catalogue.problems, *described.notes], promised


def _before(settings: Settings, catalogue: Catalogue, people: People, now: int) -> Before:
    clocks, lateness = Clocks(settings.organisation), find_lateness(settings)
    unshown = check.unshown(settings, Site(settings).sight())
    # How many are drawn matters, not who: any key will do.
    return Before(settings, catalogue, people, clocks, lateness, drawer(b""), now, _published(settings), unshown)


def _published(settings: Settings) -> Sequence[PublishedReading]:
    """What was published last of each target, where anything ever was and the database can be asked."""
    with suppress(LedgerError, OSError):
        snapshot = cli.find_snapshot(Site(settings).url)
        return () if snapshot is None else snapshot.readings
    return ()


def do_readings(asked: argparse.Namespace) -> int:
    sys.stdout.writelines(readings_lines(site_of(asked), as_json=asked.json))
    return WELL


def readings_lines(site: Site, *, as_json: bool) -> list[str]:
    must_exist(site)
    snapshot = cli.find_snapshot(site.url)
    if snapshot is None:
        raise Refused("nothing is published yet: ./earshot run publishes")
    width = shutil.get_terminal_size((120, 24)).columns
    lines = cli.print_readings(snapshot, as_json=as_json, zone=site.settings.organisation.zone, width=width)
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def do_unmatched(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    must_exist(site)
    for line in cli.print_unmatched(site.url, site.canonical):
        print(line)
    return WELL


def do_privacy(asked: argparse.Namespace) -> int:
    given = site_of(asked).given()
    blocks = statement(given)
    if asked.html is None:
        sys.stdout.write(to_markdown(blocks))
    else:
        asked.html.write_text(paper(title_of(given), blocks), encoding="utf-8")
    return WELL


def do_holdout(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    must_exist(site)
    with asked.file.open(encoding="utf-8") if asked.file is not None else sys.stdin as stream:
        names = [line.strip() for line in stream]
    try:
        held = cli.held_out(site.url, site.canonical, site.draw, asked.message, map(site.pseudonym_or_none, names))
    except cli.NoHoldout as error:
        raise Refused(error) from None
    sys.stdout.writelines(f"{name}\n" for name, chosen in zip(names, held, strict=True) if chosen)
    return WELL


def do_rehearse(asked: argparse.Namespace) -> int:
    site, progress = site_of(asked), Progress()
    must_exist(site)
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
        settings = load_sound(asked.file)
        if asked.target is not None and asked.target not in {target.name for target in settings.targets}:
            raise Refused(f"{asked.file}: no target is called {asked.target}")
        return settings
    try:
        return load_sound(choose_file(asked), None if asked.target is None else read_tried(asked.target, asked.changes))
    except ValueError as error:
        raise Refused(error) from None


def do_decode(asked: argparse.Namespace) -> int:
    settings = site_of(asked).settings if choose_file(asked) != SAMPLE or asked.source not in DECODERS else Settings()
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


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": do_check,
    "readings": do_readings,
    "unmatched": do_unmatched,
    "holdout": do_holdout,
    "privacy": do_privacy,
    "rehearse": do_rehearse,
    "decode": do_decode,
}
