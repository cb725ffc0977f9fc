"""The commands that try something out and change nothing that the service keeps: a target on the recorded past, a decoder on a record,
all of it on a simulated company. The others are left to `commands`."""

from pathlib import Path

from config.command import Commands, add, moment


def add_rehearse(commands: Commands) -> None:
    rehearse = add(
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


def add_decode(commands: Commands) -> None:
    decode = add(
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


def add_simulate(commands: Commands) -> None:
    simulate = add(
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
