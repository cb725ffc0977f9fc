"""A message's curve says what would have been counted, had its window been as long."""

from pathlib import Path
from typing import Any

import pytest

from collectors.simulation.parameters import Parameters
from metrics.growth import AGES_HOURS
from metrics.reading import State
from tests.flow.company import KEEP, UNTIL, make_company, run_road

AT = 24
INDICATORS = ("reach", "acknowledged", "opened", "response")
TARGETS: list[dict[str, Any]] = [
    {"name": f"{name}_{hours}", "indicator": name, "window": f"{hours} hours"}
    for name in INDICATORS
    for hours in (AT, 72)
]


@pytest.mark.parametrize("seed", [3, 4])
def test_a_curve_is_what_a_shorter_window_counts(tmp_path: Path, seed: int) -> None:
    company = make_company(tmp_path, Parameters(80, 25, seed, UNTIL), targets=TARGETS, retention=KEEP)
    with company.service() as service:
        run_road(service)
        asks = service.evaluation.answer(UNTIL).asks
        compared = 0
        for name in INDICATORS:
            short, long = asks[f"{name}_{AT}"], asks[f"{name}_72"]
            shorter = {unit.messages: short.cells_of(unit) for unit in short.units[""]}
            for unit in long.units[""]:
                cells, expected = long.cells_of(unit), shorter[unit.messages]
                assert cells is not None
                assert expected is not None
                if len(unit.messages) > 1 or not cells.growth:
                    continue
                compared += 1
                assert cells.growth[AGES_HOURS.index(AT)] == expected.counts[""][0, State.H], (name, unit.id)
        assert compared > 20
