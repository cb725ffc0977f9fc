"""CloudEvents' two roads never disagree: what is plain is read together with its neighbours, all else by itself and the long way round,
as every element of an array is."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.decoders.cloudevents import CloudEvents
from collectors.source import Record
from tests.collectors.decoders.golden import decode, describe
from tests.collectors.good_records import cloudevent, encode

_VALUES = st.sampled_from(
    [
        *(
            '"a"',
            '"a\\"b"',
            '"x\\":1"',
            '"\\u0000"',
            '"\x7f"',
            '"\\ud800"',
            '"é"',
            '"  "',
            '""',
            '"1.0"',
            '"email"',
            '"yes"',
        ),
        *('"2026-11-02T08:15:00Z"', '"earshot.read"', "1", "1.5", "-0", "true", "null", "{}", "[1]"),
        *("1e19", "9" * 19, "1" + "0" * 19, "7" * 40),
    ]
)
_CONTEXT = st.sampled_from(["subject", "time", "receivedtime", "datacontenttype", "id", "traceparent", "data_base64"])
_FIELDS = st.sampled_from(
    [
        "address",
        "person",
        "channel",
        "machine",
        "evidence",
        "engaged_seconds",
        "value",
        "choice",
        "link",
        "item",
        "note",
    ]
)
_SPACE = st.sampled_from(["", "", "", " ", "\n", "\t "])


@st.composite
def nearly_plain_events(draw: st.DrawFn) -> bytes:
    """An event with members added or doubled, and space anywhere."""

    def members(pairs: list[tuple[str, str]]) -> str:
        return ",".join(
            f'{draw(_SPACE)}"{name}"{draw(_SPACE)}:{draw(_SPACE)}{value}{draw(_SPACE)}' for name, value in pairs
        )

    good = {name: json.dumps(value) for name, value in cloudevent().items() if name != "data"}
    context = [pair for pair in good.items() if draw(st.integers(0, 19))]
    context += draw(st.lists(st.tuples(_CONTEXT, _VALUES), max_size=2))
    data = draw(st.lists(st.tuples(_FIELDS, _VALUES), max_size=3))
    return f"{{{members([*context, ('data', f'{{{members(data)}}}')])}}}".encode()


@settings(max_examples=1500, deadline=None)
@given(nearly_plain_events())
@example(encode(cloudevent(data={"value": 10**19})))
@example(encode(cloudevent(data={"value": 10**19 - 1})))
@example(encode(cloudevent(data={"note": 1})))
@example(encode(cloudevent(type="earshot.message.published", data={"address": None, "evidence": None, "version": "2"})))
def test_both_roads_give_the_same(body: bytes) -> None:
    decoder = CloudEvents({})
    bare = [describe(element) for element in decode(decoder, Record(0, body))]
    assert bare == [describe(element) for element in decode(decoder, Record(0, b"[" + body + b"]"))]


@settings(max_examples=1500, deadline=None)
@given(st.lists(nearly_plain_events(), max_size=3), st.sampled_from([None, 1_793_607_999_000_000]))
@example([encode(cloudevent(data={"value": 10**19 - 1})), encode(cloudevent(time="2026-11-02T08:15:00.5+01:00"))], None)
@example([encode(cloudevent(data={"address": None, "person": "a" * 64}))], None)
def test_what_is_read_together_is_what_each_says_by_itself(bodies: list[bytes], received_at: int | None) -> None:
    decoder = CloudEvents({"parameters": ["id"]})
    records = [Record(place, body, received_at) for place, body in enumerate(bodies)]
    for record, plain in zip(records, decoder.decode_many(records), strict=True):
        if plain is not None:
            assert [describe(plain)] == [describe(element) for element in decode(decoder, record)]


PLAIN = encode(cloudevent())
ODD = {
    "cut short": PLAIN[:-2],
    "two in one record": PLAIN + b"," + PLAIN,
    "an unknown type": encode(cloudevent(type="earshot.teleported")),
    "a time that is none": encode(cloudevent(time="2026-02-30T08:15:00Z")),
    "a name twice": PLAIN.replace(b'"subject"', b'"id": "other", "subject"'),
    "a field nobody knows": encode(cloudevent(data={"note": "new"})),
    "a value of too many digits": encode(cloudevent(data={"value": 10**19})),
    "a catalogue entry": encode(cloudevent(type="earshot.message.published")),
    "refused by its source": b"",
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_left_to_be_looked_at_and_most_neighbours_are_not(odd: str) -> None:
    records = [Record(place, PLAIN) for place in range(200)]
    records[77] = Record(77, ODD[odd], refused=None if ODD[odd] else ("too_large", "a line is too long"))
    told = CloudEvents({}).decode_many(records)
    assert told[77] is None
    assert sum(one is None for one in told) <= 32
    alone = describe(CloudEvents({}).decode(records[0])[0])
    assert all(describe(one) == alone for one in told if one is not None)


def test_headers_alone_do_not_make_a_record_odd_but_attributes_in_them_do() -> None:
    structured = Record(0, PLAIN, headers={"content-type": "application/cloudevents+json; charset=utf-8"})
    binary = Record(1, PLAIN, headers={"ce_specversion": "1.0", "content-type": "application/json"})
    told = CloudEvents({}).decode_many([structured, binary])
    assert [one is None for one in told] == [False, True]
