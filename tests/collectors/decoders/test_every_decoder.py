"""What every decoder must obey, run over all of them: pure, never raising but Undecodable, and privacy by shape."""

import copy
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.decoder import Decoded, Skipped
from collectors.decoders import DECODERS
from collectors.events import ACTIONS, CHANNELS, MACHINE, STANCES, Event, Published, Undecodable
from collectors.source import Record
from tests.collectors.decoders.golden import PAYLOADS, decode, decoder_of, records_of

GOOD = {
    name: [record for path in PAYLOADS if path.parent.name == name for record in records_of(path)] for name in DECODERS
}
PLANTED = re.compile(r"anna|ben@|192\.0\.2|Mozilla|Gecko|Firefox/|curl|hello|@example\.org", re.IGNORECASE)
RECEIVED = 1_793_607_999 * 1_000_000

_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # years 1 to 9999


def events_in(elements: list[Decoded]) -> Iterator[Event]:
    return (element.outcome for element in elements if isinstance(element.outcome, Event))


def texts_in(event: Event) -> dict[str, str]:
    return {name: value for name, value in msgspec.structs.asdict(event).items() if isinstance(value, str)}


def check_event(event: Event, shows: frozenset[str]) -> None:
    assert event.action in shows
    assert event.message or event.item
    assert event.person is None or re.fullmatch("[0-9a-f]{64}", event.person)
    assert event.channel in (None, *CHANNELS)
    assert event.machine in MACHINE
    assert event.stance in (None, *STANCES)
    for moment in (event.occurred_at, event.received_at):
        assert moment is None or (type(moment) is int and _FIRST <= moment <= _LAST)
    for number in (event.engaged_seconds, event.value):
        assert number is None or (type(number) is float and math.isfinite(number))
    for text in texts_in(event).values():
        assert text.strip()
        assert len(text) <= 1024
        assert re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", text) is None
    for token in (event.agent, event.evidence):
        assert token is None or re.fullmatch(r"[a-z0-9_.-]{1,64}", token)


def check_elements(elements: list[Decoded], shows: frozenset[str]) -> None:
    for element in elements:
        outcome = element.outcome
        assert isinstance(outcome, Event | Published | Skipped | Undecodable)
        assert element.drift >= 0
        assert element.identifier is None or 0 < len(element.identifier) <= 1024
        if isinstance(outcome, Event):
            check_event(outcome, shows)
            assert outcome.person is None or element.identifier is None
        elif isinstance(outcome, Undecodable):
            assert re.fullmatch("[a-z_0-9]{3,30}", outcome.reason)
            assert outcome.detail
        elif isinstance(outcome, Published):
            assert type(outcome.entry["id"]) is str


@pytest.mark.parametrize("name", DECODERS)
def test_what_a_decoder_shows_are_actions_and_its_payloads_show_no_others(name: str) -> None:
    decoder = DECODERS[name]({})
    assert decoder.shows <= set(ACTIONS)
    shown = {event.action for record in GOOD[name] for event in events_in(decode(decoder, record))}
    assert shown <= decoder.shows
    # What only one test can show in full: CloudEvents has every action (test_cloudevents.py).
    assert name == "cloudevents" or shown == decoder.shows


@pytest.mark.parametrize("name", DECODERS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_bytes_do_worse_than_being_refused(name: str, data: st.DataObject) -> None:
    decoder = DECODERS[name]({})
    check_elements(decode(decoder, Record(0, data.draw(st.binary(max_size=200)))), decoder.shows)


def mutate(body: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """The body with slices replaced; places are taken modulo its length."""
    for place, length, put in changes:
        start = place % (len(body) + 1)
        body = body[:start] + put + body[start + length :]
    return body


_PUT = st.sampled_from(
    [
        *(
            b"",
            b'"',
            b"\\",
            b",",
            b"{",
            b"}",
            b"[",
            b"]",
            b":",
            b"null",
            b"true",
            b"-1",
            b"1e9",
            b"1e400",
            b"9" * 25,
            b'""',
        ),
        *(
            b"\x00",
            b"\xff",
            b"\\u0000",
            b"\\ud800",
            b"\\n",
            b" ",
            b"\t",
            b"NaN",
            b"{}",
            b"[]",
            b'{"a":1}',
            "é\u2028".encode(),
        ),
    ]
)
_CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 12), _PUT), min_size=1, max_size=4)


