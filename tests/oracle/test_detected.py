"""Who can be asked whether openings leave a trace, and what their answers widen; the manual's own example, and its edges on paper."""

from math import sqrt
from pathlib import Path

import pytest

from tests.oracle.detected import Witnesses, visible_share
from tests.oracle.figures import wilson
from tests.oracle.small_company import SmallCompany, counts, five_people


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    """A hundred people with a mail, of whom the last ten block images."""
    company = five_people(tmp_path)
    rows = [f"p{number}@example.org,{'blocked' if number >= 90 else ''},{'AB'[number % 2]}" for number in range(100)]
    company.directory["people.csv"] = "\n".join(["address,images,team", *rows, ""])
    company.show("delivered", "opened", "clicked", "replied")
    company.send("m")
    for number in range(100):
        company.tell("delivered", f"p{number}", "09:00")
    return company


def act(company: SmallCompany, action: str, *people: range, about: str = "m", channel: str = "email") -> None:
    for number in (number for some in people for number in some):
        company.tell(action, f"p{number}", "11:00", about=about, channel=channel)


def test_the_manuals_example(company: SmallCompany) -> None:
    act(company, "opened", range(36), range(40, 54))
    act(company, "clicked", range(40), range(95, 100))
    opened = company.read_one(indicator="opened")
    # 50 H, 10 U; of 40 who clicked and can be seen 36 are detected: 60 % / 76.9 %.
    assert counts(opened) == {"E": 100, "D": 100, "n": 100, "H": 50, "U": 10}
    assert opened.measured == pytest.approx((0.5, 0.6 / 0.7695), abs=1e-4)
    assert opened.value == 50 / 90
    detected = company.read_one(indicator="detected")
    assert counts(detected) == {"E": 100, "D": 100, "n": 40, "H": 36}
    assert (detected.lower, detected.upper) == wilson(36, 40)


def test_the_larger_widening_stands_alone(company: SmallCompany) -> None:
    act(company, "opened", range(36))
    act(company, "clicked", range(40))
    low = wilson(36, 40)[0]
    for blind, visible in ((0.1, low), (0.5, 0.5)):
        upper = company.read_one(indicator="opened", blind_share=blind).measured[1]
        assert upper == pytest.approx(0.46 / visible)
    assert company.read_one(indicator="opened", assume="missing_at_random").upper == 36 / 90


def test_a_segment_is_widened_by_what_the_whole_audience_answered(company: SmallCompany) -> None:
    act(company, "opened", range(0, 36, 2))
    act(company, "clicked", range(0, 40, 2))
    even, odd = company.read(indicator="opened", by="team", judge="count")
    low = wilson(18, 20)[0]
    # 18 of the even ones and five of each team who block images.
    assert (even.measured[1], odd.measured[1]) == pytest.approx((23 / 50 / low, 5 / 50 / low))


def test_the_sender_and_what_happens_elsewhere_prove_nothing(company: SmallCompany) -> None:
    company.entries[0]["sender"] = "p0@example.org"
    act(company, "clicked", range(5))
    act(company, "opened", range(2))
    company.add_source("pages", "intranet", shows=("viewed",))
    company.prove("pages")
    for number in (2, 3):
        company.tell("viewed", f"p{number}", "11:00", source="pages")
    act(company, "replied", range(10, 12), channel="chat")
    # p1 to p4 clicked the mail; of these p1 alone was seen opening it there.
    assert counts(company.read_one(indicator="detected")) == {"E": 100, "D": 100, "n": 4, "H": 1}


def test_what_a_proxy_opened_is_detected_and_what_a_scanner_certainly_did_is_not(company: SmallCompany) -> None:
    act(company, "clicked", range(4))
    company.tell("opened", "p0", "10:00", machine="yes")
    company.tell("opened", "p1", "10:00", machine="likely")
    company.tell("opened", "p2", None)
    company.tell("read", "p3", "10:00", machine="yes")
    assert counts(company.read_one(indicator="detected")) == {"E": 100, "D": 100, "n": 4, "H": 3}


@pytest.mark.parametrize(
    ("pairs", "visible"),
    [
        pytest.param([(2, 0)], 1, id="one or two say nothing"),
        pytest.param([(3, 0)], 0.5, id="of three none: anybody may have been"),
        pytest.param([(20, 20)], wilson(20, 20)[0], id="all of twenty"),
    ],
)
def test_how_much_is_visible_on_one_channel(pairs: list[tuple[int, int]], visible: float) -> None:
    half = {"n": 100, "H": 50, "P": 0, "S_likely": 0, "U": 0}
    assert visible_share([Witnesses(frozenset({"email"}), half, pairs)]) == pytest.approx(visible)


def test_channels_are_widened_apart() -> None:
    half = {"n": 100, "H": 40, "P": 5, "S_likely": 5, "U": 0}
    mail, chat = Witnesses(frozenset({"email"}), half, [(20, 20)]), Witnesses(frozenset({"chat"}), half, [])
    # Mail's 50 may be 50 / 0.839, chat's 50 are what they are.
    assert visible_share([mail, chat]) == pytest.approx(100 / (50 / wilson(20, 20)[0] + 50))


def test_a_mail_that_nobody_can_answer_asks_those_who_answered_others() -> None:
    half = {"n": 100, "H": 40, "P": 5, "S_likely": 5, "U": 0}
    mail, chat = Witnesses(frozenset({"email"}), half, [(2, 2)]), Witnesses(frozenset({"chat"}), half, [])
    d = wilson(36, 40)[0]
    assert visible_share([mail], [(40, 36)]) == pytest.approx(50 / ((50 + 1.959964 * sqrt(50 * (1 - d))) / d))
    assert visible_share([chat], [(40, 36)]) == visible_share([mail], [(2, 1)]) == 1


def test_other_mails_are_asked_whatever_the_target_speaks_of(company: SmallCompany) -> None:
    act(company, "opened", range(36))
    act(company, "clicked", range(40))
    company.send("silent", topic="safety")
    for number in range(100):
        company.tell("delivered", f"p{number}", "09:00", about="silent")
    act(company, "opened", range(50), about="silent")
    d = wilson(36, 40)[0]
    silent = company.read_one(indicator="opened", scope={"topic": "safety"})
    assert silent.measured[1] == pytest.approx((60 + 1.959964 * sqrt(60 * (1 - d))) / d / 100)


def test_unmeasurable_are_those_of_whom_nobody_knows_whether_they_opened(company: SmallCompany) -> None:
    act(company, "opened", range(10))
    for number in range(20, 25):
        company.tell("opened", f"p{number}", "10:00", machine="yes")
    # Five behind a proxy, ten who block images.
    reading = company.read_one(indicator="unmeasurable")
    assert (counts(reading), reading.value) == ({"E": 100, "D": 100, "n": 100, "H": 15}, 0.15)
