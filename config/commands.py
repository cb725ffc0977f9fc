"""The command line: every command with its arguments and its help. Doing what they say is left to `service.py` and `reports.py`."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

DESCRIPTION = """\
Earshot tells an organisation whether its internal messages got through.

It reads what happened to messages from the streams named in the configuration, holds indicators against
targets, and publishes readings with bounds and verdicts on a page and for Prometheus.
"""

EPILOGUE = """\
Without --config, ./earshot.yaml is used if it is there, else a simulated company to play with.
Exit status: 0 well, 1 refused (configuration, input), 2 usage, 3 dead letters, 4 something it needs is away.
"""
WELL, REFUSED, USAGE, DEAD_LETTERS, AWAY = range(5)


def moment(text: str) -> int:
    """A time on the command line (with an offset, or `Z`) as microseconds since 1970 UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 2026-11-02T08:15:00Z") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone: add Z for UTC, or an offset such as +01:00")
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def make_parser(version: str = "") -> argparse.ArgumentParser:
    """The parser of `./earshot`; usage errors exit with 2."""
    parser = argparse.ArgumentParser(
        "earshot", description=DESCRIPTION, epilog=EPILOGUE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}", help="say the version and end")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration to use")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_running(commands)
    _add_asking(commands)
    _add_mending(commands)
    _add_making(commands)
    _add_simulating(commands)
    return parser


def _add(commands: Commands, name: str, help: str, more: str = "") -> argparse.ArgumentParser:
    description = f"{help[0].upper()}{help[1:]}.\n\n{more}" if more else f"{help[0].upper()}{help[1:]}."
    added = commands.add_parser(
        name, help=help, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    # Also after the command, where people put it; said there, it wins.
    added.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return added


def _add_running(commands: Commands) -> None:
    run = _add(
        commands,
        "run",
        "collect, evaluate and serve, in one process",
        "Reads the streams from where it stopped, then follows them. Page, series and health are served on the address of\n"
        "`page` in the configuration (127.0.0.1:8750). Ctrl-C stops it cleanly.",
    )
    run.add_argument("--once", action="store_true", help="read what is there, evaluate, end; nothing is served")
    run.add_argument(
        "--as-of",
        type=moment,
        metavar="TIME",
        help="a recorded past as if it were then: only records received (else occurred) by TIME, in a data directory of its own",
    )
    _add(
        commands,
        "collect",
        "a worker: read the topics of Kafka into the database, beside as many others as are needed",
        "Begins at the first offset that the database has not seen. Its series and probes are served on the address of `worker` in the\n"
        "configuration (127.0.0.1:8751). SIGTERM ends it with what is in hand recorded; SIGKILL costs nothing.",
    )
    _add(
        commands,
        "evaluate",
        "answer every target from what workers collect into a PostgreSQL, and serve; a second one stands by",
        "One of several evaluates; the others serve the page from what it publishes and take its place when it dies. Catalogue and\n"
        "directory are those of the database: ./earshot import reads files into it. Ctrl-C stops it cleanly.",
    )
    migrate = _add(
        commands,
        "migrate",
        "bring the tables of the database to this version (run and evaluate do it by themselves)",
        "By the role that owns the tables, that of evaluate. Other roles of a PostgreSQL are allowed what they need, and nothing else:\n"
        "say them each time (docs/operations.md).",
    )
    migrate.add_argument(
        "--worker", action="append", default=[], metavar="ROLE", help="a role that collect connects as"
    )
    migrate.add_argument(
        "--reader", action="append", default=[], metavar="ROLE", help="one that sees what is published"
    )


def _add_asking(commands: Commands) -> None:
    check = _add(
        commands,
        "check",
        "every problem of the configuration at once",
        "Says for each where it is, what was found, what is allowed and how to mend it; exit status 1 where there is any.",
    )
    check.add_argument(
        "--without-files",
        action="store_true",
        help="the configuration alone, where what it points to is not at hand: that is listed as not checked",
    )
    readings = _add(
        commands,
        "readings",
        "the published readings: value, range, target, verdict and why",
        "Prints the published snapshot; runs beside the service.",
    )
    readings.add_argument("--json", action="store_true", help="one JSON object a reading, a line each")
    readings.add_argument("--as-of", type=moment, metavar="TIME", help="those of `run --as-of TIME`")
    unmatched = _add(
        commands, "unmatched", "references that no catalogue describes, largest first, each with a draft entry"
    )
    unmatched.add_argument("--as-of", type=moment, metavar="TIME", help="those of `run --as-of TIME`")
    holdout = _add(
        commands,
        "holdout",
        "of a list of recipients, those whom a message's `holdout` leaves out",
        "Reads an identifier a line and prints those that are not to be sent the message: take them off the list before you send it.",
    )
    holdout.add_argument("message", metavar="MESSAGE", help="its id in the catalogue")
    holdout.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the recipients; else standard input")
    _add_privacy(commands)
    _add_rehearsing(commands)
    _add_decoding(commands)


def _add_privacy(commands: Commands) -> None:
    privacy = _add(
        commands,
        "privacy",
        "what this configuration keeps of people, why, how long, and who can see it",
        "Written for works councils, as Markdown on standard output. Where there is a database it says what stands in it now; it is only\n"
        "read, beside the service.",
    )
    privacy.add_argument("--html", type=Path, metavar="FILE", help="write it as an HTML page into FILE instead")


def _add_rehearsing(commands: Commands) -> None:
    rehearse = _add(
        commands,
        "rehearse",
        "try a target, or a change of one, on the recorded past before it is set",
        "Says how often it would have been missed, on which messages, and how many of these alarms chance alone explains, beside\n"
        "the target as it is. Nothing is changed; runs beside the service.\n\n"
        "  ./earshot rehearse                                       every target as it is\n"
        "  ./earshot rehearse reach value=0.75                      another value\n"
        '  ./earshot rehearse reach by=department "window=3 days"   keys as in the configuration\n'
        "  ./earshot rehearse mails indicator=opened value=0.6 scope.channel=email   a new one\n"
        "  ./earshot rehearse --file new.yaml                       every target that differs in another configuration",
    )
    rehearse.add_argument("target", nargs="?", metavar="TARGET", help="its name; a new one needs indicator=")
    rehearse.add_argument(
        "changes",
        nargs="*",
        default=[],
        metavar="KEY=VALUE",
        help="what is to be tried; nothing after the = takes a key away",
    )
    rehearse.add_argument("--file", type=Path, metavar="FILE", help="another configuration, whose targets are tried")
    rehearse.add_argument("--json", action="store_true", help="one JSON object a target, a line each")
    rehearse.add_argument("--as-of", type=moment, metavar="TIME", help="on what `run --as-of TIME` recorded")


def _add_decoding(commands: Commands) -> None:
    decode = _add(
        commands,
        "decode",
        "what a decoder makes of a record, an event a line",
        "Dead letters go to standard error; exit status 3 where there is any. No clock is asked.",
    )
    decode.add_argument("--source", required=True, metavar="NAME", help="a decoder, or a source of the configuration")
    decode.add_argument("--key-file", type=Path, metavar="KEY", help="the key identifiers are hashed with")
    decode.add_argument("--received-at", type=moment, metavar="TIME", help="when the records were received")
    decode.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="one JSON document, or a record a line; else standard input"
    )


