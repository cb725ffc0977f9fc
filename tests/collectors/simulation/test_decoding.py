"""The simulated streams through the decoders that will read them: every line is understood, or was spoilt on purpose."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.decoder import Decoder, Skipped
from collectors.decoders import DECODERS
from collectors.events import Event, Published, Undecodable
from collectors.simulation.simulate import Simulated, simulate
from collectors.simulation.traces import STREAMS
from collectors.source import Record
from tests.collectors.simulation.conftest import PARAMETERS

SITE = {"site": "https://intranet.example.org"}


def decoder_of(path: Path) -> Decoder:
    if path.suffix == ".log":
        return DECODERS["access_log"](SITE)
    return DECODERS["sendgrid" if path.parent.name == "email" else "cloudevents"]({})


def decode(path: Path, decoder: Decoder) -> Counter[str]:
    """How many events, catalogue entries, skipped and spoilt ones a file holds."""
    found: Counter[str] = Counter()
    for offset, line in enumerate(path.read_bytes().split(b"\n")[:-1]):
        try:
            outcomes = [decoded.outcome for decoded in decoder.decode(Record(offset, line))]
        except Undecodable as reason:
            outcomes = [reason]
        for outcome in outcomes:
            kind = next(kind for kind in (Event, Published, Skipped, Undecodable) if isinstance(outcome, kind))
            found[kind.__name__] += 1
    return found


@pytest.mark.parametrize("stream", STREAMS)
def test_every_line_decodes_or_was_spoilt_on_purpose(company_folder: Path, simulated: Simulated, stream: str) -> None:
    assert simulated.events > 0
    injected = json.loads((company_folder / "truth" / "injected.json").read_text())[stream]
    found: Counter[str] = Counter()
    for path in sorted((company_folder / "streams" / stream).iterdir()):
        found += decode(path, decoder_of(path))
    assert found["Undecodable"] == injected["malformed"]
    assert found["Event"] + found["Published"] + found["Skipped"] == injected["events"]
    # Only the portal shows what is of no use: crawlers' errors, style sheets.
    assert (found["Skipped"] > 0) == (stream == "portal")


def test_written_as_cloudevents_every_stream_decodes_by_one_decoder(tmp_path: Path) -> None:
    made = simulate(tmp_path, replace(PARAMETERS, people=60, days=10, all_cloudevents=True))
    decoder, found = DECODERS["cloudevents"]({}), Counter[str]()
    for path in sorted((tmp_path / "streams").glob("*/*")):
        found += decode(path, decoder)
    assert found["Undecodable"] == made.malformed
    assert found["Event"] + found["Published"] == made.events
