"""What was published stands until the day is over: for small groups, for parts of what else shows, and for steps of one or two people."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from config.schema import Disclosure, Organisation, Settings, Target
from metrics.aims import Aims
from metrics.clock import Clocks
from metrics.curves import Curves
from metrics.evaluate import Answers
from metrics.history import History
from metrics.publish import Publisher
from metrics.reading import Members, Reading, State
from metrics.snapshot import PublishedReading, Snapshot, Versions, decode, encode
from metrics.trend import Trends
from metrics.wording import why
from tests.metrics.make import reading, row

HOUR = 3_600_000_000
MORNING = 1_793_260_800_000_000  # 29 October 2026, 08:00 UTC
REACH = Target(name="reach", indicator="reach", value=0.5)
BY_SITE = Target(name="reach_by_site", indicator="reach", by="site")
SLOWER = Target(name="slower", indicator="reach", window="48 hours")
Counts = Mapping[str, tuple[int, int]]
"""`all` or a segment to how many of how many."""


def make_publisher(**disclosure: object) -> Publisher:
    settings = Settings(
        organisation=Organisation(), targets=(REACH, BY_SITE, SLOWER), disclosure=Disclosure.model_validate(disclosure)
    )
    clocks = Clocks(settings.organisation)
    return Publisher(settings, Aims(clocks, History(clocks)), Trends(clocks, Curves()), clocks)


def read(target: Target, segment: str, counts: tuple[int, int], **changed: object) -> Reading:
    did, n = counts
    attribute, _, value = segment.partition("=")
    made = reading(row({State.H: did, State.NOT: n - did}), settled=bool(changed.get("settled", True)))
    place = ("", "") if segment == "all" else (attribute, value)
    measure = f"reach|{target.window or ''}"
    made = replace(made, target=target.name, segment=segment, place=place, measure=measure, members=(("m",),))
    return replace(made, **changed)  # type: ignore[arg-type]


class Wall:
    """What everybody sees, from one publication to the next."""

    def __init__(self, **disclosure: object) -> None:
        self._publisher = make_publisher(**disclosure)
        self.last: Snapshot | None = None

    def publish(self, hours: float, counts: Counts, *more: tuple[Target, Reading], **changed: object) -> None:
        asked = [
            (target, read(target, segment, each, **changed))
            for segment, each in counts.items()
            for target in [REACH if segment == "all" else BY_SITE]
        ]
        as_of = MORNING + int(hours * HOUR)
        answers, versions = Answers([*asked, *more], []), Versions("1", "1", "1")
        self.last = self._publisher.snapshot(answers, {}, as_of=as_of, versions=versions, last=self.last)

    def reading(self, segment: str, target: str | None = None) -> PublishedReading:
        assert self.last is not None
        wanted = target or ("reach" if segment == "all" else "reach_by_site")
        (found,) = [one for one in self.last.readings if (one.segment, one.target) == (segment, wanted)]
        return found

    def counts(self, segment: str) -> tuple[int | None, int | None]:
        return self.reading(segment).numerator, self.reading(segment).denominator

    def restart(self) -> None:
        assert self.last is not None
        self.last = decode(encode(self.last))


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        pytest.param((300, 600), (300, 600), id="nothing moved"),
        pytest.param((301, 600), (300, 600), id="one person"),
        pytest.param((302, 600), (300, 600), id="two people"),
        pytest.param((303, 600), (303, 600), id="three people"),
        pytest.param((297, 600), (297, 600), id="three people taken back"),
        pytest.param((304, 605), (300, 600), id="so many came that of the others only one did"),
        pytest.param((300, 599), (300, 600), id="somebody was erased"),
        pytest.param((299, 599), (300, 600), id="somebody who did it was erased"),
    ],
)
def test_everybodys_figure_moves_by_several_people_or_waits(then: tuple[int, int], shown: tuple[int, int]) -> None:
    wall = Wall()
    wall.publish(0, {"all": (300, 600)})
    wall.publish(1, {"all": then})
    assert wall.counts("all") == shown


def test_at_the_days_end_everything_is_said_as_it_is() -> None:
    wall = Wall()
    wall.publish(0, {"all": (300, 600)})
    wall.publish(15, {"all": (301, 600)})
    assert wall.counts("all") == (300, 600)
    wall.publish(17, {"all": (301, 600)})
    assert wall.counts("all") == (301, 600)


def test_several_steps_of_one_are_told_when_they_are_three() -> None:
    wall = Wall()
    for hour, did in enumerate((300, 301, 302, 303, 304)):
        wall.publish(hour, {"all": (did, 600)})
    assert wall.counts("all") == (303, 600)


def test_a_group_under_fifty_changes_once_a_day() -> None:
    wall = Wall()
    wall.publish(0, {"all": (10, 49)})
    wall.publish(1, {"all": (30, 49)})
    assert wall.counts("all") == (10, 49)
    wall.publish(17, {"all": (30, 49)})
    assert wall.counts("all") == (30, 49)


def test_a_part_of_what_else_shows_changes_once_a_day_however_large() -> None:
    wall = Wall()
    wall.publish(0, {"all": (300, 600), "site=Lyon": (150, 300), "site=Oslo": (150, 300)})
    wall.publish(1, {"all": (310, 600), "site=Lyon": (159, 300), "site=Oslo": (151, 300)})
    assert wall.counts("all") == (310, 600)
    assert wall.counts("site=Lyon") == (150, 300)


def test_a_class_that_a_message_has_left_waits_for_the_next_day() -> None:
    wall = Wall()
    wall.publish(0, {"all": (300, 600)}, without=(("few",),))
    # Beside a topic's figure that stands and still holds `few`, the rest would come to it.
    wall.publish(1, {"all": (290, 580)})
    assert wall.counts("all") == (300, 600)
    wall.publish(17, {"all": (290, 580)})
    assert wall.counts("all") == (290, 580)


def test_what_is_hidden_stays_hidden_until_the_day_is_over() -> None:
    wall = Wall()
    wall.publish(0, {"all": (4, 9)})
    wall.publish(1, {"all": (40, 90)})
    assert wall.reading("all").verdict == "suppressed"
    wall.publish(17, {"all": (40, 90)})
    assert wall.counts("all") == (40, 90)


def test_a_group_that_has_become_too_small_is_hidden_at_once() -> None:
    wall = Wall()
    wall.publish(0, {"all": (40, 90)})
    wall.publish(1, {"all": (4, 9)})
    assert wall.reading("all").verdict == "suppressed"


def test_the_verdict_of_figures_held_back_is_theirs() -> None:
    wall = Wall()
    wall.publish(0, {"all": (10, 40)}, settled=False, closed=False)
    wall.publish(1, {"all": (30, 40)})
    assert (wall.reading("all").verdict, wall.counts("all")) == ("immature", (10, 40))
    wall.publish(17, {"all": (30, 40)})
    assert wall.reading("all").verdict == "met"


def test_a_restart_changes_nothing() -> None:
    wall = Wall()
    wall.publish(0, {"all": (300, 600), "site=Lyon": (50, 150), "site=Oslo": (3, 9), "site=Rome": (247, 441)})
    wall.restart()
    wall.publish(1, {"all": (301, 600), "site=Lyon": (50, 150), "site=Oslo": (4, 9), "site=Rome": (247, 441)})
    assert wall.counts("all") == (300, 600)
    assert [wall.reading(f"site={site}").verdict for site in ("Lyon", "Oslo")] == ["suppressed"] * 2


def test_beside_a_small_group_the_same_one_is_hidden_day_after_day() -> None:
    wall = Wall()
    wall.publish(0, {"all": (90, 159), "site=Lyon": (20, 50), "site=Oslo": (3, 9), "site=Rome": (67, 100)})
    assert wall.reading("site=Lyon").verdict == "suppressed"
    # Were Rome hidden today, and Lyon shown, everybody less both would be Oslo.
    wall.publish(24, {"all": (90, 259), "site=Lyon": (20, 150), "site=Oslo": (3, 9), "site=Rome": (67, 100)})
    assert wall.reading("site=Lyon").verdict == "suppressed"
    assert wall.counts("site=Rome") == (67, 100)


def test_two_windows_that_differ_by_two_people_are_not_both_shown() -> None:
    for slower, hidden in (((300, 600), False), ((302, 600), True), ((303, 600), False)):
        wall = Wall()
        wall.publish(0, {"all": (300, 600)}, (SLOWER, read(SLOWER, "all", slower)))
        assert (wall.reading("all", "slower").verdict == "suppressed") is hidden
        assert wall.counts("all") == (300, 600)


def test_how_mature_a_segment_is_is_said_of_everybody() -> None:
    wall = Wall()
    asked = read(BY_SITE, "site=Lyon", (30, 60), maturity=0.987)
    wall.publish(0, {"all": (300, 600)}, (BY_SITE, asked))
    assert wall.reading("site=Lyon").maturity == 0.987  # nothing is known of everybody
    known: dict[Members, int] = {("m",): 600, ("young",): 200}
    answers = Answers(
        [(BY_SITE, replace(asked, young=(("young",),)))],
        [],
        count=lambda _measure, members, _place: row({State.NOT: known[members]}),
    )
    shown = make_publisher().snapshot(answers, {}, as_of=MORNING, versions=Versions("1", "1", "1"))
    assert shown.readings[0].maturity == 0.75


def test_figures_that_wait_say_of_which_day_they_are_and_are_hidden_after_seven() -> None:
    counts: dict[Members, dict[State, int]] = {
        ("m",): {State.H: 30, State.NOT: 30},
        ("few",): {State.H: 1, State.NOT: 3},
    }
    publisher, last = make_publisher(), None
    asked = {0: (("m",), ("few",))} | dict.fromkeys(
        (1, 7, 8), (("m",),)
    )  # beside yesterday's, today's tells of four people
    found = {}
    for day, members in asked.items():
        made = reading(*(row(counts[each]) for each in members))
        made = replace(made, target="reach", place=("", ""), measure="reach|", members=members)
        answers = Answers([(REACH, made)], [], count=lambda _measure, members, _place: row(counts[members]))
        last = publisher.snapshot(
            answers, {}, as_of=MORNING + 24 * day * HOUR, versions=Versions("1", "1", "1"), last=last
        )
        last = decode(encode(last))
        found[day] = last.readings[0]
    assert (found[0].numerator, found[0].denominator, found[0].stands_since) == (31, 64, "")
    assert (found[1].numerator, found[1].denominator, found[1].stands_since) == (31, 64, "2026-10-29")
    assert found[7] == found[1]
    assert found[8].verdict == "suppressed"
    assert "2026-10-29" in why(found[7], publisher.target_info(REACH))


def test_what_judges_a_role_that_few_hold_is_hidden() -> None:
    few = {"roles_of_few": ["Head of brand"]}
    for disclosure, hidden in ((few, True), ({}, False)):
        wall = Wall(**disclosure)
        wall.publish(0, {"all": (300, 600)}, (BY_SITE, read(BY_SITE, "owner=Head of brand", (30, 60), place=("", ""))))
        assert (wall.reading("owner=Head of brand").verdict == "suppressed") is hidden
