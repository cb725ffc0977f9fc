"""Who stands where, on one message to five people: every figure is counted on paper beside its test."""

import json
from pathlib import Path
from typing import Any

import pytest

from config.schema import IndicatorSettings
from tests.oracle.oracle import Oracle
from tests.oracle.small_company import LONG_AFTER, SHOWS, SmallCompany, at, counts, five_people


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return five_people(tmp_path)


def deliver_to_all(company: SmallCompany) -> None:
    for who in ("anna", "ben", "cleo", "dan", "eve"):
        company.tell("delivered", who, "09:00")


def test_reach_tells_people_proxies_scanners_and_the_unseen_apart(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "10:00")
    company.tell("opened", "anna", "09:01", machine="yes")
    company.tell("opened", "ben", "09:01", agent="apple_proxy")
    company.tell("clicked", "cleo", "09:01", machine="likely")
    reading = company.read_one(indicator="reach")
    # Anna H, Ben P, Cleo S likely, Dan (images blocked) U, Eve nothing.
    assert counts(reading) == {"E": 5, "n": 5, "H": 1, "P": 1, "S_likely": 1, "U": 1}
    assert reading.value == 1 / 3
    assert reading.measured == (1 / 5, 4 / 5)
    assert reading.raw == 3 / 5
    assert (reading.lower, reading.upper) == reading.measured


def test_with_most_people_unknown_there_is_no_value(company: SmallCompany) -> None:
    company.send("m")
    for who in ("anna", "ben"):
        company.tell("opened", who, "09:01", machine="yes")
    # Two P and one U of five.
    assert company.read_one(indicator="reach").value is None


def test_one_person_counts_once_under_whatever_identifier(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "ANNA", "10:00")
    company.tell("clicked", "a.one", "11:00")
    company.tell("clicked", "stranger", "11:00")
    assert company.read_one(indicator="reach").counts["H"] == 1


@pytest.mark.parametrize(
    ("when", "reached"),
    [
        # 24 hours after 09:02 end at 09:02: the slot of 09:00 begins before that, the slot of 09:05 after.
        pytest.param("2026-11-03T09:04:59Z", 1, id="a slot that begins before the deadline is inside"),
        pytest.param("2026-11-03T09:05:00Z", 0, id="a slot that begins after it is not"),
        pytest.param("2026-11-01T09:00:00Z", 1, id="what happened before the sending counts"),
    ],
)
def test_a_window_is_judged_by_where_a_slot_begins(company: SmallCompany, when: str, reached: int) -> None:
    company.send("m", "2026-11-02T09:02:00Z")
    company.tell("clicked", "anna", when)
    assert company.read_one(indicator="reach", window="24 hours").counts["H"] == reached


def test_a_bounce_in_the_slot_of_the_last_delivery_takes_out(company: SmallCompany) -> None:
    company.send("m")
    company.tell("delivered", "anna", "09:01")
    company.tell("bounced", "anna", "09:04")
    company.tell("bounced", "ben", "09:01")
    company.tell("delivered", "ben", "09:06")
    company.tell("deferred", "cleo", "09:01")
    reading = company.read_one(indicator="delivered")
    # Sent to Anna (bounced), Ben (delivered at last) and Cleo (still deferred); nobody knows of a mail to Dan or Eve.
    assert counts(reading) == {"E": 5, "D": 1, "n": 3, "H": 1}
    assert reading.value == 1 / 3


def test_opened_is_asked_of_those_delivered_to(company: SmallCompany) -> None:
    company.send("m")
    for who in ("anna", "ben", "dan"):
        company.tell("delivered", who, "09:00")
    company.tell("opened", "anna", "10:00")
    company.tell("opened", "eve", "10:00")
    # Anna H, Ben nothing, Dan unseen; Eve opened what was never delivered to her.
    assert counts(company.read_one(indicator="opened")) == {"E": 5, "D": 3, "n": 3, "H": 1, "U": 1}


