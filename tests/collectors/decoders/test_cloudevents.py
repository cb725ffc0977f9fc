"""CloudEvents: every action of the contract, both modes, published messages."""

from typing import Any

import pytest

from collectors.decoder import Decoded
from collectors.decoders.cloudevents import CloudEvents
from collectors.events import ACTIONS, Event, Published, Undecodable
from collectors.source import Record
from tests.collectors.decoders.golden import decode, describe
from tests.collectors.good_records import cloudevent, encode

MORNING = 1_793_607_300 * 1_000_000
PERSON = "0123456789abcdef" * 4


def understand(document: object, **options: Any) -> Decoded:
    """The only element of a structured record."""
    (element,) = CloudEvents(options).decode(Record(0, encode(document)))
    return element


def event_of(document: object, **options: Any) -> Event:
    outcome = understand(document, **options).outcome
    assert isinstance(outcome, Event)
    return outcome


def refuse(document: object) -> Undecodable:
    with pytest.raises(Undecodable) as refusal:
        understand(document)
    return refusal.value


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_of_the_contract_is_understood(action: str) -> None:
    event = event_of(cloudevent(type=f"earshot.{action}", data={"item": "i-7"}))
    assert (event.action, event.message, event.item) == (action, "m-2026-041", "i-7")
    assert action in CloudEvents({}).shows


def test_every_field_of_the_contract_comes_through() -> None:
    data = {
        "address": None,
        "person": PERSON,
        "channel": "chat",
        "evidence": "api",
        "machine": "no",
        "agent": "browser",
        "engaged_seconds": 86_400,
        "link": "https://h.example.org/a",
        "item": "i-7",
        "question": "q1",
        "choice": "👩‍💻",
        "value": -1,
        "version": "2",
        "stance": "supportive",
    }
    element = understand(cloudevent(data=data, receivedtime="2026-11-02T08:15:01Z"))
    assert element == Decoded(
        Event(
            action="read",
            message="m-2026-041",
            person=PERSON,
            channel="chat",
            occurred_at=MORNING,
            received_at=MORNING + 1_000_000,
            id="7f3c",
            evidence="api",
            machine="no",
            agent="browser",
            engaged_seconds=86_400.0,
            link="https://h.example.org/a",
            item="i-7",
            question="q1",
            choice="👩‍💻",
            value=-1.0,
            version="2",
            stance="supportive",
            source="/intranet",
        )
    )


def test_what_is_absent_or_null_is_unknown() -> None:
    bare = {"specversion": "1.0", "id": "1", "source": "/x", "type": "earshot.viewed", "subject": "m"}
    expected = Event("viewed", "m", id="1", source="/x")
    assert understand(bare) == Decoded(expected)
    assert understand({**bare, "time": None, "data": None}) == Decoded(expected)
    assert understand({**bare, "data": {}}) == Decoded(expected)
    assert understand({**bare, "data": {"address": None, "machine": None, "value": None}}) == Decoded(expected)


def test_an_item_needs_no_subject() -> None:
    event = event_of(cloudevent(subject=None, type="earshot.decided", data={"item": "i-7"}))
    assert (event.message, event.item) == (None, "i-7")


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        pytest.param({"id": None}, "id is missing", id="what is missing is named"),
        pytest.param({"id": 7}, "id: Expected `str`, got `int`", id="an attribute is named"),
        pytest.param(
            {"data": {"value": "7"}}, "data.value: Expected `float | null`, got `str`", id="a field of data by its path"
        ),
        pytest.param(
            {"data": {"channel": "pigeon"}}, "data.channel: none of the allowed values", id="the value is not quoted"
        ),
        pytest.param({"time": "soon"}, "time: not a time of RFC 3339 with its offset", id="a time"),
        pytest.param(
            {"data": {"agent": "Mozilla/5.0 (X11)"}}, "data.agent: not a short token", id="a whole user agent"
        ),
    ],
)
def test_the_detail_names_the_field_and_not_its_value(changes: dict[str, Any], detail: str) -> None:
    assert refuse(cloudevent(**changes)).detail == detail


def test_unknown_names_in_data_are_drift_and_extensions_are_not() -> None:
    document = cloudevent(traceparent="00-ab-cd-01", partitionkey="7", data={"name": "Anna", "department": "Sales"})
    assert understand(document).drift == 2
    assert understand(cloudevent(traceparent="00-ab-cd-01")).drift == 0


def test_allowed_parameters_stay_in_references_and_links() -> None:
    document = cloudevent(subject="https://h.example.org/?id=1&u=2", data={"link": "/a?id=3&u=4"})
    event = event_of(document, parameters=["id"])
    assert (event.message, event.link) == ("https://h.example.org/?id=1", "/a?id=3")
    event = event_of(document)
    assert (event.message, event.link) == ("https://h.example.org/", "/a")


