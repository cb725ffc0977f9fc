"""CloudEvents' two roads never disagree: what is plain is parsed straight into its type, all else the long way round, as
every element of an array is."""

import json

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