def test_a_channel_that_shows_no_deliveries_counts_everybody_as_delivered_to(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", delivered=False, shows=("viewed", "delivered"))
    company.send("m", channel="intranet")
    company.tell("viewed", "anna", "10:00", source="pages")
    reading = company.read_one(indicator="opened")
    assert counts(reading) == {"E": 5, "D": 5, "n": 5, "H": 1}


def test_of_those_who_object_nothing_tracked_is_seen(tmp_path: Path) -> None:
    company = five_people(tmp_path)
    company.directory["people.csv"] = company.directory["people.csv"].replace("Service,,", "Service,,true")
    company.sources[0] = company.sources[0].model_copy(update={"shows": ("opened", "clicked", "replied")})
    company.send("m", expects=["reply"])
    company.tell("clicked", "eve", "10:00")
    # Dan is unseen as always.
    assert company.read_one(indicator="reach").counts["U"] == 2
    company.tell("replied", "eve", "10:00")
    assert counts(company.read_one(indicator="reach")) == {"E": 5, "D": 5, "n": 5, "H": 1, "U": 1}


@pytest.mark.parametrize(
    ("words", "seconds", "state"),
    [
        # 238 words a minute: 238 words are expected to take 60 s, of which 30 % are 18 s.
        pytest.param("238", 18.0, "H", id="the threshold itself makes a reader"),
        pytest.param("238", 17.9, "NOT", id="seconds are kept whole"),
        pytest.param("10", 2.9, "NOT", id="under three seconds nobody read"),
        pytest.param("10", 3.0, "H", id="three seconds are enough for a line"),
        pytest.param(None, 500.0, "P", id="without a number of words nobody knows"),
    ],
)
def test_a_reader_is_engaged_for_30_percent_of_the_expected_time(
    company: SmallCompany, words: str | None, seconds: float, state: str
) -> None:
    company.sources[0] = company.sources[0].model_copy(update={"shows": ("read", "delivered")})
    company.send("m", words=words)
    deliver_to_all(company)
    company.tell("read", "anna", "10:00", engaged_seconds=seconds)
    reading = company.read_one(indicator="read")
    assert {name: reading.counts[name] for name in ("H", "P")} == {"H": int(state == "H"), "P": int(state == "P")}


def test_attention_in_one_ten_seconds_counts_once(company: SmallCompany) -> None:
    company.sources[0] = company.sources[0].model_copy(update={"shows": ("attended", "delivered")})
    company.send("m", words="238")
    deliver_to_all(company)
    for who, times in {"anna": ("10:00:05", "10:00:09"), "ben": ("10:00:05", "10:00:15")}.items():
        for time in times:
            company.tell("attended", who, f"2026-11-02T{time}Z")
    # 18 s make a reader: Anna was attentive in one slot of 10 s, Ben in two.
    assert company.read_one(indicator="read").counts["H"] == 1


def test_a_pixel_is_no_reading(company: SmallCompany) -> None:
    company.sources[0] = company.sources[0].model_copy(update={"shows": ("read", "delivered")})
    company.send("m", words="238")
    deliver_to_all(company)
    company.tell("read", "anna", "10:00", evidence="pixel")
    company.tell("read", "ben", "10:00", evidence="mdn")
    company.tell("read", "cleo", "10:00", evidence="mdn", machine="likely")
    assert counts(company.read_one(indicator="read")) == {"E": 5, "D": 5, "n": 5, "H": 1, "S_likely": 1, "U": 1}


@pytest.mark.parametrize(
    ("version", "found"),
    [
        pytest.param({"version": "2"}, {"H": 1}, id="the current version"),
        pytest.param({"version": "1"}, {}, id="an older one counts for nothing"),
        pytest.param({}, {"P": 1}, id="a version nobody tells leaves it open"),
        pytest.param({"version": "2", "machine": "yes"}, {"S": 1}, id="a machine's is nobody's"),
    ],
)
def test_the_current_version_must_be_acknowledged(
    company: SmallCompany, version: dict[str, str], found: dict[str, int]
) -> None:
    company.sources[0] = company.sources[0].model_copy(update={"shows": ("acknowledged",)})
    company.send("m", expects=["acknowledge"], version="2", due_at="2026-11-03T09:00:00Z")
    company.tell("acknowledged", "anna", "10:00", **version)
    company.tell("acknowledged", "ben", "2026-11-03T09:00:00Z", version="2")
    assert counts(company.read_one(indicator="acknowledged")) == {"E": 5, "D": 5, "n": 5} | found


def test_senders_do_not_answer_themselves_and_what_is_taken_back_was_no_answer(company: SmallCompany) -> None:
    company.sources[0] = company.sources[0].model_copy(update={"shows": ("reacted", "unreacted", "replied")})
    company.send("m", expects=["reply"], sender="eve@example.org")
    company.tell("replied", "eve", "10:00")
    company.tell("reacted", "anna", "10:00", choice="heart")
    company.tell("unreacted", "anna", "2026-11-10T10:00:00Z", choice="heart")
    for when, action in (("10:00", "reacted"), ("10:10", "unreacted"), ("10:20", "reacted")):
        company.tell(action, "ben", when, choice="heart")
    company.tell("reacted", "cleo", "10:00", choice="heart")
    company.tell("unreacted", "cleo", "10:05", choice="thumb")
    # Ben put his back, Cleo took back another than she had left.
    assert counts(company.read_one(indicator="response")) == {"E": 5, "D": 5, "n": 5, "H": 2}


def test_a_fact_without_any_time_leaves_a_person_open(company: SmallCompany) -> None:
    company.send("m")
    company.tell("opened", "anna", None)
    company.tell("opened", "ben", None, receivedtime="2026-11-02T10:00:00Z")
    assert counts(company.read_one(indicator="reach")) == {"E": 5, "n": 5, "H": 1, "P": 1, "U": 1}


def test_time_to_reach_is_a_median_over_everybody_meant(company: SmallCompany) -> None:
    company.send("m")
    company.tell("opened", "anna", "09:07")
    company.tell("clicked", "ben", "09:21")
    company.tell("opened", "cleo", "09:02", machine="yes")
    company.tell("opened", "cleo", "11:59")
    reading = company.read_one(indicator="time_to_reach", window="2 hours")
    # To the end of their slots: Anna 600 s, Ben 1500 s. Cleo (a proxy's, her own came late) and Dan are unknown, Eve was not reached.
    assert reading.value == 1500
    assert reading.measured == (600, float("inf"))
    assert counts(reading) == {"E": 5, "n": 5, "H": 2, "P": 1, "U": 1}


def test_a_time_that_only_the_receipt_tells_reaches_without_a_delay(company: SmallCompany) -> None:
    company.send("m")
    company.tell("opened", "anna", None, receivedtime="2026-11-02T09:01:00Z")
    for who in ("ben", "cleo", "eve"):
        company.tell("clicked", who, "09:01")
    reading = company.read_one(indicator="time_to_reach")
    assert reading.counts["H"] == 4
    assert (reading.value, reading.measured) == (300, (300, 300))


def test_reading_speed_depends_on_the_language(company: SmallCompany) -> None:
    company.sources[0] = company.sources[0].model_copy(update={"shows": ("read",)})
    company.send("m", words="200", language="fr")
    company.tell("read", "anna", "10:00", engaged_seconds=17)
    settings = company.settings([{"indicator": "read"}])
    slow = settings.model_copy(update={"indicators": IndicatorSettings(words_per_minute={"fr": 200})})
    # 30 % of a minute are 18 s; at 238 words a minute 15.1 s.
    found = [Oracle(one, shows=SHOWS).readings(at(LONG_AFTER))[0].counts["H"] for one in (settings, slow)]
    assert found == [1, 0]


def test_what_is_not_understood_changes_nothing(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "10:00")
    good: dict[str, Any] = json.loads(company.streams["mail"][-1])
    ben = {**good, "data": {"address": "ben@example.org"}}
    company.streams["mail"] += [
        "<html>502</html>",
        json.dumps(ben)[:-5],
        json.dumps({**ben, "type": "earshot.teleported"}),
        json.dumps({**ben, "time": "yesterday"}),
        json.dumps({**ben, "time": "2026-11-02T10:00:00"}),
        json.dumps({**ben, "time": "2026-11-02T10:00:00Z", "receivedtime": "2026-11-02T09:00:00Z"}),
        json.dumps(ben).replace('"data": {', '"data": {"value": NaN, '),
        json.dumps(ben).replace('"data": {', '"data": {"address": "x", '),
    ]
    assert company.read_one(indicator="reach").counts["H"] == 1
