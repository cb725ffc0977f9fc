"""`make real-input` over a few made-up lines, so that it does not rot: the real files are not part of the repository."""

import ast
from pathlib import Path

import pytest

from bench import real_chat, real_chat_told, real_input, real_pages, real_pages_told
from bench.real_log import names_a_machine, path_and, read_log
from bench.real_network import NEVER, median, read_network
from bench.real_report import PAGE, differences, put_into
from bench.real_road import travel
from config.progress import Progress

BENCH = Path(real_input.__file__).parent
_BROWSER, _CRAWLER = "Mozilla/5.0 (X11; rv:27.0) Gecko/20100101 Firefox/27.0", "examplebot/1.0"


def logged(visitor: int, target: str, hour: int, agent: str = _BROWSER, status: int = 200) -> str:
    day, hour = divmod(hour, 24)
    time = f"{17 + day}/May/2015:{hour:02d}:05:{visitor % 60:02d} +0000"
    return f'192.0.2.{visitor} - - [{time}] "GET {target} HTTP/1.1" {status} 512 "-" "{agent}"\n'


LOG = [
    *(logged(visitor, "/", 10 + visitor) for visitor in range(14)),
    *(logged(visitor, "/?flav=rss20", 12, _CRAWLER) for visitor in range(10, 18)),
    *(logged(visitor, "/news/", 40) for visitor in range(2)),
    logged(3, "/news/", 90),  # later than every window
    logged(20, "/robots.txt", 11, _CRAWLER),
    logged(20, "/news/", 11, _CRAWLER),
    logged(21, "/style.css", 11),
    logged(22, "/gone", 11, status=404),
    logged(23, "/", 11).rstrip('"\n') + "\n",  # cut short
]

# Member 0 writes to everybody; some answer, some write of themselves; the last does so months later, and is new.
NETWORK = [
    *(f"0 {member} {1_083_000_000 + member}" for member in range(1, 15)),
    *(f"{member} 0 {1_083_000_100 + member * 20_000}" for member in range(1, 9)),
    *(f"0 {member} {1_083_200_000 + member}" for member in range(1, 5)),
    *("9 10 1083300000", "10 9 1083300600", "9 10 1083300601", "0 20 1088000000"),
]


def test_a_small_log_is_counted_as_it_is_plainly(tmp_path: Path) -> None:
    told = real_pages_told.tell(LOG, tmp_path, Progress())
    assert differences(told.checks) == []
    assert sum(check.compared for check in told.checks) > 100
    assert "| none | 14 | 4 |" in told.figures["feeds"], "four fetched the feed alone"
    assert "| flav | 14 | 0 |" in told.figures["feeds"]


def test_a_small_network_is_counted_as_it_is_plainly(tmp_path: Path) -> None:
    told = real_chat_told.tell(NETWORK, tmp_path, Progress())
    assert differences(told.checks) == []
    assert sum(check.compared for check in told.checks) > 200
    assert "| topic=opening | 15 | 14 | 16 | 5 | 31.25 % |" in told.figures["responses"], "as counted by hand"
    # Beside the week of all but one, it would tell what that one did.
    assert "| all | 16 | 14 | hidden | hidden | hidden |" in told.figures["responses"]


def test_the_comparison_finds_a_line_that_one_side_lacks(tmp_path: Path) -> None:
    hits, _ = read_log(LOG)
    pages = ("/", "/news/")
    settings = real_pages.write_site(real_pages.WebSite(LOG, hits, pages), tmp_path, lines=real_pages.name_users(LOG))
    trip = travel(settings, real_pages_told.LATE, Progress())
    robbed = real_pages.WebSite(LOG, [hit for hit in hits if hit.number != 13], pages)
    checks = real_pages.compare(robbed, trip, names_a_machine, as_of=real_pages_told.LATE)
    assert any("/: people: the road says 14, plainly it is 13" in line for line in differences(checks))


def test_whom_no_message_was_meant_for_yet_there_are_no_data_of(tmp_path: Path) -> None:
    network = real_chat.Network(read_network(NETWORK))
    settings = real_chat.write_network(network, tmp_path)
    trip = travel(settings, network.lines[-1].at - 1, Progress())
    (reading,) = (each for each in trip.snapshot.readings if each.segment == f"joined={network.joined['20']}")
    assert (reading.verdict, reading.reason) == ("undetermined", "no_data")


@pytest.mark.parametrize("module", ["real_log", "real_network"])
def test_the_plain_side_uses_nothing_of_ours(module: str) -> None:
    tree = ast.parse((BENCH / f"{module}.py").read_text(encoding="utf-8"))
    roots = {
        node.module.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    roots |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert roots <= {"re", "bisect", "collections", "dataclasses", "datetime", "typing"}


@pytest.mark.parametrize(
    ("delays", "watched", "half"),
    [
        pytest.param([10, 20, 30, 40], [], 20, id="everybody reached"),
        pytest.param([10, 20], [50, 50], 20, id="just half"),
        pytest.param([10], [50, 50], NEVER, id="fewer than half"),
        pytest.param([10, 30, 30], [20], 30, id="watched no longer than some waited"),
        pytest.param([], [], NEVER, id="nobody"),
    ],
)
def test_a_plain_median_is_the_first_time_with_half_left(delays: list[int], watched: list[int], half: float) -> None:
    assert median(delays, watched) == half


def test_parameters_tell_pages_apart_in_any_order() -> None:
    refer = path_and(["id", "page"])
    assert {refer(f"/view?{'&'.join(pairs)}") for pairs in (("id=1", "page=2"), ("page=2", "u=3", "id=1"))} == {
        "/view?id=1&page=2"
    }


def test_without_the_files_it_says_so_and_ends_with_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert real_input.main(["--data", str(tmp_path)]) == real_input.AWAY
    assert "are not in" in capsys.readouterr().err


def test_the_page_has_a_place_for_every_figure_and_no_other() -> None:
    page = PAGE.read_text(encoding="utf-8")
    places = [
        line[len("<!-- figures: ") : -len(" -->")] for line in page.splitlines() if line.startswith("<!-- figures: ")
    ]
    assert put_into(page, dict.fromkeys(places, "x\n")).count("\nx\n<!-- end of figures -->") == len(places)
    with pytest.raises(ValueError, match="places"):
        put_into(page, dict.fromkeys(places[1:], "x\n"))
