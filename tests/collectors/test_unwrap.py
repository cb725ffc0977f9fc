"""Wrappings of real topics: taken off at any nesting, each element for itself."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.decoder import Decoded, Skipped
from collectors.events import Undecodable
from collectors.unwrap import MAX_ELEMENTS, MAX_WRAPPINGS, decode_all


def name_it(document: dict[str, Any]) -> Decoded:
    """A decoder that only understands `{"n": ...}`."""
    if "n" not in document:
        raise Undecodable("missing_field", "n is missing")
    return Decoded(Skipped(str(document["n"])))


def read(document: object) -> list[str]:
    return names(decode_all(json.dumps(document).encode(), name_it))


def names(decoded: list[Decoded]) -> list[str]:
    outcomes = [element.outcome for element in decoded]
    return [
        outcome.action if isinstance(outcome, Skipped) else f"!{outcome.reason}"
        for outcome in outcomes
        if isinstance(outcome, Skipped | Undecodable)
    ]


WRAPPINGS: dict[str, Callable[[object], object]] = {
    "an array": lambda inside: [inside],
    "SNS": lambda inside: {"Type": "Notification", "TopicArn": "arn:aws:sns:x", "Message": json.dumps(inside)},
    "EventBridge": lambda inside: {"version": "0", "detail-type": "Email Opened", "detail": inside},
    "Connect": lambda inside: {"schema": {"type": "struct"}, "payload": inside},
    "Connect around a text": lambda inside: {"schema": {"type": "string"}, "payload": json.dumps(inside)},
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_an_event_is_found_in(wrapping: str) -> None:
    assert read(WRAPPINGS[wrapping]({"n": 1})) == ["1"]


@given(st.lists(st.sampled_from(list(WRAPPINGS)), max_size=MAX_WRAPPINGS))
def test_an_event_is_found_under_any_wrappings(wrappings: list[str]) -> None:
    document: object = {"n": 1}
    for wrapping in wrappings:
        document = WRAPPINGS[wrapping](document)
    assert read(document) == ["1"]


def test_elements_stand_in_their_order_whatever_is_around_them() -> None:
    document = [{"n": 1}, WRAPPINGS["SNS"]([{"n": 2}, {"n": 3}]), [[{"n": 4}], []], WRAPPINGS["Connect"]({"n": 5})]
    assert read(document) == ["1", "2", "3", "4", "5"]


def test_an_empty_array_holds_nothing() -> None:
    assert decode_all(b"[]", name_it) == []
    assert decode_all(b"[[],[ ]]", name_it) == []


def test_a_bad_element_is_an_outcome_with_its_own_bytes() -> None:
    decoded = decode_all(b'[{"n":1}, {"m": 2} ,{"n":3,"n":3},7,{"n":4}]', name_it)
    assert names(decoded) == ["1", "!missing_field", "!repeated_name", "!not_an_object", "4"]
    assert [element.body for element in decoded] == [None, b'{"m": 2}', b'{"n":3,"n":3}', b"7", None]


def test_what_is_wrong_with_an_envelope_in_an_array_keeps_the_envelope() -> None:
    envelope = {"TopicArn": "arn:aws:sns:x", "Message": '{"n":1'}
    decoded = decode_all(json.dumps([envelope, {"n": 2}]).encode(), name_it)
    assert names(decoded) == ["!bad_json", "2"]
    assert decoded[0].body == json.dumps(envelope).encode()


def test_what_is_wrong_with_a_record_that_is_no_array_is_raised() -> None:
    for body in (b'{"m":1}', b"7", b'{"TopicArn":"x","Message":"{}"}'):
        with pytest.raises(Undecodable):
            decode_all(body, name_it)


def test_wrappings_have_a_bound() -> None:
    document: object = {"n": 1}
    for _ in range(MAX_WRAPPINGS):
        document = [document]
    assert read(document) == ["1"]
    assert read([document]) == ["!too_deep"]
    with pytest.raises(Undecodable, match="too_deep"):
        read(WRAPPINGS["Connect"](WRAPPINGS["EventBridge"](_sns(MAX_WRAPPINGS))))


def _sns(times: int) -> object:
    document: object = {"n": 1}
    for _ in range(times):
        document = WRAPPINGS["SNS"](document)
    return document


def test_a_record_has_10_000_elements_and_no_more() -> None:
    assert len(read([{"n": 1}] * MAX_ELEMENTS)) == MAX_ELEMENTS
    with pytest.raises(Undecodable, match="too_many_values"):
        read([{"n": 1}] * (MAX_ELEMENTS + 1))


def test_a_refusal_keeps_no_traceback_alive() -> None:
    outcome = decode_all(b"[7]", name_it)[0].outcome
    assert isinstance(outcome, Undecodable)
    assert outcome.__traceback__ is None


def test_a_batch_may_hold_more_values_than_one_event_may() -> None:
    element = {"n": 1, **{f"k{number}": number for number in range(20)}}
    assert len(read([element] * 1000)) == 1000
