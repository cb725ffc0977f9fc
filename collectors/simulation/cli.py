"""The texts of `./earshot simulate`. Making the company is left to `simulate`, the clock to the caller."""

import argparse
from pathlib import Path
from typing import Any

from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import Progress, Simulated, simulate


def simulate_command(arguments: argparse.Namespace, *, now_us: int, progress: Progress | None = None) -> str:
    """Do it, and say in a few lines what was made. ValueError (what was asked for cannot be) and OSError (the directory holds
    something else, the disk refuses) carry a sentence for people."""
    parameters = _parameters(arguments, now_us)
    return describe_simulated(simulate(arguments.directory, parameters, progress), arguments.directory)


def _parameters(arguments: argparse.Namespace, now_us: int) -> Parameters:
    common: dict[str, Any] = {
        "days": arguments.days,
        "seed": arguments.seed,
        "until_us": now_us if arguments.until is None else arguments.until,
        "all_cloudevents": arguments.cloudevents,
        "drop": arguments.drop,
    }
    if arguments.teams is not None:
        return Parameters.of_teams(arguments.teams, reach=arguments.reach, **common)
    return Parameters(people=arguments.people, **common)


def describe_simulated(simulated: Simulated, directory: Path) -> str:
    """What was made, and where, in two lines."""
    parameters = simulated.parameters
    return (
        f"{parameters.people:,} people, {simulated.messages:,} messages in {parameters.days} days, "
        f"{simulated.events:,} events ({simulated.doubled:,} of them twice, {simulated.late:,} over an hour late), "
        f"{simulated.malformed:,} malformed lines.\n"
        f"Streams, directory and catalogue are in {directory}, the truth in {directory / 'truth'}."
    )
