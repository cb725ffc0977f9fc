"""Segments that are made of others are known for what they are, and give nothing away."""

import numpy as np

from metrics.disclosing.blocks import NO_VALUE, Block, Side, find_blocks
from metrics.disclosing.family import Family
from metrics.disclosing.groups import EVERYBODY, Group, Tally, TallyOf, told_of
from metrics.disclosing.suppression import suppress
from metrics.reading import Place
from metrics.rosters import Coded
from tests.metrics.disclosure.tables import K, Tables, names


def coded(*values: str) -> Coded:
    known = tuple(sorted(set(values) - {""}))
    codes = [known.index(value) if value else -1 for value in values]
    return Coded(known, np.array(codes, dtype=np.int16))


SITES = coded(*["Lyon"] * 20, *["Nice"] * 9, *["Oslo"] * 30)
FRANCE = Block(Side("country", frozenset(["France"])), Side("site", frozenset(["Lyon", "Nice"])), 0)


def test_sites_of_a_country_are_found() -> None:
    countries = coded(*["France"] * 29, *["Norway"] * 30)
    found = find_blocks({"site": SITES, "country": countries})
    assert found == (FRANCE, Block(Side("country", frozenset(["Norway"])), Side("site", frozenset(["Oslo"])), 0))


def test_one_person_who_stands_elsewhere_hides_nothing() -> None:
    countries = coded(*["France"] * 28, *["Norway"] * 31)
    assert [block.misfits for block in find_blocks({"site": SITES, "country": countries})] == [1, 1]


def test_a_site_of_two_people_is_part_of_its_country() -> None:
    sites, countries = coded(*["Lyon"] * 20, *["Nice"] * 2, *["Oslo"] * 30), coded(*["France"] * 22, *["Norway"] * 30)
    assert FRANCE in find_blocks({"site": sites, "country": countries})


def test_those_without_a_value_are_a_segment_too() -> None:
    sites, countries = coded(*["Lyon"] * 20, *["Oslo"] * 30), coded(*[""] * 20, *["Norway"] * 30)
    assert Side("country", frozenset([NO_VALUE])) in {
        block.one for block in find_blocks({"site": sites, "country": countries})
    }


def test_attributes_that_have_nothing_to_do_with_each_other_say_nothing() -> None:
    grades = coded(*["a", "b"] * 29, "a")
    assert find_blocks({"site": SITES, "grade": grades}) == ()


def test_a_country_less_its_other_sites_gives_no_small_site_away() -> None:
    table = {
        **{"site=Lyon": (10, 20), "site=Nice": (4, 7), "site=Oslo": (12, 30), "site=Bergen": (5, 9)},
        **{"country=France": (14, 27), "country=Norway": (17, 39)},
    }
    tables = Tables(m=table)
    told = tables.told("m")
    assert not tables.hide(told).beside, "two small sites keep each other hidden"
    norway = Block(Side("country", frozenset(["Norway"])), Side("site", frozenset(["Oslo", "Bergen"])), 0)
    assert len(names(tables.hide(told, blocks=(FRANCE, norway)).beside)) == 2


def test_no_country_of_yesterday_gives_the_small_site_of_its_class_away() -> None:
    """Of no single message, but of the class that the country was shown for."""
    some = {"site=Lyon": (10, 20), "site=Nice": (4, 7), "country=France": (14, 27)}
    tables = Tables(one=some, two=some, late={"site=Lyon": (15, 30), "site=Nice": (3, 7), "country=France": (18, 37)})
    sites = ["site=Lyon", "site=Nice"]
    blocks = (FRANCE,)
    before = [
        *tables.told("one two", ["country=France"]),
        *tables.told("late", ["site=Lyon"]),
        *tables.told("one", ["country=France"]),
    ]
    # Today's class holds the late message too: less it, and taken from the country's class of yesterday, it leaves Nice.
    hidden = tables.hide(tables.told("one two late", sites), before=before, blocks=blocks)
    assert names(hidden.beside | hidden.waiting) == {"site=Lyon"}


def test_one_person_more_on_one_side_is_no_doubt_of_two() -> None:
    table = {"site=Lyon": (10, 20), "site=Nice": (4, 7), "site=Oslo": (12, 30), "country=France": (15, 28)}
    tables = Tables(m=table)
    told = tables.told("m", ["site=Lyon", "country=France"])
    # One stands in France and at no site of it, nobody the other way round: 15 less 10 are those of Nice, or one more.
    assert tables.hide(told, blocks=(FRANCE._replace(misfits=1),)).beside
    assert not tables.hide(told, blocks=(FRANCE._replace(misfits=3),)).beside


def test_what_a_country_did_bounds_what_its_sites_did_of_it() -> None:
    """Of the country it is told how many were reached, of its sites how many opened: no more than were reached."""
    counts: dict[str, dict[Place, tuple[int, int]]] = {
        "reach|24 hours": {("country", "France"): (10, 27), ("country", "Norway"): (20, 30), EVERYBODY: (30, 57)},
        "opened|24 hours": {
            **{("site", "Lyon"): (10, 20), ("site", "Nice"): (0, 7), ("site", "Oslo"): (12, 30), EVERYBODY: (22, 57)}
        },
    }
    shown = [("reach|24 hours", ("country", "France")), ("opened|24 hours", ("site", "Lyon"))]
    asked = {
        Group(measure, frozenset([("m",)]), place): told_of(tally(*counts[measure][place])) for measure, place in shown
    }

    def tally_of(measure: str) -> TallyOf:
        return lambda _members, place: tally(*counts[measure].get(place, (0, 0)))

    # All ten of France who were reached opened it at Lyon, so that nobody did at Nice.
    norway = Block(Side("country", frozenset(["Norway"])), Side("site", frozenset(["Oslo"])), 0)
    assert suppress(Family(asked, blocks=(FRANCE, norway)), tally_of, k=K).beside
    assert not suppress(Family(asked), tally_of, k=K).beside


def tally(did: int, n: int) -> Tally:
    return Tally(n, n, did)
