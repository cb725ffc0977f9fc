"""SendGrid's webhook: actions, references, machines, and what is the vendor's own."""

from typing import Any

import pytest

from collectors.decoder import Decoded
from collectors.decoders.sendgrid import SendGrid
from collectors.events import Event
from collectors.source import Record
from tests.collectors.good_records import encode, sendgrid_event


def understand(*documents: dict[str, Any], **options: Any) -> list[Decoded]:
    return list(SendGrid(options).decode(Record(0, encode(list(documents)))))


def event_of(document: dict[str, Any], **options: Any) -> Event:
    (element,) = understand(document, **options)
    assert isinstance(element.outcome, Event)
    return element.outcome


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("processed", "queued"),
        ("delivered", "delivered"),
        ("deferred", "deferred"),
        ("bounce", "bounced"),
        ("dropped", "rejected"),
        ("open", "opened"),
        ("click", "clicked"),
        ("spamreport", "complained"),
        ("unsubscribe", "unsubscribed"),
        ("group_unsubscribe", "unsubscribed"),
    ],
)
def test_every_event_they_send_is_one_of_our_actions(theirs: str, ours: str) -> None:
    event = event_of(sendgrid_event(event=theirs))
    assert event.action == ours
    assert event.evidence == ("pixel" if theirs == "open" else "webhook")


@pytest.mark.parametrize("kind", ["bounce", "blocked"])
def test_a_bounce_of_any_type_did_not_arrive(kind: str) -> None:
    assert event_of(sendgrid_event(event="bounce", type=kind)).action == "bounced"


OURS = {"earshot_message": "m-2026-041"}
THEIRS = {"sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0"}
ORIGINAL = {"smtp-id": "<20261102.7@mail.example.org>"}


@pytest.mark.parametrize(
    ("ids", "reference"),
    [
        pytest.param(OURS | THEIRS | ORIGINAL, "m-2026-041", id="ours before all"),
        pytest.param(THEIRS | ORIGINAL, "14c5d75ce93.dfd.64b469", id="theirs, which opens and clicks have too"),
        pytest.param(ORIGINAL, "20261102.7@mail.example.org", id="the Message-ID where nothing else is"),
        pytest.param(
            ORIGINAL | {"sg_message_id": ".filter0001.1"}, "20261102.7@mail.example.org", id="nothing before the filter"
        ),
        pytest.param(ORIGINAL | {"sg_message_id": ""}, "20261102.7@mail.example.org", id="an empty id is none"),
        pytest.param(
            {"sg_message_id": "3LrszcohQ_e2B.recvd-67fdc7b4d6-wbpn9-1-666CAB97-15.0"},
            "3LrszcohQ_e2B",
            id="newer servers",
        ),
        pytest.param(
            {"sg_message_id": "5lFl7Fr1Rjme_EyzNNB_5A.stfilter-015.5185.55F8.0"}, "5lFl7Fr1Rjme_EyzNNB_5A", id="others"
        ),
        pytest.param({"sg_message_id": "14c5d75ce93"}, "14c5d75ce93", id="an id without servers"),
    ],
)
def test_a_message_is_called_by(ids: dict[str, str], reference: str) -> None:
    assert event_of(sendgrid_event(**{"sg_message_id": None, **ids})).message == reference


def test_the_key_of_our_id_is_the_operators_to_choose() -> None:
    document = sendgrid_event(campaign_ref="m-7", earshot_message="m-8")
    assert event_of(document, message_key="campaign_ref").message == "m-7"


@pytest.mark.parametrize("key", ["email", "sg_message_id", ""])
def test_our_id_does_not_stand_under_a_name_of_theirs(key: str) -> None:
    with pytest.raises(ValueError, match="a name that SendGrid does not use itself"):
        SendGrid({"message_key": key})


@pytest.mark.parametrize(("flag", "machine"), [(True, "yes"), (False, "no"), (None, "unknown")])
def test_what_they_say_of_machines_counts_on_opens_alone(flag: bool | None, machine: str) -> None:
    assert event_of(sendgrid_event(event="open", sg_machine_open=flag)).machine == machine
    assert event_of(sendgrid_event(event="click", sg_machine_open=flag)).machine == "unknown"


def test_a_user_agent_becomes_its_class_on_opens_and_clicks() -> None:
    for theirs, agent in (("open", "apple_proxy"), ("click", "apple_proxy"), ("delivered", None)):
        assert event_of(sendgrid_event(event=theirs, useragent="Mozilla/5.0")).agent == agent
    assert event_of(sendgrid_event(event="open", useragent="")).agent is None


def test_a_link_loses_its_query_but_for_what_is_allowed() -> None:
    document = sendgrid_event(event="click", url="https://H.example.org/a?page=2&recipient=anna#x")
    assert event_of(document).link == "https://h.example.org/a"
    assert event_of(document, parameters=["page"]).link == "https://h.example.org/a?page=2"


def test_a_senders_argument_is_no_drift_and_a_new_key_of_theirs_is() -> None:
    (element,) = understand(
        sendgrid_event(office="Lyon", sg_new_thing=1, mc_new_thing=2, category=["a"], pool={"id": 1})
    )
    assert element.drift == 2


def test_a_post_may_hold_one_event_bare() -> None:
    body = encode(sendgrid_event())
    assert SendGrid({}).decode(Record(0, body)) == understand(sendgrid_event())


def test_a_post_of_a_thousand_events_is_read_whole() -> None:
    elements = understand(*(sendgrid_event(email=f"p{number}@example.org") for number in range(1000)))
    assert [element.identifier for element in elements] == [f"p{number}@example.org" for number in range(1000)]
