"""The road once over, in a process that a test may kill: `python -m tests.flow.once CONFIG NOW`."""

import sys
from pathlib import Path

import collectors.rounds
from config.load import load
from roles import Service
from sites import Site
from tests.flow.company import run_road

# Small turns: many transactions, so that a kill finds the process in the middle of something.
collectors.rounds.RECORDS_A_TURN = 50

if __name__ == "__main__":
    settings = load(Path(sys.argv[1]), {}).settings
    assert settings is not None
    now = int(sys.argv[2])
    with Service(Site(settings), lambda: now, finish=True) as service:
        print("begun", flush=True)
        run_road(service)
