"""The texts of `./earshot simulate`. Making the company is left to `simulate`, the clock to the caller."""

import argparse
from datetime import datetime
from pathlib import Path

from collectors.simulation.parameters import SECOND, Parameters
from collectors.simulation.simulate import Progress, Simulated, simulate

SUMMARY = "make a company with known truth: a directory, a catalogue and streams of events, the same for the same seed"

_TIME = "a time with its zone, such as 2026-11-02T12:00:00Z"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command, on its own parser."""
    parser.description = f"{SUMMARY[0].upper()}{SUMMARY[1:]}. The truth is written beside them."
    parser.add_argument(
        "--directory", type=Path, default=Path("var/simulated"), help="where to; new, empty, or an earlier simulation"
    )
    parser.add_argument("--people", type=int, default=600, help="how many people (%(default)s)")
    parser.add_argument("--days", type=int, default=60, help="how many days of history (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what everything follows from (%(default)s)")
    parser.add_argument(
        "--until", type=_moment, metavar="TIME", help=f"where the history ends: {_TIME}; now, if absent"
    )
    parser.add_argument(
        "--cloudevents", action="store_true", help="write every stream as CloudEvents, none in a vendor's own format"
    )


def simulate_command(arguments: argparse.Namespace, *, now_us: int, progress: Progress | None = None) -> str:
    """Do it, and say in a few lines what was made. ValueError (what was asked for cannot be) and OSError (the directory holds
    something else, the disk refuses) carry a sentence for people."""
    parameters = Parameters(
        people=arguments.people,
        days=arguments.days,
        seed=arguments.seed,
        until_us=now_us if arguments.until is None else arguments.until,
        all_cloudevents=arguments.cloudevents,
    )
    return describe_simulated(simulate(arguments.directory, parameters, progress), arguments.directory)


def describe_simulated(simulated: Simulated, directory: Path) -> str:
    """What was made, and where, in two lines."""
    parameters = simulated.parameters
    return (
        f"{parameters.people:,} people, {simulated.messages:,} messages in {parameters.days} days, "
        f"{simulated.events:,} events ({simulated.doubled:,} of them twice, {simulated.late:,} over an hour late), "
        f"{simulated.malformed:,} malformed lines.\n"
        f"Streams, directory and catalogue are in {directory}, the truth in {directory / 'truth'}."
    )


def _moment(text: str) -> int:
    """Microseconds since 1970 UTC; argparse turns the error into a usage message."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: {_TIME}") from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"found {text}, without its zone; allowed: {_TIME}")
    return int(moment.timestamp()) * SECOND