@pytest.mark.parametrize("name", DECODERS)
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_a_damaged_payload_gives_good_elements_or_reasons(name: str, data: st.DataObject) -> None:
    decoder = DECODERS[name]({})
    record = data.draw(st.sampled_from(GOOD[name]))
    check_elements(decode(decoder, Record(0, mutate(record.body, data.draw(_CHANGES)))), decoder.shows)


_NAMES = (
    *(
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "data",
        "receivedtime",
        "datacontenttype",
        "data_base64",
    ),
    *("email", "timestamp", "event", "sg_event_id", "sg_message_id", "smtp-id", "useragent", "url", "sg_machine_open"),
    *(
        "address",
        "person",
        "channel",
        "machine",
        "agent",
        "engaged_seconds",
        "link",
        "item",
        "value",
        "stance",
        "choice",
    ),
    *("Message", "TopicArn", "detail", "detail-type", "schema", "payload", "earshot_message", "anything"),
)
_TEXTS = st.sampled_from(
    [
        *(
            "1.0",
            "earshot.viewed",
            "earshot.message.published",
            "open",
            "click",
            "2026-11-02T08:15:00Z",
            "e30=",
            "email",
        ),
        *(
            "yes",
            "critical",
            "",
            " ",
            "\n",
            "x" * 3000,
            "[{}]",
            '{"n":1',
            "https://a@b/c?d#e",
            "<a@b>",
            "\u2028",
            "\x85",
            "é",
        ),
    ]
)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inside, max_size=4),
    max_leaves=6,
)
_DOCUMENTS = {
    name: [event for record in GOOD[name] for event in json.loads(record.body)] for name in ("cloudevents", "sendgrid")
}


@st.composite
def changed_documents(draw: st.DrawFn, name: str) -> Any:
    """A good event with some of its values, or of its data's, replaced by others of any type."""
    event = copy.deepcopy(draw(st.sampled_from(_DOCUMENTS.get(name, _DOCUMENTS["cloudevents"]))))
    for inside in draw(st.lists(st.booleans(), min_size=1, max_size=3)):
        part = event["data"] if inside and isinstance(event.get("data"), dict) and event["data"] else event
        part[draw(st.sampled_from([*part, *part, *part, *_NAMES]))] = draw(_TEXTS | _VALUES)
    return event


@pytest.mark.parametrize("name", DECODERS)
@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_wrong_types_everywhere_give_good_elements_or_reasons(name: str, data: st.DataObject) -> None:
    decoder = DECODERS[name]({})
    document = data.draw(changed_documents(name))
    check_elements(decode(decoder, Record(0, msgspec.json.encode(document))), decoder.shows)


@pytest.mark.parametrize("name", DECODERS)
def test_a_decoder_keeps_no_state_and_leaves_the_record_alone(name: str) -> None:
    used, records = DECODERS[name]({}), [*GOOD[name], Record(9, b"{"), Record(9, b"[{}]")]
    before = msgspec.json.encode(records)
    first = [[repr(element) for element in decode(used, record)] for record in records]
    again = [[repr(element) for element in decode(used, record)] for record in reversed(records)]
    fresh = [[repr(element) for element in decode(DECODERS[name]({}), record)] for record in records]
    assert first == again[::-1] == fresh
    assert msgspec.json.encode(records) == before


@pytest.mark.parametrize("name", DECODERS)
def test_no_identifier_address_or_agent_stands_in_any_field_of_an_event(name: str) -> None:
    texts = {
        (field, text)
        for path in PAYLOADS
        if path.parent.name == name
        for record in records_of(path)
        for event in events_in(decode(decoder_of(path), record))
        for field, text in texts_in(event).items()
    }
    assert texts
    # A Message-ID looks like an address without being one.
    assert {(field, text) for field, text in texts if PLANTED.search(text)} <= {
        ("message", "20261102.7@mail.example.org")
    }


@pytest.mark.parametrize("name", DECODERS)
def test_the_time_of_receipt_is_the_records(name: str) -> None:
    decoder = DECODERS[name]({})
    for record in GOOD[name]:
        received = Record(record.offset, record.body, RECEIVED)
        assert all(event.received_at == RECEIVED for event in events_in(decode(decoder, received)))


@pytest.mark.parametrize("name", DECODERS)
def test_an_option_that_is_none_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="`colour` is no option of this decoder; allowed: "):
        DECODERS[name]({"colour": "blue"})
    with pytest.raises(ValueError, match="`parameters`: Expected `array`, got `str`"):
        DECODERS[name]({"parameters": "id"})
