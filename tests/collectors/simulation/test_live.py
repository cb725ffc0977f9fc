import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.simulation.live import Live
from collectors.simulation.parameters import DAY, HOUR, MINUTE, SECOND, Parameters
from collectors.simulation.simulate import simulate
from tests.collectors.simulation.conftest import THURSDAY
from tests.collectors.simulation.recount import Recount

START = THURSDAY - DAY
# Under two weeks: the company is not reorganised, so that its history does not depend on where it ends.
SHORT = Parameters(people=150, days=5, seed=3, until_us=START)
SPAN = 4 * DAY


def elements(root: Path) -> Counter[str]:
    """Every event as text, however many stand in a line."""
    found: Counter[str] = Counter()
    for path in sorted((root / "streams").glob("*/*")):
        body = path.read_bytes()
        assert body.endswith(b"\n") or not body
        for line in body.split(b"\n")[:-1]:
            try:
                document = json.loads(line)
                found.update(map(json.dumps, document if isinstance(document, list) else [document]))
            except ValueError:
                found[f"{path.parent.name} {line!r}"] += 1
    return found


def live_through(root: Path, stops: Iterable[int], *, restart: bool = False) -> int:
    simulate(root, SHORT)
    live, count = Live(root), 0
    for stop in stops:
        if restart:
            live = Live(root)
        count += live.append_due(stop)
    return count


@pytest.fixture(scope="module")
def in_one_go(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    root = tmp_path_factory.mktemp("one_go")
    assert live_through(root, [START + SPAN]) > 1000
    return elements(root)


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(min_value=1, max_value=SPAN), max_size=6), restart=st.booleans())
def test_cut_anywhere_and_resumed_the_same_events_are_written(
    tmp_path_factory: pytest.TempPathFactory, in_one_go: Counter[str], cuts: list[int], restart: bool
) -> None:
    root = tmp_path_factory.mktemp("cut")
    live_through(root, [*(START + cut for cut in sorted(cuts)), START + SPAN], restart=restart)
    assert elements(root) == in_one_go


def test_live_continues_the_history_as_if_it_had_been_longer(tmp_path: Path) -> None:
    live_through(tmp_path / "live", [START + SPAN])
    simulate(tmp_path / "longer", replace(SHORT, days=9, until_us=START + SPAN))

    def without_descriptions(root: Path) -> Counter[str]:
        # Before its "now" a company describes most messages in a file.
        return Counter({text: count for text, count in elements(root).items() if "message.published" not in text})

    assert without_descriptions(tmp_path / "live") == without_descriptions(tmp_path / "longer")


def test_a_writer_killed_before_it_noted_its_position_repeats_lines_and_loses_none(
    tmp_path: Path, in_one_go: Counter[str]
) -> None:
    live_through(tmp_path, [START + DAY])
    state = (tmp_path / "live.json").read_bytes()
    Live(tmp_path).append_due(START + 2 * DAY)
    (tmp_path / "live.json").write_bytes(state)
    Live(tmp_path).append_due(START + SPAN)
    repeated = elements(tmp_path)
    assert repeated.keys() == in_one_go.keys()
    assert repeated.total() > in_one_go.total()


@pytest.mark.parametrize("kept", [1, 20, 100], ids=["a byte of it", "its beginning", "most of it"])
def test_half_a_last_line_of_a_killed_writer_is_taken_away(tmp_path: Path, in_one_go: Counter[str], kept: int) -> None:
    live_through(tmp_path, [START + DAY])
    state = (tmp_path / "live.json").read_bytes()
    sizes = {path: path.stat().st_size for path in (tmp_path / "streams").glob("*/*")}
    Live(tmp_path).append_due(START + DAY + 3 * HOUR)
    grown = [path for path in (tmp_path / "streams").glob("*/*") if path.stat().st_size > sizes.get(path, 0)]
    assert len(grown) >= 2
    for path in grown:
        body = path.read_bytes()
        last = body.rstrip(b"\n").rfind(b"\n") + 1
        path.write_bytes(body[: last + kept].rstrip(b"\n"))
    (tmp_path / "live.json").write_bytes(state)
    Live(tmp_path).append_due(START + SPAN)
    assert elements(tmp_path).keys() == in_one_go.keys()


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.3], ids=["almost at once", "early", "in the middle"])
def test_a_writer_killed_while_it_writes_loses_nothing(tmp_path: Path, in_one_go: Counter[str], seconds: float) -> None:
    simulate(tmp_path, SHORT)
    script = f"""
from pathlib import Path
from collectors.simulation.live import Live
live = Live(Path({str(tmp_path)!r}))
print("ready", flush=True)
for moment in range({START}, {START + SPAN}, {2 * MINUTE}):
    live.append_due(moment)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()
    Live(tmp_path).append_due(START + SPAN)
    assert elements(tmp_path).keys() == in_one_go.keys()


def test_a_file_without_any_whole_line_is_emptied(tmp_path: Path) -> None:
    simulate(tmp_path, SHORT)
    newest = max((tmp_path / "streams" / "email").iterdir())
    newest.write_bytes(b'{"email":"p000')
    Live(tmp_path)
    assert newest.read_bytes() == b""


def test_files_are_named_by_the_day_on_which_their_lines_arrived(tmp_path: Path) -> None:
    live_through(tmp_path, [START + SPAN])
    days = {path.stem for path in (tmp_path / "streams").glob("*/*")}
    last = datetime.fromtimestamp((START + SPAN) // SECOND, UTC).date()
    assert max(days) == str(last)
    for event in Recount(tmp_path).events:
        assert str(event.at.date()) <= str(last)


def test_new_messages_are_published_day_after_day(tmp_path: Path) -> None:
    live_through(tmp_path, [START])
    before = set(Recount(tmp_path).published)
    Live(tmp_path).append_due(START + 15 * DAY)
    entries = Recount(tmp_path).published
    sent = {entry["sent_at"][:10] for id, entry in entries.items() if id not in before}
    assert len(sent) >= 8
    assert all({"title", "channel", "owner", "audience", "sent_at"} <= entry.keys() for entry in entries.values())


def test_a_clock_that_stands_or_goes_back_adds_nothing(tmp_path: Path) -> None:
    simulate(tmp_path, SHORT)
    live = Live(tmp_path)
    assert live.append_due(START + HOUR) > 0
    before = elements(tmp_path)
    assert live.append_due(START + HOUR) == 0
    assert live.append_due(START - DAY) == 0
    assert elements(tmp_path) == before


def test_events_trickle_in_at_any_hour(tmp_path: Path) -> None:
    """So that somebody who looks on a Saturday night sees figures move too."""
    simulate(tmp_path, replace(SHORT, people=600, days=14))
    live = Live(tmp_path)
    saturday = START + 3 * DAY
    live.append_due(saturday)
    moved = [live.append_due(saturday + step * 20 * MINUTE) for step in range(1, 37)]
    assert sum(count > 0 for count in moved) >= 30


def test_without_a_finished_simulation_there_is_nothing_to_continue(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no finished simulation"):
        Live(tmp_path)


def test_a_damaged_state_is_said_in_a_sentence(tmp_path: Path) -> None:
    simulate(tmp_path, SHORT)
    (tmp_path / "live.json").write_text("{}")
    with pytest.raises(ValueError, match="is damaged: simulate again"):
        Live(tmp_path)
