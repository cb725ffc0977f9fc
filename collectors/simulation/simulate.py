"""Make a company with known truth: directory, catalogue, a history of streams, and the truth beside them.
What comes after "now" is left to `live`."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from collectors.simulation.catalogue import write_catalogue
from collectors.simulation.identifiers import write_directory
from collectors.simulation.parameters import DAY, Parameters
from collectors.simulation.streams import FOLDER, StreamFiles
from collectors.simulation.timeline import Timeline
from collectors.simulation.truth import Truth
from collectors.simulation.world import World

Progress = Callable[[str, float], None]

_FINISHED = "simulated.json"
_BEGUN = "simulating.json"
LIVE_STATE = "live.json"
_FOLDERS = (FOLDER, "directory", "catalogue", "truth")


@dataclass(frozen=True)
class Simulated:
    """What was made. `events` counts repeats, not malformed lines; `messages` those sent, described or not."""

    parameters: Parameters
    messages: int
    events: int
    malformed: int
    doubled: int
    late: int


def simulate(directory: Path, parameters: Parameters, progress: Progress | None = None) -> Simulated:
    """Make the company in a directory that is new, empty, or holds an earlier simulation (which goes).

    Equal parameters give equal bytes. FileExistsError where the directory holds anything else; OSError where the disk refuses.
    """
    world = World(parameters)
    _clear(directory)
    truth = Truth(world)
    write_directory(directory / "directory", world.company, world.identifiers)
    _write_history(directory, world, truth, progress)
    described = [message for message in truth.sent if world.described(message) == "file"]
    write_catalogue(directory / "catalogue" / "messages.yaml", (world.entry(message) for message in described))
    truth.write(directory / "truth")
    simulated = Simulated(
        parameters=parameters,
        messages=len(truth.sent),
        events=truth.total("events"),
        malformed=truth.total("malformed"),
        doubled=truth.total("doubled"),
        late=truth.total("late"),
    )
    (directory / _BEGUN).write_text(json.dumps(asdict(simulated), indent=1) + "\n", encoding="utf-8")
    # The marker comes last: a simulation that was interrupted has none, and is made again.
    (directory / _BEGUN).replace(directory / _FINISHED)
    return simulated


def read_simulated(directory: Path) -> Simulated | None:
    """What stands in the directory; None where no simulation was finished there. ValueError where the marker is damaged."""
    marker = directory / _FINISHED
    if not marker.exists():
        return None
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))
        return Simulated(**{**found, "parameters": Parameters(**found["parameters"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{marker} is damaged: remove it, then simulate again") from error


def _write_history(directory: Path, world: World, truth: Truth, progress: Progress | None) -> None:
    parameters = world.parameters
    files = StreamFiles(directory, world)
    timeline = Timeline(world, parameters.start_us - 1, watch=truth.watch)
    while timeline.position < parameters.until_us:
        midnight = (timeline.position // DAY + 1) * DAY
        # Up to the last moment of a UTC day, so that every file of the history is written in one go.
        reach = midnight - 1 if timeline.position < midnight - 1 else midnight + DAY - 1
        rows = timeline.advance(min(reach, parameters.until_us))
        files.append(rows)
        truth.count(rows)
        if progress is not None:
            progress("simulating", 1 - (parameters.until_us - timeline.position) / (parameters.days * DAY))


def _clear(directory: Path) -> None:
    """Take away an earlier simulation, and nothing else."""
    directory.mkdir(parents=True, exist_ok=True)
    markers = [directory / _FINISHED, directory / _BEGUN]
    if not any(marker.exists() for marker in markers) and any(directory.iterdir()):
        raise FileExistsError(f"{directory} is not empty and holds no simulation: name another directory")
    (directory / _BEGUN).touch()
    (directory / _FINISHED).unlink(missing_ok=True)
    for folder in _FOLDERS:
        if (directory / folder).exists():
            shutil.rmtree(directory / folder)
    (directory / LIVE_STATE).unlink(missing_ok=True)
