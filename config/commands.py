"""The command line: every command with its arguments and its help, those that try something out in `trying`. Doing what they say is left to
`service.py` and `reports.py`."""

import argparse
from pathlib import Path

from config.command import Commands, add, moment
from config.trying import add_decode, add_rehearse, add_simulate

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
    add_simulate(commands)
    return parser


def _add_running(commands: Commands) -> None:
    run = add(
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
    add(
        commands,
        "collect",
        "a worker: read the topics of Kafka into the database, beside as many others as are needed",
        "Begins at the first offset that the database has not seen. Its series and probes are served on the address of `worker` in the\n"
        "configuration (127.0.0.1:8751). SIGTERM ends it with what is in hand recorded; SIGKILL costs nothing.",
    )
    add(
        commands,
        "evaluate",
        "answer every target from what workers collect into a PostgreSQL, and serve; a second one stands by",
        "One of several evaluates; the others serve the page from what it publishes and take its place when it dies. Catalogue and\n"
        "directory are those of the database: ./earshot import reads files into it. Ctrl-C stops it cleanly.",
    )
    _add_migrate(commands)


def _add_migrate(commands: Commands) -> None:
    migrate = add(
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
    check = add(
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
    readings = add(
        commands,
        "readings",
        "the published readings: value, range, target, verdict and why",
        "Prints the published snapshot; runs beside the service.",
    )
    readings.add_argument("--json", action="store_true", help="one JSON object a reading, a line each")
    readings.add_argument("--as-of", type=moment, metavar="TIME", help="those of `run --as-of TIME`")
    unmatched = add(
        commands, "unmatched", "references that no catalogue describes, largest first, each with a draft entry"
    )
    unmatched.add_argument("--as-of", type=moment, metavar="TIME", help="those of `run --as-of TIME`")
    holdout = add(
        commands,
        "holdout",
        "of a list of recipients, those whom a message's `holdout` leaves out",
        "Reads an identifier a line and prints those that are not to be sent the message: take them off the list before you send it.",
    )
    holdout.add_argument("message", metavar="MESSAGE", help="its id in the catalogue")
    holdout.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the recipients; else standard input")
    _add_privacy(commands)
    add_rehearse(commands)
    add_decode(commands)


def _add_privacy(commands: Commands) -> None:
    privacy = add(
        commands,
        "privacy",
        "what this configuration keeps of people, why, how long, and who can see it",
        "Written for works councils, as Markdown on standard output. Where there is a database it says what stands in it now; it is only\n"
        "read, beside the service.",
    )
    privacy.add_argument("--html", type=Path, metavar="FILE", help="write it as an HTML page into FILE instead")


def _add_mending(commands: Commands) -> None:
    replay = add(
        commands,
        "replay",
        "try the dead letters again, for instance after a decoder was mended",
        "What is understood now is recorded and leaves the dead letters; the rest stays. Done by the running service.",
    )
    replay.add_argument("source", nargs="?", metavar="SOURCE", help="only this source's")
    resume = add(
        commands, "resume", "let a source go on that was paused because too much of it could not be understood"
    )
    resume.add_argument("source", metavar="SOURCE", help="its name in the configuration")
    forget = add(
        commands,
        "forget",
        "erase a person: every trace, and for good",
        "PERSON is any of the person's identifiers. What was published is not computed again. Done by the running service.",
    )
    forget.add_argument("person", metavar="PERSON", help="a mail address, login or id of the person")


def _add_making(commands: Commands) -> None:
    add(commands, "import", "read catalogue and directory files into the database now (run does it when they change)")
    dashboards = add(
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
