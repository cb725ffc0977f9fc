"""The strict reader: exactly the documents within its limits, and a reason for every other."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings

from collectors.events import Undecodable
from collectors.strict_json import MAX_BODY, MAX_DEPTH, MAX_TEXT, MAX_VALUES, read, split
from tests.collectors.json_texts import BODIES, Refused, read_exactly


def reason_of(body: bytes) -> str | None:
    try:
        read(body)
    except Undecodable as refusal:
        return refusal.reason
    return None


def same(one: Any, other: Any) -> bool:
    """Equal, and of equal types all the way down: 1, 1.0 and true differ here."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@settings(max_examples=1500, deadline=None)
@given(BODIES)
@example(b'{"a" :1,"b":"\\":"}')
@example(b'{"a":1,"a" :2}')
@example(b'{"a":1,"\\u0061":2}')
@example(b'{"x\\":y":1,"b":2}')
@example(b'\xef\xbb\xbf {"a":[]} ')
def test_it_accepts_exactly_what_a_plain_slow_check_accepts(body: bytes) -> None:
    try:
        expected = read_exactly(body)
    except Refused:
        assert reason_of(body) is not None
    else:
        assert same(read(body), expected)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "empty", id="nothing is empty"),
        pytest.param(b"\xef\xbb\xbf\r\n", "empty", id="a mark and a line end are empty"),
        pytest.param(b'{"a":"\xff"}', "bad_utf8", id="a byte that is no UTF-8 in a text"),
        pytest.param(b'{"\xff":1}', "bad_utf8", id="a byte that is no UTF-8 in a name"),
        pytest.param(b'{"a":NaN}', "bad_json", id="NaN is not JSON"),
        pytest.param(b'{"a":1', "bad_json", id="what is cut short is not JSON"),
        pytest.param(b'{"a":1}{', "bad_json", id="what has a tail is not JSON"),
        pytest.param(b'{"a":1,"a":1}', "repeated_name", id="a repeated name, though it says the same"),
        pytest.param(b'[{"b":{"a":1,"a":1}}]', "repeated_name", id="a repeated name deep down"),
        pytest.param(b'{"a":' + b"1" * 20 + b"}", "bad_number", id="an integer of 20 digits"),
        pytest.param(b'{"a":1e400}', "bad_number", id="a number beyond all floats"),
        pytest.param(b"[" * 100_000, "too_deep", id="a depth that would overflow the stack"),
    ],
)
def test_every_refusal_has_its_reason(body: bytes, reason: str) -> None:
    assert reason_of(body) == reason


@pytest.mark.parametrize(
    "around", [b"[%b]", b'{"x":{"a":%b}}', b'{"x":%b}'], ids=["array", "deep object", "flat object"]
)
def test_integers_have_19_digits_and_no_more(around: bytes) -> None:
    for sign in (b"", b"-"):
        assert reason_of(around % (sign + b"9" * 19)) is None
        assert reason_of(around % (sign + b"1" + b"0" * 19)) == "bad_number"


def test_depth_ends_at_32() -> None:
    assert reason_of(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is None
    assert reason_of(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)) == "too_deep"
    assert reason_of(b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH) is None
    assert reason_of(b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1)) == "too_deep"


def test_values_end_at_10_000() -> None:
    assert len(read(b"[" + b"0," * (MAX_VALUES - 1) + b"0]")) == MAX_VALUES
    assert reason_of(b"[" + b"0," * MAX_VALUES + b"0]") == "too_many_values"
    names = b",".join(b'"%d":0' % number for number in range(MAX_VALUES + 1))
    assert reason_of(b"{" + names + b"}") == "too_many_values"
    assert reason_of(b"{" + names.rpartition(b",")[0] + b"}") is None


@pytest.mark.parametrize("around", [b'["%b"]', b'{"%b":1}', b'[{"a":["%b"]}]'], ids=["text", "name", "text deep down"])
def test_texts_and_names_end_at_64_kb(around: bytes) -> None:
    assert reason_of(around % (b"x" * MAX_TEXT)) is None
    assert reason_of(around % (b"x" * (MAX_TEXT + 1))) == "long_text"


def test_bodies_end_at_one_mebibyte() -> None:
    assert reason_of(b'{"a":1}'.ljust(MAX_BODY)) is None
    assert reason_of(b'{"a":1}'.ljust(MAX_BODY + 1)) == "too_large"


def test_an_event_in_a_text_within_a_text_is_no_repeated_name() -> None:
    inside = json.dumps({"a": 1, "b": json.dumps({"a": 1, "b": 2})})
    document = {"Message": inside, "a": {"b": inside}}
    assert read(json.dumps(document).encode()) == document


def test_the_elements_of_an_array_keep_their_bytes() -> None:
    assert split(b'[ {"a": 1,"a":2} , [ ],"\xff",5 ]') == [b'{"a": 1,"a":2}', b"[ ]", b'"\xff"', b"5"]
