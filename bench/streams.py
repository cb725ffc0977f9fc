"""The streams that are taken in: those of a simulated company, as CloudEvents and as its mail system's own format, made once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bench.crowd import NOW
from collectors import simulation
from collectors.simulation.as_cloudevents import CHANNEL_OF_STREAM
from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import read_simulated, simulate
from config.progress import Progress
from config.schema import SourceSettings

_DAYS, _SEED = 60, 1
_MAIL = ("email",)


@dataclass(frozen=True)
class Stream:
    """One source and the files it reads."""

    settings: SourceSettings
    files: tuple[Path, ...]


def make_streams(people: int, cache: Path, progress: Progress) -> dict[str, list[Stream]]:
    """Streams by decoder: everything as CloudEvents, mail as SendGrid posts it. Made anew for another simulator."""
    found, made_by = {}, _simulator()
    for decoder, names in (("cloudevents", tuple(CHANNEL_OF_STREAM)), ("sendgrid", _MAIL)):
        folder = cache / f"streams-of-{people}-people-{decoder}-{made_by}"
        if read_simulated(folder) is None:
            parameters = Parameters(people, _DAYS, _SEED, NOW, all_cloudevents=decoder == "cloudevents")
            simulate(folder, parameters, lambda what, share: progress.report(what, share, 1.0))
        found[decoder] = [_stream(folder / "streams" / name, decoder) for name in names]
    return found


def _simulator() -> str:
    """Which it is, by its code."""
    files = sorted(Path(next(iter(simulation.__path__))).glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _stream(folder: Path, decoder: str) -> Stream:
    origin = {"files": str(folder)}
    channel = CHANNEL_OF_STREAM[folder.name]
    written = {"name": folder.name, "decoder": decoder, "from": origin, "channel": channel, "lateness": "2 days"}
    return Stream(SourceSettings.model_validate(written), tuple(sorted(folder.iterdir())))
