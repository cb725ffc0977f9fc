"""CloudEvents' two roads never disagree: what is plain is read together with its neighbours, all else by itself and the long way round,
as every element of an array is."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.decoder import Decoder
from collectors.decoders.cloudevents import CloudEvents
from collectors.door import Door
from collectors.events import Collected
from collectors.identity import Pseudonymiser
from collectors.loop import Intake
from collectors.memory import MemorySource
from collectors.source import Record
from collectors.together import read_together
from tests.collectors.decoders.golden import decode, describe
from tests.collectors.good_records import cloudevent, encode

NOW = 1_793_608_200 * 1_000_000

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


class Singly:
    """The decoder, unable to read many together."""

    def __init__(self, decoder: Decoder) -> None:
        self.shows = decoder.shows
        self.decode = decoder.decode


def bring_in(decoder: Decoder, records: list[Record], as_of: int | None) -> list[Collected]:
    """What the loop hands over."""
    source, handed = MemorySource("plain"), list[Collected]()
    for record in records:
        source.append(record.body, received_at=record.received_at, headers=record.headers, refused=record.refused)
    intake = Intake(
        source=source,
        decoder=decoder,
        name="plain",
        channel="chat",
        pseudonym=_PSEUDONYM,
        hand_over=handed.append,
        now=lambda: NOW,
        as_of=as_of,
    )
    intake.start({})
    while not intake.step(1000).caught_up:
        intake.resume()
    return handed


def describe_all(handed: list[Collected]) -> list[object]:
    return [(list(each.events), each.published, each.dead, each.read, each.skipped, each.drift) for each in handed]


_PSEUDONYM = Pseudonymiser(b"k" * 32)  # knows whoever was in the examples before
_RECEIVED = st.sampled_from([None, None, NOW - 60_000_000, NOW - 11 * 366 * 86_400_000_000])


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(st.tuples(nearly_plain_events(), _RECEIVED), max_size=6), st.sampled_from([None, NOW - 60_000_000, NOW])
)
@example(
    [
        (encode(cloudevent(data={"value": 10**19 - 1})), None),
        (encode(cloudevent(time="2026-11-02T08:15:00.5+01:00")), None),
    ],
    None,
)
@example(
    [
        (encode(cloudevent(data={"address": None, "person": "a" * 64})), None),
        (encode(cloudevent(data={"address": " "})), None),
    ],
    None,
)
@example(
    [(encode(cloudevent(data={"agent": "anna@example.org"})), None), (encode(cloudevent(id="anna@example.org")), NOW)],
    None,
)
@example(
    [(encode(cloudevent(subject="é" * 1000)), None), (encode(cloudevent(data={"link": "/%" + "a" * 1000})), NOW)], None
)
def test_what_is_read_together_is_what_each_says_by_itself(
    bodies: list[tuple[bytes, int | None]], as_of: int | None
) -> None:
    decoder = CloudEvents({"parameters": ["id"]})
    records = [Record(place, body, received_at) for place, (body, received_at) in enumerate(bodies)]
    assert describe_all(bring_in(decoder, records, as_of)) == describe_all(bring_in(Singly(decoder), records, as_of))


PLAIN = encode(cloudevent())
ODD = {
    "cut short": PLAIN[:-2],
    "two in one record": PLAIN + b"," + PLAIN,
    "an unknown type": encode(cloudevent(type="earshot.teleported")),
    "a time that is none": encode(cloudevent(time="2026-02-30T08:15:00Z")),
    "a name twice": PLAIN.replace(b'"subject"', b'"id": "other", "subject"'),
    "a field nobody knows": encode(cloudevent(data={"note": "new"})),
    "a value of too many digits": encode(cloudevent(data={"value": 10**19})),
    "a time that cannot be true": encode(cloudevent(time="1994-11-02T08:15:00Z")),
    "a reference too long to be stored": encode(cloudevent(subject="é" * 1000)),
    "a blank address": encode(cloudevent(data={"address": " "})),
    "a pseudonym beside an address": encode(cloudevent(data={"person": "a" * 64})),
    "a cell": encode(cloudevent(data={"cell": {"site": "Lyon"}})),
    "a stated type that is no JSON": encode(cloudevent(datacontenttype="text/plain")),
    "a sentence for a token": encode(cloudevent(data={"evidence": "she told me so"})),
    "an item's step without an item": encode(cloudevent(type="earshot.raised")),
    "a catalogue entry": encode(cloudevent(type="earshot.message.published")),
    "refused by its source": b"",
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", [0, 77, 199])
def test_what_is_odd_is_left_to_be_looked_at_and_none_of_its_neighbours_is(odd: str, place: int) -> None:
    records = [Record(number, PLAIN) for number in range(200)]
    records[place] = Record(place, ODD[odd], refused=None if ODD[odd] else ("too_large", "a line is too long"))
    decoder, door = (
        CloudEvents({}),
        Door(source="plain", channel="chat", pseudonym=Pseudonymiser(b"k" * 32), now=lambda: NOW),
    )
    told = list(read_together(records, decoder, door))
    assert [record.offset for some, columns in told if columns is None for record in some] == [place]
    assert [record.offset for some, _ in told for record in some] == list(range(200))
    assert [len(column) for some, columns in told for column in columns or ()] == [
        len(some) for some, columns in told for _ in columns or ()
    ]
    assert describe_all(bring_in(decoder, records, None)) == describe_all(bring_in(Singly(decoder), records, None))


def test_headers_alone_do_not_make_a_record_odd_but_attributes_in_them_do() -> None:
    structured = Record(0, PLAIN, headers={"content-type": "application/cloudevents+json; charset=utf-8"})
    binary = Record(1, PLAIN, headers={"ce_specversion": "1.0", "content-type": "application/json"})
    assert CloudEvents({}).decode_many([structured, binary]).odd == {1}
