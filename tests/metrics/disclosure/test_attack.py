"""The attack: random organisations' snapshots in the hands of somebody with a solver. `make attack` takes a thousand of them."""

from pathlib import Path

import msgspec
import pytest

from tests.metrics.disclosure.attack import attack, shoot
from tests.metrics.disclosure.campaign import HOLDS, main, make_world, summary, try_organisation
from tests.metrics.disclosure.planted import (
    PLANTS,
    Plant,
    found_by,
    hide_each_apart,
    is_found,
    is_found_between,
    make_open,
)

_ORGANISATIONS = 3


@pytest.mark.parametrize("seed", range(1, _ORGANISATIONS + 1))
def test_no_small_group_is_determined_or_narrowed(seed: int) -> None:
    world = make_world(seed)
    assert attack(world, shoot(world)) == []


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found_every_time(plant: Plant) -> None:
    found = [is_found(make_world(seed), plant) for seed in range(1_000_000, 1_000_000 + 12 * _ORGANISATIONS)]
    assert True in found
    assert False not in found


def test_a_leak_planted_between_indicators_is_found_every_time_and_in_neither_of_them_alone() -> None:
    seeds = range(1_000_000, 1_000_000 + 12 * _ORGANISATIONS)
    found = [is_found_between(seed) for seed in seeds]
    assert True in found
    assert False not in found
    for seed in [seed for seed, each in zip(seeds, found, strict=True) if each][:3]:
        for indicator in ("reach", "opened"):
            assert found_by(make_open(seed), hide_each_apart, [indicator]) == []


def test_the_page_says_what_came_of_it() -> None:
    tried = try_organisation(14)
    assert (tried.people, tried.leaks) == (50, [])
    assert 0 < tried.hidden + tried.beside < tried.outputs
    narrowed = msgspec.structs.replace(tried, leaks=["reach of m1 in d1"])
    assert "| small groups determined or narrowed | 1 |" in summary([tried, narrowed])


def test_the_whole_attack_goes_on_where_it_stood(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- figures: attack -->\n<!-- end of figures -->\n", encoding="utf-8")
    arguments = ["--first", "14", "--kept", str(tmp_path), "--page", str(page), "--organisations"]
    assert main([*arguments, "1"]) == HOLDS
    (kept,) = tmp_path.glob("*.ndjson")
    before = kept.read_bytes()
    assert main([*arguments, "2"]) == HOLDS
    assert kept.read_bytes().startswith(before)
    assert "| random organisations | 2 |" in page.read_text(encoding="utf-8")
