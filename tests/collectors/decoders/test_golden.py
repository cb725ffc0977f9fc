"""Payloads as vendors document them, through their decoders."""

import json
from pathlib import Path

import pytest

from collectors.decoders import DECODERS
from tests.collectors.decoders.golden import PAYLOADS, decode, decoder_of, describe, records_of


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_a_payload_gives_what_is_written_beside_it(payload: Path) -> None:
    decoder = decoder_of(payload)
    found = [describe(element) for record in records_of(payload) for element in decode(decoder, record)]
    assert found == json.loads(payload.with_suffix(".expected.json").read_text())


def test_every_decoder_has_a_payload() -> None:
    assert {payload.parent.name for payload in PAYLOADS} == set(DECODERS)
