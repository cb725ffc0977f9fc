import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.simulation.parameters import DAY, Parameters
from collectors.simulation.simulate import Simulated, read_simulated, simulate
from tests.collectors.simulation.conftest import PARAMETERS
from tests.collectors.simulation.recount import Recount

SMALL = replace(PARAMETERS, people=50, days=12)


def digests(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    simulate(tmp_path / "one", SMALL)
    simulate(tmp_path / "two", SMALL)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@pytest.mark.parametrize(
    "other",
    [replace(SMALL, seed=8), replace(SMALL, people=51), replace(SMALL, until_us=SMALL.until_us - DAY)],
    ids=["another seed", "one person more", "another now"],
)
def test_other_parameters_give_other_streams(tmp_path: Path, other: Parameters) -> None:
    simulate(tmp_path / "one", SMALL)
    simulate(tmp_path / "two", other)
    assert digests(tmp_path / "one" / "streams") != digests(tmp_path / "two" / "streams")


def test_simulating_again_in_the_same_directory_leaves_nothing_of_the_first_time(tmp_path: Path) -> None:
    simulate(tmp_path / "again", replace(SMALL, seed=1))
    (tmp_path / "again" / "live.json").write_text('{"written_until_us": 1}')
    simulate(tmp_path / "again", SMALL)
    simulate(tmp_path / "fresh", SMALL)
    assert digests(tmp_path / "again") == digests(tmp_path / "fresh")


def test_a_simulation_that_was_interrupted_is_noticed_and_made_again(tmp_path: Path) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(_: str, share: float) -> None:
        if share > 0.5:
            raise Interrupted

    with pytest.raises(Interrupted):
        simulate(tmp_path, SMALL, interrupt)
    assert read_simulated(tmp_path) is None
    made = simulate(tmp_path, SMALL)
    assert read_simulated(tmp_path) == made


def test_a_directory_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "streams").mkdir()
    (tmp_path / "streams" / "precious.ndjson").write_text("real\n")
    with pytest.raises(FileExistsError, match="is not empty and holds no simulation"):
        simulate(tmp_path, SMALL)
    assert (tmp_path / "streams" / "precious.ndjson").read_text() == "real\n"


def test_a_damaged_marker_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "simulated.json").write_text("{")
    with pytest.raises(ValueError, match="is damaged: remove it"):
        read_simulated(tmp_path)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((19, 60, 1, SMALL.until_us), "people: found 19; allowed: 20 to 1,000,000"),
        ((600, 0, 1, SMALL.until_us), "days: found 0; allowed: 1 to 400"),
        ((600, 60, -1, SMALL.until_us), "seed: found -1"),
        ((600, 60, 1, 0), "until: found a moment before 1971"),
    ],
    ids=["too few people", "no days", "a negative seed", "a time without a year before it"],
)
def test_parameters_that_make_no_company_are_refused(wrong: tuple[int, int, int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Parameters(*wrong)


def test_progress_grows_to_the_whole(tmp_path: Path) -> None:
    shares: list[float] = []
    simulate(tmp_path, SMALL, lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_smallest_company_can_be_simulated(tmp_path: Path) -> None:
    made = simulate(tmp_path, Parameters(people=20, days=1, seed=0, until_us=SMALL.until_us))
    assert made.messages >= 0
    assert (tmp_path / "directory" / "people.csv").read_text().count("\n") == 21


def test_nothing_in_the_streams_happened_or_arrived_after_now(recount: Recount, simulated: Simulated) -> None:
    until_us = simulated.parameters.until_us
    assert max(event.at.timestamp() for event in recount.events) * 1e6 <= until_us
    assert min(event.at.timestamp() for event in recount.events) * 1e6 >= simulated.parameters.start_us - DAY


def test_written_as_cloudevents_the_streams_show_the_same(tmp_path: Path, recount: Recount) -> None:
    simulate(tmp_path, replace(PARAMETERS, all_cloudevents=True))
    assert not list(tmp_path.rglob("*.log"))
    alike = Recount(tmp_path)
    assert alike.people_by_action() == recount.people_by_action()
    assert len(alike.events) == len(recount.events)
    assert alike.malformed == recount.malformed


def test_events_of_one_stream_have_an_id_of_their_own_but_for_repeats(tmp_path: Path) -> None:
    simulate(tmp_path, replace(SMALL, all_cloudevents=True))
    content: dict[tuple[str, str], tuple[str, str, str | None]] = {}
    for event in Recount(tmp_path).events:
        about = (event.action, event.reference, event.person)
        assert content.setdefault((event.stream, event.id), about) == about
