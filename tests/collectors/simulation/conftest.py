"""Simulated companies that several tests look at, and never change."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import Simulated, simulate
from tests.collectors.simulation.recount import Recount

THURSDAY = int(datetime(2026, 11, 19, 13, 20, tzinfo=UTC).timestamp()) * 1_000_000
PARAMETERS = Parameters(people=180, days=40, seed=7, until_us=THURSDAY)


@pytest.fixture(scope="session")
def company_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("company")


@pytest.fixture(scope="session")
def simulated(company_folder: Path) -> Simulated:
    return simulate(company_folder, PARAMETERS)


@pytest.fixture(scope="session")
def recount(company_folder: Path, simulated: Simulated) -> Recount:
    assert simulated.events > 0
    return Recount(company_folder)
