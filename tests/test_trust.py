"""`make trust` at toy size: every experiment runs and fills its place in the page, and a method that does not hold is caught."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.trust import alarms, amounts, bursts, coverage, falling, gaps, times
from bench.trust.__main__ import PAGE, main
from bench.trust.draws import ALL_SEEN, Counts, Hidden, Kind, count_people, draw_shares
from bench.trust.methods import Method, linearised, margin_of_error, percentage, process, wilson_over_all
from bench.trust.road import UNTIL
from bench.trust.times import Pace, all_people, draw_times
from bench.trust.told import QUICK, Claim, claims_table
from bench.trust.traces import moment_of
from collectors.simulation.parameters import DAY, Parameters
from collectors.simulation.simulate import simulate
from collectors.simulation.traces import ROW, SIGNS, sign_code
from metrics.bounds import Interval
from metrics.reading import COLUMNS, Found, Times
from tests.metrics.made_up import reading

_PLACE = re.compile(r"(<!-- figures: (?!noise)[a-z ]+ -->\n).*?(<!-- end of figures -->)", re.DOTALL)
_EMPTY = re.compile(r"<!-- figures: [a-z ]+ -->\n<!-- end")


def cover(method: Method, kind: Kind, messages: int, number: int = 300) -> float:
    return coverage.cover(kind, messages, ALL_SEEN, (method,), number, [1])[0]


def quiet(_: str, __: float) -> None:
    """Nobody watches."""


def test_every_experiment_fills_its_place_of_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, results = tmp_path / "trust.md", tmp_path / "trust.json"
    page.write_text(_PLACE.sub(r"\1\2", PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    main(["--page", str(page), "--results", str(results)], QUICK)
    assert not _EMPTY.search(page.read_text(encoding="utf-8"))
    assert "claims, " in capsys.readouterr().out
    figures = json.loads(results.read_text(encoding="utf-8"))
    assert len(figures) > 50
    assert all(np.isfinite(figure["value"]) for figure in figures)


@pytest.mark.parametrize("messages", [2, 10])
@pytest.mark.parametrize("broken", [wilson_over_all, margin_of_error, linearised])
def test_a_method_that_does_not_hold_is_caught(broken: Method, messages: int) -> None:
    kind = Kind(0.85, 0.1, 200, 1.2)
    assert cover(process, kind, messages) >= 0.93
    assert cover(broken, kind, messages) < 0.93


def test_the_whole_experiment_says_so_of_a_method_that_does_not_hold() -> None:
    size = replace(QUICK, classes=8)
    assert not coverage.measure(size, quiet, wilson_over_all).claims[0].holds
    assert not coverage.measure_hidden(size, quiet, margin_of_error).claims[0].holds

    def bare(counts: Counts) -> Interval:
        return percentage(counts), percentage(counts)

    assert not alarms.measure_healthy(QUICK, quiet, bare).claims[0].holds


def test_a_median_without_chance_between_messages_is_caught() -> None:
    size = replace(QUICK, times=40)
    assert not times.measure(size, quiet, all_people).claims[1].holds
    assert times.measure(size, quiet).claims[1].found >= 0.9


@pytest.mark.parametrize("hidden", [Hidden(0.3), Hidden(0.3, 0.5), Hidden(0.3, -0.5)], ids=["alike", "less", "more"])
def test_what_is_drawn_has_the_truth_that_it_is_held_against(hidden: Hidden) -> None:
    dice = np.random.default_rng(5)
    people = np.full(4_000, 500)
    shares = draw_shares(0.7, 0.1, 4_000, dice)
    assert shares.mean() == pytest.approx(0.7, abs=0.006)
    assert shares.std() == pytest.approx(0.1, abs=0.006)
    counts = count_people(people, shares, hidden, dice)
    assert percentage(counts) == pytest.approx(0.7 * 0.7, abs=0.006), "seven of ten are seen"
    unseen = float(hidden.share_among(shares).mean())
    assert hidden.truth(0.7) == pytest.approx(0.7 * 0.7 + 0.3 * unseen, abs=0.006)


def test_half_of_the_people_drawn_are_reached_at_the_true_median() -> None:
    pace = Pace(0.85, 0.05, 0.3, 2_000)
    drawn, truth = draw_times(pace, 300, np.random.default_rng(2))
    everybody = sum(each.people for each in drawn)
    before = sum(int(each.reached[each.seconds <= truth].sum()) for each in drawn)
    earlier = sum(int(each.reached[each.seconds < truth - 600].sum()) for each in drawn)
    assert earlier / everybody < 0.5 < before / everybody + 0.01


@pytest.mark.parametrize("action", ["clicked", "opened"])
def test_no_source_says_that_it_was_a_scanner(action: str) -> None:
    assert SIGNS[f"{action} by a scanner"]._replace(scanned=False) == SIGNS[action]


def test_a_scanner_and_a_person_leave_equal_lines_in_the_files(tmp_path: Path) -> None:
    simulate(tmp_path / "company", Parameters(120, 20, 3, UNTIL))
    clicks = [
        event
        for file in (tmp_path / "company" / "streams" / "email").iterdir()
        for line in file.read_bytes().splitlines()
        for event in _whole(line)
        if event.get("event") == "click"
    ]
    assert len(clicks) > 100
    assert len({(frozenset(event) - {"earshot_message"}, event["useragent"]) for event in clicks}) == 1


def _whole(line: bytes) -> list[dict[str, Any]]:
    """The events of a post; none where its line is spoilt."""
    try:
        post = json.loads(line)
    except ValueError:
        return []
    return [post] if isinstance(post, dict) else [event for event in post if isinstance(event, dict)]


def test_a_click_that_a_person_made_too_is_a_persons() -> None:
    rows = np.zeros(6, dtype=ROW)
    rows["sign"] = [sign_code("clicked by a scanner")] * 5 + [sign_code("clicked")]
    rows["detail"] = [0, 1, 2, 3, 4, 0]
    rows["at"] = UNTIL
    rows["person"] = 7
    assert bursts.judge(rows, 5) == bursts.Found(4, 1, 4, 1)


def test_where_messages_fail_seldom_the_truth_lies_below_and_not_above() -> None:
    seldom, often = Kind(0.95, 0.15, 60, 0.0), Kind(0.05, 0.15, 60, 0.0)
    below, above = coverage.miss(seldom, 5, 200, [1])
    assert below > 0.15
    assert above < 0.03
    mirrored = coverage.miss(often, 5, 200, [1])
    assert mirrored[0] < 0.03
    assert mirrored[1] > 0.15


def test_beside_bounds_stands_what_the_bare_figure_says() -> None:
    nobody = np.zeros((2, COLUMNS), dtype=np.int64)
    apart = Found(nobody, extra=np.array([[2, 10, 5, 10], [2, 10, 7, 10]]))
    assert gaps._bare_gap(apart, 0.0) == pytest.approx(np.std([0.2, 0.6], ddof=1))
    two = Found(nobody[:1], extra=np.array([[80, 100, 60, 100]]))  # 20 points, give or take 12
    assert [gaps._bare_groups(two, (truth + 1) / 2) for truth in (0.07, 0.09, 0.31, 0.33)] == [0, 1, 1, 0]
    half = Found(nobody, extra=np.array([[50, 250_000], [50, 250_000]]))  # of a hundred, give or take 10 points
    assert [amounts._with_margin(half, truth) for truth in (0.39, 0.41, 0.59, 0.61)] == [0, 1, 1, 0]
    times_of_ten = (Times(np.arange(1, 11), np.ones(10, dtype=np.int64), 0, 0, 0),)
    assert amounts._off(Found(nobody[:1], times_of_ten), 10.0) == pytest.approx(0.09)


def test_the_median_of_what_was_answered_is_too_short() -> None:
    covered, short = times._cover_waiting(200, 40, [1])
    assert covered > 0.8
    assert 0.15 < short < 0.35


def test_half_of_all_messages_lie_lower_than_those_before() -> None:
    watched, lower = falling._length(falling._normal, 20, [1])
    assert watched > 100
    assert 0.45 < lower < 0.55


def test_a_claim_holds_between_its_ends() -> None:
    assert Claim("so", 0.95, 0.94, 0.99).holds
    assert not Claim("so", 0.995, 0.94, 0.99).holds
    assert (Claim("so", 0.0, 0.94, 0.99).aim, Claim("so", 0.0, 0.94).aim) == ("94 to 99 %", "at least 94 %")
    assert "**no**" in claims_table([Claim("so", 0.02, high=0.01)])


def test_figures_that_stand_are_held_against_the_truth_of_their_day() -> None:
    moments = [UNTIL - 4 * DAY, UNTIL - 2 * DAY, UNTIL]
    assert moment_of(reading("opened", "opened"), moments) == UNTIL
    assert moment_of(reading("opened", "opened", stands_since="2026-11-16"), moments) == UNTIL - 2 * DAY