@pytest.mark.parametrize(
    ("kind", "understood"),
    [
        ("application/json", True),
        ("text/json", True),
        ("Application/Vnd.Example+JSON; charset=utf-8", True),
        ("application/xml", False),
        ("application/jsonlines", False),
        ("", False),
    ],
)
def test_data_is_json_or_refused(kind: str, understood: bool) -> None:
    document = cloudevent(datacontenttype=kind)
    if understood:
        assert event_of(document).action == "read"
    else:
        assert refuse(document).reason == "unsupported"


# Binary mode

_KAFKA = {
    "ce_specversion": "1.0",
    "ce_id": "7f3c",
    "ce_source": "/intranet",
    "ce_type": "earshot.read",
    "ce_subject": "m-2026-041",
    "ce_time": "2026-11-02T08:15:00Z",
    "content-type": "application/json",
}
_DATA = encode(cloudevent()["data"])


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(_KAFKA, id="as Kafka has it"),
        pytest.param({name.replace("ce_", "ce-"): value for name, value in _KAFKA.items()}, id="as HTTP has it"),
        pytest.param({**_KAFKA, "ce_traceparent": "00-ab", "host": "x"}, id="with extensions and other headers"),
        pytest.param(
            {name: value for name, value in _KAFKA.items() if name != "content-type"}, id="without a content type"
        ),
    ],
)
def test_binary_mode_says_what_structured_mode_says(headers: dict[str, str]) -> None:
    assert CloudEvents({}).decode(Record(0, _DATA, headers=headers)) == [understand(cloudevent())]


def test_binary_mode_over_http_is_percent_encoded() -> None:
    headers = {name.replace("ce_", "ce-"): value for name, value in _KAFKA.items()} | {"ce-subject": "caf%C3%A9"}
    (element,) = CloudEvents({}).decode(Record(0, b"", headers=headers))
    assert describe(element)["message"] == "café"


@pytest.mark.parametrize(
    ("changes", "body", "reason"),
    [
        pytest.param({"content-type": "application/avro"}, _DATA, "unsupported", id="data that is not JSON"),
        pytest.param({"ce_specversion": "0.3"}, _DATA, "unsupported", id="an old version"),
        pytest.param({"ce_type": "earshot.teleported"}, _DATA, "unknown_type", id="an unknown type"),
        pytest.param({"ce_id": ""}, _DATA, "bad_value", id="an empty id"),
        pytest.param({"ce_id": "a\nb"}, _DATA, "bad_value", id="an id with a line feed"),
        pytest.param({}, b"[]", "bad_value", id="an array for data"),
        pytest.param({}, b'{"address":"a","address":"b"}', "repeated_name", id="a name twice in data"),
        pytest.param({}, b"{", "bad_json", id="data cut short"),
        pytest.param({"ce_data_base64": "e30="}, _DATA, "contradiction", id="data in a header besides"),
    ],
)
def test_binary_mode_is_as_strict(changes: dict[str, str], body: bytes, reason: str) -> None:
    (element,) = decode(CloudEvents({}), Record(0, body, headers={**_KAFKA, **changes}))
    assert describe(element) == {"undecodable": reason}


def test_structured_mode_has_a_content_type_of_its_own() -> None:
    headers = {**_KAFKA, "content-type": "application/cloudevents+json; charset=utf-8", "ce_id": "not this one"}
    assert CloudEvents({}).decode(Record(0, encode(cloudevent()), headers=headers)) == [understand(cloudevent())]
    assert understand(cloudevent()) == CloudEvents({}).decode(Record(0, encode(cloudevent()), headers={"host": "x"}))[0]


# Published messages


def test_a_published_message_is_an_entry_with_the_contracts_keys_alone() -> None:
    data = {
        "id": "<m-1@mail.example.org>",
        "title": "New rules",
        "body": "Dear all",
        "author": "Anna",
        "channel": "email",
    }
    document = {**cloudevent(type="earshot.message.published"), "data": data}
    element = understand(document)
    assert element.drift == 2
    assert element.outcome == Published(
        entry={"id": "m-1@mail.example.org", "title": "New rules", "channel": "email"},
        occurred_at=MORNING,
        id="7f3c",
        source="/intranet",
    )


def test_a_published_message_is_named_by_its_subject_where_it_has_no_id() -> None:
    outcome = understand(cloudevent(type="earshot.message.published")).outcome
    assert isinstance(outcome, Published)
    assert outcome.entry["id"] == "m-2026-041"
