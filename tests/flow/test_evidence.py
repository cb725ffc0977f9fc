"""What can be known of people who leave few traces, over the whole road: clients that hide openings, a company without pixels, scanners,
and facts that earlier rules judged."""

import json
from pathlib import Path

import pytest

import metrics.cells
from metrics.machines import RULES_VERSION
from metrics.printing import json_lines
from tests.flow.office import DAY, SENT, Office, by_target

MAIL = ("delivered", "opened", "clicked", "replied", "acknowledged")
OPENERS = range(45)  # three quarters


def test_clients_that_hide_images_without_telling_make_nothing_look_missed(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL)
    office.send("m", links=9)
    office.tell("opened", [number for number in OPENERS if number % 3])  # every third client hides it
    office.tell("clicked", range(20), link="https://example.org/a")
    targets: list[dict[str, object]] = [
        {"indicator": "opened", "value": 0.65},
        {"indicator": "detected"},
        {"name": "by", "indicator": "opened", "value": 0.65, "by": "department"},
    ]
    snapshot = office.publish(targets)
    found = by_target(snapshot)
    assert (found["detected"].numerator, found["detected"].denominator) == (13, 20)
    opened = found["opened"]
    assert opened.lower is not None
    assert opened.upper is not None
    assert opened.lower <= 45 / 60 <= opened.upper
    assert opened.verdict == "undetermined"
    assert {reading.verdict for reading in snapshot.readings if reading.target == "by"} == {"undetermined"}


def test_where_all_who_answered_were_seen_a_low_share_of_openings_is_missed_all_the_same(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL)
    office.send("m", links=9)
    office.tell("opened", range(30))
    office.tell("clicked", range(20), link="https://example.org/a")
    opened = by_target(office.publish([{"indicator": "opened", "value": 0.65}]))["opened"]
    assert opened.verdict == "missed"
    assert opened.upper == pytest.approx(0.5 / 0.83)  # Wilson's lower end for twenty of twenty, in whole per cent


def test_without_pixels_everything_that_can_be_known_is_known(tmp_path: Path) -> None:
    """A mail system that shows deliveries alone, links that are counted, replies, and pages behind a sign-on."""
    office = Office(tmp_path, mail=("delivered", "clicked", "replied"), pages=("viewed", "acknowledged"))
    office.send("m", links=9, expects=["reply", "acknowledge"])
    office.tell("clicked", range(12), link="https://example.org/a")
    office.tell("replied", range(6, 24))
    office.tell("viewed", range(20, 40), channel="intranet")
    office.tell("acknowledged", range(30, 54), channel="intranet")
    targets: list[dict[str, object]] = [
        {"indicator": "reach", "value": 0.8},
        {"indicator": "response", "value": 0.5},
        {"indicator": "acknowledged", "value": 0.95},
        {"indicator": "delivered", "value": 0.9},
        {"indicator": "opened", "value": 0.65},
        {"indicator": "unmeasurable", "value": 0.3},
        {"indicator": "detected"},
    ]
    found = by_target(office.publish(targets))
    verdicts = {name: (reading.verdict, reading.reason) for name, reading in found.items()}
    assert verdicts == {
        "reach": ("met", ""),
        "response": ("missed", ""),
        "acknowledged": ("missed", ""),
        "delivered": ("met", ""),
        "opened": ("undetermined", "straddles"),
        "unmeasurable": ("missed", ""),
        "detected": ("undetermined", "no_data"),
    }
    reach, opened = found["reach"], found["opened"]
    assert (reach.numerator, reach.lower, reach.upper) == (54, 0.9, 1.0)
    # Twenty were seen on the page; of the rest nobody knows.
    assert opened.value is None
    assert [opened.lower, opened.upper] == pytest.approx([20 / 60, 1.0])


def test_those_who_object_are_unseen_and_never_not_reached(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL, objecting=range(12))
    office.send("m", links=9, expects=["reply"])
    office.tell("opened", range(36))
    office.tell("clicked", range(36), link="https://example.org/a")
    office.tell("replied", range(8, 16))
    targets = [{"indicator": "opened"}, {"indicator": "reach"}, {"indicator": "response"}, {"indicator": "detected"}]
    found = by_target(office.publish(targets))
    opened, reach = found["opened"].parts, found["reach"].parts
    assert (opened.H, opened.U) == (24, 12)
    # Four of them replied: that is an act of their own.
    assert (reach.H, reach.U) == (28, 8)
    assert found["response"].numerator == 8
    # Nobody asks those who object whether they were seen.
    assert (found["detected"].denominator, found["detected"].coarse) == (24, "at_least")


def test_a_scanner_is_no_reader_and_no_opening_of_its_is_one(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL)
    office.send("m")
    office.tell("opened", range(20))
    for link in "abc":
        office.tell("clicked", range(10, 40), at=SENT + 43, link=f"https://example.org/{link}")
    office.tell("opened", range(10, 40), at=SENT + 43)
    reach = by_target(office.publish([{"indicator": "reach"}]))["reach"]
    assert [reach.lower, reach.upper] == pytest.approx([20 / 60, 40 / 60])
    assert reach.raw == pytest.approx(40 / 60)
    assert reach.parts.S == 20


def test_beside_the_time_to_reach_half_stands_what_scanners_would_make_of_it(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL, retention={"late_grace": "2 days", "sets": "60 days"})
    office.send("m")
    office.tell("opened", range(40), machine="likely", at=SENT + 43)
    office.tell("opened", range(35), at=SENT + DAY)
    for days in (15, 25):  # from the facts, then from what was kept of them
        found = by_target(office.publish([{"indicator": "time_to_reach"}], now=SENT + days * DAY))["time_to_reach"]
        # Five minutes of the first working day; all of it, and five minutes of the next.
        assert (found.raw, found.value) == (300, 8 * 3600 + 300)


def test_a_reading_names_every_version_of_the_rules_that_judged_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, mail=MAIL, retention={"late_grace": "2 days", "sets": "45 days"})
    targets = [{"indicator": "reach", "period": "rolling 28 days"}]
    office.send("m")
    office.send("n", at=SENT + 14 * DAY)
    for message, at in (("m", SENT + DAY), ("n", SENT + 15 * DAY)):
        office.tell("opened", range(40), about=message, at=at)
    with monkeypatch.context() as before:
        before.setattr(metrics.cells, "RULES_VERSION", "older-1")
        first = office.publish(targets, now=SENT + 15 * DAY)
    assert by_target(first)["reach"].rules == "older-1"
    # Times of the first message are gone; the second one is judged again.
    later = office.publish(targets, now=SENT + 22 * DAY)
    assert by_target(later)["reach"].rules == f"{RULES_VERSION} and older-1"
    printed = {row.get("message"): row["versions"]["rules"] for row in map(json.loads, json_lines(later))}
    assert printed == {None: f"{RULES_VERSION} and older-1", "m": "older-1", "n": RULES_VERSION}
    assert any("other rules on machines" in note for note in later.notes)