def _add_mending(commands: Commands) -> None:
    replay = _add(
        commands,
        "replay",
        "try the dead letters again, for instance after a decoder was mended",
        "What is understood now is recorded and leaves the dead letters; the rest stays. Done by the running service.",
    )
    replay.add_argument("source", nargs="?", metavar="SOURCE", help="only this source's")
    resume = _add(
        commands, "resume", "let a source go on that was paused because too much of it could not be understood"
    )
    resume.add_argument("source", metavar="SOURCE", help="its name in the configuration")
    forget = _add(
        commands,
        "forget",
        "erase a person: every trace, and for good",
        "PERSON is any of the person's identifiers. What was published is not computed again. Done by the running service.",
    )
    forget.add_argument("person", metavar="PERSON", help="a mail address, login or id of the person")


def _add_making(commands: Commands) -> None:
    _add(commands, "import", "read catalogue and directory files into the database now (run does it when they change)")
    dashboards = _add(
        commands,
        "dashboards",
        "write the files for Prometheus and Grafana: dashboards, recording rules and alerts",
        "They hold no number of any target, so a change of the configuration needs none of it. docs/alerts.md says what\n"
        "to do with them.",
    )
    dashboards.add_argument(
        "--directory", type=Path, metavar="DIR", help="where to; without it the dashboards/ that they come with"
    )
    dashboards.add_argument(
        "--label", action="append", default=[], metavar="NAME=VALUE", help="what every alert carries, such as team=web"
    )
    dashboards.add_argument(
        "--publish",
        action="store_true",
        help="instead: put dashboards and annotations into the configuration's Grafana",
    )
    dashboards.add_argument("--dry-run", action="store_true", help="say what would change; change nothing")


def _add_simulating(commands: Commands) -> None:
    simulate = _add(
        commands,
        "simulate",
        "make a company with known truth: directory, catalogue, streams",
        "The same seed gives the same company. The truth is written beside the streams, in `truth/`.",
    )
    where = Path("var/simulated")
    simulate.add_argument(
        "--directory", type=Path, default=where, help=f"where to; new, empty, or an earlier one ({where})"
    )
    simulate.add_argument("--people", type=int, default=600, metavar="N", help="how many (600)")
    simulate.add_argument(
        "--teams", type=int, metavar="N", help="instead: a plain company of N teams of 8 to 30, its true reach known"
    )
    simulate.add_argument("--reach", type=float, default=0.85, metavar="RATIO", help="that reach, with --teams (0.85)")
    simulate.add_argument(
        "--drop", default="", metavar="DROP", help="plant a drop in readership, such as 20,2026-10-12,department=Sales"
    )
    simulate.add_argument("--days", type=int, default=60, metavar="N", help="days of history (60)")
    simulate.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, another company (1)")
    simulate.add_argument("--until", type=moment, metavar="TIME", help="when the history ends (now)")
    simulate.add_argument("--to", choices=["files", "kafka"], default="files", help="also play its streams into topics")
    simulate.add_argument(
        "--topics", default="simulated", metavar="PREFIX", help="the topics are PREFIX.STREAM (simulated)"
    )
    simulate.add_argument("--partitions", type=int, default=6, metavar="N", help="of topics that are made (6)")
    simulate.add_argument("--cloudevents", action="store_true", help="write every stream as CloudEvents")
